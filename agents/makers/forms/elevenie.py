"""Elevenies found in what others wrote: eleven words in lines of 1, 2, 3, 4 and 1.

The Elfchen of German classrooms, after the Dutch elfje of Jos van Hest (1980s; see Ingrid Böttcher,
Kreatives Schreiben, 1999).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from agents.makers.counted import counted_poem
from agents.makers.languages import LATIN, Language
from agents.makers.making import Made, Source

FORM = (1, 2, 3, 4, 1)


@dataclass(frozen=True, slots=True)
class Elevenie:
    """Finds lines of one, two, three, four words and one more."""

    name: str = "elevenie"
    label: str = "elevenie"
    keywords: Sequence[str] = ("elevenie", "elfchen", "eleven words", "elf wörter", "once palabras")
    languages: frozenset[Language] = LATIN

    def make(self, sources: Sequence[Source], *, wish: str, seed: int) -> Made:
        """Find 5 lines, from different sources and in their order where that can be."""
        return counted_poem(
            sources, maker=self.name, label=self.label, form=FORM, seed=seed, unit="words"
        )
