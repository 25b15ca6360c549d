"""What creations mean, for one process of several: each has a file of its own."""

from __future__ import annotations  # NumPy is only named here: a start without it is quicker

import asyncio
import shutil
import time
from heapq import nlargest
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from feed_core.errors import Unavailable
from feed_core.events import (
    CreationEdited,
    CreationPublished,
    CreationWithdrawn,
    Event,
    EventsMissed,
    VisibilityChanged,
)
from feed_core.services import vectors
from feed_core.store import Store
from memory.embedding import Embedder
from memory.meaning import LOOKED_AT, SERVICE, Meaning, stamp, write

if TYPE_CHECKING:
    from memory.matrix import Matrix

EVERY = 3600.0  # seconds between two comparisons of the whole file with the database

logger = structlog.get_logger(__name__)


class MeaningApart(Meaning):
    """The vectors of creations in this process's file, which alone says what it holds.

    What others do is told by events; the file and the database are compared when it is opened, when
    events were missed, and every hour. A file that is not there begins as a copy of `like`, where
    that is: another process's, of which only what differs has to be read again.
    """

    def __init__(
        self, store: Store, path: Path, embedder: Embedder, *, like: Path | None = None
    ) -> None:
        super().__init__(store, path, embedder)
        self._like = like
        self._lacking: set[int] = set()
        self._compared = 0.0

    async def hear(self, event: Event) -> None:
        """Take note that something happened; a subscriber of the bus."""
        match event:
            case CreationPublished() | CreationEdited() | CreationWithdrawn() | VisibilityChanged():
                self._lacking.add(event.creation_id)
            case EventsMissed():
                self._compared = 0.0

    async def waiting(self) -> int:
        """How many creations are not read yet."""
        return len(self._lacking)

    async def _follow(self, limit: int) -> int:
        if (matrix := self._matrix) is None:
            return 0
        if time.monotonic() - self._compared >= EVERY:
            await self._compare(matrix)
        numbers = nlargest(limit, self._lacking)
        self._lacking.difference_update(numbers)
        try:
            if numbers:
                async with self._store.read() as view:
                    rows = await vectors.these(view, numbers)
                await asyncio.to_thread(write, matrix, self._embedder, rows)
        except BaseException as error:
            self._lacking.update(numbers)
            if isinstance(error, OSError):
                raise Unavailable(SERVICE) from error
            raise
        return len(numbers)

    def _opened(self) -> Matrix:
        if self._like is not None and not self._path.exists() and self._like.exists():
            shutil.copyfile(self._like, self._path)
            logger.info("vectors_copied")
        return super()._opened()

    async def _compare(self, matrix: Matrix) -> None:
        """Note what the file lacks, and empty the rows of what is not published."""
        import numpy as np

        from memory.matrix import LARGEST

        stamps = await asyncio.to_thread(matrix.stamps)
        kept = np.zeros(len(stamps), dtype=bool)
        last, more = 0, True
        while more:
            async with self._store.read() as view:
                some = await vectors.contents(view, after=last, limit=LOOKED_AT)
            for number, content_hash in some.items():
                there = number < len(stamps)
                if content_hash and there:
                    kept[number] = True
                known = there and int(stamps[number]) == stamp(content_hash)
                if content_hash and not known and number < LARGEST:
                    self._lacking.add(number)
            last, more = max(some, default=last), len(some) == LOOKED_AT
            await asyncio.sleep(0)  # let the others have a turn
        stray = np.flatnonzero((stamps != 0) & ~kept)
        if len(stray):
            await asyncio.to_thread(matrix.remove, stray.tolist())
        self._compared = time.monotonic()
