"""Texts as sparse vectors of their letters and words: what spelling says beside meaning.

Pieces of 2–5 letters catch inflections, typing errors and languages without spaces; one to three
words in a row catch what opposites are told apart by ("no longer follow", "nicht mehr"). They are
hashed (Weinberger et al. 2009), so that no list of words has to be kept.
"""

from __future__ import annotations  # NumPy is imported when first used: a start is quicker

import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING
from zlib import crc32

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Sparse = tuple[NDArray[np.int64], NDArray[np.float32]]  # places, and what stands there

LETTERS = 8192  # places of pieces of letters
WORDS = 4096  # places of words, which follow
DIMENSION = LETTERS + WORDS
LENGTHS = (2, 3, 4, 5)  # of the pieces of letters
WEIGHTS = (1.0, 0.7)  # length of the part of letters, and of that of words
WORD = re.compile(r"[^\W_]+|[?!]")
ADDRESS = re.compile(r"https?://\S+")
NUMBER = re.compile(r"\d+")


class Letters:
    """The vectors, in which rare pieces weigh more by `rarity`, shape (DIMENSION,)."""

    def __init__(self, rarity: NDArray[np.float32]) -> None:
        self._rarity = rarity

    def vector(self, text: str) -> Sparse:
        """Where the vector of the text is not zero, and what it has there."""
        import numpy as np

        places = np.array(_places(text), dtype=np.int64)
        values = self._rarity[places]
        words = places >= LETTERS
        for part, weight in zip((~words, words), WEIGHTS, strict=True):
            length = float(np.linalg.norm(values[part]))
            values[part] *= weight / length if length else 0
        return places, values


def rarity(texts: Sequence[str]) -> NDArray[np.float32]:
    """The inverse document frequency of each place, shape (DIMENSION,)."""
    import numpy as np

    known = np.zeros(DIMENSION)
    for it in texts:
        known[_places(it)] += 1
    found: NDArray[np.float32] = (np.log((1 + len(texts)) / (1 + known)) + 1).astype(np.float32)
    return found


def _places(text: str) -> list[int]:
    """The places of all pieces of a text, each once, in order."""
    plain = unicodedata.normalize("NFKC", text).lower().replace("\u2019", "'")
    words = WORD.findall(NUMBER.sub("0", ADDRESS.sub(" url ", plain)))
    padded = f" {' '.join(words)} "
    pieces = {padded[at : at + long] for long in LENGTHS for at in range(len(padded) - long + 1)}
    framed = ["^", *words, "$"]
    phrases = {*words, *map(" ".join, pairwise(framed))}
    phrases.update(f"{first} {last}" for first, _, last in _threes(framed))
    return sorted(
        {_hash(it) % LETTERS for it in pieces} | {LETTERS + _hash(it) % WORDS for it in phrases}
    )


def _threes(words: Sequence[str]) -> zip[tuple[str, str, str]]:
    return zip(words, words[1:], words[2:], strict=False)


def _hash(piece: str) -> int:
    return crc32(piece.encode("utf-8", "replace"))
