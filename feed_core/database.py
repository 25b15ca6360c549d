"""Where the data is kept: a SQLite file, or a PostgreSQL database; how each is opened."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeAlias

from sqlalchemy import URL, Connection, Dialect, Engine, Integer, String, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool, ConnectionPoolEntry

from feed_core import sqlite_driver
from feed_core.errors import ConfigurationError, JamfeedError, Unavailable

Place: TypeAlias = Path | str  # the file of a SQLite database, or the URL of a PostgreSQL one

SETTING = "JAMFEED_DATABASE_URL"
WRITTEN = "write postgresql://user:password@host:5432/database, with %40 for an @ in a password"
DRIVER = "postgresql+psycopg"
SCHEMES = ("postgresql", "postgres", DRIVER)
ANSWERS_WITHIN = 10  # seconds for a server to take a connection
LOCKED_FOR = 10_000  # milliseconds that a writer waits for another one
PAGES_KEPT = 16_000  # KiB of a SQLite database that a connection keeps, once it has read them
MAPPED = 0x7FFF0000  # bytes of a SQLite file that are not copied to be read; it takes no more
BEGIN = {True: "BEGIN IMMEDIATE", False: "BEGIN"}  # of who writes, of who only looks
READERS = 4
WAITS = 30  # seconds for a connection
WRITERS = {"sqlite": 1, "postgresql": 4}  # SQLite takes one writer at a time

# What a server says when it refuses a connection; libpq passes on no code, only these words.
REFUSALS = (
    ("password", "PostgreSQL does not take this user name and password", "correct them"),
    ("role ", "PostgreSQL knows no user of this name", "correct it, or make that user"),
    ("pg_hba.conf", "PostgreSQL lets nobody in from here, or not as this user", "allow it there"),
    ("does not exist", "there is no such database", "correct its name, or make it (createdb)"),
)
SQLITE_AWAY, SQLITE_FULL = {5, 6, 10}, 13  # busy, locked, reading or writing failed
# Kinds of SQLSTATE: no connection, out of resources, stopped from outside, deadlock, waited long.
POSTGRES_AWAY = ("08", "53", "57", "40", "55P03")
POSTGRES_FULL, POSTGRES_FORBIDDEN = "53100", "42501"


@dataclass(eq=False)
class DatabaseAway(Unavailable):
    """The database does not answer; when it does again, everything can go on.

    `server` is which one, where it is known: for operators, not for members.
    """

    service: str = "The database"
    server: str = ""


@dataclass(eq=False)
class NoRoom(Unavailable):
    """The disk of the database is full."""

    code = "no_room"


class _SendableString(String):
    """A text as PostgreSQL is sent it: it keeps no NUL, so what is looked for has none."""

    render_bind_cast = True

    def bind_processor(self, dialect: Dialect) -> Callable[[str | None], str | None]:
        """Put what stands for no character in its place."""
        return lambda value: value and value.replace("\0", "\ufffd")


class _WideInteger(Integer):
    """A number as PostgreSQL is sent it: one too large for any row finds none, and is no error."""

    __visit_name__ = "BIGINT"
    render_bind_cast = True


def url(place: Place) -> URL:
    """Where SQLAlchemy finds it.

    Raises:
        ConfigurationError: the text is no URL of a PostgreSQL database.
    """
    if isinstance(place, Path):
        return URL.create("sqlite", database=str(place))
    try:
        parsed = make_url(place.strip())
    except (ArgumentError, ValueError) as error:
        raise ConfigurationError(SETTING, "this is no URL of a database", WRITTEN) from error
    if parsed.drivername not in SCHEMES:
        raise ConfigurationError(SETTING, "only PostgreSQL can be used beside SQLite", WRITTEN)
    if not parsed.database:
        raise ConfigurationError(SETTING, "it names no database", WRITTEN)
    return parsed.set(drivername=DRIVER)


def told(place: Place) -> str:
    """What an operator may read of it: never the password."""
    return str(place) if isinstance(place, Path) else f"“{url(place).database}” on {_server(place)}"


def _server(place: str) -> str:
    it = url(place)
    named = it.host or it.query.get("host", "this machine")
    hosts = named if isinstance(named, str) else ", ".join(named)
    return f"{hosts}:{it.port}" if it.port else hosts


def arguments(place: Place) -> dict[str, Any]:
    """What the driver is told beside the URL."""
    if isinstance(place, Path) or "connect_timeout" in url(place).query:
        return {}
    return {"connect_timeout": ANSWERS_WITHIN}


def _ours(place: Place) -> dict[str, Any]:
    """As `arguments`, and that the connections are ours."""
    if isinstance(place, Path):
        return {}
    from feed_core import postgres_driver  # who keeps SQLite never loads it

    return {**arguments(place), "async_creator_fn": postgres_driver.Connection.connect}


def engine(place: Place, *, writing: bool) -> AsyncEngine:
    """Connections that write, or that can only look: several queries of one look see one moment."""
    where = url(place)
    kind = where.get_backend_name()
    made = create_async_engine(
        where.set(drivername="sqlite+aiosqlite") if kind == "sqlite" else where,
        poolclass=AsyncAdaptedQueuePool,
        pool_size=WRITERS[kind] if writing else READERS,
        max_overflow=0,
        pool_use_lifo=True,  # who asks next gets the connection that has read the most already
        pool_timeout=WAITS,
        connect_args=_ours(place),
        hide_parameters=True,  # errors are logged, and must not carry what people wrote
        async_creator=sqlite_driver.connecting(place) if isinstance(place, Path) else None,
    )
    if kind == "sqlite":
        _settle_sqlite(made, writing=writing)
    else:
        _settle_postgres(made, writing=writing)
    return made


def _settle_sqlite(made: AsyncEngine, *, writing: bool) -> None:
    only: Sequence[str] = () if writing else ("query_only = ON",)

    @event.listens_for(made.sync_engine, "connect")
    def settle(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        for pragma in (
            "journal_mode = WAL",
            "synchronous = NORMAL",
            "foreign_keys = ON",
            "secure_delete = ON",
            f"busy_timeout = {LOCKED_FOR}",
            f"cache_size = -{PAGES_KEPT}",
            f"mmap_size = {MAPPED}",
            *only,
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    _take_over(made.sync_engine)

    @event.listens_for(made.sync_engine, "begin")
    def start(connection: Connection) -> None:
        it = connection.connection.driver_connection
        assert isinstance(it, sqlite_driver.Connection)
        it.begin, it.only_looks = BEGIN[writing], not writing


def begin_with(made: Engine, begin: str) -> None:
    """Have SQLite begin its transactions so; its driver would commit before tables are made."""
    _take_over(made)

    @event.listens_for(made, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)


def _take_over(made: Engine) -> None:
    @event.listens_for(made, "connect")
    def settle(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # the driver begins nothing of its own


def _settle_postgres(made: AsyncEngine, *, writing: bool) -> None:
    dialect = made.sync_engine.dialect
    dialect.colspecs = {**dialect.colspecs, Integer: _WideInteger, String: _SendableString}

    @event.listens_for(made.sync_engine, "connect")
    def settle(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        from feed_core import postgres_driver

        it = connection.driver_connection
        assert isinstance(it, postgres_driver.Connection)
        connection.set_autocommit(True)  # the driver begins by itself, psycopg does not
        cursor = connection.cursor()
        cursor.execute(f"SET lock_timeout = '{LOCKED_FOR}'")
        cursor.execute("SET datestyle = 'ISO'")  # moments that are asked for as texts read alike
        cursor.close()
        connection.commit()
        it.begin, it.only_looks = postgres_driver.BEGIN[writing], not writing


class Driver(Protocol):
    """What drives a connection, past SQLAlchemy."""

    async def fetch(self, *asked: tuple[str, Sequence[Any]]) -> Sequence[Sequence[Sequence[Any]]]:
        """Execute these statements, each with its values, and fetch all rows of each."""
        ...

    def later(self, words: str, rows: Sequence[Sequence[Any]]) -> None:
        """Execute a statement with each of these values along with the next one, or the commit."""
        ...


async def fetch(
    connection: AsyncConnection, *asked: tuple[str, Sequence[Any]]
) -> Sequence[Sequence[Sequence[Any]]]:
    """All rows of each statement in the words of the driver, which alone executes it."""
    try:
        return await driver(connection).fetch(*asked)
    except Exception as error:
        raise wrapped(error, connection, "; ".join(words for words, _ in asked)) from error


def send(connection: AsyncConnection, words: str, rows: Sequence[Sequence[Any]]) -> None:
    """Have a statement executed with each of these, along with the next one or the commit."""
    try:
        driver(connection).later(words, rows)
    except Exception as error:
        raise wrapped(error, connection, words) from error


def driver(connection: AsyncConnection) -> Driver:
    """The connection that SQLAlchemy uses: one of ours."""
    assert connection.sync_connection is not None
    it: Any = connection.sync_connection.connection.driver_connection
    ours: Driver = it
    return ours


def wrapped(error: Exception, connection: AsyncConnection, words: str) -> BaseException:
    """An error of the driver as SQLAlchemy would raise it, and any other as it is."""
    known = connection.dialect.loaded_dbapi.Error
    return DBAPIError.instance(words, None, error, known, hide_parameters=True)


def failure(error: DBAPIError, place: Place) -> JamfeedError | None:
    """What an error of the driver means to people; None when it is a bug of ours."""
    if isinstance(place, Path):
        code = getattr(error.orig, "sqlite_errorcode", None)
        kind = 0 if code is None else code & 0xFF  # what stands above the lower byte says more
        if kind == SQLITE_FULL:
            return NoRoom("The database")
        return DatabaseAway() if kind in SQLITE_AWAY else None
    state = getattr(error.orig, "sqlstate", None)
    if state is None:
        return _unconnected(error, place) if isinstance(error, OperationalError) else None
    if state == POSTGRES_FULL:
        return NoRoom("The database")
    if state == POSTGRES_FORBIDDEN:
        return ConfigurationError(
            SETTING,
            f"{told(place)}: its user may not make and change tables there",
            "make that user the owner of the database",
        )
    return DatabaseAway() if state.startswith(POSTGRES_AWAY) else None


def meant(error: Exception, place: Place) -> JamfeedError | None:
    """As `failure`, for whoever uses the database by other ways than ours."""
    return failure(error, place) if isinstance(error, DBAPIError) else None


def _unconnected(error: OperationalError, place: str) -> JamfeedError:
    said = str(error.orig)
    if "FATAL" in said:
        for words, problem, mend in REFUSALS:
            if words in said:
                return ConfigurationError(SETTING, f"{told(place)}: {problem}", mend)
    return DatabaseAway(server=f"PostgreSQL on {_server(place)}")
