"""Erasure poems: words of a text are struck out until what is left is a poem.

Tom Phillips painted over a Victorian novel (A Humument, 1970), Ronald Johnson struck out Milton
(Radi Os, 1977), Austin Kleon newspapers (Newspaper Blackout, 2010). Nothing is added or moved.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from agents.makers.languages import EVERYWHERE, Language
from agents.makers.making import Made, NothingToMake, Source, taken_from
from agents.makers.reading import read
from agents.makers.striking import CHOICES, FEWEST_WORDS, Poem, as_lines, passages, poems
from agents.makers.titling import title
from agents.makers.words import Border, Word

_BAR = "█"
_BARRED = ("blackout", "redact", "schwärz", "geschwärzt", "tachad", "黒塗り")


@dataclass(frozen=True, slots=True)
class Erasure:
    """Strikes words out; asked for a blackout poem it shows the bars."""

    name: str = "erasure"
    label: str = "erasure poem"
    keywords: Sequence[str] = (
        *("erasure", "erasure poem", "blackout", "blackout poem", "redacted", "erased"),
        *("streichgedicht", "schwärzung", "geschwärzt", "erasure-gedicht", "tachado", "tachadura"),
        *("borrado", "poema borrado", "墨消し", "黒塗り", "黒塗り詩", "消去詩"),
    )
    languages: frozenset[Language] = EVERYWHERE

    def make(self, sources: Sequence[Source], *, wish: str, seed: int) -> Made:
        """Leave only words of the sources, in their order, that read as a poem."""
        block, choice = divmod(seed, CHOICES)
        reading = read(sources, seed=block)
        words = passages(reading, Random(f"{block} passages"))
        if len(words) < FEWEST_WORDS:
            raise NothingToMake(self.name, "words", len(words), FEWEST_WORDS)
        found = poems(words, wish=wish, seed=block)
        if not found:
            raise NothingToMake(self.name, "words", len(words), max(12, len(words) + 1))
        poem = found[choice % len(found)]
        barred = any(it in wish.casefold() for it in _BARRED)
        return Made(
            title=title(poem, sources, language=reading.language, seed=seed),
            body=_with_bars(poem, words) if barred else as_lines(poem),
            taken=taken_from(sources, (word.source for line in poem for word in line)),
            label="blackout poem" if barred else self.label,
        )


def _with_bars(poem: Poem, words: Sequence[Word]) -> str:
    """The whole text with bars over what is gone, line by line as it was."""
    kept = {word.place for line in poem for word in line}
    lines: list[list[str]] = []
    for word in words:
        if word.border is Border.SENTENCE or not lines:
            lines.append([])
        hidden = _BAR * max(2, min(8, len(word.text)))
        lines[-1].append(word.text if word.place in kept else hidden)
    return "\n".join(" ".join(line) for line in lines)
