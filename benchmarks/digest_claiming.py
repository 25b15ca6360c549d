"""Hours that are due all at once: claimed by the tick, beside a job for each in APScheduler."""

import asyncio
import gc
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any
from zoneinfo import available_timezones

from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlalchemy import create_engine, event
from sqlmodel import delete, func, select

from benchmarks.figures import Figures, anonymous_mb
from bridges.clockwork import Clockwork
from feed_core import bulk
from feed_core.bus import Bus
from feed_core.clock import EVERY_DAY, spread, zone_of
from feed_core.database import Place, url
from feed_core.models.columns import new_uid
from feed_core.models.digests import Digest, DigestSchedule
from feed_core.models.members import Feed, Identity, Member
from feed_core.store import Store, Work
from tests.fakes.clock import FixedClock
from tests.fakes.community import Pass

HOUR = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)
LIMITS = {"SQLite": 8.0, "PostgreSQL": 12.0}  # seconds
AT_ONCE = 10_000  # rows that are filled in by one statement
EACH = 0.005  # seconds between two looks at how long the loop stood still
RIVALS = 10_000
ROUNDS = 3  # of so many, on either side

Tick = Callable[[], Awaitable[object]]


class Full:
    """A composer that has its hands full: only claiming is measured."""

    async def begin(self, digest_ids: Sequence[int]) -> None:
        pass


@dataclass(slots=True)
class Watched:
    """What a loop and the memory of its process did meanwhile."""

    stall: float = 0.0  # seconds, the longest
    most: float = 0.0  # MB, anonymous


@asynccontextmanager
async def watched() -> AsyncIterator[Watched]:
    """Watch the loop, which is this one, and the memory."""
    seen = Watched(most=anonymous_mb())

    async def look() -> None:
        turns = 0
        while True:
            began = time.perf_counter()
            await asyncio.sleep(EACH)
            seen.stall = max(seen.stall, time.perf_counter() - began - EACH)
            turns += 1
            if turns % 20 == 0:
                seen.most = max(seen.most, anonymous_mb())

    looking = asyncio.create_task(look())
    try:
        yield seen
    finally:
        looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)
        seen.most = max(seen.most, anonymous_mb())


async def people(
    store: Store, numbers: Sequence[int], *, hour: datetime = HOUR, members: bool = True
) -> None:
    """Members of these numbers, each with an account and a digest a day.

    They live in all zones there are, and have chosen what is this hour of UTC at their place.
    Without `members` those are there already.
    """
    zones = sorted(available_timezones())
    hours = {zone: f"{hour.astimezone(zone_of(zone)):%H:%M}" for zone in zones}
    for first in range(0, len(numbers), AT_ONCE):
        some = numbers[first : first + AT_ONCE]
        async with store.work() as work:
            if members:
                await bulk.add(work, Member, [_member(work, it) for it in some])
            await bulk.add(work, Identity, [_identity(work, it) for it in some])
            rows = [_schedule(it, zones[it % len(zones)], hours, hour) for it in some]
            await bulk.add(work, DigestSchedule, rows)


def _member(work: Work, number: int) -> dict[str, Any]:
    return {
        "id": number,
        "uid": new_uid(),
        "name": f"m{number}",
        "skeleton": f"m{number}",
        "language": "en",
        "zone": "UTC",
        "feed": Feed.FOR_YOU,
        "created_at": work.now,
    }


def _identity(work: Work, number: int) -> dict[str, Any]:
    return {
        "id": number,
        "member_id": number,
        "platform": "telegram",
        "external_id": str(number),
        "name": f"m{number}",
        "private_place": str(number),
        "reachable": True,
        "created_at": work.now,
    }


def _schedule(number: int, zone: str, hours: dict[str, str], hour: datetime) -> dict[str, Any]:
    return {
        "member_id": number,
        "times": [hours[zone]],
        "weekdays": list(EVERY_DAY),
        "zone": zone,
        "identity_id": number,
        "next_run_at": hour + spread(number),
    }


