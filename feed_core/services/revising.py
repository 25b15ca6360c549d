"""Editing what is published: the old words stay until the new ones have passed the gate."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlmodel import col, select

from feed_core.errors import Blocked, Refusal
from feed_core.events import CreationEdited
from feed_core.models.creations import Creation
from feed_core.models.members import Member
from feed_core.models.moderation import Thing
from feed_core.models.revisions import Revision
from feed_core.services import (
    authorship,
    gists,
    languages,
    likeness,
    publishing,
    room_posts,
    searching,
    verdicts,
    versions,
)
from feed_core.services.authorship import Step
from feed_core.services.gate import Content, Decision
from feed_core.services.languages import Language
from feed_core.services.pieces import Changes, Piece
from feed_core.states import REVISION_MOVES, CreationState, Outcome, RevisionState, Visibility, move
from feed_core.store import View, Work


@dataclass(eq=False)
class EditHeld(Refusal):
    """A person has to look at an edit first; until then the old words stay."""

    creation_id: int
    rule: str
    passage: str
    code = "edit_held"


class EditDropped(Refusal):
    """An edit came to nothing: a later one, or a withdrawal, overtook it."""

    code = "edit_dropped"


async def begin(
    work: Work,
    *,
    creation_id: int,
    member_id: int,
    changes: Changes,
    steps: Sequence[Step],
    tainted: bool = False,
) -> Revision | None:
    """Store an edit to be checked; None when it changes nothing.

    An earlier edit that still waits comes to nothing. `steps` say by whose hands it was made.

    Raises:
        CreationNotFound, NotYours: it is not the member's own published creation.
        EmptyText, TextTooLong, TooManyTags, NotWords, LinkRefused: it could not be shown.
    """
    creation = await publishing.own(work, creation_id=creation_id, member_id=member_id)
    edited = changes.made_to(piece(creation))
    await versions.drop_pending(work, creation_id)
    if edited.content_hash == creation.content_hash:
        return None
    if not await _edited_before(work, creation_id):
        assert creation.published_at is not None
        first = _revision(creation_id, piece(creation))
        first.state = RevisionState.APPLIED
        first.created_at = first.applied_at = creation.published_at
        first.tainted = creation.tainted
        work.db.add(first)
        await work.db.flush()
    revision = _revision(creation_id, replace(edited, steps=steps))
    revision.created_at = work.now
    revision.tainted = tainted
    work.db.add(revision)
    await work.db.flush()
    return revision


async def content(view: View, revision_id: int) -> Content:
    """What a check gets to see of an edit."""
    revision = await view.db.get_one(Revision, revision_id)
    creation = await view.db.get_one(Creation, revision.creation_id)
    return Content(
        author_id=creation.author_id,
        title=revision.title,
        body=revision.body,
        media_hash=creation.media_hash,
        content_hash=revision.content_hash,
        alt=revision.alt,
        tags=revision.tags,
        link=revision.link,
        thing=Thing.REVISION,
        creation_id=revision.creation_id,
        room_id=creation.room_id,
        private=creation.visibility is Visibility.ONLY_ME,
    )


async def settle(work: Work, *, revision_id: int, checked: Content, decision: Decision) -> Revision:
    """Record what a check decided on an edit and do as it says; a second time changes nothing.

    A verdict on another content than the stored one leaves the edit held.
    """
    about = await work.db.get_one(Revision, revision_id)
    await work.hold(Creation, about.creation_id)  # before its edits, as whoever edits does
    revision = await work.hold(Revision, revision_id)
    if revision.state is not RevisionState.CHECKING:
        return revision
    await verdicts.record(
        work,
        thing=Thing.REVISION,
        thing_id=revision_id,
        content_hash=checked.content_hash,
        decision=decision,
    )
    outcome = decision.outcome
    if checked.content_hash != revision.content_hash:
        outcome = Outcome.HOLD
    if outcome is Outcome.HOLD:
        revision.state = move(REVISION_MOVES, revision.state, RevisionState.HELD)
    elif outcome is Outcome.BLOCK:
        revision.state = move(REVISION_MOVES, revision.state, RevisionState.BLOCKED)
    else:
        await apply(work, revision, warnings=decision.labels)
    return revision


async def apply(work: Work, revision: Revision, *, warnings: Sequence[str] = ()) -> None:
    """Let a creation say what an edit has it say; whoever calls this has a verdict for it."""
    creation = await work.hold(Creation, revision.creation_id)
    assert creation.state is not CreationState.WITHDRAWN  # that drops every edit
    revision.state = move(REVISION_MOVES, revision.state, RevisionState.APPLIED)
    revision.applied_at = creation.edited_at = work.now
    creation.title, creation.body, creation.alt = revision.title, revision.body, revision.alt
    creation.tags, creation.link = list(revision.tags), revision.link
    creation.content_hash = revision.content_hash
    creation.steps = [*creation.steps, *revision.steps]
    creation.authorship = authorship.computed(creation.steps)
    creation.tainted = revision.tainted
    creation.warnings = list(warnings)
    await gists.forget(work, creation_id=revision.creation_id)
    if creation.state is CreationState.PUBLISHED:  # one that a moderator hid stays hidden
        await searching.put(work, creation)
        await likeness.put(work, creation)
    await room_posts.follow(work, creation)
    work.record(CreationEdited(creation_id=revision.creation_id, author_id=creation.author_id))


async def require_applied(view: View, revision_id: int) -> Creation:
    """The creation, now that its edit was checked.

    Raises:
        EditHeld: a person has to look at the edit first.
        Blocked: it may not be shown.
        EditDropped: something overtook it.
    """
    revision = await view.db.get_one(Revision, revision_id)
    if revision.state is RevisionState.APPLIED:
        return await view.db.get_one(Creation, revision.creation_id)
    if revision.state is RevisionState.DROPPED:
        raise EditDropped
    verdict = await verdicts.latest(view, thing=Thing.REVISION, thing_id=revision_id)
    rule, passage = (verdict.rule, verdict.passage) if verdict else ("", "")
    if revision.state is RevisionState.BLOCKED:
        raise Blocked(rule, passage)
    raise EditHeld(revision.creation_id, rule, passage)


async def stuck(view: View, *, limit: int = 100) -> list[int]:
    """Edits whose check never came back, oldest first."""
    found = await view.db.exec(
        select(Revision.id)
        .where(Revision.state == RevisionState.CHECKING)
        .order_by(col(Revision.id))
        .limit(limit)
    )
    return [it for it in found if it is not None]


def piece(creation: Creation) -> Piece:
    """A creation as something to be published."""
    return Piece(
        title=creation.title,
        body=creation.body,
        kind=creation.kind,
        tags=creation.tags,
        link=creation.link,
        media_hash=creation.media_hash,
        alt=creation.alt,
        label=creation.label,
        language=creation.language,
        steps=creation.steps,
        tainted=creation.tainted,
    )


async def set_language(
    work: Work, *, creation_id: int, member_id: int, language: Language
) -> Creation:
    """Say in which language a creation is, or have it told from its words again.

    Raises:
        CreationNotFound, NotYours: it is not the member's own published creation.
    """
    creation = await publishing.own(work, creation_id=creation_id, member_id=member_id)
    if language is Language.AUTO:
        author = await work.db.get_one(Member, member_id)
        text = f"{creation.title}\n{creation.body}"
        creation.language = languages.guess(text, otherwise=author.language)
    else:
        creation.language = language
    return creation


async def _edited_before(view: View, creation_id: int) -> bool:
    found = await view.db.exec(
        select(Revision.id)
        .where(Revision.creation_id == creation_id, Revision.state == RevisionState.APPLIED)
        .limit(1)
    )
    return found.first() is not None


def _revision(creation_id: int, said: Piece) -> Revision:
    return Revision(
        creation_id=creation_id,
        title=said.title,
        body=said.body,
        tags=list(said.tags),
        link=said.link,
        alt=said.alt,
        steps=list(said.steps),
        content_hash=said.content_hash,
    )
