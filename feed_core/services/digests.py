"""Digests: when they are due, what stands in them, and that each is made once."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import structlog
from sqlalchemy import func, update
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from feed_core.clock import next_local, spread
from feed_core.models.columns import new_uid
from feed_core.models.creations import Creation
from feed_core.models.digests import Digest, DigestEntry, DigestSchedule
from feed_core.models.members import Identity
from feed_core.services import deliveries, muting, personal, timeline
from feed_core.services.members import in_turn
from feed_core.services.once import insert
from feed_core.services.reasons import Because, Reason
from feed_core.services.sight import Reader, may_recommend
from feed_core.services.timeline import Item
from feed_core.services.window import Window
from feed_core.states import DIGEST_MOVES, DeliveryKind, DigestState, move
from feed_core.store import View, Work

GRACE = timedelta(hours=2)  # a digest later than this is skipped: its next one comes anyway
BACK = timedelta(days=7)
ENTRIES = 5
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
    row.next_run_at = _next(row, after=work.now)
    return row


async def stop(work: Work, *, member_id: int) -> bool:
    """Send no more digests; False when none was coming."""
    row = await work.hold_if_any(DigestSchedule, member_id)
    if row is None or row.next_run_at is None:
        return False
    row.next_run_at = None
    return True


async def find_schedule(view: View, member_id: int) -> DigestSchedule | None:
    """When and where the member's digest comes, if that was ever set."""
    return await view.db.get(DigestSchedule, member_id)


async def next_due(view: View) -> datetime | None:
    """When the next digest of anybody is due."""
    found = await view.db.exec(select(func.min(DigestSchedule.next_run_at)))
    return found.one()


async def claim_due(work: Work, *, limit: int = 500) -> int:
    """Turn schedules that are due into digests that are due; returns how many were looked at.

    A second claim of the same hour is a no-op. An hour missed by more than GRACE is skipped.
    """
    found = await work.db.exec(
        select(DigestSchedule)
        .where(col(DigestSchedule.next_run_at) <= work.now)
        .order_by(col(DigestSchedule.next_run_at))
        .limit(limit)
        .with_for_update(skip_locked=True, key_share=True)
    )
    rows = list(found)
    claimed = []
    for row in rows:
        assert row.next_run_at is not None
        try:
            local = (row.next_run_at - spread(row.member_id)).astimezone(ZoneInfo(row.zone))
            coming = _next(row, after=work.now)
        except ZoneInfoNotFoundError:  # one lost zone must not hold up everybody else
            logger.error("zone_gone", member_id=row.member_id)
            row.next_run_at = None
            continue
        if work.now - row.next_run_at <= GRACE:
            claimed.append(
                {
                    "member_id": row.member_id,
                    "local_date": local.date(),
                    "slot": f"{local:%Y-%m-%dT%H:%M}",
                    "identity_id": row.identity_id,
                    "state": DigestState.DUE,
                    "due_at": row.next_run_at,
                }
            )
        row.next_run_at = coming
    if claimed:
        await work.db.exec(
            insert(work, Digest).on_conflict_do_nothing(index_elements=["member_id", "slot"]),
            params=claimed,
        )
    return len(rows)


async def ask_now(work: Work, *, member_id: int, zone: str, asked_by: int | None = None) -> int:
    """A digest for right now, beside the scheduled ones; returns its id.

    `asked_by` is the message that asks: asking again by the same one gives the same digest.
    """
    await in_turn(work, member_id)
    slot = f"now:{asked_by or new_uid()}"
    found = await work.db.exec(
        select(Digest).where(Digest.member_id == member_id, Digest.slot == slot)
    )
    digest = found.first()
    if digest is None:
        digest = Digest(
            member_id=member_id,
            local_date=work.now.astimezone(ZoneInfo(zone)).date(),
            slot=slot,
            due_at=work.now,
        )
        work.db.add(digest)
        await work.db.flush()
    assert digest.id is not None
    return digest.id


async def uncomposed(view: View, *, limit: int = 500) -> list[int]:
    """Digests that are due, owed to somebody and not composed, oldest first.

    One that was asked for is not among them: who asked either waits for it, or asks again.
    """
    found = await view.db.exec(
        select(Digest.id)
        .where(Digest.state == DigestState.DUE, col(Digest.identity_id).is_not(None))
        .order_by(col(Digest.id))
        .limit(limit)
    )
    return [it for it in found if it is not None]


