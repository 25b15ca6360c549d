"""What one process of several holds: a bot, a shard, a slot of work.

On PostgreSQL a session advisory lock on a connection of its own: the server lets go of it when the
process is gone, however it went. With SQLite there is one process, which the lock of the data
folder sees to; it holds whatever it asks for.

https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import Protocol

import structlog
from sqlalchemy import TextClause, event, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry, NullPool

from feed_core import database
from feed_core.database import Place
from feed_core.errors import Unavailable
from feed_core.relay import CHANNEL

OURS = 0x4A616D66  # the first half of each lock's key: no other program's, it is to be hoped
LOOK = 0.5  # seconds between two looks whether the connection is there, and a name is free
ANSWER = 5.0  # seconds for the server to answer; after that it counts as away
# A machine that is cut off: its server ends the session after so long, in seconds.
KEEPALIVES = ("tcp_keepalives_idle = 5", "tcp_keepalives_interval = 5", "tcp_keepalives_count = 3")

AWAY = (DBAPIError, OSError, TimeoutError)

logger = structlog.get_logger(__name__)


class Hold:
    """A name that is held until it is let go of, or lost to another process."""

    def __init__(self, name: str, *, shared: bool = False) -> None:
        self.name, self.shared = name, shared
        self.lost = asyncio.Event()


class Holding(Protocol):
    """Holds names, each for one process at a time."""

    async def take(self, name: str, *, shared: bool = False) -> Hold | None:
        """Hold a name; None while another process does. Several may hold one `shared`."""
        ...

    async def release(self, hold: Hold) -> None:
        """Let go of it."""
        ...

    async def listen(self, hear: Callable[[str | None], None]) -> None:
        """Hear what other processes tell."""
        ...

    async def close(self) -> None:
        """Let go of all."""
        ...


@asynccontextmanager
async def held(names: Holding, name: str) -> AsyncIterator[None]:
    """Hold a name meanwhile, from the moment on at which nobody else does.

    Raises:
        Unavailable: the server does not answer.
    """
    while (hold := await names.take(name)) is None:  # noqa: ASYNC110  # the server tells nobody
        await asyncio.sleep(LOOK)
    try:
        yield
    finally:
        await names.release(hold)


class Alone:
    """The holding of a process that is alone: with SQLite."""

    async def take(self, name: str, *, shared: bool = False) -> Hold | None:
        """It has it."""
        return Hold(name, shared=shared)

    async def release(self, hold: Hold) -> None:
        """Nobody waits for it."""

    async def listen(self, hear: Callable[[str | None], None]) -> None:
        """There is nobody to tell anything."""

    async def close(self) -> None:
        """There is nothing to close."""


class AdvisoryLocks:
    """The holding of one process of several, on one connection to PostgreSQL.

    When the connection breaks, all names are taken again as soon as the server is back; what
    another process was quicker to take is lost, and its Hold says so. Meanwhile nobody holds it,
    and nobody can do anything either: whatever names stand for needs the database.
    """

    def __init__(self, place: str) -> None:
        self._place = place
        self._engine = _engine(place)
        self._connection: AsyncConnection | None = None
        self._holds: list[Hold] = []
        self._one_at_a_time = asyncio.Lock()
        self._watching: asyncio.Task[None] | None = None
        self._hear: Callable[[str | None], None] | None = None

    async def take(self, name: str, *, shared: bool = False) -> Hold | None:
        """Hold a name; None while another process does, or another part of this one.

        Raises:
            Unavailable: the server does not answer.
        """
        hold = Hold(name, shared=shared)
        if any(it.name == name and not (shared and it.shared) for it in self._holds):
            return None
        try:
            async with self._one_at_a_time, asyncio.timeout(ANSWER):
                if not await _try(await self._there(), hold):
                    return None
        except AWAY as error:
            raise Unavailable("The database") from error
        self._holds.append(hold)
        return hold

    async def listen(self, hear: Callable[[str | None], None]) -> None:
        """Have each message of `CHANNEL` heard from now on; None is heard when some were missed.

        Raises:
            Unavailable: the server does not answer.
        """
        self._hear = hear
        try:
            async with self._one_at_a_time, asyncio.timeout(ANSWER):
                await self._listen(await self._there())
        except AWAY as error:
            raise Unavailable("The database") from error

    async def release(self, hold: Hold) -> None:
        """Let go of it; what was lost, or is lost with the connection, needs no more."""
        if hold not in self._holds:
            return
        self._holds.remove(hold)
        unlock = "pg_advisory_unlock_shared" if hold.shared else "pg_advisory_unlock"
        with suppress(*AWAY):
            async with self._one_at_a_time, asyncio.timeout(ANSWER):
                if self._connection is not None:
                    await self._connection.scalar(_statement(unlock), key_of(hold.name))

    async def close(self) -> None:
        """Let go of all."""
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.wait([self._watching])
        self._holds.clear()
        await self._disconnect()
        await self._engine.dispose()

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(LOOK)
            async with self._one_at_a_time:
                there = self._connection is not None
                try:
                    async with asyncio.timeout(ANSWER):
                        if self._connection is None:
                            await self._retake()
                        else:
                            await self._connection.scalar(text("SELECT 1"))
                except AWAY:
                    if there:
                        logger.warning("database_away", held=[it.name for it in self._holds])
                    await self._disconnect()

    async def _retake(self) -> None:
        connection = await self._engine.connect()
        try:
            await self._listen(connection)
            lost = [it for it in self._holds if not await _try(connection, it)]
        except BaseException:
            await connection.close()
            raise
        self._connection = connection
        logger.warning("database_back", lost=[it.name for it in lost])
        for hold in lost:
            self._holds.remove(hold)
            hold.lost.set()
        if self._hear is not None:
            self._hear(None)

    async def _there(self) -> AsyncConnection:
        """The connection, made when there is none."""
        if self._connection is None:
            self._connection = await self._engine.connect()
            if self._watching is None:
                self._watching = asyncio.create_task(self._watch())
        return self._connection

    async def _listen(self, connection: AsyncConnection) -> None:
        if (hear := self._hear) is None:
            return
        driver = (await connection.get_raw_connection()).driver_connection
        assert driver is not None
        # Called while the driver reads an answer, such as that to each look whether it is there.
        driver.add_notify_handler(lambda notice: hear(notice.payload))
        await connection.execute(text(f"LISTEN {CHANNEL}"))

    async def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(*AWAY):
                async with asyncio.timeout(ANSWER):
                    await connection.invalidate()
                    await connection.close()


def holding(place: Place) -> Holding:
    """What this process holds of what several may want: by PostgreSQL, or it is alone."""
    return Alone() if isinstance(place, Path) else AdvisoryLocks(place)


async def wait_for(names: Holding, name: str) -> Hold:
    """Hold a name as soon as nobody else does."""
    while True:
        with suppress(Unavailable):
            if (hold := await names.take(name)) is not None:
                return hold
        await asyncio.sleep(LOOK)


async def _try(connection: AsyncConnection, hold: Hold) -> bool:
    lock = "pg_try_advisory_lock_shared" if hold.shared else "pg_try_advisory_lock"
    return bool(await connection.scalar(_statement(lock), key_of(hold.name)))


def _statement(function: str) -> TextClause:
    return text(f"SELECT {function}(:ours, :name)")


def key_of(name: str) -> dict[str, int]:
    """Both halves of the lock's key that stands for a name."""
    half = int.from_bytes(sha256(name.encode()).digest()[:4], "big", signed=True)
    return {"ours": OURS, "name": half}


def _engine(place: str) -> AsyncEngine:
    made = create_async_engine(
        database.url(place),
        poolclass=NullPool,
        isolation_level="AUTOCOMMIT",
        connect_args=database.arguments(place),
        hide_parameters=True,
    )

    @event.listens_for(made.sync_engine, "connect")
    def settle(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        for setting in KEEPALIVES:
            cursor.execute(f"SET {setting}")
        cursor.close()
        connection.commit()

    return made
