"""What people say about creations."""

import hashlib
import json
from dataclasses import dataclass

from sqlmodel import col, select

from feed_core.errors import EmptyText, Refusal, TextTooLong
from feed_core.events import CommentPosted, CommentWithdrawn
from feed_core.models.creations import Creation
from feed_core.models.moderation import Thing
from feed_core.models.reactions import Comment
from feed_core.services import gists, room_posts, verdicts
from feed_core.services.directions import closed
from feed_core.services.gate import Content, Decision
from feed_core.services.pieces import NotWords, binary, visible
from feed_core.services.room_posts import Origin
from feed_core.services.sight import Reader, may_see, see
from feed_core.states import COMMENT_MOVES, CommentState, Outcome, move
from feed_core.store import View, Work

LONGEST_COMMENT = 2_000
STATES = {Outcome.HOLD: CommentState.HELD, Outcome.BLOCK: CommentState.BLOCKED}


@dataclass(eq=False)
class CommentNotFound(Refusal):
    """No comment of this number can be read by who asked."""

    comment_id: int
    code = "comment_not_found"


@dataclass(eq=False)
class NotYourComment(Refusal):
    """Only who said it, or made what it is about, may do this."""

    comment_id: int
    code = "not_your_comment"


@dataclass(eq=False)
class CommentHeld(Refusal):
    """A check wants a person to look before others read it."""

    comment_id: int
    rule: str
    passage: str
    code = "comment_held"


def content(*, creation_id: int, author_id: int, body: str) -> Content:
    """What a check gets to see of a comment that is not written down yet.

    Raises:
        EmptyText, TextTooLong, NotWords: it cannot be shown.
    """
    said = closed(body.strip())
    if not visible(said):
        raise EmptyText
    if len(said) > LONGEST_COMMENT:
        raise TextTooLong(len(said), LONGEST_COMMENT)
    if binary(said):
        raise NotWords
    return Content(
        author_id=author_id,
        title="",
        body=said,
        media_hash=None,
        content_hash=hash_of(said),
        thing=Thing.COMMENT,
        creation_id=creation_id,
    )


async def comment(
    work: Work,
    *,
    reader: Reader,
    checked: Content,
    decision: Decision,
    tainted: bool = False,
    origin: Origin | None = None,
) -> Comment:
    """Say what was checked about a creation; what did not pass is kept and shown to nobody.

    What one message of a room says, its `origin`, is said once however often.

    Raises:
        CreationNotFound, CreationWithdrawn: there is nothing to say it about.
    """
    assert checked.creation_id is not None
    if origin is not None:
        await work.alone(f"room {origin.room_id} {origin.message_id}")
        if (known := await room_posts.comment_of(work, origin)) is not None:
            return known
    await see(work, checked.creation_id, reader=reader)
    written = Comment(
        creation_id=checked.creation_id,
        author_id=checked.author_id,
        state=STATES.get(decision.outcome, CommentState.PUBLISHED),
        body=checked.body,
        tainted=tainted,
        warnings=list(decision.labels),
        created_at=work.now,
    )
    work.db.add(written)
    await work.db.flush()
    assert written.id is not None
    if decision.outcome is not Outcome.PASS:
        await verdicts.record(
            work,
            thing=Thing.COMMENT,
            thing_id=written.id,
            content_hash=checked.content_hash,
            decision=decision,
        )
    if origin is not None:
        await room_posts.heard(work, origin, written)
    if written.state is CommentState.PUBLISHED:
        await _posted(work, written)
    return written


async def amend(work: Work, *, comment_id: int, checked: Content, decision: Decision) -> Comment:
    """Let a comment say what was checked; what did not pass is read by nobody any more.

    One that is not read now, because it was taken back or a moderator looks at it, stays as it is.
    """
    said = await work.hold(Comment, comment_id)
    if said.state is not CommentState.PUBLISHED or said.body == checked.body:
        return said
    said.body, said.warnings = checked.body, list(decision.labels)
    await gists.forget(work, comment_id=comment_id)
    if decision.outcome is not Outcome.PASS:
        await verdicts.record(
            work,
            thing=Thing.COMMENT,
            thing_id=comment_id,
            content_hash=checked.content_hash,
            decision=decision,
        )
    if decision.outcome in STATES:
        said.state = move(COMMENT_MOVES, said.state, STATES[decision.outcome])
    await room_posts.unsaid(work, said)
    return said


async def let_out(work: Work, said: Comment) -> None:
    """Let a comment be read."""
    said.state = move(COMMENT_MOVES, said.state, CommentState.PUBLISHED)
    await _posted(work, said)
    await room_posts.unsaid(work, said)


async def take_down(work: Work, said: Comment, *, to: CommentState) -> None:
    """Let a comment be read by nobody any more: it is held, or blocked."""
    said.state = move(COMMENT_MOVES, said.state, to)
    await gists.forget(work, comment_id=said.id)
    await room_posts.unsaid(work, said)


async def read(view: View, comment_id: int, *, reader: Reader) -> Comment:
    """The comment of this number.

    Raises:
        CommentNotFound: there is none that this reader may read.
    """
    said = await view.db.get(Comment, comment_id)
    if said is not None and said.state is CommentState.PUBLISHED:
        seen = await view.db.exec(
            select(Creation.id).where(Creation.id == said.creation_id, may_see(reader))
        )
        if seen.first() is not None:
            return said
    raise CommentNotFound(comment_id)


async def withdraw(work: Work, *, comment_id: int, reader: Reader) -> Comment:
    """Take a comment away for good: its words are gone; a second time changes nothing.

    Whoever said it may, and whoever made what it is about.

    Raises:
        CommentNotFound: there is none that this reader may see.
        NotYourComment: somebody else said it, about what somebody else made.
    """
    said = await work.hold_if_any(Comment, comment_id)
    if said is None:
        raise CommentNotFound(comment_id)
    creation = await work.db.get_one(Creation, said.creation_id)
    known = said.state in (CommentState.PUBLISHED, CommentState.WITHDRAWN)
    if reader.member_id != said.author_id and not (
        known and reader.member_id == creation.author_id
    ):
        await read(work, comment_id, reader=reader)
        raise NotYourComment(comment_id)
    if said.state is not CommentState.WITHDRAWN:
        said.state = move(COMMENT_MOVES, said.state, CommentState.WITHDRAWN)
        said.body = ""
        said.warnings = []
        await gists.forget(work, comment_id=comment_id)
        await verdicts.empty(work, thing=Thing.COMMENT, thing_id=comment_id)
        await room_posts.unsaid(work, said)
        work.record(CommentWithdrawn(comment_id=comment_id, creation_id=said.creation_id))
    return said


async def own(view: View, *, author_id: int, limit: int = 20) -> list[Comment]:
    """What one member has said, newest first."""
    found = await view.db.exec(
        select(Comment)
        .where(Comment.author_id == author_id, Comment.state == CommentState.PUBLISHED)
        .order_by(col(Comment.id).desc())
        .limit(limit)
    )
    return list(found)


def hash_of(body: str) -> str:
    """SHA-256 of what others would read."""
    return hashlib.sha256(json.dumps(["comment", body]).encode()).hexdigest()


async def _posted(work: Work, said: Comment) -> None:
    assert said.id is not None
    await room_posts.said(work, said)
    work.record(
        CommentPosted(comment_id=said.id, creation_id=said.creation_id, author_id=said.author_id)
    )
