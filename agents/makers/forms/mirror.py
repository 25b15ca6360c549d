"""Mirror poems: the lines go down one way and come back the other.

The palindrome by lines, after J. A. Lindon's Doppelgänger (in Howard Bergerson, Palindromes and
Anagrams, 1973) and Marilyn Singer's reversos (Mirror Mirror, 2010).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from agents.makers.languages import EVERYWHERE, Language
from agents.makers.lines import line_title, short_lines
from agents.makers.making import Made, NothingToMake, Source, taken_from

FEWEST_LINES = 3
MOST_LINES = 6


@dataclass(frozen=True, slots=True)
class Mirror:
    """Reads short lines forwards and then backwards."""

    name: str = "mirror"
    label: str = "mirror poem"
    keywords: Sequence[str] = (
        *("mirror", "mirror poem", "reverso", "palindrome", "palindrome poem", "spiegelgedicht"),
        *("spiegel", "palindrom", "espejo", "poema espejo", "palíndromo", "鏡", "鏡の詩", "回文"),
    )
    languages: frozenset[Language] = EVERYWHERE

    def make(self, sources: Sequence[Source], *, wish: str, seed: int) -> Made:
        """Lay three to six lines and, behind a space, the same from the last to the first."""
        lines = short_lines(sources, seed=seed, most=MOST_LINES - seed % 2)
        if len(lines) < FEWEST_LINES:
            raise NothingToMake(self.name, "lines", len(lines), FEWEST_LINES)
        if seed:  # the order of the sources is only the first of several
            Random(f"{seed} mirror").shuffle(lines)
        there = "\n".join(line.text for line in lines)
        back = "\n".join(line.text for line in reversed(lines))
        return Made(
            title=line_title(lines, sources),
            body=f"{there}\n\n{back}",
            taken=taken_from(sources, (line.source for line in lines)),
            label=self.label,
        )
