"""Where numbers stand: in a table where they lie close together, else they are searched for.

To search for each of some hundreds among a million reads memory all over; a table reads it once.
"""

import numpy as np

from feed_core.services.votes import Mask, Places

WIDE = 8  # times as many places as there are numbers that a table may have


class Whereabouts:
    """The places of different numbers, which may be in any order."""

    def __init__(self, numbers: Places) -> None:
        low, high = (int(numbers.min()), int(numbers.max())) if len(numbers) else (0, -1)
        self._first = low - 1  # at both ends of the table stands that there is none
        self._table: np.typing.NDArray[np.int32] | None = None
        self._rising = self._order = numbers[:0]
        if high - low < WIDE * len(numbers) or not len(numbers):
            self._table = np.full(high - low + 3, -1, dtype=np.int32)
            self._table[numbers - self._first] = np.arange(len(numbers), dtype=np.int32)
        else:
            self._order = np.argsort(numbers, kind="stable")
            self._rising = numbers[self._order]

    def find(self, wanted: Places) -> tuple[Places, Mask]:
        """The place of each wanted one, anywhere for one that has none; and which of them have."""
        if self._table is not None:
            at = self._table.take(wanted - self._first, mode="clip").astype(np.int64)
            return at, at >= 0
        near = np.searchsorted(self._rising, wanted)
        near = np.minimum(near, len(self._rising) - 1)
        return self._order[near], self._rising[near] == wanted