async def give_up(work: Work) -> int:
    """End what could not be composed within GRACE; returns how many there were."""
    found = await work.db.exec(
        update(Digest)
        .where(col(Digest.state) == DigestState.DUE, col(Digest.due_at) < work.now - GRACE)
        .values(state=DigestState.FAILED)
        .returning(col(Digest.id))
    )
    return len(found.all())


async def get(view: View, digest_id: int) -> Digest:
    """The digest's row."""
    return await view.db.get_one(Digest, digest_id)


async def choose(view: View, digest_id: int, *, window: Window) -> list[Item]:
    """What is worth showing in this digest: what its member has not had in one, best first."""
    digest = await view.db.get_one(Digest, digest_id)
    had = set(await view.db.exec(_had(digest.member_id)))
    return await personal.choice(
        view,
        window,
        reader=Reader(digest.member_id),
        since=digest.due_at - BACK,
        had=had,
        limit=ENTRIES,
    )


async def compose(work: Work, digest_id: int, chosen: Sequence[tuple[int, Reason]]) -> Digest:
    """Write down what stands in a digest, and owe it to its member; a second time changes nothing.

    `chosen` are creation numbers with their reasons; what another digest of the member took in
    since they were chosen is left out. A digest that was asked for is owed to nobody: it is the
    answer. One that comes later than GRACE is owed to nobody either, and empty.
    """
    await in_turn(work, (await get(work, digest_id)).member_id)
    digest = await work.hold(Digest, digest_id)
    if digest.state is not DigestState.DUE:
        return digest
    if work.now - digest.due_at > GRACE:
        digest.state = move(DIGEST_MOVES, digest.state, DigestState.FAILED)
        return digest
    ids = [creation_id for creation_id, _ in chosen]
    again = _had(digest.member_id).where(col(DigestEntry.creation_id).in_(ids))
    had = set(await work.db.exec(again))
    chosen = [it for it in chosen if it[0] not in had or it[1].kind is Because.OWN]
    work.db.add_all(
        DigestEntry(
            digest_id=digest_id,
            position=position,
            creation_id=creation_id,
            reason=reason.kind,
            reason_subject=reason.subject,
            reason_count=reason.count,
            reason_tag=reason.tag,
        )
        for position, (creation_id, reason) in enumerate(chosen, start=1)
    )
    state = DigestState.COMPOSED if chosen else DigestState.EMPTY
    digest.state = move(DIGEST_MOVES, digest.state, state)
    digest.composed_at = work.now
    if chosen and digest.identity_id is not None:
        identity = await work.db.get_one(Identity, digest.identity_id)
        await deliveries.owe(
            work,
            kind=DeliveryKind.DIGEST,
            subject_id=digest_id,
            to=identity,
            due_at=digest.due_at,
        )
    return digest


async def contents(view: View, digest_id: int) -> tuple[Digest, list[Item]]:
    """A composed digest; what was withdrawn, hidden, muted or kept back meanwhile is left out."""
    digest = await view.db.get_one(Digest, digest_id)
    reader = Reader(digest.member_id)
    found = await view.db.exec(
        select(DigestEntry, Creation)
        .join(Creation, col(Creation.id) == col(DigestEntry.creation_id))
        .where(DigestEntry.digest_id == digest_id, may_recommend(reader), muting.not_muted(reader))
        .order_by(col(DigestEntry.position))
    )
    quiet = await muting.silence(view, reader=reader)
    entries = [it for it in found if not quiet.keeps_away(it[1])]
    items = await timeline.items(view, [creation for _, creation in entries], reader=reader)
    reasons = [
        Reason(Because(entry.reason), entry.reason_subject, entry.reason_count, entry.reason_tag)
        for entry, _ in entries
    ]
    return digest, [
        Item(it.creation, reason, it.parents, it.likes, it.comments)
        for it, reason in zip(items, reasons, strict=True)
    ]


def _had(member_id: int) -> SelectOfScalar[int]:
    return (
        select(DigestEntry.creation_id)
        .join(Digest, col(Digest.id) == col(DigestEntry.digest_id))
        .where(Digest.member_id == member_id)
    )


def _next(row: DigestSchedule, *, after: datetime) -> datetime | None:
    delay = spread(row.member_id)
    times = [time.fromisoformat(it) for it in row.times]
    coming = next_local(times, row.weekdays, row.zone, after=after - delay)
    return None if coming is None else (coming + delay).astimezone(UTC)
