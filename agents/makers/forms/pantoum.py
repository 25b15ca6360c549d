"""Pantoums: quatrains whose second and fourth lines come back as first and third of the next.

The Malay pantun berkait came to Europe with Ernest Fouinet's translation in Victor Hugo's Les
Orientales (1829); Baudelaire's Harmonie du soir (1857) made it a form of the West.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from agents.makers.languages import EVERYWHERE, Language
from agents.makers.lines import line_title, short_lines
from agents.makers.making import Made, NothingToMake, Source, taken_from

FEWEST_LINES = 4
MOST_LINES = 8


@dataclass(frozen=True, slots=True)
class Pantoum:
    """Lets short lines of the sources return, each once."""

    name: str = "pantoum"
    label: str = "pantoum"
    keywords: Sequence[str] = ("pantoum", "pantun", "pantum", "パントゥム")
    languages: frozenset[Language] = EVERYWHERE

    def make(self, sources: Sequence[Source], *, wish: str, seed: int) -> Made:
        """Lay 4, 6 or 8 lines so that every one is heard twice and the first is the last."""
        lines = short_lines(sources, seed=seed, most=MOST_LINES)
        if len(lines) < FEWEST_LINES:
            raise NothingToMake(self.name, "lines", len(lines), FEWEST_LINES)
        turn = seed % 2 if len(lines) > FEWEST_LINES else seed % len(lines)
        even = lines[turn : turn + len(lines) // 2 * 2]
        lines = even if len(even) % 2 == 0 else lines[: len(lines) // 2 * 2]
        if len(lines) == FEWEST_LINES and turn:
            lines = [*lines[turn % 4 :], *lines[: turn % 4]]
        stanzas = [lines[:4]]
        for a, b in zip(lines[4::2], lines[5::2], strict=True):
            before = stanzas[-1]
            stanzas.append([before[1], a, before[3], b])
        last = stanzas[-1]
        stanzas.append([last[1], lines[2], last[3], lines[0]])
        return Made(
            title=line_title(lines, sources),
            body="\n\n".join("\n".join(line.text for line in stanza) for stanza in stanzas),
            taken=taken_from(sources, (line.source for line in lines)),
            label=self.label,
        )
