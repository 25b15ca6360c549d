"""How something becomes visible to others, and ceases to be."""

import hashlib
import json
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlmodel import col, select

from feed_core.errors import Blocked, CreationNotFound, EmptyText, Held, NotYours, TextTooLong
from feed_core.events import CreationPublished, CreationWithdrawn
from feed_core.models.creations import Creation, Draft, Edge
from feed_core.models.moderation import Thing
from feed_core.services import (
    asking,
    authorship,
    belonging,
    consent,
    likeness,
    searching,
    verdicts,
)
from feed_core.services.authorship import Step
from feed_core.services.gate import Content, Decision
from feed_core.services.remixing import require_open
from feed_core.services.sight import Reader
from feed_core.states import (
    CREATION_MOVES,
    CreationKind,
    CreationState,
    DraftState,
    Outcome,
    Taken,
    Visibility,
    move,
)
from feed_core.store import View, Work

LONGEST_TITLE = 200
LONGEST_BODY = 20_000
UNSEEN = {"Zs", "Zl", "Zp", "Cc", "Cf", "Cs"}  # Unicode's general categories


@dataclass(frozen=True, slots=True)
class Piece:
    """What is to be published: words, a picture, or both; `sources` say what was taken."""

    title: str
    body: str = ""
    kind: CreationKind = CreationKind.TEXT
    media_hash: str | None = None
    alt: str = ""
    label: str = ""
    steps: Sequence[Step] = ()
    tainted: bool = False
    sources: Mapping[int, Taken] = field(default_factory=dict)

    @property
    def content_hash(self) -> str:
        """SHA-256 of all that others would see."""
        seen = [self.kind, self.title, self.body, self.alt, self.media_hash]
        return hashlib.sha256(json.dumps(seen).encode()).hexdigest()

    def check_size(self) -> None:
        """Refuse what nobody could read.

        Raises:
            EmptyText: there is neither a title to be seen nor a picture.
            TextTooLong: there are too many words.
        """
        if not visible(self.title) and self.media_hash is None:
            raise EmptyText
        for text, limit in ((self.title, LONGEST_TITLE), (self.body, LONGEST_BODY)):
            if len(text) > limit:
                raise TextTooLong(len(text), limit)


async def begin(
    work: Work,
    *,
    author_id: int,
    piece: Piece,
    visibility: Visibility = Visibility.EVERYONE,
    room_id: int | None = None,
    agreed: bool = False,
) -> Creation:
    """Store a piece to be checked, with its lineage; nobody sees it yet.

    `agreed`: the makers of its sources agreed beforehand that it is made of them.

    Raises:
        EmptyText, TextTooLong: it cannot be shown.
        CreationNotFound, CreationWithdrawn, RemixNotAllowed, AskFirst: a source cannot be built on.
    """
    piece.check_size()
    reader = Reader(author_id, room_id)
    parents = [
        await work.db.get_one(Creation, it)
        if agreed
        else await require_open(work, it, reader=reader)
        for it in piece.sources
    ]
    creation = Creation(
        author_id=author_id,
        kind=piece.kind,
        title=piece.title,
        body=piece.body,
        media_hash=piece.media_hash,
        alt=piece.alt,
        label=piece.label,
        steps=list(piece.steps),
        authorship=authorship.computed(piece.steps),
        tainted=piece.tainted,
        visibility=visibility,
        room_id=room_id,
        content_hash=piece.content_hash,
        created_at=work.now,
    )
    consent.settle(creation, await consent.defaults(work, author_id), parents)
    work.db.add(creation)
    await work.db.flush()
    assert creation.id is not None
    work.db.add_all(
        Edge(child_id=creation.id, parent_id=parent_id, taken=taken)
        for parent_id, taken in piece.sources.items()
    )
    await work.db.flush()
    return creation


async def content(view: View, creation_id: int) -> Content:
    """What a check gets to see of a creation."""
    creation = await view.db.get_one(Creation, creation_id)
    return Content(
        author_id=creation.author_id,
        title=creation.title,
        body=creation.body,
        media_hash=creation.media_hash,
        content_hash=creation.content_hash,
        alt=creation.alt,
        tags=creation.tags,
        link=creation.link,
        creation_id=creation_id,
    )


