"""What a maker is given and what it gives back.

A maker makes something new out of what other people wrote by a procedure in the tradition of Oulipo
and Dada, without any language model. Makers are pure: the same sources, wish and seed give the same
result, and the next seed ("Again") gives another one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from agents.makers.languages import Language
from feed_core.errors import Refusal
from feed_core.states import Taken


@dataclass(frozen=True, slots=True)
class Source:
    """A text somebody wrote, to build on."""

    creation_id: int
    maker_name: str
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Made:
    """What a maker made: shown as a draft, never published by itself.

    `taken` says what came from which creation, and names those only that really went in. `label`
    completes "made by <name>'s agent as …, without a language model".
    """

    title: str
    body: str
    taken: Mapping[int, Taken]
    label: str


@dataclass(frozen=True, slots=True)
class Painting:
    """A picture made by a procedure: PNG bytes, and words for those who do not see it."""

    title: str
    png: bytes
    width: int
    height: int
    alt: str
    label: str


class Maker(Protocol):
    """A procedure for texts: its name, what its results are called, the words that ask for it."""

    @property
    def name(self) -> str:
        """One lower-case word, as in "cut-up"."""

    @property
    def label(self) -> str:
        """What its results are called."""

    @property
    def keywords(self) -> Sequence[str]:
        """Other words by which people ask for it, in the languages it knows."""

    @property
    def languages(self) -> frozenset[Language]:
        """The languages it works in."""

    def make(self, sources: Sequence[Source], *, wish: str, seed: int) -> Made:
        """Make something new from the sources; raises NothingToMake if they hold too little."""


UNITS = (
    *("words", "lines", "syllables", "sources", "letters", "nouns", "things", "clauses", "steps"),
    "language",
)


@dataclass(eq=False)
class NothingToMake(Refusal):
    """The sources hold too little for this maker: `found` of the `needed` things of one `unit`.

    The unit is one of `UNITS`. `instead` names a maker that these sources are enough for.
    """

    maker: str
    unit: str
    found: int
    needed: int
    instead: str = ""
    code = "too_little_material"

    def __post_init__(self) -> None:
        """See that more is needed than was found, also where it is the quality that lacks."""
        self.needed = max(self.needed, self.found + 1)


class NoLetters(Refusal):
    """The words are in a writing that none of the fonts has letters for."""

    code = "no_letters"


@dataclass(eq=False)
class TooFewParts(Refusal):
    """A template of a meme has more places than there are words for."""

    template: str
    found: int
    needed: int
    code = "too_few_parts"


def taken_from(sources: Sequence[Source], used: Iterable[int]) -> Mapping[int, Taken]:
    """What was taken by the numbers of the sources that words came from."""
    return {sources[number].creation_id: Taken.TEXT for number in sorted(set(used))}
