"""Haiku found in what others wrote: three runs of words with five, seven and five syllables.

Found poems in this form go back to the "haikuisation" of Raymond Queneau (in Oulipo, La
Littérature potentielle, 1973) and, by machine, to the New York Times Haiku of Jacob Harris (2013).
Japanese counts morae, as Bashō did; the other languages count syllables.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from agents.makers.counted import counted_poem
from agents.makers.languages import EVERYWHERE, Language
from agents.makers.making import Made, Source

FORM = (5, 7, 5)


@dataclass(frozen=True, slots=True)
class Haiku:
    """Finds lines of 5, 7 and 5 syllables; words may be struck out of a line, none is added."""

    name: str = "haiku"
    label: str = "found haiku"
    keywords: Sequence[str] = (
        "haiku",
        "found haiku",
        "5-7-5",
        "575",
        "senryu",
        "haikus",
        "俳句",
        "はいく",
        "川柳",
    )
    languages: frozenset[Language] = EVERYWHERE

    def make(self, sources: Sequence[Source], *, wish: str, seed: int) -> Made:
        """Find 3 lines, from different sources and in their order where that can be."""
        return counted_poem(sources, maker=self.name, label=self.label, form=FORM, seed=seed)
