"""Transactions: short ones that write, read-only ones that look."""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

from sqlalchemy import (
    ARRAY,
    Executable,
    Integer,
    Select,
    String,
    Update,
    bindparam,
    func,
    inspect,
    select,
    text,
    update,
)
from sqlalchemy.exc import DBAPIError, NoResultFound
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from feed_core import database, relay
from feed_core.bus import Bus
from feed_core.clock import Clock
from feed_core.connections import connections
from feed_core.database import Place
from feed_core.events import Event

# Tables refer to each other by name, so all of them have to be known before the first query.
from feed_core.models import (  # noqa: F401
    caught_up,
    consent,
    conversation,
    creations,
    curation,
    deliveries,
    digests,
    gists,
    invitations,
    jams,
    ledger,
    likeness,
    media,
    members,
    moderation,
    names,
    orders,
    porting,
    proposals,
    reactions,
    revisions,
    room_posts,
    rooms,
    seen,
    shown_cards,
    tags,
    threads,
)
from feed_core.prepared import POSTGRES as POSTGRES
from feed_core.prepared import Row as Row
from feed_core.prepared import Values, columns, objects, prepared

HELD = {"key_share": True}  # FOR NO KEY UPDATE: others may still refer to the row
Question: TypeAlias = tuple[Executable, Mapping[str, object]]  # a statement, and what it is given
TELLING = select(func.pg_notify(relay.CHANNEL, bindparam("message", type_=String)))
EACH = func.unnest(bindparam("places", type_=ARRAY(String))).column_valued("at")
LOCKING_EACH = select(func.pg_advisory_xact_lock(func.hashtextextended(EACH, 0)))


class View:
    """An open read-only look at the database."""

    def __init__(self, connection: AsyncConnection, now: datetime) -> None:
        self.now = now
        self._connection = connection
        self._session: AsyncSession | None = None

    @property
    def db(self) -> AsyncSession:
        """A session of objects; made when it is asked for: most looks need none, and it costs."""
        if self._session is None:
            beneath = self._connection.sync_connection
            if beneath is not None and not beneath.in_transaction():
                beneath.begin()  # else the session would begin, and end, one of its own
            self._session = AsyncSession(self._connection, expire_on_commit=False)
        return self._session

    async def core(self) -> AsyncConnection:
        """The connection beneath, for statements that need no objects."""
        return self._connection

    async def ask(self, statement: Executable, given: Mapping[str, object]) -> list[Values]:
        """The rows of a statement that is made once and lives on, as plain tuples.

        It goes past SQLAlchemy to the driver (see `prepared`).
        """
        (rows,) = await self.ask_all((statement, given))
        return rows

    async def ask_all(self, *asked: Question) -> list[list[Values]]:
        """The rows of each of these, as `ask`; SQLite changes threads once for all of them."""
        await self.flush()
        dialect = self._connection.dialect
        words = [prepared(statement, dialect, tuple(given)) for statement, given in asked]
        told = [(it.words, it.values(given)) for it, (_, given) in zip(words, asked, strict=True)]
        found = await database.fetch(self._connection, *told)
        return [it.rows(rows) for it, rows in zip(words, found, strict=True)]

    async def one(self, table: type[Row], key: object) -> Row | None:
        """The row of this key, if there is one: an object that no session keeps track of."""
        return next(iter(objects(table, await self.ask(_row(table), {"key": key}))), None)

    @property
    def dialect(self) -> str:
        """Which kind of database it is: "sqlite" or "postgresql"."""
        return self._connection.dialect.name

    async def flush(self) -> None:
        """Write what is changed in objects and not written yet."""
        it = self._session
        if it is not None and (it.new or it.dirty or it.deleted):
            await it.flush()

    def end(self) -> None:
        """Let go of the objects; the transaction is another's to end."""
        if self._session is not None:
            self._session.sync_session.close()


