"""Fibs found in what others wrote: the syllables of the lines are Fibonacci's numbers.

Gregory K. Pincus made the form known (gottabook, 2006; The 14 Fibs of Gregory K., 2013); Inger
Christensen's alphabet (1981) grows by the same numbers.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from agents.makers.counted import counted_poem
from agents.makers.languages import LATIN, Language
from agents.makers.making import Made, Source

FORM = (1, 1, 2, 3, 5, 8)


@dataclass(frozen=True, slots=True)
class Fib:
    """Finds lines of 1, 1, 2, 3, 5 and 8 syllables."""

    name: str = "fib"
    label: str = "found fib"
    keywords: Sequence[str] = (
        "fib",
        "fibonacci",
        "fibonacci poem",
        "fibonacci-gedicht",
        "poema fibonacci",
    )
    languages: frozenset[Language] = LATIN

    def make(self, sources: Sequence[Source], *, wish: str, seed: int) -> Made:
        """Find 6 lines, from different sources and in their order where that can be."""
        return counted_poem(sources, maker=self.name, label=self.label, form=FORM, seed=seed)
