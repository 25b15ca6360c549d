"""The names of the templates of memes."""

from enum import StrEnum


class Template(StrEnum):
    """The templates, and AUTO for one that fits."""

    AUTO = "auto"
    CLASSIC = "classic"
    CAPTION = "caption"
    POSTER = "poster"
    HEADLINE = "headline"
    SPEECH = "speech"
    CHOICE = "choice"
    CROSSROADS = "crossroads"
    LEVELS = "levels"
    CHAIN = "chain"


ON_PICTURES = frozenset({Template.CLASSIC, Template.CAPTION, Template.POSTER, Template.HEADLINE})
