"""What a question asks for: its words, whom it is about, and when."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from feed_core.services.terms import terms
from memory.dates import Span, spans
from memory.stemming import stem

CHARACTERS = 2_000  # of a question that are looked at

# Words that say nothing about what is asked for. A turn that has them is mostly a question itself.
EMPTY_WORDS = """
a about all also am an and any are as at be been being but by can could d did do does doing for
from had has have having he her hers him his how i if in into is it its just ll m may me might
mine must my no not of on or our ours re s shall she should so some t than that the their them
then there these they this those to us ve was we were what when where which who whom whose why
will with would you your yours
"""
EMPTY = frozenset(EMPTY_WORDS.split())
# Words that ask how things stand, in English, German, Spanish and Japanese.
NOW = re.compile(
    r"\b(?:now|nowadays|current(?:ly)?|latest|newest|recent(?:ly)?|lately|still|yet|any ?more"
    r"|so far|these days|at (?:the moment|present)|last (?:time|thing|i|we|you|he|she|they)"
    r"|jetzt|gerade|zur ?zeit|derzeit|aktuell\w*|momentan\w*|im moment|inzwischen|mittlerweile"
    r"|heutzutage|neuerdings|neueste\w*|zuletzt|noch(?! ?(?:ein|mal|nie)\w*)"
    r"|ahora|actual(?:es|mente)?|hoy en día|en este momento|últimamente|todavía|aún|sigue[ns]?"
    r"|ya no|más recientes?|(?:lo|por) últim[oa])\b"
    r"|^(?!.*\blong\b).*\blast\s*[?!.,;]"  # "what did we settle on last?"
    r"|^how(?:'s| is| are| am)\b.* (?:going|doing|getting on|coming (?:on|along))\b"
    r"|^wie (?:geht|läuft|steht) |^¿?cómo (?:va|van|está|están|sigue)\b"
    r"|今(?![年月週日朝晩夜度回])|いま|現在|最近|このごろ|最新|まだ|調子",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Question:
    """One question, read by its words."""

    words: tuple[str, ...]  # stems, each once, without names of speakers
    about: frozenset[str]  # the speakers that it names
    days: tuple[Span, ...]  # what its dates mean
    asks_now: bool  # how things stand, of which the latest word counts


def read(query: str, *, speakers: Collection[str], asked_at: date | None) -> Question:
    """What a query asks for; of a long one the first 2,000 characters count.

    A speaker is named by any word of their name, possessive or not. A query of nothing but empty
    words and names is looked for by those words. Without `asked_at` its dates mean nothing.
    """
    text = query[:CHARACTERS]
    said = terms(text)
    names = {speaker: set(terms(speaker)) - EMPTY for speaker in speakers}
    about = frozenset(it for it, words in names.items() if not words.isdisjoint(said))
    empty = EMPTY.union(*names.values())
    words = [word for word in said if word not in empty] or said
    return Question(
        words=tuple(dict.fromkeys(map(stem, words))),
        about=about,
        days=tuple(spans(text, asked_at)) if asked_at else (),
        asks_now=NOW.search(text) is not None,
    )
