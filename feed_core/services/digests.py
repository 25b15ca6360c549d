"""Digests: that each is made once, and what stands in them."""

from collections.abc import Collection, Sequence
from datetime import timedelta

from sqlalchemy import exists, update
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from feed_core import bulk
from feed_core.clock import zone_of
from feed_core.models.columns import new_uid
from feed_core.models.deliveries import Delivery
from feed_core.models.digests import Digest, DigestEntry, DigestSchedule, DigestSettings, Length
from feed_core.models.members import Identity
from feed_core.models.rooms import Room
from feed_core.services import deliveries, digest_hours
from feed_core.services.digest_choice import Chosen, chosen_of, entry_of, had_before, since
from feed_core.services.digest_hours import GRACE
from feed_core.services.members import in_turn
from feed_core.states import DIGEST_MOVES, DeliveryKind, DeliveryState, DigestState, move
from feed_core.store import View, Work

WEEK = timedelta(days=7)
ABOUT = timedelta(hours=1)  # hours differ a little from week to week, where clocks change
LOST = "unsent"  # of a digest that nobody got


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
        digest = asked_for(work, member_id=member_id, zone=zone, slot=slot)
        work.db.add(digest)
        await work.db.flush()
    assert digest.id is not None
    return digest.id


def asked_for(view: View, *, member_id: int, zone: str, slot: str = "") -> Digest:
    """The row of a digest for right now, which is kept nowhere yet."""
    return Digest(
        member_id=member_id,
        local_date=view.now.astimezone(zone_of(zone)).date(),
        slot=slot,
        due_at=view.now,
    )


async def uncomposed(view: View, *, limit: int = 500) -> list[int]:
    """Digests that are due, owed to somebody and not composed, oldest first.

    One that was asked for is not among them: who asked either waits for it, or asks again.
    """
    found = await view.db.exec(
        select(Digest.id)
        .where(
            Digest.state == DigestState.DUE,
            col(Digest.identity_id).is_not(None) | col(Digest.room_id).is_not(None),
        )
        .order_by(col(Digest.due_at), col(Digest.id))
        .limit(limit)
    )
    return [it for it in found if it is not None]


async def give_up(work: Work) -> int:
    """End what could not be composed within GRACE; returns how many there were."""
    found = await work.db.exec(
        update(Digest)
        .where(col(Digest.state) == DigestState.DUE, col(Digest.due_at) < work.now - GRACE)
        .values(state=DigestState.FAILED)
        .returning(col(Digest.member_id), col(Digest.due_at), col(Digest.identity_id))
    )
    ended = found.all()
    for member_id, due_at, identity_id in ended:
        if identity_id is not None and (row := await work.hold_if_any(DigestSchedule, member_id)):
            row.skipped_at = due_at
    return len(ended)


async def get(view: View, digest_id: int) -> Digest:
    """The digest's row."""
    return await view.db.get_one(Digest, digest_id)


async def get_many(view: View, digest_ids: Sequence[int]) -> list[Digest]:
    """The rows of these digests, in this order."""
    found = await view.db.exec(select(Digest).where(col(Digest.id).in_(digest_ids)))
    rows = {it.id: it for it in found}
    return [rows[it] for it in digest_ids]


async def lengths(view: View, member_ids: Collection[int]) -> dict[int, Length]:
    """How much these members' digests hold."""
    found = await view.db.exec(
        select(DigestSettings.member_id, DigestSettings.length).where(
            col(DigestSettings.member_id).in_(member_ids)
        )
    )
    said = {number: Length(length) for number, length in found}
    return dict.fromkeys(member_ids, Length.USUAL) | said


async def last(view: View, member_id: int, *, before: Digest | None = None) -> Digest | None:
    """The last digest that was made for a member, or the one before another."""
    wanted = select(Digest).where(
        Digest.member_id == member_id,
        col(Digest.room_id).is_(None),
        Digest.state == DigestState.COMPOSED,
    )
    if before is not None:
        wanted = wanted.where(col(Digest.id) < before.id)
    order = (col(Digest.composed_at).desc(), col(Digest.id).desc())
    return (await view.db.exec(wanted.order_by(*order).limit(1))).first()


async def arrived(view: View, digest_id: int) -> DeliveryState | None:
    """How far the digest's message came; None when none was owed."""
    found = await view.db.exec(
        select(Delivery.state).where(Delivery.key == f"{DeliveryKind.DIGEST}:{digest_id}:0")
    )
    state = found.first()
    return None if state is None else DeliveryState(state)


async def settings(view: View, member_id: int) -> DigestSettings:
    """What the member's digests are like, as they said or as is usual."""
    return await view.db.get(DigestSettings, member_id) or DigestSettings(member_id=member_id)


