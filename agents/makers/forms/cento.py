"""Cento: a patchwork of whole lines, each word for word as its maker wrote it, in turns.

Ausonius made one of Virgil's lines and wrote down the rules (Cento nuptialis, about 370).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from agents.makers.languages import EVERYWHERE, Language
from agents.makers.lines import Line, line_title, lines_of, worth
from agents.makers.making import Made, NothingToMake, Source
from feed_core.states import Taken

MOST_LINES = 14
CHOICES = 5  # so many different centos before "Again" comes round
DRAWS = 8


@dataclass(frozen=True, slots=True)
class Cento:
    """Takes whole lines from every source in turns and changes none of them."""

    name: str = "cento"
    label: str = "cento"
    keywords: Sequence[str] = (
        *("cento", "patchwork", "collage of lines", "mash-up", "collage", "centón", "centon"),
        *("flickengedicht", "寄せ集め", "コラージュ"),
    )
    languages: frozenset[Language] = EVERYWHERE

    def make(self, sources: Sequence[Source], *, wish: str, seed: int) -> Made:
        """Lay lines of every source side by side, the lines of each in their own order."""
        given = [lines_of(source, number, seed) for number, source in enumerate(sources)]
        if len(given) < 2:
            raise NothingToMake(self.name, "sources", len(given), 2)
        if not all(given):
            full = sum(1 for lines in given if lines)
            raise NothingToMake(self.name, "lines", full, len(given))
        block, choice = divmod(seed, CHOICES)
        draws = (
            _laid(given, Random(f"{block} cento {n}"), short=n >= CHOICES) for n in range(DRAWS)
        )
        found = list({tuple(line.text for line in lines): lines for lines in draws}.values())
        lines = _once(found[choice % len(found)])
        return Made(
            title=line_title(lines, sources),
            body="\n".join(line.text for line in lines),
            taken={source.creation_id: Taken.TEXT for source in sources},
            label=self.label,
        )


def _laid(given: Sequence[Sequence[Line]], random: Random, *, short: bool) -> list[Line]:
    """Lines of all sources in turns: fewer from each when there are many."""
    each = max(1, min(MOST_LINES // len(given), 4, max(map(len, given))) - short)
    turns = list(range(len(given)))
    random.shuffle(turns)
    chosen = {number: _best(given[number], each, random) for number in turns}
    laid: list[Line] = []
    for round_ in range(each):
        for number in turns:
            mine = chosen[number]
            # A source with fewer lines than turns spreads them over the whole.
            if round_ * len(mine) // each != (round_ - 1) * len(mine) // each or round_ == 0:
                laid.append(mine[round_ * len(mine) // each])
    return laid


def _once(lines: Sequence[Line]) -> list[Line]:
    """The lines without those that two sources share."""
    return list({line.text.casefold(): line for line in reversed(lines)}.values())[::-1]


def _best(lines: Sequence[Line], wanted: int, random: Random) -> list[Line]:
    rated = sorted(lines, key=lambda line: -worth(line.text) - random.gauss(0, 0.7))
    return sorted(rated[:wanted], key=lambda line: line.place)
