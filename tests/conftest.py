"""Parts that tests in every folder use: a clock that stands, a bus, a migrated database."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from feed_core.bus import Bus
from feed_core.events import Event
from feed_core.store import Store
from tests.fakes.clock import FixedClock
from tests.fakes.community import opened


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


@pytest.fixture
async def store(tmp_path: Path, clock: FixedClock, bus: Bus) -> AsyncIterator[Store]:
    store = opened(tmp_path, clock, bus)
    yield store
    await store.close()
