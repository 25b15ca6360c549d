"""Who gets which connection to PostgreSQL; several write there at once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from feed_core.database import READERS, WAITS, WRITERS, driver, wrapped
from feed_core.errors import Unavailable
from feed_core.postgres_driver import Connection


class OfServer:
    """Connections to PostgreSQL: some write, some look; each is kept and used again."""

    def __init__(self, writers: AsyncEngine, readers: AsyncEngine) -> None:
        self._writers = _Kept(writers, WRITERS["postgresql"])
        self._readers = _Kept(readers, READERS)

    def writing(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """One that writes.

        Raises:
            Unavailable: too many want to write.
        """
        return self._writers.transaction()

    def reading(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """One that looks.

        Raises:
            Unavailable: too many look for too long.
        """
        return self._readers.transaction()

    async def close(self) -> None:
        """Let go of all."""
        await self._readers.close()
        await self._writers.close()


class _Kept:
    """Connections to a server that are kept open, at most so many."""

    def __init__(self, engine: AsyncEngine, most: int) -> None:
        self._engine = engine
        self._free = asyncio.Semaphore(most)
        self._idle: list[tuple[AsyncConnection, Connection]] = []
        self._closed = False

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        """One for a transaction, which ends with the block; SQLAlchemy need not know of it."""
        try:
            async with asyncio.timeout(WAITS):
                await self._free.acquire()
        except TimeoutError as error:
            raise Unavailable("The database") from error
        try:
            connection, it = await self._taken()
            try:
                try:
                    yield connection
                    if connection.in_transaction():  # SQLAlchemy has begun one too
                        await connection.commit()
                    else:
                        await _commit(connection, it)
                except BaseException:
                    await connection.rollback()
                    await it.rollback()
                    raise
            finally:
                await self._give_back(connection, it)
        finally:
            self._free.release()

    async def _taken(self) -> tuple[AsyncConnection, Connection]:
        """The one that was used last, if the server still has it."""
        while self._idle:
            connection, it = self._idle.pop()
            if it.is_there():
                return connection, it
            await _forsake(connection)
        connection = await self._engine.connect()
        new = driver(connection)
        assert isinstance(new, Connection)
        return connection, new

    async def _give_back(self, connection: AsyncConnection, it: Connection) -> None:
        if connection.invalidated or not it.is_idle:
            await _forsake(connection)
        elif self._closed:
            await connection.close()
        else:
            self._idle.append((connection, it))

    async def close(self) -> None:
        """Let go of all; of those in use when they are given back."""
        self._closed = True
        while self._idle:
            await self._idle.pop()[0].close()
        await self._engine.dispose()


async def _commit(connection: AsyncConnection, it: Connection) -> None:
    try:
        await it.commit()
    except Exception as error:
        raise wrapped(error, connection, "COMMIT") from error


async def _forsake(connection: AsyncConnection) -> None:
    """Let go of one that cannot be used again."""
    await connection.invalidate()
    await connection.close()
