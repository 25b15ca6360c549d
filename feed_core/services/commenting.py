"""What people say about creations."""

from dataclasses import dataclass

from sqlmodel import col, select

from feed_core.errors import EmptyText, Refusal, TextTooLong
from feed_core.events import CommentPosted, CommentWithdrawn
from feed_core.models.creations import Creation
from feed_core.models.reactions import Comment
from feed_core.services.publishing import visible
from feed_core.services.sight import Reader, may_see, see
from feed_core.states import COMMENT_MOVES, CommentState, move
from feed_core.store import View, Work

LONGEST_COMMENT = 2_000


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


async def comment(
    work: Work, *, creation_id: int, reader: Reader, body: str, tainted: bool = False
) -> Comment:
    """Say something about a creation.

    Raises:
        EmptyText, TextTooLong: it cannot be shown.
        CreationNotFound, CreationWithdrawn: there is nothing to say it about.
    """
    said = body.strip()
    if not visible(said):
        raise EmptyText
    if len(said) > LONGEST_COMMENT:
        raise TextTooLong(len(said), LONGEST_COMMENT)
    await see(work, creation_id, reader=reader)
    written = Comment(
        creation_id=creation_id,
        author_id=reader.member_id,
        body=said,
        tainted=tainted,
        created_at=work.now,
    )
    work.db.add(written)
    await work.db.flush()
    assert written.id is not None
    work.record(
        CommentPosted(comment_id=written.id, creation_id=creation_id, author_id=reader.member_id)
    )
    return written


async def withdraw(work: Work, *, comment_id: int, reader: Reader) -> Comment:
    """Take a comment away for good: its words are gone; a second time changes nothing.

    Whoever said it may, and whoever made what it is about.

    Raises:
        CommentNotFound: there is none that this reader may see.
        NotYourComment: somebody else said it, about what somebody else made.
    """
    said = await work.db.get(Comment, comment_id)
    if said is None:
        raise CommentNotFound(comment_id)
    creation = await work.db.get_one(Creation, said.creation_id)
    if reader.member_id not in (said.author_id, creation.author_id):
        seen = await work.db.exec(
            select(Creation.id).where(Creation.id == said.creation_id, may_see(reader))
        )
        if seen.first() is None or said.state is CommentState.WITHDRAWN:
            raise CommentNotFound(comment_id)
        raise NotYourComment(comment_id)
    if said.state is not CommentState.WITHDRAWN:
        said.state = move(COMMENT_MOVES, said.state, CommentState.WITHDRAWN)
        said.body = ""
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
