"""Keys of millions of rows in eight bytes each: which there are, and which come twice."""

from array import array
from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import NDArray


class Keys:
    """The keys that rows have; a number is kept as it is, anything else by its hash."""

    def __init__(self) -> None:
        self._added = array("q")
        self._sorted: NDArray[np.int64] | None = None

    def add(self, key: Hashable) -> None:
        """Take note of a key."""
        self._added.append(_eight_bytes(key))
        self._sorted = None

    def missing(self, keys: Sequence[Hashable]) -> list[int]:
        """The positions of the keys that were never added."""
        if not keys:
            return []
        there = self._in_order()
        asked = np.fromiter(map(_eight_bytes, keys), np.int64, len(keys))
        if not len(there):
            return list(range(len(keys)))
        at = np.minimum(np.searchsorted(there, asked), len(there) - 1)
        return [int(it) for it in np.flatnonzero(there[at] != asked)]

    def doubled(self) -> frozenset[int]:
        """What was perhaps added twice: `seen_as` of such a key is among these."""
        there = self._in_order()
        return frozenset(int(it) for it in np.unique(there[1:][there[1:] == there[:-1]]))

    @staticmethod
    def seen_as(key: Hashable) -> int:
        """What stands for a key among those that come twice."""
        return _eight_bytes(key)

    def _in_order(self) -> NDArray[np.int64]:
        if self._sorted is None:
            self._sorted = np.sort(np.frombuffer(self._added, np.int64)) if self._added else _NONE
        return self._sorted


_NONE: NDArray[np.int64] = np.zeros(0, np.int64)


def _eight_bytes(key: Hashable) -> int:
    return key if isinstance(key, int) else hash(key)
