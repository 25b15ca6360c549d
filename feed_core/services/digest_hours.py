"""When digests come: hours are set, paused and claimed, for members and for rooms."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, time, timedelta
from functools import cache
from typing import Any, NamedTuple

import structlog
from sqlalchemy import Integer, Select, String, bindparam, cast, func, literal
from sqlalchemy import select as sa_select
from sqlmodel import col, select

from feed_core import bulk
from feed_core.clock import Upcoming, next_local, spread
from feed_core.models.columns import UtcDateTime
from feed_core.models.deliveries import Delivery
from feed_core.models.digests import Digest, DigestSchedule, RoomSchedule
from feed_core.services import deliveries, once
from feed_core.services.members import in_turn
from feed_core.states import DIGEST_MOVES, DeliveryKind, DeliveryState, DigestState, move
from feed_core.store import View, Work

AT_ONCE = 20  # hours that are reckoned before others have a turn
WRITTEN = 500  # hours that one statement writes
GRACE = timedelta(hours=2)  # a digest later than this is skipped: its next one comes anyway
EARLY = timedelta(hours=1)  # composing begins at most so long before
EACH = timedelta(milliseconds=30)  # what composing one takes, so that many begin earlier

Schedule = DigestSchedule | RoomSchedule

logger = structlog.get_logger(__name__)


async def schedule(
    work: Work,
    *,
    member_id: int,
    times: Collection[time],
    weekdays: Collection[int],
    zone: str,
    identity_id: int,
) -> DigestSchedule:
    """Set when and where a member's digest comes, in place of what was set before."""
    await in_turn(work, member_id)
    row = await work.hold_if_any(DigestSchedule, member_id)
    if row is None:
        row = DigestSchedule(member_id=member_id, zone=zone, identity_id=identity_id)
        work.db.add(row)
    row.times = sorted(f"{it:%H:%M}" for it in times)
    row.weekdays = sorted(set(weekdays))
    row.zone, row.identity_id = zone, identity_id
    row.next_run_at = following(row, after=work.now)
    await _call_off(work, member_id)
    return row


async def stop(work: Work, *, member_id: int) -> bool:
    """Send no more digests; False when none was coming."""
    row = await work.hold_if_any(DigestSchedule, member_id)
    if row is None or row.next_run_at is None:
        return False
    row.next_run_at = None
    await _call_off(work, member_id)
    return True


async def pause(work: Work, *, member_id: int, until: datetime) -> DigestSchedule | None:
    """Send no digest before this moment; None when no hours were ever set."""
    row = await work.hold_if_any(DigestSchedule, member_id)
    if row is not None:
        row.next_run_at = following(row, after=max(until - timedelta(minutes=1), work.now))
        await _call_off(work, member_id)
    return row


async def move_zone(work: Work, *, member_id: int, zone: str) -> DigestSchedule | None:
    """Let the same local hours count in another zone; a pause and an end stay."""
    row = await work.hold_if_any(DigestSchedule, member_id)
    if row is None or row.zone == zone:
        return row
    paused = row.next_run_at is not None and row.next_run_at > (
        following(row, after=work.now) or work.now
    )
    after = row.next_run_at - timedelta(days=1) if paused and row.next_run_at else work.now
    row.zone = zone
    if row.next_run_at is not None:
        row.next_run_at = following(row, after=after)
    await _call_off(work, member_id)
    return row


async def schedule_room(
    work: Work,
    *,
    room_id: int,
    member_id: int,
    times: Collection[time],
    weekdays: Collection[int],
    zone: str,
) -> RoomSchedule:
    """Set when a room's digest comes, by the moderator who says so."""
    row = await work.hold_if_any(RoomSchedule, room_id)
    if row is None:
        row = RoomSchedule(room_id=room_id, member_id=member_id, zone=zone)
        work.db.add(row)
    row.times = sorted(f"{it:%H:%M}" for it in times)
    row.weekdays = sorted(set(weekdays))
    row.zone, row.member_id = zone, member_id
    row.next_run_at = following(row, after=work.now)
    return row


async def stop_room(work: Work, *, room_id: int) -> bool:
    """Send a room no more digests; False when none was coming."""
    row = await work.hold_if_any(RoomSchedule, room_id)
    if row is None or row.next_run_at is None:
        return False
    row.next_run_at = None
    return True


async def find_schedule(view: View, member_id: int) -> DigestSchedule | None:
    """When and where the member's digest comes, if that was ever set."""
    return await view.db.get(DigestSchedule, member_id)


async def next_due(view: View) -> datetime | None:
    """When the next digest of any member is due."""
    found = await view.db.exec(select(func.min(DigestSchedule.next_run_at)))
    return found.one()


async def head_start(view: View) -> timedelta:
    """How long before their hour digests have to be begun, so that all come in time."""
    soon = (
        select(DigestSchedule.member_id)
        .where(col(DigestSchedule.next_run_at) <= view.now + EARLY)
        .limit(EARLY // EACH)
        .subquery()
    )
    count = (await view.db.exec(select(func.count()).select_from(soon))).one()
    return min(EARLY, count * EACH)


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
        for first in range(0, len(rows), WRITTEN):
            await _go_on(work, table, rows[first : first + WRITTEN], upcoming, key=key)
    return looked_at


async def _go_on(
    work: Work, table: type[Schedule], rows: Sequence["_Due"], upcoming: Upcoming, *, key: str
) -> None:
    """Make the digests of these hours, and let their schedules go on."""
    claims = []
    for at, row in enumerate(rows, start=1):
        claims.append(_claim(row, upcoming, now=work.now))
        if not at % AT_ONCE:  # the first hour of each zone takes long: its rules are read
            await asyncio.sleep(0)
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
    if upcoming.zone(due.zone).key != due.zone:
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


async def _call_off(work: Work, member_id: int) -> None:
    """End what was begun before its hour, which is another one now; that hour is free again."""
    coming = await work.db.exec(
        select(Digest).where(
            Digest.member_id == member_id,
            col(Digest.identity_id).is_not(None),
            col(Digest.due_at) > work.now,
            col(Digest.state).in_([DigestState.DUE, DigestState.COMPOSED]),
        )
    )
    await end(work, list(coming), problem="called off")


async def end(work: Work, ended: Sequence[Digest], *, problem: str) -> None:
    """Send these digests no more, where they are not on their way; their items may come again."""
    for digest in ended:
        owed = await work.db.exec(
            select(Delivery.id).where(
                Delivery.kind == DeliveryKind.DIGEST, Delivery.subject_id == digest.id
            )
        )
        for delivery_id in list(owed):
            delivery = await work.hold(Delivery, delivery_id)
            if delivery.state is not DeliveryState.PENDING:
                break
            assert delivery.id is not None
            await deliveries.ended(work, delivery.id, state=DeliveryState.FAILED, problem=problem)
        else:
            digest.state = move(DIGEST_MOVES, digest.state, DigestState.FAILED)
            digest.slot = f"{digest.slot} {problem} {digest.id}"


def following(row: Schedule, *, after: datetime) -> datetime | None:
    """When a schedule's next digest comes."""
    delay = spread(row.member_id)
    times = [time.fromisoformat(it) for it in row.times]
    coming = next_local(times, row.weekdays, row.zone, after=after - delay)
    return None if coming is None else coming + delay
