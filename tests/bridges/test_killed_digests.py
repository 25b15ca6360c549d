import asyncio
import signal
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select

from feed_core.bus import Bus
from feed_core.models.deliveries import Delivery
from feed_core.models.digests import Digest, DigestEntry
from feed_core.states import DeliveryState, DigestState
from tests.bridges.digest_process import NO_NONCE, NONCE, Point, arrivals, go
from tests.dialogs.command import forked
from tests.fakes.clock import FixedClock
from tests.fakes.community import daily, join, opened, publish

pytestmark = pytest.mark.usefixtures("warm")
EVENING = datetime(2026, 11, 22, 18, tzinfo=UTC)
EACH = 3  # members on each platform
ELSEWHERE = (Point.HALF_COMPOSED, Point.NOWHERE)
SETTLED = {DeliveryState.SENT, DeliveryState.UNKNOWN}


async def settle_in(folder: Path) -> datetime:
    """Members whose digests are due at the moment that is returned."""
    store = opened(folder, FixedClock(EVENING), Bus())
    author, _ = await join(store, "author", platform=NONCE)
    for n in range(4):
        await publish(store, author, f"Piece {n}")
    hours = [
        await daily(store, *await join(store, f"{platform}{n}", platform=platform))
        for platform in (NONCE, NO_NONCE)
        for n in range(EACH)
    ]
    await store.close()
    return max(hours)


async def killed(folder: Path, moment: datetime, point: Point) -> None:
    """Start a process on the folder and see it die where it was told to."""
    process = await asyncio.create_subprocess_exec(
        *forked("tests.bridges.digest_process", str(folder), moment.isoformat(), point.value)
    )
    assert await process.wait() == -signal.SIGKILL


async def told(folder: Path) -> tuple[list[Digest], list[DigestEntry], list[Delivery]]:
    store = opened(folder, FixedClock(EVENING), Bus())
    async with store.read() as view:
        made = list(await view.db.exec(select(Digest)))
        entries = list(await view.db.exec(select(DigestEntry)))
        deliveries = list(await view.db.exec(select(Delivery).order_by(col(Delivery.id))))
    await store.close()
    return made, entries, deliveries


def places(folder: Path, platform: str) -> Counter[str]:
    return Counter(it.split()[0] for it in arrivals(folder / f"{platform}.txt"))


@pytest.mark.parametrize("point", [it for it in Point if it not in ELSEWHERE])
async def test_killed_and_restarted_every_digest_arrives_once(tmp_path: Path, point: Point) -> None:
    moment = await settle_in(tmp_path)

    await killed(tmp_path, moment, point)
    await go(tmp_path, moment + timedelta(seconds=30))
    await go(tmp_path, moment + timedelta(seconds=60))

    made, entries, deliveries = await told(tmp_path)
    assert [it.state for it in made] == [DigestState.COMPOSED] * 2 * EACH
    assert len({(it.digest_id, it.creation_id) for it in entries}) == len(entries) == 4 * 2 * EACH
    assert len(deliveries) == 2 * EACH
    # A platform that knows a repeat: everybody got it, nobody twice.
    assert places(tmp_path, NONCE) == {f"home-{NONCE}{n}": 1 for n in range(EACH)}
    # One that does not: nobody got it twice, and whoever may not have got it can be seen.
    got = places(tmp_path, NO_NONCE)
    assert set(got.values()) <= {1}
    doubtful = [
        it for it in deliveries if it.platform == NO_NONCE and it.state is not DeliveryState.SENT
    ]
    assert {it.state for it in deliveries} <= SETTLED
    assert all(it.problem == "stopped while sending" for it in doubtful)
    if point in (Point.SENDING, Point.ARRIVED):
        assert len(got) + len(doubtful) >= EACH
    else:
        assert (len(got), doubtful) == (EACH, [])


async def test_killed_twice_running_nothing_is_doubled(tmp_path: Path) -> None:
    moment = await settle_in(tmp_path)

    for point in (Point.HALF_COMPOSED, Point.SENDING):
        await killed(tmp_path, moment, point)
    await go(tmp_path, moment + timedelta(seconds=30))

    assert places(tmp_path, NONCE) == {f"home-{NONCE}{n}": 1 for n in range(EACH)}
    assert set(places(tmp_path, NO_NONCE).values()) <= {1}
    made, entries, deliveries = await told(tmp_path)
    assert [it.state for it in made] == [DigestState.COMPOSED] * 2 * EACH
    assert len(entries) == 4 * 2 * EACH
    assert {it.state for it in deliveries} <= SETTLED
