"""What a maker is given and what it gives back.

A maker makes something new out of what other people wrote by a procedure in the tradition of Oulipo
and Dada, without any language model. Makers are pure: the same sources, wish and seed give the same
result, and the next seed ("Again") gives another one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

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
    """A picture painted by a procedure: PNG bytes, and words for those who do not see it."""

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
        """Other words by which people ask for it."""

    def make(self, sources: Sequence[Source], *, wish: str, seed: int) -> Made:
        """Make something new from the sources; raises NothingToMake if they hold too little."""


@dataclass(eq=False)
class NothingToMake(Refusal):
    """The sources hold too little for this maker: `found` of the `needed` things of one `unit`.

    The unit is one of "words", "lines", "syllables", "sources".
    """

    maker: str
    unit: str
    found: int
    needed: int
    code = "too_little_material"