async def set_up(
    work: Work,
    member_id: int,
    *,
    length: Length | None = None,
    says_empty: bool | None = None,
    quiet: tuple[str, str] | None = None,
    cover: bool | None = None,
) -> DigestSettings:
    """Change what a member's digests are like; None leaves it as it is. ("", "") is never quiet."""
    await in_turn(work, member_id)
    row = await work.hold_if_any(DigestSettings, member_id)
    if row is None:
        row = DigestSettings(member_id=member_id)
        work.db.add(row)
    if length is not None:
        row.length = length
    if says_empty is not None:
        row.says_empty = says_empty
    if cover is not None:
        row.cover = cover
    if quiet is not None:
        row.quiet_from, row.quiet_until = quiet
    return row


async def compose(
    work: Work, digest_id: int, chosen: Sequence[Chosen], *, tells_more: bool = False
) -> Digest:
    """Write down what stands in a digest, and owe it to its member; a second time changes nothing.

    What another digest of the member took in since it was chosen is left out. `tells_more`: there
    is something to tell besides creations. A digest that was asked for is owed to nobody: it is
    the answer. One that comes later than GRACE is owed to nobody either, and empty. An older one
    that waits since long, because its platform is away, is not sent any more: this one is.
    """
    await in_turn(work, (await get(work, digest_id)).member_id)
    digest = await work.hold(Digest, digest_id)
    if digest.state is not DigestState.DUE:
        return digest
    if work.now - digest.due_at > GRACE:
        digest.state = move(DIGEST_MOVES, digest.state, DigestState.FAILED)
        return digest
    if digest.scheduled:
        await _overtake(work, digest)
    had = await had_before(work, digest, [it.creation_id for it in chosen])
    kept = [it for it in chosen if it.returns or it.creation_id not in had]
    digest.since = await since(work, digest)
    told = await settings(work, digest.member_id)
    digest.length = told.length if digest.room_id is None else Length.USUAL
    await bulk.add(
        work, DigestEntry, [entry_of(digest_id, at, it) for at, it in enumerate(kept, start=1)]
    )
    empty = not kept and not tells_more
    if empty and await says_empty_now(work, digest, told):
        digest.says_empty, empty = True, False
        told.said_empty_at = work.now
    state = DigestState.EMPTY if empty else DigestState.COMPOSED
    digest.state = move(DIGEST_MOVES, digest.state, state)
    digest.composed_at = work.now
    if not empty and digest.scheduled:
        await _owe(work, digest)
    return digest


async def entries(view: View, digest_id: int) -> list[tuple[int, Chosen]]:
    """What was chosen for a digest, each with its number in it."""
    found = await view.db.exec(
        select(DigestEntry)
        .where(DigestEntry.digest_id == digest_id)
        .order_by(col(DigestEntry.position))
    )
    return [(it.position, chosen_of(it)) for it in found]


async def numbered(view: View, digest_id: int) -> dict[int, int]:
    """The creations of a digest by their numbers in it."""
    found = await view.db.exec(
        select(DigestEntry.position, DigestEntry.creation_id).where(
            DigestEntry.digest_id == digest_id
        )
    )
    return dict(found.all())


async def put_off(work: Work, digest_id: int, position: int) -> None:
    """Let an item of a digest come once more, in the member's next one."""
    row = await work.hold(DigestEntry, (digest_id, position))
    row.later = True


async def _overtake(work: Work, digest: Digest) -> None:
    waits = aliased(Delivery)
    older = await work.db.exec(
        select(Digest).where(
            Digest.member_id == digest.member_id,
            Digest.room_id == digest.room_id
            if digest.room_id is not None
            else col(Digest.room_id).is_(None),
            Digest.state == DigestState.COMPOSED,
            col(Digest.id) != digest.id,
            col(Digest.due_at) <= work.now,
            exists().where(  # whenever it is tried again, or quiet hours end
                col(waits.subject_id) == col(Digest.id),
                col(waits.kind) == DeliveryKind.DIGEST,
                col(waits.state) == DeliveryState.PENDING,
            ),
        )
    )
    await digest_hours.end(work, list(older), problem="overtaken")
    await work.db.flush()


async def says_empty_now(work: Work, digest: Digest, told: DigestSettings) -> bool:
    """Whether an empty digest says so: once a week, where its member wants that."""
    if not told.says_empty or digest.identity_id is None:
        return False
    before = await last(work, digest.member_id, before=digest)
    known = [told.said_empty_at, before.composed_at if before is not None else None]
    return all(it is None or it <= work.now - WEEK + ABOUT for it in known)


async def _owe(work: Work, digest: Digest) -> None:
    assert digest.id is not None
    to: Identity | Room
    if digest.room_id is not None:
        to = await work.db.get_one(Room, digest.room_id)
    else:
        to = await work.db.get_one(Identity, digest.identity_id)
        if schedule := await work.hold_if_any(DigestSchedule, digest.member_id):
            digest.skipped_at, schedule.skipped_at = schedule.skipped_at, None
    await deliveries.owe(
        work,
        kind=DeliveryKind.DIGEST,
        subject_id=digest.id,
        to=to,
        due_at=digest.due_at,
    )