async def claims(place: Place, figures: Figures, *, members: int, rivals: int = RIVALS) -> None:
    """How long it takes until all are claimed whose digest is due, and what else it takes."""
    clock = FixedClock(HOUR - timedelta(hours=2))
    store = Store(place, clock, Bus())
    try:
        tick = Clockwork(store, Pass(), Full(), lambda: None, _nothing, _nothing).tick
        await tick()  # nothing is due, and everything is loaded
        ours, theirs = [], []
        for _ in range(ROUNDS if rivals else 0):  # in turn, so that both meet what else goes on
            ours.append(await _some(store, clock, tick, rivals))
            theirs.append(await jobs(place, rivals))
        await people(store, range(rivals + 1, rivals + members + 1))
        clock.go_to(HOUR + timedelta(minutes=1))
        before = anonymous_mb()
        async with watched() as seen:
            took = await _seconds(tick)
        async with store.read() as view:
            made = (await view.db.exec(select(func.count()).select_from(Digest))).one()
            waiting = await view.db.exec(
                select(func.count())
                .select_from(DigestSchedule)
                .where(DigestSchedule.next_run_at <= view.now)  # type: ignore[operator]  # a column
            )
            left = waiting.one()
    finally:
        await store.close()
    figures.tell("members due in the same second", members, "")
    figures.tell("claimed of them", made, "", least=members, limit=members)
    figures.tell("whose next hour is not ahead", left, "", limit=0)
    figures.tell("claiming all of them", took, "s", limit=LIMITS[figures.database])
    figures.tell("loop stood still while claiming", seen.stall * 1000, "ms", limit=100)
    figures.tell("memory that claiming took", max(0.0, seen.most - before), "MB", limit=20)
    if rivals:
        figures.tell(f"APScheduler, {rivals:,} jobs, the middle of {ROUNDS}", median(theirs), "s")
        figures.tell(f"claiming {rivals:,}, the middle of {ROUNDS}", median(ours), "s")
        times = median(theirs) / median(ours)
        figures.tell("claimed as fast as APScheduler runs jobs", times, "times", least=15)


async def _some(store: Store, clock: FixedClock, tick: Tick, count: int) -> float:
    """Seconds until so many are claimed an hour earlier; then they are gone."""
    await people(store, range(1, count + 1), hour=HOUR - timedelta(hours=1))
    clock.go_to(HOUR - timedelta(minutes=59))
    gc.collect()  # what came before is not theirs
    took = await _seconds(tick)
    async with store.work() as work:
        made = (await work.db.exec(select(func.count()).select_from(Digest))).one()
        assert made == count
        for table in (Digest, DigestSchedule, Identity, Member):
            await work.db.exec(delete(table))
    return took


async def _seconds(doing: Tick) -> float:
    began = time.perf_counter()
    await doing()
    return time.perf_counter() - began


async def jobs(place: Place, count: int) -> float:
    """In how many seconds APScheduler runs so many jobs that are due and do nothing.

    Each is a job of its own in its SQL store in the same database, without a misfire grace:
    otherwise most would be dropped. On SQLite it need wait for the disk no more than Jamfeed does.
    """
    _Jobs.left, _Jobs.done = count, asyncio.Event()
    engine = create_engine(url(place))
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda it, _: it.execute("PRAGMA synchronous = NORMAL"))
    store = SQLAlchemyJobStore(engine=engine, tablename="rival_jobs")
    scheduler = AsyncIOScheduler(
        jobstores={"default": store}, timezone=UTC, job_defaults={"misfire_grace_time": None}
    )
    scheduler.start(paused=True)
    due = datetime.now(UTC) - timedelta(seconds=1)
    for number in range(count):
        scheduler.add_job(
            _job, "interval", days=1, start_date=due, next_run_time=due, id=f"digest:{number}"
        )
    began = time.perf_counter()
    scheduler.resume()
    await _Jobs.done.wait()
    took = time.perf_counter() - began
    scheduler.remove_all_jobs()
    scheduler.shutdown(wait=False)
    store.jobs_t.drop(engine)  # the database is as it was: others may use it after this
    engine.dispose()
    return took


class _Jobs:
    left = 0
    done: asyncio.Event


async def _job() -> None:
    _Jobs.left -= 1
    if not _Jobs.left:
        _Jobs.done.set()


async def _nothing() -> None:
    """Follows nothing."""
