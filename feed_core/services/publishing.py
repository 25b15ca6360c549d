"""How something becomes visible to others, and ceases to be."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import insert
from sqlmodel import col, select

from feed_core import bulk, errors
from feed_core.errors import CreationNotFound, NotYours, Refusal
from feed_core.events import CreationPublished, CreationWithdrawn, VisibilityChanged
from feed_core.models.columns import new_uid
from feed_core.models.creations import UNSETTLED, Creation, Edge
from feed_core.models.moderation import Thing
from feed_core.prepared import Values
from feed_core.services import (
    asking,
    belonging,
    consent,
    drafting,
    gists,
    languages,
    likeness,
    room_posts,
    searching,
    verdicts,
    versions,
)
from feed_core.services.gate import Content, Decision
from feed_core.services.pieces import Piece
from feed_core.services.remixing import require_open
from feed_core.services.sight import STOPPED, Reader, why_stopped
from feed_core.states import (
    CREATION_MOVES,
    CreationState,
    Outcome,
    Visibility,
    move,
)
from feed_core.store import View, Work

STORED = insert(Creation).returning(col(Creation.id))


STOPPING = {Outcome.HOLD: CreationState.HELD, Outcome.BLOCK: CreationState.BLOCKED}


class RoomNeeded(Refusal):
    """One room was meant, and none is named."""

    code = "room_needed"


async def begin(
    work: Work,
    *,
    author_id: int,
    piece: Piece,
    visibility: Visibility = Visibility.EVERYONE,
    room_id: int | None = None,
    agreed: bool = False,
) -> Content:
    """Store a piece to be checked, with its lineage; nobody sees it yet.

    `agreed`: the makers of its sources agreed beforehand that it is made of them.

    Returns:
        What is to be checked of the creation that it is now.

    Raises:
        EmptyText, TextTooLong, TooManyTags, NotWords, LinkRefused: it cannot be shown.
        RoomNeeded: it is for one room, and there is none.
        CreationNotFound, CreationWithdrawn, RemixNotAllowed, AskFirst: a source cannot be built on.
    """
    piece.check()
    if visibility is Visibility.ROOM and room_id is None:
        raise RoomNeeded
    reader = Reader(author_id, room_id)
    if piece.sources:
        await work.alone(consent.LINEAGE, with_others_alike=True)
    parents = [
        await work.db.get_one(Creation, it)
        if agreed
        else await require_open(work, it, reader=reader)
        for it in piece.sources
    ]
    answers, language = await consent.defaults_and_language(work, author_id)
    content = Content(
        author_id=author_id,
        title=piece.title,
        body=piece.body,
        media_hash=piece.media_hash,
        content_hash=piece.content_hash,
        alt=piece.alt,
        tags=list(piece.tags),
        link=piece.link,
        room_id=room_id,
        private=visibility is Visibility.ONLY_ME,
    )
    creation = {
        **piece.columns,
        **consent.settled(answers, parents),
        "uid": new_uid(),
        "author_id": author_id,
        "state": CreationState.CHECKING,
        "language": piece.language
        or languages.guess(f"{piece.title}\n{piece.body}", otherwise=language),
        "warnings": [],
        "visibility": visibility,
        "room_id": room_id,
        "content_hash": content.content_hash,
        "vector_hash": "",
        "created_at": work.now,
    }
    ((number,),) = await work.ask(STORED, creation)
    edges = [
        {"child_id": number, "parent_id": parent_id, "taken": taken}
        for parent_id, taken in piece.sources.items()
    ]
    await bulk.add(work, Edge, edges)
    return replace(content, creation_id=number)


async def content(view: View, creation_id: int) -> Content:
    """What a check gets to see of the creation of this number."""
    return content_of(await view.db.get_one(Creation, creation_id))


def content_of(creation: Creation) -> Content:
    """What a check gets to see of a creation."""
    return Content(
        author_id=creation.author_id,
        title=creation.title,
        body=creation.body,
        media_hash=creation.media_hash,
        content_hash=creation.content_hash,
        alt=creation.alt,
        tags=creation.tags,
        link=creation.link,
        creation_id=creation.id,
        room_id=creation.room_id,
        private=creation.visibility is Visibility.ONLY_ME,
    )


async def settle(work: Work, *, creation_id: int, checked: Content, decision: Decision) -> Creation:
    """Record what a check decided and do as it says; a second time changes nothing.

    A verdict on another content than the stored one leaves the creation held. The draft that it
    was follows.
    """
    creation, (rooms, behind) = await work.held_with(
        Creation, creation_id, room_posts.asking(creation_id), drafting.asking(creation_id)
    )
    if creation.state is CreationState.CHECKING:
        await _decide(work, creation, checked, decision, rooms)
    await drafting.follow(work, creation, told=behind)
    return creation


async def _decide(
    work: Work, creation: Creation, checked: Content, decision: Decision, rooms: Sequence[Values]
) -> None:
    """Do as a check says; `rooms` is what rooms tell of the creation."""
    assert creation.id is not None
    await verdicts.record(
        work,
        thing=Thing.CREATION,
        thing_id=creation.id,
        content_hash=checked.content_hash,
        decision=decision,
    )
    outcome = decision.outcome
    if checked.content_hash != creation.content_hash:
        outcome = Outcome.HOLD
    elif decision.labels:
        await work.change(creation, warnings=list(decision.labels))
    if outcome in STOPPING:
        state = move(CREATION_MOVES, creation.state, STOPPING[outcome])
        await work.change(creation, state=state)
    else:
        await let_out(work, creation, rooms=rooms)


async def let_out(work: Work, creation: Creation, *, rooms: Sequence[Values] = ()) -> None:
    """Show a creation; one that was shown before keeps the moment at which it was.

    `rooms` is what rooms tell of it, if they were asked.
    """
    state = move(CREATION_MOVES, creation.state, CreationState.PUBLISHED)
    assert creation.id is not None
    new = creation.published_at is None
    await work.change(creation, state=state, published_at=creation.published_at or work.now)
    if new:
        await belonging.join(work, creation)
        work.record(CreationPublished(creation_id=creation.id, author_id=creation.author_id))
    else:
        work.record(VisibilityChanged(creation_id=creation.id))
    await searching.put(work, creation, new=new)
    await likeness.put(work, creation, new=new)
    await room_posts.follow(work, creation, new=new, told=rooms)


async def take_down(work: Work, creation: Creation, *, to: CreationState) -> None:
    """Show a creation to nobody any more: it is held, or blocked."""
    assert creation.id is not None
    creation.state = move(CREATION_MOVES, creation.state, to)
    await searching.remove(work, creation.id)
    await likeness.remove(work, creation.id)
    await gists.forget(work, creation_id=creation.id)
    await room_posts.follow(work, creation)


async def require_published(view: View, creation: Creation) -> None:
    """Go on, where the check let a creation pass.

    Raises:
        Held: a person has to look at it first.
        Blocked: it may not be shown.
    """
    if creation.state is not CreationState.PUBLISHED:
        raise await why_stopped(view, creation)


async def stopped(view: View, *, author_id: int, limit: int) -> list[Creation]:
    """What a member made and nobody else sees, because it is held or blocked, newest first."""
    found = await view.db.exec(
        select(Creation)
        .where(Creation.author_id == author_id, col(Creation.state).in_(STOPPED))
        .order_by(col(Creation.id).desc())
        .limit(limit)
    )
    return list(found)


async def withdraw(work: Work, *, creation_id: int, member_id: int) -> Creation:
    """Take a creation back: its content goes, its number and its place in the lineage stay.

    Raises:
        CreationNotFound: there is none.
        NotYours: somebody else made it.
    """
    creation = await work.hold_if_any(Creation, creation_id)
    if creation is None or creation.state is CreationState.CHECKING:
        raise CreationNotFound(creation_id)
    if creation.author_id != member_id:
        raise NotYours(creation_id)
    if creation.state is CreationState.WITHDRAWN:
        return creation
    creation.state = move(CREATION_MOVES, creation.state, CreationState.WITHDRAWN)
    creation.title = creation.body = creation.alt = creation.label = creation.link = ""
    creation.media_hash = None
    creation.tags = []
    creation.warnings = []
    creation.withdrawn_at = work.now
    await searching.remove(work, creation_id)
    await asking.close(work, creation_id=creation_id)
    await likeness.remove(work, creation_id)
    await gists.forget(work, creation_id=creation_id)
    await versions.forget(work, creation_id)
    await verdicts.empty(work, thing=Thing.CREATION, thing_id=creation_id)
    await room_posts.follow(work, creation)
    work.record(CreationWithdrawn(creation_id=creation_id, author_id=member_id))
    return creation


async def own(view: View, *, creation_id: int, member_id: int) -> Creation:
    """A published creation of the member's own; in a transaction nobody else changes it meanwhile.

    Raises:
        CreationWithdrawn: they took it back.
        CreationNotFound, NotYours: it is none.
    """
    if isinstance(view, Work):
        creation = await view.hold_if_any(Creation, creation_id)
    else:
        creation = await view.db.get(Creation, creation_id)
    if creation and (creation.author_id, creation.state) == (member_id, CreationState.WITHDRAWN):
        raise errors.CreationWithdrawn(creation_id)
    if creation is None or creation.state is not CreationState.PUBLISHED:
        raise CreationNotFound(creation_id)
    if creation.author_id != member_id:
        raise NotYours(creation_id)
    return creation


async def stuck(view: View, *, limit: int = 100) -> list[int]:
    """Creations whose check never came back, oldest first."""
    found = await view.db.exec(
        select(Creation.id)
        .where(UNSETTLED, Creation.state == CreationState.CHECKING)
        .order_by(col(Creation.id))
        .limit(limit)
    )
    return [it for it in found if it is not None]
