"""Refrain poems: stanzas of found lines that all close with the same one.

The kyrielle of the troubadours, named for the litany's Kyrie eleison (Lewis Turco, The Book of
Forms, 1968), here in found lines.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from agents.makers.languages import EVERYWHERE, Language
from agents.makers.lines import line_title, short_lines, worth
from agents.makers.making import Made, NothingToMake, Source, taken_from

FEWEST_LINES = 5
MOST_LINES = 10
CHOICES = 3  # so many lines take their turn as the refrain


@dataclass(frozen=True, slots=True)
class Refrain:
    """Chooses one line to come back after every two others."""

    name: str = "refrain"
    label: str = "refrain poem"
    keywords: Sequence[str] = (
        *("refrain", "refrain poem", "kyrielle", "chorus", "song", "refraingedicht", "lied"),
        *("kehrreim", "estribillo", "canción", "リフレイン", "歌"),
    )
    languages: frozenset[Language] = EVERYWHERE

    def make(self, sources: Sequence[Source], *, wish: str, seed: int) -> Made:
        """Lay couplets of the sources' lines, each with the refrain behind it."""
        lines = short_lines(sources, seed=seed, most=MOST_LINES)
        if len(lines) < FEWEST_LINES:
            raise NothingToMake(self.name, "lines", len(lines), FEWEST_LINES)
        ranked = sorted(lines, key=lambda line: -worth(line.text) + 0.02 * len(line.text))
        refrain = ranked[seed % CHOICES]
        others = [line for line in lines if line is not refrain]
        others = others[: len(others) // 2 * 2]
        stanzas = [
            "\n".join((a.text, b.text, refrain.text))
            for a, b in zip(others[::2], others[1::2], strict=True)
        ]
        return Made(
            title=line_title([refrain, *lines], sources),
            body="\n\n".join(stanzas),
            taken=taken_from(sources, (line.source for line in (*others, refrain))),
            label=self.label,
        )