async def settle(work: Work, *, creation_id: int, checked: Content, decision: Decision) -> Creation:
    """Record what a check decided and do as it says; a second time changes nothing.

    A verdict on another content than the stored one leaves the creation held.
    """
    creation = await work.db.get_one(Creation, creation_id)
    if creation.state is not CreationState.CHECKING:
        return creation
    await verdicts.record(
        work,
        thing=Thing.CREATION,
        thing_id=creation_id,
        content_hash=checked.content_hash,
        decision=decision,
    )
    outcome = decision.outcome
    if checked.content_hash != creation.content_hash:
        outcome = Outcome.HOLD
    else:
        creation.warnings = list(decision.labels)
    if outcome is Outcome.HOLD:
        creation.state = move(CREATION_MOVES, creation.state, CreationState.HELD)
    elif outcome is Outcome.BLOCK:
        creation.state = move(CREATION_MOVES, creation.state, CreationState.BLOCKED)
    else:
        await let_out(work, creation)
    return creation


async def let_out(work: Work, creation: Creation) -> None:
    """Show a creation; one that was shown before keeps the moment at which it was."""
    creation.state = move(CREATION_MOVES, creation.state, CreationState.PUBLISHED)
    assert creation.id is not None
    if creation.published_at is None:
        creation.published_at = work.now
        await work.db.flush()
        await belonging.join(work, creation)
        work.record(CreationPublished(creation_id=creation.id, author_id=creation.author_id))
    await searching.put(work, creation)
    await likeness.put(work, creation)


async def take_down(work: Work, creation: Creation, *, to: CreationState) -> None:
    """Show a creation to nobody any more: it is held, or blocked."""
    assert creation.id is not None
    creation.state = move(CREATION_MOVES, creation.state, to)
    await searching.remove(work, creation.id)
    await likeness.remove(work, creation.id)


async def require_published(view: View, creation_id: int) -> Creation:
    """The creation, now that it was checked.

    Raises:
        Held: a person has to look at it first.
        Blocked: it may not be shown.
    """
    creation = await view.db.get_one(Creation, creation_id)
    if creation.state is CreationState.PUBLISHED:
        return creation
    verdict = await verdicts.latest(view, thing=Thing.CREATION, thing_id=creation_id)
    rule, passage = (verdict.rule, verdict.passage or verdict.why) if verdict else ("", "")
    if creation.state is CreationState.BLOCKED:
        kept = await view.db.exec(
            select(Draft.number).where(
                Draft.creation_id == creation_id, Draft.state == DraftState.OPEN
            )
        )
        raise Blocked(rule, passage, kept.first() or 0)
    raise Held(creation_id, rule, passage)


async def withdraw(work: Work, *, creation_id: int, member_id: int) -> Creation:
    """Take a creation back: its content goes, its number and its place in the lineage stay.

    Raises:
        CreationNotFound: there is none.
        NotYours: somebody else made it.
    """
    creation = await work.db.get(Creation, creation_id)
    if creation is None or creation.state is CreationState.CHECKING:
        raise CreationNotFound(creation_id)
    if creation.author_id != member_id:
        raise NotYours(creation_id)
    if creation.state is CreationState.WITHDRAWN:
        return creation
    creation.state = move(CREATION_MOVES, creation.state, CreationState.WITHDRAWN)
    creation.title = creation.body = creation.alt = creation.label = ""
    creation.media_hash = None
    creation.tags = []
    creation.warnings = []
    creation.withdrawn_at = work.now
    await searching.remove(work, creation_id)
    await asking.close(work, creation_id=creation_id)
    await likeness.remove(work, creation_id)
    await verdicts.empty(work, thing=Thing.CREATION, thing_id=creation_id)
    work.record(CreationWithdrawn(creation_id=creation_id, author_id=member_id))
    return creation


async def widen(work: Work, *, creation_id: int, member_id: int) -> Creation:
    """Show everybody what could be seen in one room only.

    Raises:
        CreationNotFound, NotYours: it is not the member's own published creation.
    """
    creation = await work.db.get(Creation, creation_id)
    if creation is None or creation.state is not CreationState.PUBLISHED:
        raise CreationNotFound(creation_id)
    if creation.author_id != member_id:
        raise NotYours(creation_id)
    creation.visibility = Visibility.EVERYONE
    work.record(CreationPublished(creation_id=creation_id, author_id=member_id))
    return creation


async def stuck(view: View, *, limit: int = 100) -> list[int]:
    """Creations whose check never came back, oldest first."""
    found = await view.db.exec(
        select(Creation.id)
        .where(Creation.state == CreationState.CHECKING)
        .order_by(col(Creation.id))
        .limit(limit)
    )
    return [it for it in found if it is not None]


def visible(text: str) -> bool:
    """Whether anything in a text can be seen: spaces, controls and formatting cannot."""
    return any(unicodedata.category(character) not in UNSEEN for character in text)
