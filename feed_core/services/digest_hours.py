"""When digests come: hours are set, paused and claimed, for members and for rooms."""

from collections.abc import Collection, Sequence
from datetime import datetime, time, timedelta

import structlog
from sqlalchemy import func
from sqlmodel import col, select

from feed_core.clock import next_local, spread
from feed_core.models.deliveries import Delivery
from feed_core.models.digests import Digest, DigestSchedule, RoomSchedule
from feed_core.services import deliveries
from feed_core.services.members import in_turn
from feed_core.states import DIGEST_MOVES, DeliveryKind, DeliveryState, DigestState, move
from feed_core.store import View, Work

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
