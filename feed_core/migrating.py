"""Brings the database to the schema this code was written for."""

import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from sqlalchemy import create_engine
from sqlmodel import SQLModel

from feed_core import store  # noqa: F401  # it knows all tables but one
from feed_core.errors import ConfigurationError
from feed_core.models import (
    memories,  # noqa: F401  # to make its table, never to read it
    words,
)

MIGRATIONS = Path(__file__).parent / "migrations"
HEAD = "0006"  # a test holds it to the newest file in migrations/versions


def migrate(
    path: Path, *, now: datetime, migrations: Path = MIGRATIONS, head: str = HEAD
) -> Path | None:
    """Upgrade the SQLite database at `path`, making it when there is none; blocking.

    An older database is copied beside itself first; the copy's path is returned. What is broken
    off is as if it had never begun.

    Raises:
        ConfigurationError: the file is no database of ours, or newer than this code.
    """
    revision = _revision(path)
    if revision == head:
        return None
    if revision is not None and revision not in _revisions(migrations):
        raise ConfigurationError(
            str(path),
            f"this database was written by a newer Jamfeed (schema {revision})",
            "install that version again, or set JAMFEED_HOME to another folder",
        )
    if revision is None:
        _create(path, head)
        return None
    backup = _copy(path, now)
    _upgrade(path, migrations, head)
    return backup


def _create(path: Path, head: str) -> None:
    """Make a new database at once as the migrations would step by step; a test compares them."""
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        SQLModel.metadata.create_all(connection)
        for statement in words.statements():
            connection.exec_driver_sql(statement)
        connection.exec_driver_sql(
            "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, "
            "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
        )
        connection.exec_driver_sql("INSERT INTO alembic_version VALUES (?)", (head,))
    engine.dispose()


def _upgrade(path: Path, migrations: Path, head: str) -> None:
    # Imported here: most starts have nothing to upgrade.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(migrations).replace("%", "%%"))
    config.attributes["path"] = path
    command.upgrade(config, head)


def _revision(path: Path) -> str | None:
    if not path.exists() or path.stat().st_size == 0:
        return None
    try:
        with closing(sqlite3.connect(path)) as database:
            tables = {row[0] for row in database.execute("SELECT name FROM sqlite_master")}
            if "alembic_version" in tables:
                row = database.execute("SELECT version_num FROM alembic_version").fetchone()
                return str(row[0]) if row else None
    except sqlite3.DatabaseError as error:
        raise ConfigurationError(
            str(path),
            "this file is damaged or no SQLite database",
            "put a backup in its place, or move it away to start anew",
        ) from error
    if tables:
        raise ConfigurationError(
            str(path),
            "this database belongs to another program",
            "set JAMFEED_HOME to another folder",
        )
    return None


def _revisions(migrations: Path) -> set[str]:
    return {file.name.partition("_")[0] for file in (migrations / "versions").glob("[0-9]*.py")}


def _copy(path: Path, now: datetime) -> Path:
    backup = path.with_name(f"{path.stem}-{now:%Y%m%dT%H%M%S}.backup.db")
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(backup)) as target:
        source.backup(target)
    return backup
