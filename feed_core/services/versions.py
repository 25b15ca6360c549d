"""What a creation said before, as far as its maker still lets it be seen."""

from sqlalchemy import case, update
from sqlmodel import col, select

from feed_core.models.moderation import Thing
from feed_core.models.revisions import Revision
from feed_core.services import verdicts
from feed_core.services.sight import Reader, see
from feed_core.states import RevisionState
from feed_core.store import View, Work

PENDING = (RevisionState.CHECKING, RevisionState.HELD)


async def history(view: View, creation_id: int, *, reader: Reader) -> list[Revision]:
    """Every version of a creation, the first one first; none where it was never edited.

    Raises:
        CreationNotFound, CreationWithdrawn: it cannot be seen.
    """
    await see(view, creation_id, reader=reader)
    found = await view.db.exec(
        select(Revision)
        .where(Revision.creation_id == creation_id, Revision.state == RevisionState.APPLIED)
        .order_by(col(Revision.id))
    )
    return list(found)


async def drop_pending(work: Work, creation_id: int) -> None:
    """Let edits that wait come to nothing; what they said is gone."""
    await work.db.exec(
        update(Revision)
        .where(col(Revision.creation_id) == creation_id, col(Revision.state).in_(PENDING))
        .values(state=RevisionState.DROPPED, title="", body="", tags=[], link="", alt="")
    )


async def forget(work: Work, creation_id: int) -> None:
    """Empty every version of a creation that its maker took back."""
    state = case(
        (col(Revision.state).in_(PENDING), RevisionState.DROPPED), else_=col(Revision.state)
    )
    await work.db.exec(
        update(Revision)
        .where(col(Revision.creation_id) == creation_id)
        .values(state=state, title="", body="", tags=[], link="", alt="", steps=[])
    )
    own = select(Revision.id).where(Revision.creation_id == creation_id)
    for revision_id in list(await work.db.exec(own)):
        if revision_id is not None:
            await verdicts.empty(work, thing=Thing.REVISION, thing_id=revision_id)
