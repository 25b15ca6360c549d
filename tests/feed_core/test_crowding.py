from datetime import UTC, datetime, time, timedelta

import pytest

from feed_core.services import crowding
from feed_core.store import Store
from tests.fakes.clock import FixedClock
from tests.fakes.community import daily, join

MORNING = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(MORNING - timedelta(hours=3))


@pytest.mark.anywhere
async def test_a_minute_is_late_by_what_it_and_those_before_leave_over(store: Store) -> None:
    for number in range(6):
        member, account = await join(store, f"member{number}", platform="telegram")
        await daily(store, member, account, times=[time(7, 30 + number // 4)])

    async def late(minute: int, *, platform: str = "telegram", a_minute: int = 3) -> float | None:
        moment = MORNING + timedelta(minutes=minute, seconds=40)
        async with store.read() as view:
            found = await crowding.latest(
                view, platform=platform, per_second=a_minute / 60, moment=moment
            )
        return None if found is None else round(found.total_seconds())

    assert [await late(it) for it in (-1, 0, 1)] == [None, 20, None]  # four, and then two
    assert [await late(it, a_minute=2) for it in (0, 1, 2)] == [60, 60, None]
    assert await late(0, platform="discord") is None


def test_what_is_left_over_is_carried_on_until_it_is_gone() -> None:
    assert crowding.behind([100_000, 0], each=1680) == 96_640
    assert crowding.behind([100, 5, 0, 0], each=50) == 0
