"""Lipograms: an erasure in which one letter never occurs.

Georges Perec wrote a novel without the letter e (La Disparition, 1969) and the history of the form
(Histoire du lipogramme, in Oulipo, La Littérature potentielle, 1973).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from agents.makers.languages import LATIN, Language
from agents.makers.making import Made, NothingToMake, Source, taken_from
from agents.makers.plain import plain
from agents.makers.reading import read
from agents.makers.striking import CHOICES, as_lines, passages, poems
from agents.makers.titling import shortened, title
from agents.makers.words import Word

FEWEST_WORDS = 12
FEWEST_LINES = 3
LETTERS = "eaoitsnr"  # the most missed ones first
_NAMED = re.compile(
    r"\b(?:without|no|ohne|sin)\s+(?:an?\s+|the\s+|las?\s+|die\s+|den\s+|das\s+)?"
    r"(?:letters?\s+|buchstaben?\s+|letra\s+)?[\"“„'«]?(\w)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Lipogram:
    """Strikes out every word with a certain letter, and then what does not read well."""

    name: str = "lipogram"
    label: str = "lipogram"
    keywords: Sequence[str] = (
        *("lipogram", "lipogramm", "lipograma", "without the letter", "without an e"),
        *("without e", "ohne den buchstaben", "ohne e", "sin la letra", "sin la e"),
    )
    languages: frozenset[Language] = LATIN

    def make(self, sources: Sequence[Source], *, wish: str, seed: int) -> Made:
        """A poem without the letter that the wish names, else without the most common it can be."""
        block, choice = divmod(seed, CHOICES)
        reading = read(sources, seed=block)
        words = passages(reading, Random(f"{block} passages"))
        if len(words) < FEWEST_WORDS:
            raise NothingToMake(self.name, "words", len(words), FEWEST_WORDS)
        named = _NAMED.search(wish)
        for letter in plain(named[1]) if named else LETTERS:

            def allowed(word: Word, letter: str = letter) -> bool:
                return letter not in plain(word.key)

            kept = sum(map(allowed, words))
            if kept < 5 or kept == len(words):
                continue
            found = poems(words, wish=wish, seed=block, allowed=allowed)
            found = [it for it in found if len(it) >= FEWEST_LINES]
            if found:
                poem = found[choice % len(found)]
                headed = title(poem, sources, language=reading.language, seed=seed)
                if letter in plain(headed):
                    headed = shortened(" ".join(word.text for word in poem[0]))
                return Made(
                    title=headed,
                    body=as_lines(poem),
                    taken=taken_from(sources, (word.source for line in poem for word in line)),
                    label=f"lipogram without {letter.upper()}",
                )
        raise NothingToMake(self.name, "words", len(words), 2 * len(words))
