"""Transactions: short ones that write, read-only ones that look."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import URL, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool, ConnectionPoolEntry
from sqlmodel.ext.asyncio.session import AsyncSession

from feed_core.bus import Bus
from feed_core.clock import Clock
from feed_core.events import Event

# Tables refer to each other by name, so all of them have to be known before the first query.
from feed_core.models import (  # noqa: F401
    consent,
    conversation,
    creations,
    curation,
    deliveries,
    digests,
    jams,
    ledger,
    media,
    members,
    porting,
    proposals,
    reactions,
    revisions,
    rooms,
    threads,
)

READERS = 4


@dataclass(frozen=True, slots=True)
class View:
    """An open read-only look at the database."""

    db: AsyncSession
    now: datetime


@dataclass(frozen=True, slots=True)
class Work(View):
    """An open transaction; what it records is told after the commit."""

    recorded: list[Event] = field(default_factory=list)

    def record(self, happened: Event) -> None:
        """Tell this once the transaction is committed."""
        self.recorded.append(happened)


class Store:
    """The database of one Jamfeed: one writer at a time, several readers beside it."""

    def __init__(self, path: Path, clock: Clock, bus: Bus) -> None:
        self.clock = clock
        self._bus = bus
        self._writer = _engine(path, connections=1, begin="BEGIN IMMEDIATE", pragmas=())
        self._readers = _engine(
            path, connections=READERS, begin="BEGIN", pragmas=("query_only = ON",)
        )

    @asynccontextmanager
    async def work(self) -> AsyncIterator[Work]:
        """One writing transaction: committed at the end, rolled back on an error."""
        async with AsyncSession(self._writer, expire_on_commit=False) as session:
            work = Work(session, self.clock.now())
            async with session.begin():
                yield work
        for happened in work.recorded:
            await self._bus.tell(happened)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[View]:
        """One consistent look; writing through it fails."""
        async with AsyncSession(self._readers, expire_on_commit=False) as session, session.begin():
            yield View(session, self.clock.now())

    async def close(self) -> None:
        """Let go of the database."""
        await self._readers.dispose()
        await self._writer.dispose()


def _engine(path: Path, *, connections: int, begin: str, pragmas: Sequence[str]) -> AsyncEngine:
    engine = create_async_engine(
        URL.create("sqlite+aiosqlite", database=str(path)),
        poolclass=AsyncAdaptedQueuePool,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=30,
        hide_parameters=True,  # errors are logged, and must not carry what people wrote
    )

    @event.listens_for(engine.sync_engine, "connect")
    def settle(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # the begin event below emits BEGIN, not the driver
        cursor = connection.cursor()
        for pragma in (
            "journal_mode = WAL",
            "synchronous = NORMAL",
            "foreign_keys = ON",
            "secure_delete = ON",
            "busy_timeout = 10000",
            *pragmas,
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def start(connection: Any) -> None:
        connection.exec_driver_sql(begin)

    return engine
