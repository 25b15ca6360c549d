"""Hours that have come become digests, thousands at a time."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

import structlog
from sqlalchemy import Integer, Select, String, bindparam, cast, literal
from sqlalchemy import select as sa_select
from sqlmodel import col

from feed_core import bulk
from feed_core.clock import Upcoming, is_lost, spread
from feed_core.models.columns import UtcDateTime
from feed_core.models.digests import Digest, DigestSchedule, RoomSchedule
from feed_core.services import once
from feed_core.services.digest_hours import GRACE, Schedule
from feed_core.store import Work

AT_ONCE = 20  # hours that are reckoned before others have a turn
WRITTEN = 500  # hours that one statement writes

logger = structlog.get_logger(__name__)


async def claim_due(
    work: Work,
    *,
    limit: int = 500,
    early: timedelta = timedelta(),
    upcoming: Upcoming | None = None,
) -> int:
    """Turn hours that are due, or will be so soon, into digests; returns how many were looked at.

    A second claim of the same hour is a no-op. Of hours that were missed, one is made up for if it
    is no older than GRACE; else its member is told in the next digest. WRITTEN hours take two or
    three statements; `upcoming` is what batches share.
    """
    upcoming, until = upcoming or Upcoming(), work.now + early
    looked_at = 0
    for table, key in ((DigestSchedule, "member_id"), (RoomSchedule, "room_id")):
        rows = await _due(work, table, limit=limit, until=until)
        looked_at = max(looked_at, len(rows))
        writing: asyncio.Future[None] | None = None
        try:
            for first in range(0, len(rows), WRITTEN):
                claims = await _reckoned(work, rows[first : first + WRITTEN], upcoming)
                if writing is not None:
                    await writing
                writing = asyncio.ensure_future(_go_on(work, table, claims, key=key))
        finally:
            if writing is not None:
                await writing
    return looked_at


async def _reckoned(work: Work, rows: Sequence["_Due"], upcoming: Upcoming) -> list["_Claim"]:
    """What becomes of these hours; a server writes meanwhile what became of others."""
    claims = []
    for at, row in enumerate(rows, start=1):
        claims.append(_claim(row, upcoming, now=work.now))
        if not at % AT_ONCE:  # the first hour of each zone takes long: its rules are read
            await asyncio.sleep(0)
    return claims


async def _go_on(
    work: Work, table: type[Schedule], claims: Sequence["_Claim"], *, key: str
) -> None:
    """Make the digests of these hours, and let their schedules go on."""
    made = [it.digest for it in claims if it.digest is not None]
    await once.add(work, Digest, made, by=["member_id", "slot"])
    moved = [{key: it.key, "next_run_at": it.next_run_at} for it in claims]
    await bulk.change(work, table, moved, by=key)
    if table is DigestSchedule:
        missed = [{key: it.key, "skipped_at": it.skipped_at} for it in claims if it.skipped_at]
        await bulk.change(work, table, missed, by=key)


class _Due(NamedTuple):
    """An hour that has come; lists are JSON."""

    key: int  # of its schedule
    member_id: int
    room_id: int | None
    identity_id: int | None
    times: str
    weekdays: str
    zone: str
    hour: datetime


class _Claim(NamedTuple):
    """What becomes of it: the digest, if any, and what its schedule says from then on."""

    key: int
    next_run_at: datetime | None
    skipped_at: datetime | None
    digest: Mapping[str, Any] | None


async def _due(work: Work, table: type[Schedule], *, limit: int, until: datetime) -> list[_Due]:
    found = await work.ask(_asked(table), {"until": until, "most": limit})
    return [_Due(*row) for row in found]


@cache
def _asked(table: type[Schedule]) -> Select[*tuple[Any, ...]]:
    """The schedules whose hour has come, the longest due first; put together once."""
    nothing = literal(None, Integer)
    whose: tuple[Any, ...]
    if issubclass(table, RoomSchedule):
        whose = (col(table.room_id), col(table.member_id), col(table.room_id), nothing)
    else:
        whose = (col(table.member_id), col(table.member_id), nothing, col(table.identity_id))
    hours = (cast(col(table.times), String), cast(col(table.weekdays), String), col(table.zone))
    return (
        sa_select(*whose, *hours, col(table.next_run_at))
        .where(col(table.next_run_at) <= bindparam("until", type_=UtcDateTime))
        .order_by(col(table.next_run_at))
        .limit(bindparam("most", type_=Integer))
        .with_for_update(skip_locked=True, key_share=True)
    )


def _claim(due: _Due, upcoming: Upcoming, *, now: datetime) -> _Claim:
    """The digest that an hour becomes, if it does; the schedule goes on to its next."""
    delay, hour, skipped_at = spread(due.member_id), due.hour, None

    def following(after: datetime) -> datetime | None:
        coming = upcoming.next(due.times, due.weekdays, due.zone, after=after - delay)
        return None if coming is None else coming + delay

    if hour < now - GRACE:  # of several, the first that is not missed by too much
        skipped_at = hour if due.room_id is None else None
        recent = following(now - GRACE)
        hour = recent if recent is not None and recent <= now else hour
    if is_lost(due.zone):
        logger.warning("zone_gone", member_id=due.member_id, zone=due.zone)
    next_run_at = following(max(now, hour))
    if hour < now - GRACE:
        return _Claim(due.key, next_run_at, skipped_at, None)
    local_date, slot = upcoming.local(hour - delay, due.zone)
    digest = {"member_id": due.member_id, "local_date": local_date, "slot": slot, "due_at": hour}
    if due.room_id is None:
        digest["identity_id"] = due.identity_id
    else:
        digest |= {"room_id": due.room_id, "slot": f"room:{due.room_id}:{slot}"}
    return _Claim(due.key, next_run_at, skipped_at, digest)
