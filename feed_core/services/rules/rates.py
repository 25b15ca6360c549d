"""How much one member may publish and say in an hour and in a day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from feed_core.models.creations import Creation
from feed_core.models.moderation import Thing
from feed_core.models.reactions import Comment
from feed_core.models.revisions import Revision
from feed_core.services.gate import PASSED, Content, Decision
from feed_core.states import CommentState, CreationState, Outcome, RevisionState
from feed_core.store import Store

HOUR, DAY = "rate_hour", "rate_day"


@dataclass(frozen=True, slots=True)
class Rate:
    """The most in an hour and in a day; 0 is any number."""

    hour: int = 0
    day: int = 0


class Rates:
    """A Check that blocks what is too much at once; what was blocked does not count."""

    def __init__(self, store: Store, *, publish: Rate, comment: Rate) -> None:
        self._store = store
        self._rates: Mapping[Thing, Rate] = {
            Thing.CREATION: publish,
            Thing.REVISION: publish,
            Thing.COMMENT: comment,
        }

    async def decide(self, content: Content) -> Decision:
        """Judge by how much its author did of the kind, this not counted."""
        rate = self._rates.get(content.thing, Rate())
        for rule, most, span in (
            (HOUR, rate.hour, timedelta(hours=1)),
            (DAY, rate.day, timedelta(days=1)),
        ):
            if not most:
                continue
            async with self._store.read() as view:
                counted = await view.db.exec(_made(content, since=view.now - span))
                if counted.one() >= most:
                    return Decision(Outcome.BLOCK, rule, str(most))
        return PASSED


def _made(content: Content, *, since: datetime) -> SelectOfScalar[int]:
    match content.thing:
        case Thing.CREATION:
            return select(func.count()).where(
                Creation.author_id == content.author_id,
                col(Creation.created_at) > since,
                Creation.state != CreationState.BLOCKED,
                Creation.id != content.creation_id,
            )
        case Thing.REVISION:
            return (
                select(func.count())
                .select_from(Revision)
                .join(Creation, col(Creation.id) == col(Revision.creation_id))
                .where(
                    Creation.author_id == content.author_id,
                    col(Revision.created_at) > since,
                    col(Revision.state).not_in([RevisionState.CHECKING, RevisionState.BLOCKED]),
                )
            )
        case _:
            return select(func.count()).where(
                Comment.author_id == content.author_id,
                col(Comment.created_at) > since,
                Comment.state != CommentState.BLOCKED,
            )
