"""The end of a jam: its entries become creations, each made from the one before.

One entry after the other is begun, checked and settled, each step in a transaction of its own. An
entry knows its creation from the moment that exists, so that a stop in between doubles nothing.
"""

from sqlalchemy import update
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from feed_core.models.creations import Creation
from feed_core.models.jams import JAM_ENTRY_MOVES, JAM_MOVES, Jam, JamEntry, JamEntryState, JamState
from feed_core.models.rooms import Room
from feed_core.services import deliveries, publishing
from feed_core.services.jams import let_go
from feed_core.services.pieces import Piece
from feed_core.states import CreationState, DeliveryKind, Taken, Visibility, move
from feed_core.store import View, Work


async def begin_next(work: Work, *, jam_id: int) -> int | None:
    """Begin to publish the next entry, or find the one that was begun; the creation's number.

    By joining, players agreed that the others build on what they add. None when nothing is left
    to publish: then the jam is over, and its room is told.
    """
    begun = await work.db.exec(_entries(jam_id, JamEntryState.CHECKING))
    if (entry := begun.first()) is not None:
        return entry.creation_id
    waiting = await work.db.exec(_entries(jam_id, JamEntryState.WAITING))
    entry = waiting.first()
    if entry is None:
        await _end(work, jam_id)
        return None
    if not await _claimed(work, entry):
        return None  # another process publishes this jam
    jam = await work.db.get_one(Jam, jam_id)
    room = await work.db.get_one(Room, jam.room_id)
    before = await _last_published(work, jam_id)
    content = await publishing.begin(
        work,
        author_id=entry.author_id,
        piece=Piece(
            title=entry.title,
            body=entry.body,
            steps=entry.steps,
            tainted=entry.tainted,
            sources={} if before is None else {before: Taken.IDEA},
        ),
        visibility=Visibility.EVERYONE if room.public else Visibility.ROOM,
        room_id=room.id,
        agreed=True,
    )
    entry.creation_id = content.creation_id
    await work.db.flush()
    return content.creation_id


async def skip_next(work: Work, *, jam_id: int) -> None:
    """Leave out the next entry, because it cannot even be begun, and tell its author."""
    waiting = await work.db.exec(_entries(jam_id, JamEntryState.WAITING))
    if (entry := waiting.first()) is not None and await _claimed(work, entry):
        await _skipped(work, entry)


async def settle(work: Work, *, creation_id: int) -> None:
    """Record what the gate made of an entry; a second time changes nothing.

    One that was stopped is left out of the chain, and its author is told.
    """
    found = await work.db.exec(
        select(JamEntry).where(
            JamEntry.creation_id == creation_id, JamEntry.state == JamEntryState.CHECKING
        )
    )
    entry = found.first()
    creation = await work.db.get_one(Creation, creation_id)
    if entry is None or creation.state is CreationState.CHECKING:
        return
    if creation.published_at is None:
        await _skipped(work, entry)
    else:
        entry.state = move(JAM_ENTRY_MOVES, entry.state, JamEntryState.PUBLISHED)
        let_go(entry)


async def published(view: View, *, jam_id: int) -> list[Creation]:
    """What a jam has left in the feed, in order."""
    found = await view.db.exec(
        select(Creation)
        .join(JamEntry, col(JamEntry.creation_id) == col(Creation.id))
        .where(JamEntry.jam_id == jam_id, JamEntry.state == JamEntryState.PUBLISHED)
        .order_by(col(JamEntry.number))
    )
    return list(found)


def _entries(jam_id: int, state: JamEntryState) -> SelectOfScalar[JamEntry]:
    return (
        select(JamEntry)
        .where(JamEntry.jam_id == jam_id, JamEntry.state == state)
        .order_by(col(JamEntry.number))
        .limit(1)
    )


async def _claimed(work: Work, entry: JamEntry) -> bool:
    """Take an entry out of those that wait; False when somebody else did."""
    to = move(JAM_ENTRY_MOVES, entry.state, JamEntryState.CHECKING)
    found = await work.db.exec(
        update(JamEntry)
        .where(col(JamEntry.id) == entry.id, col(JamEntry.state) == entry.state)
        .values(state=to)
        .returning(col(JamEntry.id))
    )
    return found.scalar_one_or_none() is not None


async def _last_published(view: View, jam_id: int) -> int | None:
    found = await view.db.exec(
        select(JamEntry.creation_id)
        .where(JamEntry.jam_id == jam_id, JamEntry.state == JamEntryState.PUBLISHED)
        .order_by(col(JamEntry.number).desc())
        .limit(1)
    )
    return found.first()


async def _skipped(work: Work, entry: JamEntry) -> None:
    assert entry.id is not None
    entry.state = move(JAM_ENTRY_MOVES, entry.state, JamEntryState.SKIPPED)
    let_go(entry)
    await work.db.flush()
    await deliveries.tell(
        work, member_id=entry.author_id, kind=DeliveryKind.JAM_SKIPPED, subject_id=entry.id
    )


async def _end(work: Work, jam_id: int) -> None:
    jam = await work.hold(Jam, jam_id)
    if jam.state is not JamState.PUBLISHING:
        return
    jam.state = move(JAM_MOVES, jam.state, JamState.ENDED)
    jam.ended_at, jam.due_at = work.now, None
    room = await work.db.get_one(Room, jam.room_id)
    await deliveries.owe(work, kind=DeliveryKind.JAM_ENDED, subject_id=jam_id, to=room)
