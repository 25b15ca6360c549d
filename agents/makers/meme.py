"""Memes: a template of our own, filled with words, on a picture or on one that is painted for it.

A meme is Richard Dawkins' word for what is copied from mind to mind (The Selfish Gene, 1976); Limor
Shifman describes the pictures of that name (Memes in Digital Culture, 2014).
"""

import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from PIL import Image

from agents.makers.making import Painting, TooFewParts
from agents.makers.memes import captions, figures, ladders
from agents.makers.memes.templates import Template
from agents.makers.memes.typesetting import writable
from agents.makers.titling import shortened
from feed_core.errors import EmptyText

LABEL = "meme"
_PARTS = re.compile(r"\s*\n\s*|\s+//?\s+|\s*\|\s*|\s*／\s*")
_TIGHT = re.compile(r"(?<=\w)/(?=\w)")  # "top/bottom", where nothing else parts them


Fill = Callable[[Sequence[str], Image.Image, Random], Image.Image]


@dataclass(frozen=True, slots=True)
class _Plan:
    """How a template is filled: from how many parts, on a picture or not, and what it shows."""

    fill: Fill
    least: int
    most: int
    on_picture: bool
    says: str


def _drawn(fill: "Callable[[Sequence[str], Image.Image | None, Random], Image.Image]") -> Fill:
    return lambda parts, _, random: fill(parts, None, random)


PLANS: dict[Template, _Plan] = {
    Template.CLASSIC: _Plan(captions.classic, 1, 2, True, "large words on a picture"),
    Template.CAPTION: _Plan(captions.caption, 1, 2, True, "a caption above a picture"),
    Template.POSTER: _Plan(captions.poster, 1, 3, True, "a framed picture on black, words below"),
    Template.HEADLINE: _Plan(captions.headline, 1, 3, True, "the front page of a newspaper"),
    Template.SPEECH: _Plan(_drawn(figures.speech), 1, 4, False, "two creatures talking in bubbles"),
    Template.CHOICE: _Plan(
        _drawn(figures.choice), 2, 2, False, "a round fellow who turns one thing down for another"
    ),
    Template.CROSSROADS: _Plan(
        _drawn(figures.crossroads),
        2,
        3,
        False,
        "a snail at a fork in the road that goes right",
    ),
    Template.LEVELS: _Plan(
        _drawn(ladders.levels), 3, 4, False, "lights that grow brighter, each with its words"
    ),
    Template.CHAIN: _Plan(
        _drawn(ladders.chain), 2, 3, False, "fish of which each is about to eat a smaller one"
    ),
}
_FITTING = {  # what is tried for so many parts, in turn
    1: (Template.HEADLINE, Template.SPEECH, Template.POSTER, Template.CLASSIC),
    2: (Template.CHOICE, Template.SPEECH, Template.CROSSROADS, Template.CLASSIC, Template.POSTER),
    3: (Template.LEVELS, Template.CROSSROADS, Template.CHAIN, Template.SPEECH),
    4: (Template.LEVELS, Template.SPEECH),
}
_ON_PICTURE = {
    1: (Template.CAPTION, Template.CLASSIC, Template.POSTER, Template.HEADLINE),
    2: (Template.CLASSIC, Template.POSTER, Template.CAPTION, Template.HEADLINE),
}


def make_meme(
    words: str,
    *,
    template: Template,
    picture: bytes | None,
    shows: str,
    seed: int,
    prompt: str = "",
) -> Painting:
    """Fill a template with the parts of the words (top / bottom).

    `picture` is what it is set on, `shows` says what can be seen there; without one, a picture is
    painted of the prompt, or of the words, where the template needs one.

    Raises:
        EmptyText: nothing is left that can be written.
        NoLetters: the words are in a writing that no font has.
        TooFewParts: the template has more places than there are parts.
    """
    parts = parts_of(words)
    if not parts:
        raise EmptyText
    chosen = (
        template
        if template is not Template.AUTO
        else _fitting(len(parts), picture is not None or bool(prompt), seed)
    )
    plan = PLANS[chosen]
    if len(parts) < plan.least:
        raise TooFewParts(chosen.value, len(parts), plan.least)
    if len(parts) > plan.most:
        parts = [*parts[: plan.most - 1], " ".join(parts[plan.most - 1 :])]
    on, seen = (
        _base(picture, prompt or " ".join(parts), shows, seed) if plan.on_picture else (None, "")
    )
    random = Random(f"{seed} {chosen} {words}")
    image = plan.fill(parts, on if on is not None else Image.new("RGB", (1, 1)), random)
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=3)
    said = " · ".join(f"“{it}”" for it in parts)
    ground = f" ({seen})" if seen else ""
    return Painting(
        title=shortened(" / ".join(parts)),
        png=out.getvalue(),
        width=image.width,
        height=image.height,
        alt=f"Meme: {plan.says}{ground}, saying {said}",
        label=f"{LABEL}, {chosen.value}",
    )


def parts_of(words: str) -> list[str]:
    """The parts of a meme's words that can be written, as they are parted by / or | or lines."""
    parts = _PARTS.split(words.strip(" \n/|／"))
    if len(parts) == 1 and len(_TIGHT.findall(words)) == 1 and "//" not in words:
        parts = _TIGHT.split(words.strip())
    return [it for it in map(writable, parts) if it]


def _fitting(count: int, on_picture: bool, seed: int) -> Template:
    offers = _ON_PICTURE if on_picture and count in _ON_PICTURE else _FITTING
    found = offers[min(count, max(offers))]
    return found[seed % len(found)]


def _base(picture: bytes | None, prompt: str, shows: str, seed: int) -> tuple[Image.Image, str]:
    """The picture that the words are set on, and what can be seen there."""
    if picture is None:
        from agents.makers.painting import paint  # NumPy: most memes need none

        painted = paint(prompt, seed=5 * seed)  # every fifth is a plain scene
        return Image.open(io.BytesIO(painted.png)), painted.alt.partition(", seeded")[0]
    opened: Image.Image = Image.open(io.BytesIO(picture))
    if opened.mode in ("RGBA", "LA", "P"):
        clear = opened.convert("RGBA")
        ground = Image.new("RGBA", clear.size, (255, 255, 255, 255))
        opened = Image.alpha_composite(ground, clear)
    return opened.convert("RGB"), shows
