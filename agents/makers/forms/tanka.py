"""Tanka found in what others wrote: five lines of 5, 7, 5, 7 and 7 syllables or morae.

The form of the Man'yōshū (8th century) and of Ishikawa Takuboku's A Handful of Sand (1910).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from agents.makers.counted import counted_poem
from agents.makers.languages import EVERYWHERE, Language
from agents.makers.making import Made, Source

FORM = (5, 7, 5, 7, 7)


@dataclass(frozen=True, slots=True)
class Tanka:
    """Finds lines of 5, 7, 5, 7 and 7 syllables; Japanese counts morae."""

    name: str = "tanka"
    label: str = "found tanka"
    keywords: Sequence[str] = ("tanka", "waka", "短歌", "たんか")
    languages: frozenset[Language] = EVERYWHERE

    def make(self, sources: Sequence[Source], *, wish: str, seed: int) -> Made:
        """Find 5 lines, from different sources and in their order where that can be."""
        return counted_poem(sources, maker=self.name, label=self.label, form=FORM, seed=seed)
