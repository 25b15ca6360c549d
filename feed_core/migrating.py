"""Brings the database to the schema this code was written for."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, create_engine, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import SQLModel

from feed_core import (
    database,
    store,  # noqa: F401  # it knows all tables but one
)
from feed_core.database import Place
from feed_core.errors import ConfigurationError
from feed_core.models import (
    memories,  # noqa: F401  # to make its table, never to read it
    words,
)

MIGRATIONS = Path(__file__).parent / "migrations"
HEAD = "0033"
OLDEST_SERVER = 14  # the oldest PostgreSQL that still gets mends
FOLDER = "set JAMFEED_HOME to another folder"
DATABASE = f"name another database in {database.SETTING}"
ONE_AT_A_TIME = 7_043_266_153_009_117_285  # the advisory lock that whoever migrates holds


def migrate(
    place: Place, *, now: datetime, migrations: Path = MIGRATIONS, head: str = HEAD
) -> Path | None:
    """Upgrade the database at `place`, making its tables when there are none; blocking.

    What is broken off is as if it had never begun. An older SQLite file is copied beside itself
    first; the copy's path is returned. On PostgreSQL processes that start together do this one
    after the other.

    Raises:
        ConfigurationError: it is no database of ours, newer than this code, or cannot be opened.
        Unavailable: the server does not answer.
    """
    if isinstance(place, Path):
        return _migrate_file(place, now, migrations, head)
    try:
        with _alone(place) as connection:
            _migrate_server(connection, place, migrations, head)
    except DBAPIError as error:
        raise database.failure(error, place) or error from error
    return None


def is_current(path: Path) -> bool:
    """Whether a SQLite file has the schema that this code was written for."""
    return _revision(path) == HEAD


def revision(place: str) -> str | None:
    """The schema that a PostgreSQL database has; None when there is none yet. Blocking.

    Raises:
        ConfigurationError: it is no database of ours, or cannot be opened.
        Unavailable: the server does not answer.
    """
    try:
        with _alone(place) as connection:
            tables = inspect(connection).get_table_names()
            if "alembic_version" in tables:
                found = connection.scalar(text("SELECT version_num FROM alembic_version"))
                return None if found is None else str(found)
    except DBAPIError as error:
        raise database.failure(error, place) or error from error
    if tables:
        raise _foreign(database.told(place), DATABASE)
    return None


def _migrate_file(path: Path, now: datetime, migrations: Path, head: str) -> Path | None:
    revision = _revision(path)
    if revision == head:
        return None
    if revision is None:
        with _alone(path) as connection:
            _create(connection, head)
        return None
    _require_known(revision, migrations, str(path), FOLDER)
    backup = _copy(path, now)
    with _alone(path) as connection:
        _upgrade(connection, migrations, head)
    return backup


def _migrate_server(connection: Connection, place: str, migrations: Path, head: str) -> None:
    version = connection.scalar(text("SELECT current_setting('server_version_num')::int / 10000"))
    if version < OLDEST_SERVER:
        raise ConfigurationError(
            database.SETTING,
            f"{database.told(place)} is PostgreSQL {version}",
            f"Jamfeed needs PostgreSQL {OLDEST_SERVER} or newer",
        )
    encoding = connection.scalar(text("SHOW server_encoding"))
    if encoding != "UTF8":
        raise ConfigurationError(
            database.SETTING,
            f"{database.told(place)} keeps its texts as {encoding}, which not all of them fit",
            "make the database anew with ENCODING 'UTF8' TEMPLATE template0",
        )
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ONE_AT_A_TIME})
    tables = inspect(connection).get_table_names()
    if "alembic_version" in tables:
        revision = connection.scalar(text("SELECT version_num FROM alembic_version"))
        if revision == head:
            return
        if revision is not None:
            _require_known(revision, migrations, database.told(place), DATABASE)
            _upgrade(connection, migrations, head)
            return
    elif tables:
        raise _foreign(database.told(place), DATABASE)
    _create(connection, head)


@contextmanager
def _alone(place: Place) -> Iterator[Connection]:
    """One transaction in which tables are made; nobody else writes to a SQLite file meanwhile."""
    engine = create_engine(
        database.url(place), connect_args=database.arguments(place), hide_parameters=True
    )
    if isinstance(place, Path):
        database.begin_with(engine, "BEGIN IMMEDIATE")
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def _create(connection: Connection, head: str) -> None:
    """Make the tables at once as the migrations would step by step; a test compares them."""
    SQLModel.metadata.create_all(connection)
    words.create_index(connection)
    connection.exec_driver_sql(
        "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, "
        "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
    )
    connection.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": head})


def _upgrade(connection: Connection, migrations: Path, head: str) -> None:
    # Imported here: most starts have nothing to upgrade.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(migrations).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, head)


def _revision(path: Path) -> str | None:
    if not path.exists() or path.stat().st_size == 0:
        return None
    try:
        with closing(sqlite3.connect(path)) as opened:
            tables = {row[0] for row in opened.execute("SELECT name FROM sqlite_master")}
            if "alembic_version" in tables:
                row = opened.execute("SELECT version_num FROM alembic_version").fetchone()
                return str(row[0]) if row else None
    except sqlite3.DatabaseError as error:
        raise ConfigurationError(
            str(path),
            "this file is damaged or no SQLite database",
            "put a backup in its place, or move it away to start anew",
        ) from error
    if tables:
        raise _foreign(str(path), FOLDER)
    return None


def _require_known(revision: str, migrations: Path, name: str, elsewhere: str) -> None:
    known = {it.name.partition("_")[0] for it in (migrations / "versions").glob("[0-9]*.py")}
    if revision not in known:
        raise ConfigurationError(
            name,
            f"this database was written by a newer Jamfeed (schema {revision})",
            f"install that version again, or {elsewhere}",
        )


def _foreign(name: str, elsewhere: str) -> ConfigurationError:
    return ConfigurationError(name, "this database belongs to another program", elsewhere)


def _copy(path: Path, now: datetime) -> Path:
    backup = path.with_name(f"{path.stem}-{now:%Y%m%dT%H%M%S}.backup.db")
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(backup)) as target:
        source.backup(target)
    return backup
