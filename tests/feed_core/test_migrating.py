import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from feed_core.errors import ConfigurationError
from feed_core.migrating import HEAD, MIGRATIONS, migrate
from tests.feed_core.schemas import ADDS, Newer

NOW = datetime(2026, 3, 14, 12, tzinfo=UTC)
ANA = (
    "INSERT INTO member (id, uid, name, skeleton, language, zone, feed, created_at) "
    "VALUES (1, '0', 'Ana', 'ana', 'en', 'UTC', 'for-you', '2026')"
)
VERSIONS = sorted(it.name.partition("_")[0] for it in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def revision(file: Path) -> str:
    with closing(sqlite3.connect(file)) as database:
        return str(database.execute("SELECT version_num FROM alembic_version").fetchone()[0])


def tables(file: Path) -> set[str]:
    with closing(sqlite3.connect(file)) as database:
        return {row[0] for row in database.execute("SELECT name FROM sqlite_master")}


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


def test_the_check_on_lineage_stands_in_the_file(file: Path) -> None:
    migrate(file, now=NOW)

    with closing(sqlite3.connect(file)) as database:
        (made,) = database.execute("SELECT sql FROM sqlite_master WHERE name = 'edge'").fetchone()
    assert "CHECK (parent_id < child_id)" in made


def test_an_older_database_is_copied_beside_itself_and_brought_up(file: Path, newer: Newer) -> None:
    migrate(file, now=NOW)
    with closing(sqlite3.connect(file)) as database:
        database.execute(ANA)
        database.commit()
    migrations, head = newer(ADDS)

    backup = migrate(file, now=NOW, migrations=migrations, head=head)

    assert revision(file) == head
    assert "poem" in tables(file)
    with closing(sqlite3.connect(file)) as database:
        assert database.execute("SELECT name, mood FROM member").fetchall() == [("Ana", "")]
    assert backup is not None
    assert backup.parent == file.parent
    assert revision(backup) == HEAD
    with closing(sqlite3.connect(backup)) as database:
        assert database.execute("SELECT name FROM member").fetchall() == [("Ana",)]


def test_the_copy_holds_what_still_stands_in_the_log_alone(file: Path, newer: Newer) -> None:
    migrate(file, now=NOW)
    migrations, head = newer(ADDS)
    with closing(sqlite3.connect(file)) as left_open:  # as after a kill: nothing is checkpointed
        left_open.execute("PRAGMA journal_mode = WAL")
        left_open.execute(ANA)
        left_open.commit()
        backup = migrate(file, now=NOW, migrations=migrations, head=head)

    assert backup is not None
    with closing(sqlite3.connect(backup)) as database:
        assert database.execute("SELECT name FROM member").fetchall() == [("Ana",)]


def test_an_upgrade_that_fails_half_way_changes_nothing(file: Path, newer: Newer) -> None:
    migrate(file, now=NOW)
    before = tables(file)
    migrations, head = newer(ADDS + 'raise RuntimeError("the power went")')

    with pytest.raises(RuntimeError):
        migrate(file, now=NOW, migrations=migrations, head=head)

    assert tables(file) == before
    assert revision(file) == HEAD
    fine, head = newer(ADDS)
    migrate(file, now=NOW, migrations=fine, head=head)
    assert revision(file) == head


def test_a_database_from_a_newer_version_is_left_alone(file: Path) -> None:
    migrate(file, now=NOW)
    with closing(sqlite3.connect(file)) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
        database.commit()
    before = file.read_bytes()

    with pytest.raises(ConfigurationError) as refused:
        migrate(file, now=NOW)

    assert "newer Jamfeed (schema 9999)" in refused.value.problem
    assert "JAMFEED_HOME" in refused.value.mend
    assert file.read_bytes() == before


def test_a_database_of_another_program_is_left_alone(file: Path) -> None:
    with closing(sqlite3.connect(file)) as database:
        database.execute("CREATE TABLE moz_places (id INTEGER)")

    with pytest.raises(ConfigurationError, match="another program"):
        migrate(file, now=NOW)

    assert tables(file) == {"moz_places"}


@pytest.mark.parametrize("left", [10, 100, 4096, 100_000, -4096])
def test_a_file_that_was_cut_off_is_named_damaged(file: Path, left: int) -> None:
    migrate(file, now=NOW)
    file.write_bytes(file.read_bytes()[:left])

    with pytest.raises(ConfigurationError, match="damaged"):
        migrate(file, now=NOW)


def test_a_file_that_is_no_database_is_named_damaged(file: Path) -> None:
    file.write_text("This is a shopping list: rain, a roof, a drum. " * 10)

    with pytest.raises(ConfigurationError, match="damaged or no SQLite database"):
        migrate(file, now=NOW)
