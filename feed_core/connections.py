"""Who gets which connection to the database, and when what they wrote is safe."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from feed_core import database, sqlite_driver
from feed_core.database import BEGIN, READERS, WAITS, Place, driver, wrapped
from feed_core.errors import Unavailable


class Connections(Protocol):
    """Connections for whoever asks, each in a transaction that ends with the block."""

    def writing(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """One that writes: committed when the block is left, rolled back on an error."""
        ...

    def reading(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """One that sees one moment and cannot write."""
        ...

    async def close(self) -> None:
        """Let go of all."""
        ...


def connections(place: Place) -> Connections:
    """The connections to this database."""
    engines = (database.engine(place, writing=it) for it in (True, False))
    if isinstance(place, Path):
        return OfFile(*engines)
    from feed_core.served import OfServer  # who keeps SQLite never loads what it needs

    return OfServer(*engines)


@dataclass(slots=True)
class _Group:
    """Transactions that are written by one commit, which one task sees to."""

    made: "asyncio.Task[None] | None" = None
    failed: BaseException | None = None


class OfFile:
    """Connections to a SQLite file: one writes, some look; each is kept and used in turn.

    Where others wait to write, one commit does for all of them (decision 22): who has written hands
    the transaction on and waits. Each has a savepoint, so that one that fails takes back its own.
    """

    def __init__(self, writers: AsyncEngine, readers: AsyncEngine) -> None:
        self._writers, self._readers = writers, readers
        self._turn = asyncio.Lock()  # to write, in the order in which they asked
        self._in_line = 0
        self._writer: AsyncConnection | None = None
        self._group: _Group | None = None
        self._looks = asyncio.Semaphore(READERS)
        self._idle: list[AsyncConnection] = []
        self._closed = False

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """One that writes.

        Raises:
            Unavailable: too many want to write.
        """
        await self._wait_in_line()
        try:
            connection = self._writer = self._writer or await self._new(self._writers)
            assert connection.sync_connection is not None
            connection.sync_connection.begin()  # nothing is sent, so nothing has to be waited for
            it = self._driver_of(connection)
            it.stopped = False
            try:
                yield connection
                if it.stopped:
                    raise asyncio.CancelledError
            except BaseException as error:
                await connection.rollback()
                if it.stopped:
                    raise asyncio.CancelledError from error
                raise
            group = await self._end(connection)
            if it.stopped:  # too late: it is written, as with any commit that is not waited for
                raise asyncio.CancelledError
        finally:
            self._turn.release()
        if group is not None and group.made is not None:
            await asyncio.shield(group.made)
            if group.failed is not None:
                raise group.failed

    async def _wait_in_line(self) -> None:
        self._in_line += 1
        try:
            async with asyncio.timeout(WAITS):
                await self._turn.acquire()
        except TimeoutError as error:
            raise Unavailable("The database") from error
        finally:
            self._in_line -= 1

    async def _end(self, connection: AsyncConnection) -> _Group | None:
        """Commit, or hand on to whoever is next; the group that is to be waited for."""
        it = self._driver_of(connection)
        it.hands_on = self._in_line > 0
        if it.hands_on and self._group is None:
            self._group = _Group()
            self._group.made = asyncio.create_task(self._commit(self._group, connection))
        try:
            await connection.commit()
        except BaseException:
            await connection.rollback()
            await it.rollback()  # of what SQLAlchemy holds for ended already, too
            raise
        if not it.left:
            self._group = None  # this commit was for all of it
        return self._group

    async def _commit(self, group: _Group, connection: AsyncConnection) -> None:
        """Commit for a group behind those who are in line already, unless one of them did."""
        async with self._turn:
            if self._group is not group:
                return
            self._group = None
            try:
                await self._driver_of(connection).commit_left()
            except sqlite3.Error as error:
                group.failed = wrapped(error, connection, "COMMIT")

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """One that looks.

        Raises:
            Unavailable: too many look for too long.
        """
        try:
            async with asyncio.timeout(WAITS):
                await self._looks.acquire()
        except TimeoutError as error:
            raise Unavailable("The database") from error
        try:
            # Who asks next gets the one that has read the most already.
            connection = self._idle.pop() if self._idle else await self._new(self._readers)
            it = self._driver_of(connection)
            it.begin, it.only_looks = BEGIN[False], True
            try:
                yield connection
            except BaseException:
                if not connection.invalidated:  # as it is by whoever is cancelled in a statement
                    await it.rollback()
                raise
            finally:
                if connection.invalidated:
                    await connection.close()
                elif connection.in_transaction():  # SQLAlchemy has begun one too
                    await connection.commit()
                else:
                    await it.commit()
                if self._closed:
                    await connection.close()
                elif not connection.closed:
                    self._idle.append(connection)
        finally:
            self._looks.release()

    async def close(self) -> None:
        """Let go of all."""
        self._closed = True
        async with self._turn:
            for it in (*self._idle, self._writer):
                if it is not None:
                    await it.close()
            self._idle, self._writer = [], None
        await self._readers.dispose()
        await self._writers.dispose()

    async def _new(self, engine: AsyncEngine) -> AsyncConnection:
        """One more connection; the driver opens it to the end, also for who is cancelled."""
        connection = await engine.connect()
        it = self._driver_of(connection)
        if it.stopped:
            await connection.close()
            it.stopped = False  # who gets it next was not cancelled
            raise asyncio.CancelledError
        return connection

    @staticmethod
    def _driver_of(connection: AsyncConnection) -> sqlite_driver.Connection:
        it = driver(connection)
        assert isinstance(it, sqlite_driver.Connection)
        return it