class Work(View):
    """An open transaction; what it `recorded` is told after the commit."""

    def __init__(self, connection: AsyncConnection, now: datetime) -> None:
        super().__init__(connection, now)
        self.recorded: list[Event] = []

    async def hold(self, table: type[Row], key: object) -> Row:
        """The row of this key as it is now; nobody else changes it until this transaction ends."""
        row = await self.hold_if_any(table, key)
        if row is None:
            raise NoResultFound(f"no {table.__name__} {key}")
        return row

    async def hold_if_any(self, table: type[Row], key: object) -> Row | None:
        """As `hold`, or None where there is no such row."""
        await self.flush()  # what is changed already would be overwritten
        return await self.db.get(table, key, with_for_update=HELD, populate_existing=True)

    async def held(self, table: type[Row], key: object) -> Row:
        """As `hold`, but an object that no session keeps track of: `change` alone changes it."""
        return (await self.held_with(table, key))[0]

    async def held_with(
        self, table: type[Row], key: object, *asked: Question
    ) -> tuple[Row, Sequence[list[Values]]]:
        """As `held`, and the rows of each of these, which are asked along with it once it is."""
        found, *others = await self.ask_all((_row(table, held=True), {"key": key}), *asked)
        if not found:
            raise NoResultFound(f"no {table.__name__} {key}")
        return objects(table, found)[0], others

    async def write(self, statement: Executable, *rows: Mapping[str, object]) -> None:
        """Execute a statement that is made once and lives on with each of these, as `ask` does.

        It is done along with the next one, or with the commit: an error of it shows there.
        """
        if rows:
            await self.flush()
            words = prepared(statement, self._connection.dialect, tuple(rows[0]))
            database.send(self._connection, words.words, words.many(rows))

    async def change(self, row: SQLModel, **values: object) -> None:
        """Write these columns of a row that has an `id`, by a statement that is put together once.

        It takes a third of the time that a flush of the session takes.
        """
        given = {f"new_{name}": value for name, value in values.items()}
        number = inspect(row).dict["id"]
        await self.write(_changing(type(row), tuple(values)), {"number": number, **given})
        for name, value in values.items():
            set_committed_value(row, name, value)

    async def alone(self, at: str, *, with_others_alike: bool = False) -> None:
        """Go on when no other transaction is at this, and let none begin until this one ends.

        Those that are there `with_others_alike` keep only the others away. For what no single row
        stands for; SQLite has one writer at a time anyway.
        """
        if self.dialect == POSTGRES:
            await self.write(_locking(alike=with_others_alike), {"at": at})

    async def alone_at_each(self, places: Sequence[str]) -> None:
        """As `alone` at each of these, one after the other, by one statement."""
        if self.dialect == POSTGRES:
            await self.write(LOCKING_EACH, {"places": list(places)})

    def record(self, happened: Event) -> None:
        """Tell this once the transaction is committed."""
        self.recorded.append(happened)


@cache
def _row(table: type[SQLModel], *, held: bool = False) -> Select[Any]:
    (key,) = inspect(table).primary_key
    wanted = select(*columns(table)).where(key == bindparam("key", type_=key.type))
    return wanted.with_for_update(key_share=True) if held else wanted


@cache
def _locking(*, alike: bool) -> Select[Any]:
    lock = func.pg_advisory_xact_lock_shared if alike else func.pg_advisory_xact_lock
    return select(lock(func.hashtextextended(bindparam("at", type_=String), 0)))


@cache
def _changing(table: type[SQLModel], changed: Sequence[str]) -> Update:
    columns = inspect(table).local_table.c
    new = {name: bindparam(f"new_{name}", type_=columns[name].type) for name in changed}
    return update(table).where(columns.id == bindparam("number", type_=Integer)).values(new)


class Store:
    """The database of one Jamfeed: few short writing transactions, several readers beside them."""

    def __init__(self, place: Place, clock: Clock, bus: Bus, *, name: str = "") -> None:
        """`name`: that of this process among several, which are told what happens here."""
        self.clock = clock
        self._name = name
        self._place = place
        self._bus = bus
        self._connections = connections(place)

    @asynccontextmanager
    async def work(self) -> AsyncIterator[Work]:
        """One writing transaction: committed at the end, rolled back on an error.

        Raises:
            Unavailable: the database does not answer, or has no room; nothing was changed.
        """
        with self._in_our_words():
            async with self._connections.writing() as connection:
                work = Work(connection, self.clock.now())
                try:
                    yield work
                    await work.flush()
                    if self._name:
                        told = relay.written(self._name, work.recorded)
                        await work.write(TELLING, *({"message": it} for it in told))
                finally:
                    work.end()
        for happened in work.recorded:
            await self._bus.tell(happened)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[View]:
        """One consistent look; writing through it fails.

        Raises:
            Unavailable: the database does not answer.
        """
        with self._in_our_words():
            async with self._connections.reading() as connection:
                view = View(connection, self.clock.now())
                try:
                    yield view
                finally:
                    view.end()

    async def server(self) -> str:
        """What keeps the data and where, as an operator may read it."""
        if isinstance(self._place, Path):
            return "SQLite"
        async with self.read() as view:
            version = await (await view.core()).scalar(text("SHOW server_version"))
        return f"PostgreSQL {version}, {database.told(self._place)}"

    async def close(self) -> None:
        """Let go of the database."""
        await self._connections.close()

    @contextmanager
    def _in_our_words(self) -> Iterator[None]:
        try:
            yield
        except PoolTimeout as error:  # too many wait for its one writer
            raise database.DatabaseAway() from error
        except DBAPIError as error:
            told = database.failure(error, self._place)
            if told is None:
                raise
            raise told from error
