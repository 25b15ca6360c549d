"""Permutation poems: the words of one phrase in ever new order.

Brion Gysin's I Am That I Am and Kick That Habit Man (in William Burroughs and Brion Gysin, The
Exterminator, 1960). The order is that of bell ringers' plain changes: from line to line two
neighbours change places (Fabian Stedman, Tintinnalogia, 1668).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from agents.makers import lexicon
from agents.makers.languages import EVERYWHERE, Language
from agents.makers.making import Made, NothingToMake, Source, taken_from
from agents.makers.reading import Reading, read
from agents.makers.titling import shortened
from agents.makers.words import SMALL, Border, Kind, Word

FEWEST_WORDS = 3
MOST_WORDS = 5
MOST_LINES = 12


@dataclass(frozen=True, slots=True)
class Permutation:
    """Takes one phrase of three to five words and changes two neighbours from line to line."""

    name: str = "permutation"
    label: str = "permutation poem"
    keywords: Sequence[str] = (
        *("permutation", "permutation poem", "permutations", "permuted", "gysin", "shuffle"),
        *("permutationsgedicht", "permutación", "permutaciones", "順列", "並べ替え", "並び替え"),
    )
    languages: frozenset[Language] = EVERYWHERE

    def make(self, sources: Sequence[Source], *, wish: str, seed: int) -> Made:
        """Ring the changes on the most vivid phrase; the next seed takes the next one."""
        reading = read(sources, seed=0)
        found = _phrases(reading)
        if not found:
            longest = max((len(it) for it in _runs(reading)), default=0)
            raise NothingToMake(self.name, "words", min(longest, 2), FEWEST_WORDS)
        words = found[seed % len(found)]
        begin = seed // len(found) % len(words)
        turned = [*words[begin:], *words[:begin]]
        lines = [order for number, order in enumerate(changes(len(turned))) if number < MOST_LINES]
        space = "\u3000" if reading.language is Language.JAPANESE else " "
        said = [space.join(turned[at].text for at in order) for order in lines]
        upper = said if reading.language is Language.GERMAN else [it.upper() for it in said]
        return Made(
            title=shortened(space.join(word.text for word in words)),
            body="\n".join(upper),
            taken=taken_from(sources, [words[0].source]),
            label=self.label,
        )


def changes(bells: int) -> Iterator[tuple[int, ...]]:
    """Every order of so many things; from one to the next two neighbours change places."""
    if bells == 1:
        yield (0,)
        return
    highest = bells - 1
    for number, order in enumerate(changes(bells - 1)):
        places = range(bells - 1, -1, -1) if number % 2 == 0 else range(bells)
        for place in places:
            yield (*order[:place], highest, *order[place:])


def _runs(reading: Reading) -> Iterator[tuple[Word, ...]]:
    """Clauses, and of longer ones every stretch of four words."""
    for phrase in reading.phrases():
        if len(phrase) <= MOST_WORDS:
            yield tuple(phrase)
        else:
            for at in range(len(phrase) - 3):
                yield tuple(phrase[at : at + 4])


def _phrases(reading: Reading) -> list[tuple[Word, ...]]:
    rated: dict[tuple[str, ...], tuple[float, tuple[Word, ...]]] = {}
    for run in _runs(reading):
        keys = tuple(word.key for word in run)
        content = sum(word.kind not in SMALL for word in run)
        if len(run) < FEWEST_WORDS or content < 2 or len(set(keys)) < len(keys):
            continue
        if any(key in lexicon.HARSH for key in keys):
            continue
        score = 0.8 * sum(word.image for word in run) + 0.5 * content
        score += 0.6 * (run[0].border is not Border.NONE)
        score += 0.4 * any(word.kind in {Kind.VERB, Kind.AUXILIARY} for word in run)
        score -= 1.2 * (run[-1].kind in SMALL) + 0.4 * (run[0].kind is Kind.CONJUNCTION)
        rated.setdefault(keys, (score, run))
    ranked = sorted(rated.values(), key=lambda pair: (-pair[0], pair[1][0].place))
    return [run for _, run in ranked[:6]]
