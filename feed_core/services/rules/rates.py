"""How much one member may publish, say and rename in an hour and in a day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import Integer, Select, bindparam, case, func, select
from sqlalchemy.orm import Mapped
from sqlmodel import col

from feed_core.models.columns import UtcDateTime
from feed_core.models.creations import Creation
from feed_core.models.moderation import Thing
from feed_core.models.names import NameChange
from feed_core.models.reactions import Comment
from feed_core.models.revisions import Revision
from feed_core.services.gate import PASSED, Content, Decision
from feed_core.states import CommentState, CreationState, Outcome, RevisionState
from feed_core.store import View

HOUR, DAY = "rate_hour", "rate_day"


@dataclass(frozen=True, slots=True)
class Rate:
    """The most in an hour and in a day; 0 is any number."""

    hour: int = 0
    day: int = 0


class Rates:
    """Blocks what is too much at once; what was blocked does not count."""

    def __init__(self, *, publish: Rate, comment: Rate, rename: Rate) -> None:
        self._rates: Mapping[Thing, Rate] = {
            Thing.CREATION: publish,
            Thing.REVISION: publish,
            Thing.COMMENT: comment,
            Thing.MEMBER_NAME: rename,
            Thing.AGENT_NAME: rename,
        }

    def concerns(self, content: Content) -> bool:
        """Whether anything of the kind can be too much."""
        rate = self._rates.get(content.thing, Rate())
        return bool(rate.hour or rate.day)

    async def decide(self, view: View, content: Content) -> Decision:
        """Judge by how much its author did of the kind, this not counted."""
        rate = self._rates[content.thing]
        given = {
            "author_id": content.author_id,
            "creation_id": content.creation_id or 0,
            "hour": view.now - timedelta(hours=1),
            "day": view.now - timedelta(days=1),
        }
        ((hour, day),) = await view.ask(_made(content.thing), given)
        for rule, most, made in ((HOUR, rate.hour, hour), (DAY, rate.day, day)):
            if most and made >= most:
                return Decision(Outcome.BLOCK, rule, str(most))
        return PASSED


@cache
def _made(thing: Thing) -> Select[int, int]:
    """How much of the kind an author did in the last hour and day; put together once."""
    author_id = bindparam("author_id", type_=Integer)
    match thing:
        case Thing.CREATION:
            return _counted(col(Creation.created_at)).where(
                col(Creation.author_id) == author_id,
                col(Creation.state) != CreationState.BLOCKED,
                col(Creation.id) != bindparam("creation_id", type_=Integer),
            )
        case Thing.REVISION:
            return (
                _counted(col(Revision.created_at))
                .select_from(Revision)
                .join(Creation, col(Creation.id) == col(Revision.creation_id))
                .where(
                    col(Creation.author_id) == author_id,
                    col(Revision.state) != RevisionState.CHECKING,
                    col(Revision.state) != RevisionState.BLOCKED,
                )
            )
        case Thing.MEMBER_NAME | Thing.AGENT_NAME:
            return _counted(col(NameChange.created_at)).where(
                col(NameChange.member_id) == author_id,
                col(NameChange.thing) == thing,
                col(NameChange.state) != RevisionState.CHECKING,
                col(NameChange.state) != RevisionState.BLOCKED,
            )
        case _:
            return _counted(col(Comment.created_at)).where(
                col(Comment.author_id) == author_id, col(Comment.state) != CommentState.BLOCKED
            )


def _counted(at: Mapped[datetime]) -> Select[int, int]:
    hour, day = (bindparam(it, type_=UtcDateTime()) for it in ("hour", "day"))
    return select(func.count(case((at > hour, 1))), func.count()).where(at > day)
