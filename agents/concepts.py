"""Texts as vectors of what their words are about, in four languages.

The words stand in `assets/concepts.toml`. They help where the embedder knows only English, and
where two acts are told apart by one word. Words that are about none of it make a text less like
every other, so that small talk in which one such word occurs is not taken for a request.
"""

from __future__ import annotations  # NumPy is imported when first used: a start is quicker

import re
import tomllib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FILE = Path(__file__).parent / "assets" / "concepts.toml"
OTHER = 16.0  # what a word that is about none of the concepts adds to the square of the length
A_WORD = 2.5  # characters of Japanese
LONG = re.compile(r"[^\W\d_]{4,}")  # shorter words say little of what is wanted
JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
STARTS = re.compile(r"(?<![^\W\d_])[^\W\d_]|[\u3040-\u30ff\u4e00-\u9fff]")  # of what may be a word


class Concepts:
    """Which concepts there are in a text; rare ones weigh more by `rarity`, shape (concepts,)."""

    def __init__(self, rarity: NDArray[np.float32]) -> None:
        self._rarity = rarity

    def vector(self, text: str) -> NDArray[np.float32]:
        """The vector of one text, of length 1 at most, shape (concepts,)."""
        import numpy as np

        found, others = _read(text)
        vector = np.zeros(len(self._rarity), dtype=np.float32)
        vector[found] = self._rarity[found]
        length = float(np.sqrt((vector**2).sum() + OTHER * others))
        return vector / length if length else vector


def rarity(texts: Sequence[str]) -> NDArray[np.float32]:
    """The inverse document frequency of each concept, shape (concepts,)."""
    import numpy as np

    known = np.zeros(_words().count)
    for it in texts:
        known[_read(it)[0]] += 1
    found: NDArray[np.float32] = (np.log((1 + len(texts)) / (1 + known)) + 1).astype(np.float32)
    return found


@dataclass(frozen=True, slots=True)
class Words:
    """The concepts of each beginning of words and of each whole word; a word may be several."""

    begun: Mapping[str, Sequence[int]]
    whole: Mapping[str, Sequence[int]]
    lengths: Sequence[int]  # that any of them has, the longest first
    count: int  # of concepts


def _read(text: str) -> tuple[list[int], float]:
    """The concepts in a text, and how many words are about none of them."""
    words, said = _words(), text.lower().replace("\u2019", "'")
    found, others, covered = set[int](), 0.0, 0
    for start in STARTS.finditer(said):
        at = start.start()
        longest = 0
        for length in words.lengths:
            piece = said[at : at + length]
            about = words.begun.get(piece, ())
            if not said[at + length : at + length + 1].isalpha():
                about = (*about, *words.whole.get(piece, ()))
            if about and len(piece) == length:
                found.update(about)
                longest = longest or length
        if longest:
            covered = max(covered, at + longest)
        elif at >= covered:
            others += 1 / A_WORD if JAPANESE.match(said, at) else LONG.match(said, at) is not None
    return sorted(found), others


@cache
def _words() -> Words:
    told: dict[str, list[str]] = tomllib.loads(FILE.read_text(encoding="utf-8"))
    begun, whole = defaultdict[str, list[int]](list), defaultdict[str, list[int]](list)
    for concept, words in enumerate(told.values()):
        for word in words:
            kind = whole if word.endswith(".") else begun
            kind[word.lower().removesuffix(".")].append(concept)
    lengths = sorted({len(it) for it in (*begun, *whole)}, reverse=True)
    return Words(dict(begun), dict(whole), lengths, len(told))
