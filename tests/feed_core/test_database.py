import asyncio
from datetime import UTC, datetime

import pytest

from feed_core import database, migrating
from feed_core.bus import Bus
from feed_core.database import DatabaseAway, NoRoom
from feed_core.errors import ConfigurationError, JamfeedError, Unavailable
from feed_core.migrating import migrate
from feed_core.store import Store
from tests.fakes.clock import FixedClock
from tests.fakes.community import join
from tests.feed_core.pieces import of, put
from tests.postgres import Postgres, serving

NOW = datetime(2026, 3, 14, 12, tzinfo=UTC)
SECRET = "canary-of-the-gate"


def refused(place: str) -> JamfeedError:
    with pytest.raises(JamfeedError) as told:
        migrate(place, now=NOW)
    assert SECRET not in str(told.value)
    return told.value


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_a_url_may_be_written_as_other_programs_write_it(scheme: str) -> None:
    place = f" {scheme}://jam:{SECRET}@db.example:5433/feed?sslmode=require \n"

    assert database.url(place).render_as_string(hide_password=False) == (
        f"postgresql+psycopg://jam:{SECRET}@db.example:5433/feed?sslmode=require"
    )
    assert database.told(place) == "“feed” on db.example:5433"


@pytest.mark.parametrize(
    "place",
    [
        "",
        "jamfeed",
        f"mysql://jam:{SECRET}@localhost/feed",
        f"postgresql+asyncpg://jam:{SECRET}@localhost/feed",
        f"postgresql://jam:{SECRET}@localhost",
        f"postgresql://jam:{SECRET}@localhost:port/feed",
        f"postgresql://jam:{SECRET}@here@localhost:x/feed",
        "sqlite:///feed.db",
    ],
)
def test_what_names_no_postgresql_database_is_a_wrong_setting(place: str) -> None:
    error = refused(place)

    assert isinstance(error, ConfigurationError)
    assert error.setting == "JAMFEED_DATABASE_URL"
    assert "postgresql://" in error.mend


@pytest.mark.parametrize(
    "where",
    [
        "127.0.0.1:9/feed",
        "[::1]:9/feed",
        "/feed?host=127.0.0.1:9&host=127.0.0.1:10",
        "/feed?host=/",
    ],
)
def test_a_server_that_is_away_can_be_tried_again(where: str) -> None:
    assert isinstance(refused(f"postgresql://jam:{SECRET}@{where}"), Unavailable)


@pytest.fixture
def bare(postgres: Postgres) -> str:
    return postgres.bare()


def test_a_database_or_user_that_is_not_there_is_named(postgres: Postgres, bare: str) -> None:
    no_database = refused(postgres.url("nothing_of_the_kind"))
    no_user = refused(postgres.url(bare).replace("postgres:@", f"nobody:{SECRET}@"))

    assert isinstance(no_database, ConfigurationError)
    assert "“nothing_of_the_kind”" in no_database.problem
    assert "no such database" in no_database.problem
    assert isinstance(no_user, ConfigurationError)
    assert "no user" in no_user.problem


def test_a_user_who_may_make_no_tables_is_told_so(postgres: Postgres, bare: str) -> None:
    postgres.run("CREATE ROLE guest LOGIN")

    error = refused(postgres.url(bare).replace("postgres:@", "guest:@"))

    assert isinstance(error, ConfigurationError)
    assert "may not make" in error.problem


def test_a_wrong_password_is_told(postgres: Postgres, bare: str) -> None:
    postgres.run("CREATE ROLE careful LOGIN PASSWORD 'right'")
    postgres.ask_for_passwords("careful")

    error = refused(postgres.url(bare).replace("postgres:@", f"careful:{SECRET}@"))

    assert isinstance(error, ConfigurationError)
    assert "password" in error.problem


def test_a_server_too_old_is_told(
    postgres: Postgres, bare: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrating, "OLDEST_SERVER", 99)

    error = refused(postgres.url(bare))

    assert isinstance(error, ConfigurationError)
    assert "needs PostgreSQL 99" in error.mend


def test_a_database_that_cannot_hold_all_letters_is_told(postgres: Postgres) -> None:
    postgres.run("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")

    error = refused(postgres.url("latin"))

    assert isinstance(error, ConfigurationError)
    assert "LATIN1" in error.problem


async def test_a_server_without_room_says_so_and_nothing_is_changed(
    postgres: Postgres, clock: FixedClock
) -> None:
    name = postgres.migrated()
    postgres.run(
        "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RAISE EXCEPTION"
        " 'could not extend file' USING ERRCODE = 'disk_full'; END$$",
        name,
    )
    postgres.run(
        "CREATE TRIGGER no_room AFTER INSERT ON edge FOR EACH ROW EXECUTE FUNCTION no_room()", name
    )
    store = Store(postgres.url(name), clock, Bus())
    ana, _ = await join(store, "Ana")
    rain = await put(store, ana)

    with pytest.raises(NoRoom):
        await put(store, ana, "Song", sources=of(rain))

    assert postgres.run("SELECT count(*) FROM creation", name) == [(1,)]
    postgres.run("DROP TRIGGER no_room ON edge", name)
    assert await put(store, ana, "Song", sources=of(rain)) > rain
    await store.close()
    postgres.drop(name)


async def test_a_server_may_go_and_come_back(clock: FixedClock) -> None:
    with serving() as server:
        store = Store(server.url(server.migrated()), clock, Bus())
        await join(store, "Ana")
        await asyncio.to_thread(server.stop)
        with pytest.raises(DatabaseAway, match="PostgreSQL on") as away:
            await join(store, "Ben")
        assert away.value.service == "The database"  # all that members are told of it
        with pytest.raises(Unavailable):
            await store.server()

        await asyncio.to_thread(server.start)
        await join(store, "Ben")
        assert "PostgreSQL" in await store.server()
        await store.close()
