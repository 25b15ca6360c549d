from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect

from feed_core import database
from feed_core.database import Place
from feed_core.errors import ConfigurationError
from feed_core.migrating import HEAD, migrate
from feed_core.models.words import ONLY_POSTGRES
from tests.feed_core.schemas import ADDS, Newer, differences, stepped
from tests.postgres import Postgres

NOW = datetime(2026, 3, 14, 12, tzinfo=UTC)


@pytest.fixture
def bare(postgres: Postgres) -> str:
    """The name of a PostgreSQL database without tables."""
    return postgres.bare()


def tables(postgres: Postgres, name: str) -> set[object]:
    found = postgres.run("SELECT tablename FROM pg_tables WHERE schemaname = 'public'", name)
    return {it for (it,) in found}


def revision(postgres: Postgres, name: str) -> object:
    return postgres.run("SELECT version_num FROM alembic_version", name)[0][0]


@pytest.mark.anywhere
def test_the_schema_made_at_once_is_the_one_that_the_models_describe(place: Place) -> None:
    assert differences(place) == []


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_the_schema_made_step_by_step_is_the_one_that_the_models_describe(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    place: Place = tmp_path / "jamfeed.db"
    if kind == "postgresql":
        server: Postgres = request.getfixturevalue("postgres")
        place = server.url(server.bare())
    stepped(place)
    engine = create_engine(database.url(place))
    made = {
        table.name: {it["name"]: str(it["type"]) for it in inspect(engine).get_columns(table.name)}
        for table in ONLY_POSTGRES.sorted_tables
        if kind == "postgresql"
    }
    engine.dispose()

    assert differences(place) == []
    for name, columns in made.items():
        wanted = ONLY_POSTGRES.tables[name].columns
        assert list(columns) == [it.name for it in wanted]


def test_an_empty_database_gets_its_tables_at_once(postgres: Postgres, bare: str) -> None:
    assert migrate(postgres.url(bare), now=NOW) is None
    assert revision(postgres, bare) == HEAD
    assert migrate(postgres.url(bare), now=NOW) is None


def test_an_older_database_is_brought_up(postgres: Postgres, bare: str, newer: Newer) -> None:
    migrate(postgres.url(bare), now=NOW)
    postgres.run(
        "INSERT INTO member (id, uid, name, skeleton, language, zone, feed, created_at) "
        "VALUES (1, gen_random_uuid(), 'Ana', 'ana', 'en', 'UTC', 'for-you', now())",
        bare,
    )
    migrations, head = newer(ADDS)

    migrate(postgres.url(bare), now=NOW, migrations=migrations, head=head)

    assert revision(postgres, bare) == head
    assert "poem" in tables(postgres, bare)
    assert postgres.run("SELECT name, mood FROM member", bare) == [("Ana", "")]


def test_an_upgrade_that_fails_half_way_changes_nothing(
    postgres: Postgres, bare: str, newer: Newer
) -> None:
    migrate(postgres.url(bare), now=NOW)
    before = tables(postgres, bare)
    migrations, head = newer(ADDS + 'raise RuntimeError("the power went")')

    with pytest.raises(RuntimeError):
        migrate(postgres.url(bare), now=NOW, migrations=migrations, head=head)

    assert tables(postgres, bare) == before
    assert revision(postgres, bare) == HEAD


def test_those_who_start_together_migrate_one_after_the_other(
    postgres: Postgres, bare: str, newer: Newer
) -> None:
    with ThreadPoolExecutor(6) as starts:
        list(starts.map(lambda _: migrate(postgres.url(bare), now=NOW), range(6)))
        migrations, head = newer(ADDS)
        for _ in range(2):
            list(
                starts.map(
                    lambda _: migrate(
                        postgres.url(bare), now=NOW, migrations=migrations, head=head
                    ),
                    range(3),
                )
            )

    assert revision(postgres, bare) == head


def test_a_database_from_a_newer_version_is_left_alone(postgres: Postgres, bare: str) -> None:
    migrate(postgres.url(bare), now=NOW)
    postgres.run("UPDATE alembic_version SET version_num = '9999'", bare)

    with pytest.raises(ConfigurationError) as refused:
        migrate(postgres.url(bare), now=NOW)

    assert "newer Jamfeed (schema 9999)" in refused.value.problem
    assert "JAMFEED_DATABASE_URL" in refused.value.mend
    assert revision(postgres, bare) == "9999"


def test_a_database_of_another_program_is_left_alone(postgres: Postgres, bare: str) -> None:
    postgres.run("CREATE TABLE moz_places (id INTEGER)", bare)

    with pytest.raises(ConfigurationError, match="another program"):
        migrate(postgres.url(bare), now=NOW)

    assert tables(postgres, bare) == {"moz_places"}
