"""What a member publishes a second time, word for word, as when a line is sent twice."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from sqlalchemy import Integer, Select, String, bindparam, or_, select
from sqlmodel import col

from feed_core.errors import Refusal
from feed_core.models.columns import UtcDateTime
from feed_core.models.creations import Creation
from feed_core.services.members import in_turn
from feed_core.services.pieces import Piece
from feed_core.services.sight import why_stopped
from feed_core.states import CreationState, Visibility
from feed_core.store import Work

WITHIN = timedelta(hours=12)  # later it may well be meant: each morning, for one
COUNTED = (CreationState.CHECKING, CreationState.PUBLISHED, CreationState.HELD)


@dataclass(eq=False)
class PublishedAlready(Refusal):
    """The same member published just this a short while ago, for the same people."""

    creation_id: int
    code = "published_already"


async def require_new(
    work: Work, *, author_id: int, piece: Piece, visibility: Visibility, room_id: int | None
) -> int | None:
    """Go on, where the member did not publish just this within half a day; two at once take turns.

    Comes before all else in a transaction. What was taken back or blocked does not count, nor what
    is for others: for everybody, for another room, for its maker alone.

    Returns:
        The number of just this, where it was begun and its check is not written down: another is at
        it, or could not write. To begin it once more would publish it twice.

    Raises:
        PublishedAlready: it is there.
        Held: it is there, and waits for a moderator.
    """
    await in_turn(work, author_id)
    same = {
        "author": author_id,
        "hash": piece.content_hash,
        "since": work.now - WITHIN,
    }
    begun = None
    for number, state, seen_by, room in await work.ask(_same(), same):
        if seen_by is not visibility or (seen_by is Visibility.ROOM and room != room_id):
            continue
        if state is CreationState.HELD:
            raise await why_stopped(work, await work.db.get_one(Creation, number))
        if state is CreationState.PUBLISHED:
            raise PublishedAlready(number)
        begun = number
    return begun


@cache
def _same() -> Select[int | None, CreationState, Visibility, int | None]:
    """What a member made lately that says just this; put together once."""
    state = col(Creation.state)
    return (
        select(
            col(Creation.id), col(Creation.state), col(Creation.visibility), col(Creation.room_id)
        )
        .where(
            col(Creation.author_id) == bindparam("author", type_=Integer),
            col(Creation.created_at) > bindparam("since", type_=UtcDateTime),
            col(Creation.content_hash) == bindparam("hash", type_=String),
            or_(*(state == it for it in COUNTED)),
        )
        .order_by(col(Creation.id).desc())
    )
