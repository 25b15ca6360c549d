"""Parts that tests in every folder use: a clock that stands, a bus, a migrated database.

Tests marked `anywhere` get their database twice: in SQLite and in PostgreSQL. One marked `once`
does not: what it shows is no matter of the database, and its statements run on both in others.
"""

import gc
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
import structlog
from hypothesis import HealthCheck, settings
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine.default import DefaultDialect

from feed_core.bus import Bus
from feed_core.database import Place
from feed_core.events import Event
from feed_core.store import Store
from memory import embedding
from tests.dialogs import command
from tests.fakes.clock import FixedClock
from tests.fakes.community import new_file
from tests.postgres import Postgres, serving

KINDS = ("sqlite", "postgresql")
LONG = "long"  # for a night: pytest --hypothesis-profile=long
settings.register_profile(
    LONG,
    max_examples=500,
    stateful_step_count=80,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="session", autouse=True)
def statements_compiled_once() -> Iterator[None]:
    """Every engine of SQLAlchemy compiles what it executes; those of a thousand tests share it."""
    compiled: dict[object, object] = {}

    def share(connection: Connection) -> None:
        connection.execution_options(compiled_cache=compiled)

    event.listen(Engine, "engine_connect", share)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DefaultDialect, "__eq__", lambda it, other: type(it) is type(other))
        patch.setattr(DefaultDialect, "__hash__", lambda it: hash(type(it)))
        yield
    event.remove(Engine, "engine_connect", share)


@pytest.fixture(scope="session", autouse=True)
def embedder_loaded_once() -> Iterator[None]:
    """Whoever loads the same model from the same files shares what takes half a second to make."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(embedding, "_load", cache(embedding._load))
        yield


@pytest.fixture(scope="session", autouse=True)
def failures_logged_plainly() -> None:
    """As Jamfeed logs them: in the library's colours a traceback takes a tenth of a second."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.format_exc_info,
            structlog.processors.KeyValueRenderer(),
        ]
    )


def pytest_collection_finish() -> None:
    """What has been imported and collected stays: it need not be looked through for garbage.

    What tests leave is not so much that it has to be looked for after every 700 objects.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    marked = metafunc.definition.get_closest_marker
    if marked("anywhere") and not marked("once") and "place" in metafunc.fixturenames:
        metafunc.parametrize("place", KINDS, indirect=True)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(datetime(2026, 3, 14, 12, tzinfo=UTC))


@pytest.fixture
def bus() -> Bus:
    return Bus()


@pytest.fixture
def told(bus: Bus) -> list[Event]:
    """What the bus has passed on so far."""
    heard: list[Event] = []

    async def hear(event: Event) -> None:
        heard.append(event)

    bus.subscribe(hear)
    return heard


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A server for all tests of this process, started when the first of them asks."""
    with serving() as server:
        yield server


@pytest.fixture(scope="session")
def warm(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[None]:
    """Processes that tests start have imported Jamfeed already; one does that for all workers."""
    folder = tmp_path_factory.getbasetemp()
    with command.warm(folder if worker_id == "master" else folder.parent):
        yield


@pytest.fixture
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """Where a community's database is, with tables and nothing in them."""
    if getattr(request, "param", "sqlite") == "sqlite":
        yield new_file(tmp_path)
        return
    server: Postgres = request.getfixturevalue("postgres")
    name = server.lend()
    yield server.url(name)
    server.take_back(name)


@pytest.fixture
async def store(place: Place, clock: FixedClock, bus: Bus) -> AsyncIterator[Store]:
    store = Store(place, clock, bus)
    yield store
    await store.close()
