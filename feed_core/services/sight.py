"""Who may see a creation."""

from dataclasses import dataclass
from typing import cast

from sqlalchemy import ColumnElement, Integer, and_, bindparam, or_
from sqlmodel import col, select

from feed_core.errors import Blocked, CreationNotFound, CreationWithdrawn, Held
from feed_core.models.creations import Creation, Draft
from feed_core.models.moderation import Thing
from feed_core.services import verdicts
from feed_core.states import CreationState, DraftState, Permission, Visibility
from feed_core.store import View

STOPPED = (CreationState.HELD, CreationState.BLOCKED)


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks, and in which room, if in one."""

    member_id: int
    room_id: int | None = None


def anybody() -> Reader:
    """A reader for a query that is put together once: `told` gives the numbers when it is asked."""
    numbers = (bindparam("reader_id", type_=Integer), bindparam("reader_room", type_=Integer))
    return Reader(*cast(tuple[int, int], numbers))


def told(reader: Reader) -> dict[str, int | None]:
    """The numbers of a reader, for a query that was put together for anybody."""
    return {"reader_id": reader.member_id, "reader_room": reader.room_id}


def may_see(reader: Reader) -> ColumnElement[bool]:
    """The condition on `Creation` that it is published and open to this reader."""
    return and_(col(Creation.state) == CreationState.PUBLISHED, _is_open_to(reader))


def may_recommend(reader: Reader) -> ColumnElement[bool]:
    """The condition on `Creation` that it may come before this reader unasked.

    It holds for feeds, digests and whatever else is chosen for somebody; threads, numbers and
    searches need `may_see` alone.
    """
    return and_(
        may_see(reader),
        or_(
            col(Creation.consent_recommend) == Permission.YES,
            col(Creation.author_id) == reader.member_id,
        ),
    )


def may_place(reader: Reader) -> ColumnElement[bool]:
    """The condition that this reader may see its place in the lineage: withdrawn ones keep it."""
    return and_(
        or_(
            col(Creation.state) == CreationState.PUBLISHED,
            and_(
                col(Creation.state) == CreationState.WITHDRAWN,
                col(Creation.published_at).is_not(None),  # what was held never had a place
            ),
        ),
        _is_open_to(reader),
    )


async def see(view: View, creation_id: int, *, reader: Reader) -> Creation:
    """The creation of this number.

    Raises:
        CreationWithdrawn: its maker took it back.
        Held, Blocked: it is the reader's own, and nobody may see it.
        CreationNotFound: there is none that this reader may see.
    """
    creation = await view.one(Creation, creation_id)
    if creation is not None and _open_to(creation, reader):
        if creation.state is CreationState.PUBLISHED:
            return creation
        if creation.state is CreationState.WITHDRAWN and creation.published_at is not None:
            raise CreationWithdrawn(creation_id)
        if creation.author_id == reader.member_id and creation.state in STOPPED:
            raise await why_stopped(view, creation)
    raise CreationNotFound(creation_id)


async def why_stopped(view: View, creation: Creation) -> Held | Blocked:
    """Why nobody sees a creation that is held or blocked, for its maker."""
    assert creation.id is not None
    verdict = await verdicts.latest(view, thing=Thing.CREATION, thing_id=creation.id)
    rule, passage = (verdict.rule, verdict.passage or verdict.why) if verdict else ("", "")
    if creation.state is CreationState.HELD:
        return Held(creation.id, rule, passage)
    kept = await view.db.exec(
        select(Draft.number).where(
            Draft.creation_id == creation.id,
            Draft.owner_id == creation.author_id,
            Draft.state == DraftState.OPEN,
        )
    )
    return Blocked(rule, passage, kept.first() or 0)


def _is_open_to(reader: Reader) -> ColumnElement[bool]:
    return or_(
        col(Creation.visibility) == Visibility.EVERYONE,
        col(Creation.author_id) == reader.member_id,
        and_(
            col(Creation.visibility) == Visibility.ROOM,
            col(Creation.room_id).is_not(None),
            col(Creation.room_id) == reader.room_id,
        ),
    )


def _open_to(creation: Creation, reader: Reader) -> bool:
    if creation.visibility is Visibility.EVERYONE or creation.author_id == reader.member_id:
        return True
    return creation.visibility is Visibility.ROOM and creation.room_id == reader.room_id is not None
