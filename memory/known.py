"""What owners who are talking have in memory, kept ready, so that a turn reads none of it again."""

from __future__ import annotations  # NumPy is only named here: a start without it is quicker

import asyncio
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from memory.words import Words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST_TEXTS = 20_000  # of all owners together; about 4 KB each, with their vectors

# How many there are, the newest, the sum of their ids: a memory that comes or goes changes it.
Mark = tuple[int, int, int]


@dataclass(slots=True)
class Known:
    """One owner's active memories, the newest first, and their words.

    `mark` is that of the rows that it was read from. `vectors`, shape (memories, dimension), are
    there once they were read, which `reading` does while nobody waits for it.
    """

    mark: Mark
    ids: Sequence[int]
    words: Words
    vectors: NDArray[np.float32] | None = None
    reading: asyncio.Task[None] | None = None

    def take(self, rows: Mapping[int, NDArray[np.float32]]) -> NDArray[np.float32]:
        """Keep the vectors of all memories, given by memory id; returns them in order."""
        import numpy as np

        kept = self.vectors = np.stack([rows[it] for it in self.ids])
        return kept


@dataclass(slots=True)
class KnownOwners:
    """The owners who talked last; `forgotten` counts how often all was let go of."""

    forgotten: int = 0
    _owners: OrderedDict[int, Known] = field(default_factory=OrderedDict)
    _texts: int = 0

    def get(self, owner_id: int, mark: Mark) -> Known | None:
        """What is known of an owner whose rows have this mark."""
        known = self._owners.get(owner_id)
        if known is None or known.mark != mark:
            return None
        self._owners.move_to_end(owner_id)
        return known

    def put(self, owner_id: int, known: Known, *, read_after: int) -> None:
        """Keep it, and let go of who talked longest ago where there is too much.

        What was read before something was forgotten (`read_after` is an older count) is not kept.
        """
        if read_after != self.forgotten:
            return
        self._drop(owner_id)
        self._owners[owner_id] = known
        self._texts += len(known.ids)
        while self._texts > MOST_TEXTS and len(self._owners) > 1:
            self._drop(next(iter(self._owners)))

    def forget(self) -> None:
        """Let go of everything."""
        self.forgotten += 1
        self._owners.clear()
        self._texts = 0

    def _drop(self, owner_id: int) -> None:
        dropped = self._owners.pop(owner_id, None)
        if dropped is not None:
            self._texts -= len(dropped.ids)
