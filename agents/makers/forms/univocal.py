"""Univocal poems: an erasure in which only one vowel occurs.

Georges Perec's Les Revenentes (1972) has no vowel but e; Christian Bök's Eunoia (2001) has a
chapter for each; Ernst Jandl's ottos mops (1963) is the German one, all in o.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from agents.makers.languages import LATIN, Language
from agents.makers.making import Made, NothingToMake, Source, taken_from
from agents.makers.plain import plain
from agents.makers.reading import read
from agents.makers.striking import CHOICES, as_lines, passages, poems
from agents.makers.titling import shortened
from agents.makers.words import Word

FEWEST_WORDS = 30
FEWEST_LINES = 3
VOWELS = frozenset("aeiou")


@dataclass(frozen=True, slots=True)
class Univocal:
    """Strikes out every word with another vowel than the one that is kept."""

    name: str = "univocal"
    label: str = "univocal poem"
    keywords: Sequence[str] = (
        *("univocal", "univocalism", "univocalic", "one vowel", "only one vowel", "monovokalisch"),
        *("ein vokal", "nur ein vokal", "monovocálico", "monovocalismo", "una vocal"),
    )
    languages: frozenset[Language] = LATIN

    def make(self, sources: Sequence[Source], *, wish: str, seed: int) -> Made:
        """A poem in the vowel that the most words have to themselves."""
        block, choice = divmod(seed, CHOICES)
        reading = read(sources, seed=block)
        words = passages(reading, Random(f"{block} passages"))
        if len(words) < FEWEST_WORDS:
            raise NothingToMake(self.name, "words", len(words), FEWEST_WORDS)
        alone = Counter(only for word in words if (only := _only_vowel(word)))
        ranked = [vowel for vowel, _ in alone.most_common()]
        asked = [it for it in wish.casefold().replace("“", " ").split() if it in VOWELS - {"a"}]
        for vowel in [*asked, *ranked]:

            def allowed(word: Word, vowel: str = vowel) -> bool:
                return _only_vowel(word) == vowel

            found = poems(words, wish=wish, seed=block, allowed=allowed)
            found = [it for it in found if len(it) >= FEWEST_LINES]
            if found:
                poem = found[choice % len(found)]
                return Made(
                    title=shortened(" ".join(word.text for word in poem[0])),
                    body=as_lines(poem),
                    taken=taken_from(sources, (word.source for line in poem for word in line)),
                    label=f"univocal poem in {vowel.upper()}",
                )
        raise NothingToMake(self.name, "words", max(alone.values(), default=0), FEWEST_WORDS)


def _only_vowel(word: Word) -> str:
    """The one vowel of a word; nothing when it has others, y, or a digit."""
    letters = plain(word.key)
    vowels = VOWELS.intersection(letters)
    if len(vowels) != 1 or "y" in letters[1:] or not letters.isalpha():
        return ""
    return next(iter(vowels))
