"""Texts as vectors of their letters: what spelling says where meaning is not understood."""

from __future__ import annotations  # NumPy is imported when first used: a start is quicker

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING
from zlib import crc32

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DIMENSION = 1024
LENGTHS = (2, 3, 4)  # of the pieces that are counted


class Letters:
    """Hashed pieces of 2–4 letters, rare ones weighing more (TF-IDF over the texts given first)."""

    def __init__(self, texts: Sequence[str]) -> None:
        import numpy as np

        counts = _counted(texts)
        known = (counts > 0).sum(axis=0)
        self._rarity = (np.log((1 + len(texts)) / (1 + known)) + 1).astype(np.float32)

    def vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row of length 1 for each text (0 for an empty one), shape (texts, 1024)."""
        import numpy as np

        rows = _counted(texts) * self._rarity
        length = np.linalg.norm(rows, axis=1, keepdims=True)
        found: NDArray[np.float32] = rows / np.where(length > 0, length, 1)
        return found


def _counted(texts: Sequence[str]) -> NDArray[np.float32]:
    import numpy as np

    rows = np.zeros((len(texts), DIMENSION), dtype=np.float32)
    for row, text in zip(rows, texts, strict=True):
        padded = f" {text.lower()} "
        pieces = Counter(
            padded[at : at + length] for length in LENGTHS for at in range(len(padded) - length + 1)
        )
        places = [crc32(it.encode("utf-8", "replace")) % DIMENSION for it in pieces]
        row[:] = np.bincount(places, np.log1p(list(pieces.values())), DIMENSION)
    return rows
