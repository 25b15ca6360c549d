"""Rows of numbers that others can be put behind without copying those that are there."""

from dataclasses import dataclass

import numpy as np

from feed_core.services.crowd import Floats, Places


@dataclass(slots=True)
class _Memory:
    rows: Floats
    filled: int


class Growing:
    """Rows that stay as they are; `grown` shares their memory while it has places to spare."""

    def __init__(self, rows: Floats, *, spare: int, _memory: _Memory | None = None) -> None:
        self._spare = spare
        if _memory is None:
            places = len(rows) + min(spare, len(rows) + 64)
            _memory = _Memory(np.empty((places, rows.shape[1]), dtype=np.float32), len(rows))
            _memory.rows[: len(rows)] = rows
        self._memory = _memory
        self.rows = _memory.rows[: len(rows)]

    def grown(self, more: Floats) -> "Growing":
        """These rows with more behind them."""
        memory, wanted = self._memory, len(self.rows) + len(more)
        if memory.filled != len(self.rows) or wanted > len(memory.rows):
            return Growing(np.concatenate([self.rows, more]), spare=self._spare)
        memory.rows[memory.filled : wanted] = more
        memory.filled = wanted
        return Growing(memory.rows[:wanted], spare=self._spare, _memory=memory)

    def without(self, first: int) -> "Growing":
        """These rows without the first ones."""
        return Growing(self.rows[first:], spare=self._spare)

    def fill(self, places: Places, rows: Floats) -> None:
        """Write what was not known yet into these places; all who share the memory see it."""
        self.rows[places] = rows
