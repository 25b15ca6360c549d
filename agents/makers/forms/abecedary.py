"""Abecedaries: phrases of the sources in the order of the alphabet, one a letter.

Psalm 119 and Chaucer's An A.B.C. (about 1370) are abecedaries; Edward Lear made them nonsense (A
Nonsense Alphabet, 1845).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from agents.makers.forms.acrostic import Line, phrases_by_letter, rated_phrase
from agents.makers.languages import LATIN, Language
from agents.makers.making import Made, NothingToMake, Source, taken_from
from agents.makers.reading import read
from agents.makers.words import as_written

FEWEST_LETTERS = 7


@dataclass(frozen=True, slots=True)
class Abecedary:
    """Takes one phrase for every letter that begins one."""

    name: str = "abecedary"
    label: str = "abecedary"
    keywords: Sequence[str] = (
        *("abecedary", "abecedarian", "abc", "abc poem", "alphabet", "alphabet poem", "a to z"),
        *("abecedarium", "abc-gedicht", "alphabetgedicht", "abecedario", "alfabeto"),
    )
    languages: frozenset[Language] = LATIN

    def make(self, sources: Sequence[Source], *, wish: str, seed: int) -> Made:
        """Lay the best phrase of each letter from A to Z; letters without one are passed over."""
        reading = read(sources, seed=seed // 4)
        random = Random(f"{seed} abecedary")
        poem: list[Line] = []
        used: set[int] = set()
        for letter, lines in sorted(phrases_by_letter(reading).items()):
            rated = [
                (rated_phrase(line) + random.gauss(0, 0.3), number)
                for number, line in enumerate(lines)
                if letter.isalpha() and 2 <= len(line) <= 5 and not used & {it.place for it in line}
            ]
            if rated:
                line = lines[max(rated)[1]]
                poem.append(line)
                used |= {it.place for it in line}
        if len(poem) < FEWEST_LETTERS:
            raise NothingToMake(self.name, "letters", len(poem), FEWEST_LETTERS)
        said = [as_written(line) for line in poem]
        return Made(
            title=f"{said[0][0].upper()} to {said[-1][0].upper()}",
            body="\n".join(it[:1].upper() + it[1:] for it in said),
            taken=taken_from(sources, (it.source for line in poem for it in line)),
            label=self.label,
        )
