"""Cinquains found in what others wrote: five lines of 2, 4, 6, 8 and 2 syllables.

Adelaide Crapsey made the form (Verse, 1915): it grows line by line and falls back at its end.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from agents.makers.counted import counted_poem
from agents.makers.languages import LATIN, Language
from agents.makers.making import Made, Source

FORM = (2, 4, 6, 8, 2)


@dataclass(frozen=True, slots=True)
class Cinquain:
    """Finds lines of 2, 4, 6, 8 and 2 syllables."""

    name: str = "cinquain"
    label: str = "found cinquain"
    keywords: Sequence[str] = ("cinquain", "american cinquain", "crapsey")
    languages: frozenset[Language] = LATIN

    def make(self, sources: Sequence[Source], *, wish: str, seed: int) -> Made:
        """Find 5 lines, from different sources and in their order where that can be."""
        return counted_poem(sources, maker=self.name, label=self.label, form=FORM, seed=seed)
