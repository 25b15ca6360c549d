"""Creations that were stored and whose check has not been written down."""

from sqlalchemy import Integer, bindparam
from sqlmodel import col, delete, select

from feed_core.models.creations import Creation, Draft, Edge
from feed_core.services import drafting
from feed_core.states import DRAFT_MOVES, CreationState, DraftState, move
from feed_core.store import Work

STATE = (
    select(col(Creation.state))
    .where(col(Creation.id) == bindparam("creation_id", type_=Integer))
    .with_for_update(key_share=True)
)


async def waits(work: Work, creation_id: int) -> bool:
    """Whether it still waits for its check; nobody else settles it until the transaction ends."""
    found = await work.ask(STATE, {"creation_id": creation_id})
    return found == [(CreationState.CHECKING,)]


async def take_away(work: Work, creation_id: int) -> Creation | None:
    """Leave nothing of a creation that nobody saw; the draft that it was waits again.

    Returns:
        The creation, where it was settled after all: it stays.
    """
    if not await waits(work, creation_id):
        return await work.db.get(Creation, creation_id)
    for (draft_id,) in await work.ask(*drafting.asking(creation_id)):
        draft = await work.hold(Draft, draft_id)
        draft.state = move(DRAFT_MOVES, draft.state, DraftState.OPEN)
        draft.creation_id = None
    await work.flush()
    await work.db.exec(delete(Edge).where(col(Edge.child_id) == creation_id))
    await work.db.exec(delete(Creation).where(col(Creation.id) == creation_id))
    return None
