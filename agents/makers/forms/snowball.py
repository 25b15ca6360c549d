"""Snowballs: each line is one word, and each word a letter longer than the one before.

Boule de neige at the Oulipo (Harry Mathews and Alastair Brotchie, Oulipo Compendium, 1998);
rhopalic verse, which grows by syllables, is handed down under the name of Ausonius (4th century).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from agents.makers import lexicon
from agents.makers.joining import NEVER, across
from agents.makers.languages import LATIN, Language
from agents.makers.making import Made, NothingToMake, Source, taken_from
from agents.makers.plain import plain
from agents.makers.reading import read
from agents.makers.titling import shortened
from agents.makers.words import SMALL, Kind, Word

FEWEST_LINES = 5
LATEST_START = 4  # letters of the first word
CHOICES = 6
_MELTING = ("melt", "shrink", "schmelz", "derret", "fond")


@dataclass(frozen=True, slots=True)
class Snowball:
    """Rolls words of the sources into a ball that grows by a letter a line."""

    name: str = "snowball"
    label: str = "snowball"
    keywords: Sequence[str] = (
        *("snowball", "snowball poem", "rhopalic", "growing words", "melting snowball"),
        *("schneeball", "schneeballgedicht", "bola de nieve", "雪だるま"),
    )
    languages: frozenset[Language] = LATIN

    def make(self, sources: Sequence[Source], *, wish: str, seed: int) -> Made:
        """The longest chain of growing words that read on; asked to melt, it shrinks."""
        reading = read(sources, seed=seed // CHOICES)
        by_length: dict[int, list[Word]] = {}
        for word in reading.words:
            letters = plain(word.text)
            if letters.isalpha() and len(letters) == len(word.text) and word.key not in _DULL:
                same = by_length.setdefault(len(letters), [])
                if all(word.key != other.key for other in same):
                    same.append(word)
        chain = _rolled(by_length, Random(f"{seed} snowball"))
        if len(chain) < FEWEST_LINES:
            raise NothingToMake(self.name, "steps", len(chain), FEWEST_LINES)
        lines = [word.text for word in chain]
        if any(it in wish.casefold() for it in _MELTING):
            lines.reverse()
        longest = max(lines, key=len)
        return Made(
            title=shortened(longest),
            body="\n".join(lines),
            taken=taken_from(sources, (word.source for word in chain)),
            label=self.label,
        )


_DULL = lexicon.BLAND | lexicon.HARSH


def _rolled(by_length: dict[int, list[Word]], random: Random) -> list[Word]:
    best: list[Word] = []
    best_score = NEVER
    for start in range(1, LATEST_START + 1):
        for score, chain in _chains(by_length, start, random):
            if len(chain) >= FEWEST_LINES and score > best_score:
                best, best_score = chain, score
    return best


def _chains(
    by_length: dict[int, list[Word]], start: int, random: Random
) -> list[tuple[float, list[Word]]]:
    """The best chain to every word that can be reached from words of the first length."""
    row = [(_begins(it) + random.gauss(0, 0.4), [it]) for it in by_length.get(start, ())]
    ended: list[tuple[float, list[Word]]] = []
    length = start
    while row:
        ended += [(score + _ends(chain[-1]), chain) for score, chain in row]
        length += 1
        grown = []
        for word in by_length.get(length, ()):
            came = [
                (score + _leads(chain[-1], word) + random.gauss(0, 0.25), chain)
                for score, chain in row
                if all(other.key.rstrip("s") != word.key.rstrip("s") for other in chain)
            ]
            if came:
                score, chain = max(came, key=lambda pair: pair[0])
                grown.append((score + 1.1 + 0.4 * word.image, [*chain, word]))
        row = grown
    return ended


def _begins(word: Word) -> float:
    if word.kind in {Kind.PREPOSITION, Kind.CONJUNCTION}:
        return -0.5
    return 0.6 if word.key in {"i", "a", "o", "we", "my", "du", "es", "yo"} or word.image else 0.0


def _ends(word: Word) -> float:
    return (
        -2.5
        if word.kind in SMALL
        else 0.5 * (word.kind is Kind.NOUN) - 0.8 * (word.kind is Kind.ADVERB)
    )


def _leads(left: Word, right: Word) -> float:
    """How well a line reads on to the next; most do not, and a line break forgives much."""
    if left.place + 1 == right.place and not right.border:
        return 1.4
    joined = across(left, right)
    if joined > NEVER / 2:
        return joined
    if left.kind is Kind.DETERMINER or left.kind is Kind.PREPOSITION:
        return -1.6
    return -0.5 if right.kind not in SMALL else -1.1
