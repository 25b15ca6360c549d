"""What creations mean: a vector for each that is published, which follows the database."""

from __future__ import annotations  # NumPy is only named here: a start without it is quicker

import asyncio
from collections.abc import Collection, Hashable, Sequence
from datetime import datetime
from functools import partial
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from feed_core.errors import ConfigurationError, Unavailable
from feed_core.services import vectors
from feed_core.services.vectors import Due
from feed_core.store import Store
from memory.embedding import Embedder

if TYPE_CHECKING:
    from feed_core.services.nearest import Floats
    from memory.conversation import Utterance
    from memory.matrix import Matrix
    from memory.vector_cache import VectorCache

SERVICE = "index of meaning"
AT_A_TIME = 32  # creations read by the embedder in one go
LOOKED_AT = 20_000  # rows compared with the file in one look
MOST_COUNTED = 10_000

UNUSABLE = "the file of the index of meaning cannot be read and written"
MEND = "let the user that runs Jamfeed write there, and see that the disk is not full"

logger = structlog.get_logger(__name__)


class Meaning:
    """The vectors of creations in one file, made from the database and following it.

    It fulfils `Nearest`. Until it is ready, nothing is near anything. What was published, edited
    or taken back is due until its vector is written and noted; a stop in between loses nothing.
    """

    def __init__(self, store: Store, path: Path, embedder: Embedder) -> None:
        self._store, self._path, self._embedder = store, path, embedder
        self._matrix: Matrix | None = None
        self._read: VectorCache | None = None
        self._opening = asyncio.Lock()
        self._following = asyncio.Lock()
        self.made_anew = ""
        """Why the file was begun anew when it was opened, if it was."""

    @property
    def ready(self) -> bool:
        """Whether it can be asked without loading anything first."""
        return self._matrix is not None and self._embedder.ready

    async def open(self) -> None:
        """Load the embedder and bring the file and the database to agree; nothing the second time.

        Raises:
            ConfigurationError: the file or the embedder's cannot be used.
        """
        async with self._opening:
            if self._matrix is None:
                await asyncio.to_thread(self._embedder.load)
                try:
                    matrix = await asyncio.to_thread(self._opened)
                    await self._compare(matrix)
                except OSError as error:
                    raise ConfigurationError(str(self._path), UNUSABLE, MEND) from error
                self._matrix = matrix

    async def close(self) -> None:
        """Let go of the file."""
        async with self._opening, self._following:
            if self._matrix is not None:
                self._matrix.close()
                self._matrix = None

    async def near(
        self, vector: Floats, *, k: int, among: Collection[int] | None = None
    ) -> dict[int, float]:
        """The k creations nearest to a vector: cosine by number, nearest first."""
        if (matrix := self._matrix) is None:
            return {}
        if among is None:
            return await asyncio.to_thread(matrix.near, vector, k)
        import numpy as np

        numbers = np.array(list(dict.fromkeys(among)), dtype=np.int64)
        return await asyncio.to_thread(matrix.nearest_of, vector, k, numbers)

    async def vectors(self, creation_ids: Sequence[int]) -> Floats:
        """One row for each, shape (n, dimension); zeros where there is no vector yet."""
        import numpy as np

        if (matrix := self._matrix) is None:
            return np.zeros((len(creation_ids), self._embedder.dimension), dtype=np.float32)
        numbers = np.array(creation_ids, dtype=np.int64)
        return await asyncio.to_thread(matrix.rows, numbers)

    async def of_words(self, words: str) -> Floats:
        """The vector of what somebody is looking for."""
        return await asyncio.to_thread(self._embedder.query_vector, words)

    async def answering(
        self, turns: Sequence[Utterance], query: str, *, k: int, asked_at: datetime | None = None
    ) -> list[Hashable]:
        """The ids of the k turns that answer a query best, best first."""
        from memory.answering import answering
        from memory.vector_cache import VectorCache

        if self._read is None:
            self._read = VectorCache(self._embedder.vectors)
        ask = partial(answering, turns, query, self._read, k=k, asked_at=asked_at)
        return await asyncio.to_thread(ask)

    async def catch_up(self, *, most: int | None = None) -> int:
        """Give creations that are due their vectors, or take them away; returns how many were.

        The newest first, `most` of them or all there are; other tasks have their turn in between.

        Raises:
            ConfigurationError: it cannot be opened.
            Unavailable: the file cannot be written now.
        """
        await self.open()
        done = 0
        while most is None or done < most:
            left = AT_A_TIME if most is None else min(AT_A_TIME, most - done)
            async with self._following:
                some = await self._follow(left)
            done += some
            if some < left:
                break
        return done

    async def waiting(self) -> int:
        """How many published creations have no vector yet, counted up to 10,000."""
        async with self._store.read() as view:
            return await vectors.waiting(view, most=MOST_COUNTED)

    async def _follow(self, limit: int) -> int:
        from memory.matrix import LARGEST

        if (matrix := self._matrix) is None:
            return 0
        async with self._store.read() as view:
            rows = await vectors.due(view, limit=limit, largest=LARGEST - 1)
        if not rows:
            return 0
        try:
            await asyncio.to_thread(write, matrix, self._embedder, rows)
        except OSError as error:
            raise Unavailable(SERVICE) from error
        async with self._store.work() as work:
            await vectors.settle(work, rows)
        return len(rows)

    def _opened(self) -> Matrix:
        """The file; one that cannot be used is begun anew, and filled from the database."""
        from memory.matrix import Damaged, Matrix

        name, dimension = self._embedder.name, self._embedder.dimension
        matrix = Matrix(self._path, embedder=name, dimension=dimension)
        try:
            matrix.open()
            if len(odd := matrix.unsound()):
                matrix.remove(odd.tolist())
                self.made_anew = f"{len(odd)} of its vectors were damaged"
        except Damaged as error:
            matrix.close()
            self._path.unlink()
            matrix.open()
            self.made_anew = str(error)
        if self.made_anew:
            logger.warning("vectors_made_anew", reason=self.made_anew)
        return matrix

    async def _compare(self, matrix: Matrix) -> None:
        """Make due again what the file does not hold, and empty rows of which nothing is noted."""
        import numpy as np

        stamps = await asyncio.to_thread(matrix.stamps)
        known = np.zeros(len(stamps), dtype=bool)
        last, more = 0, True
        while more:
            async with self._store.read() as view:
                noted = await vectors.recorded(view, after=last, limit=LOOKED_AT)
            wrong = {
                number: vector_hash
                for number, vector_hash in noted.items()
                if vector_hash
                and (number >= len(stamps) or int(stamps[number]) != stamp(vector_hash))
            }
            if wrong:
                async with self._store.work() as work:
                    await vectors.correct(work, wrong)
            kept = [it for it, has in noted.items() if has and it not in wrong]
            known[np.array(kept, dtype=np.int64)] = True
            last, more = max(noted, default=last), len(noted) == LOOKED_AT
        stray = np.flatnonzero((stamps != 0) & ~known)
        if len(stray):
            await asyncio.to_thread(matrix.remove, stray.tolist())


def write(matrix: Matrix, embedder: Embedder, rows: Sequence[Due]) -> None:
    """Write the vectors of what these say now, and remove those of what says nothing; blocking."""
    wanted = [it for it in rows if it.text is not None and it.text.strip()]
    kept = {it.creation_id for it in wanted}
    matrix.remove([it.creation_id for it in rows if it.creation_id not in kept])
    if wanted:
        matrix.put(
            [it.creation_id for it in wanted],
            embedder.vectors([it.text or "" for it in wanted]),
            [stamp(it.content_hash) for it in wanted],
        )


def stamp(content_hash: str) -> int:
    """What a row of the file says of its content; never 0."""
    return int.from_bytes(blake2b(content_hash.encode(), digest_size=8).digest(), "little") or 1
