"""Triolets: eight lines, of which the first comes three times and the second twice.

The oldest stand in Adenet le Roi's Cléomadès (about 1285); Robert Bridges brought the form into
English (1873). The lines here are found, so they do not rhyme.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from agents.makers.languages import EVERYWHERE, Language
from agents.makers.lines import line_title, short_lines, worth
from agents.makers.making import Made, NothingToMake, Source, taken_from

LINES = 5


@dataclass(frozen=True, slots=True)
class Triolet:
    """Turns two lines into a refrain round three others."""

    name: str = "triolet"
    label: str = "triolet, unrhymed"
    keywords: Sequence[str] = ("triolet", "triolett", "triolete", "トリオレ")
    languages: frozenset[Language] = EVERYWHERE

    def make(self, sources: Sequence[Source], *, wish: str, seed: int) -> Made:
        """Lay five lines as A B c A d e A B."""
        lines = short_lines(sources, seed=seed, most=LINES)
        if len(lines) < LINES:
            raise NothingToMake(self.name, "lines", len(lines), LINES)
        ranked = sorted(range(LINES), key=lambda at: (-worth(lines[at].text), at))
        first = ranked[seed % 3]
        second = (first + 1 + seed // 3 % (LINES - 1)) % LINES
        c, d, e = (line for at, line in enumerate(lines) if at not in {first, second})
        a, b = lines[first], lines[second]
        return Made(
            title=line_title([a, b, *lines], sources),
            body="\n".join(line.text for line in (a, b, c, a, d, e, a, b)),
            taken=taken_from(sources, (line.source for line in lines)),
            label=self.label,
        )
