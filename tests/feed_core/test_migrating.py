import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import URL, create_engine
from sqlmodel import SQLModel

import feed_core.models
from feed_core import migrating
from feed_core.errors import ConfigurationError
from feed_core.migrating import HEAD, MIGRATIONS, migrate

NOW = datetime(2026, 3, 14, 12, tzinfo=UTC)
VERSIONS = sorted(it.name.partition("_")[0] for it in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def revision(file: Path) -> str:
    with closing(sqlite3.connect(file)) as database:
        return str(database.execute("SELECT version_num FROM alembic_version").fetchone()[0])


def tables(file: Path) -> set[str]:
    with closing(sqlite3.connect(file)) as database:
        return {row[0] for row in database.execute("SELECT name FROM sqlite_master")}


@pytest.fixture
def next_version(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A migration after the newest one, for as long as a test lasts; returns its file."""
    yield tmp_path_factory.mktemp("code")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "jamfeed.db"


def test_a_fresh_database_gets_the_newest_schema_and_needs_no_backup(file: Path) -> None:
    assert migrate(file, now=NOW) is None
    assert revision(file) == HEAD
    assert migrate(file, now=NOW) is None
    assert [it.name for it in file.parent.iterdir()] == ["jamfeed.db"]


def test_an_empty_file_counts_as_fresh(file: Path) -> None:
    file.touch()

    assert migrate(file, now=NOW) is None
    assert revision(file) == HEAD


def test_the_code_was_written_for_the_newest_migration() -> None:
    assert VERSIONS[-1] == HEAD


def test_the_migrated_schema_is_the_one_that_the_models_describe(file: Path) -> None:
    for module in iter_modules(feed_core.models.__path__):
        import_module(f"feed_core.models.{module.name}")
    migrate(file, now=NOW)
    engine = create_engine(URL.create("sqlite", database=str(file)))
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = [it for it in compare_metadata(context, SQLModel.metadata) if not trivial(it)]
    engine.dispose()

    assert differences == []


def trivial(difference: Any) -> bool:
    """SQLite keeps no more of an enum, a UUID or a moment than these."""
    return False


def test_the_check_on_lineage_stands_in_the_file(file: Path) -> None:
    migrate(file, now=NOW)

    with closing(sqlite3.connect(file)) as database:
        (made,) = database.execute("SELECT sql FROM sqlite_master WHERE name = 'edge'").fetchone()
    assert "CHECK (parent_id < child_id)" in made
