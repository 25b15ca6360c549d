"""Writes down many digests at once: entries and the messages that are owed, in one transaction."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlmodel import col, select

from feed_core import bulk
from feed_core.events import DeliveryOwed
from feed_core.models.deliveries import Delivery
from feed_core.models.digests import Digest, DigestEntry, DigestSchedule, DigestSettings
from feed_core.models.members import Identity
from feed_core.services import digest_batch, digest_hours, digests, once, quiet
from feed_core.services.digest_choice import Chosen, entry_of, waiting
from feed_core.services.digest_hours import GRACE
from feed_core.services.members import in_turn_each
from feed_core.states import DIGEST_MOVES, DeliveryKind, DigestState, move
from feed_core.store import Work


async def compose(
    work: Work, chosen: Mapping[int, Sequence[Chosen]], *, tells_more: Collection[int] = ()
) -> None:
    """As `digests.compose` for each of these digests, which are scheduled and of members.

    No two of them are of one member. Those that are composed already stay as they are.
    """
    found = await work.db.exec(select(Digest.member_id).where(col(Digest.id).in_(chosen)))
    await in_turn_each(work, found.all())
    rows = await work.db.exec(
        select(Digest)
        .where(col(Digest.id).in_(chosen), Digest.state == DigestState.DUE)
        .order_by(col(Digest.id))
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    due = []
    for it in rows.all():
        if work.now - it.due_at > GRACE:
            it.state = move(DIGEST_MOVES, it.state, DigestState.FAILED)
        else:
            due.append(it)
    if due:
        await _write(work, due, chosen, tells_more)


async def _write(
    work: Work,
    due: Sequence[Digest],
    chosen: Mapping[int, Sequence[Chosen]],
    tells_more: Collection[int],
) -> None:
    members = [it.member_id for it in due]
    await _overtake(work, due)
    had, since = await digest_batch.had_lately(work, due), await digest_batch.since(work, due)
    told = await work.db.exec(
        select(DigestSettings).where(col(DigestSettings.member_id).in_(members))
    )
    settings = {it.member_id: it for it in told}
    entries: list[dict[str, Any]] = []
    changes: list[dict[str, Any]] = []
    owed: list[Digest] = []
    for digest in due:
        assert digest.id is not None
        known, own = had[digest.member_id], settings.get(digest.member_id)
        kept = [it for it in chosen[digest.id] if it.returns or it.creation_id not in known]
        entries += [entry_of(digest.id, at, it) for at, it in enumerate(kept, start=1)]
        empty, says_empty = not kept and digest.id not in tells_more, False
        if empty and own is not None and await digests.says_empty_now(work, digest, own):
            says_empty, empty = True, False
            own.said_empty_at = work.now
        if not empty:
            owed.append(digest)
        state = DigestState.EMPTY if empty else DigestState.COMPOSED
        changes.append(
            {
                "id": digest.id,
                "state": move(DIGEST_MOVES, digest.state, state),
                "since": since[digest.member_id],
                "length": own.length if own is not None else digest.length,
                "composed_at": work.now,
                "says_empty": says_empty,
            }
        )
    await _tell_of_skipped(work, owed)
    await work.db.flush()
    await bulk.change(work, Digest, changes, by="id")
    await bulk.add(work, DigestEntry, entries)
    await _owe(work, owed)


async def _overtake(work: Work, due: Sequence[Digest]) -> None:
    """End what waits of these members since long, because its platform is away."""
    older = await work.db.exec(
        select(Digest).where(
            col(Digest.member_id).in_([it.member_id for it in due]),
            col(Digest.room_id).is_(None),
            Digest.state == DigestState.COMPOSED,
            waiting(work),
        )
    )
    await digest_hours.end(work, older.all(), problem="overtaken")
    await work.db.flush()


async def _tell_of_skipped(work: Work, owed: Sequence[Digest]) -> None:
    of = {it.member_id: it for it in owed}
    skipped = await work.db.exec(
        select(DigestSchedule)
        .where(col(DigestSchedule.member_id).in_(of), col(DigestSchedule.skipped_at).is_not(None))
        .order_by(col(DigestSchedule.member_id))
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    for it in skipped:
        of[it.member_id].skipped_at, it.skipped_at = it.skipped_at, None


async def _owe(work: Work, owed: Sequence[Digest]) -> None:
    """Owe each to its account, as `deliveries.owe` does."""
    if not owed:
        return
    found = await work.db.exec(
        select(Identity).where(col(Identity.id).in_([it.identity_id for it in owed]))
    )
    platforms = {it.id: it.platform for it in found}
    due_at = await quiet.after_many(work, {it.member_id: it.due_at for it in owed})
    rows = [
        Delivery(
            key=f"{DeliveryKind.DIGEST}:{it.id}:0",
            identity_id=it.identity_id,
            platform=platforms[it.identity_id],
            kind=DeliveryKind.DIGEST,
            subject_id=it.id or 0,
            due_at=due_at[it.member_id],
        ).model_dump(exclude={"id"})
        for it in owed
    ]
    await once.add(work, Delivery, rows, by=["key"])
    made = select(Delivery.id).where(col(Delivery.key).in_([it["key"] for it in rows]))
    for delivery_id in await work.db.exec(made):
        if delivery_id is not None:
            work.record(DeliveryOwed(delivery_id=delivery_id))
