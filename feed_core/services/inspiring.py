"""What may be built on without anybody naming it: what people liked of late."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import case
from sqlmodel import col, func, select

from feed_core.errors import Refusal
from feed_core.models.creations import Creation, Draft, Edge
from feed_core.models.reactions import Reaction
from feed_core.services import muting
from feed_core.services.sight import Reader, may_recommend
from feed_core.states import Permission
from feed_core.store import View

WITHIN = timedelta(days=7)
LOOKED_AT = 50  # of the most liked


@dataclass(eq=False)
class NothingLiked(Refusal):
    """Nobody liked anything within the week that this member could build on."""

    code = "nothing_liked"


async def most_liked(view: View, *, reader: Reader) -> int:
    """The creation of somebody else that the reader liked, or else most people did, this week.

    Only what has words, may be recommended and remixed without asking, is not muted, and was not
    built on by the reader yet, in a draft or in a creation; of equals the newest.

    Raises:
        NothingLiked: there is none.
    """
    own = func.max(case((col(Reaction.member_id) == reader.member_id, 1), else_=0))
    people = func.count(func.distinct(Reaction.member_id))
    found = await view.db.exec(
        select(Creation.id)
        .join(Reaction, col(Reaction.creation_id) == col(Creation.id))
        .where(
            Reaction.created_at >= view.now - WITHIN,
            may_recommend(reader),
            Creation.author_id != reader.member_id,
            Creation.consent_remix == Permission.YES,
            Creation.body != "",
        )
        .group_by(col(Creation.id))
        .order_by(own.desc(), people.desc(), col(Creation.id).desc())
        .limit(LOOKED_AT)
    )
    liked = [it for it in found if it is not None]
    left = await muting.unmuted(view, liked, reader=reader)
    left -= await _built_on(view, reader.member_id)
    for creation_id in liked:
        if creation_id in left:
            return creation_id
    raise NothingLiked


async def _built_on(view: View, member_id: int) -> set[int]:
    parents = await view.db.exec(
        select(Edge.parent_id)
        .join(Creation, col(Creation.id) == col(Edge.child_id))
        .where(Creation.author_id == member_id)
    )
    drafts = await view.db.exec(select(Draft.sources).where(Draft.owner_id == member_id))
    return {*parents, *(int(it) for sources in drafts for it in sources)}
