"""What people feel and say about creations."""

from sqlalchemy import func
from sqlmodel import select

from feed_core.errors import EmptyText, TextTooLong
from feed_core.events import CommentPosted, ReactionAdded
from feed_core.models.reactions import Comment, Reaction
from feed_core.services.publishing import visible
from feed_core.services.sight import Reader, see
from feed_core.states import ReactionKind
from feed_core.store import Work

LONGEST_COMMENT = 2_000


async def like(work: Work, *, creation_id: int, reader: Reader) -> int:
    """Like a creation, once however often; returns how many like it now.

    Raises:
        CreationNotFound, CreationWithdrawn: it cannot be seen.
    """
    await see(work, creation_id, reader=reader)
    key = (creation_id, reader.member_id, ReactionKind.LIKE)
    if await work.db.get(Reaction, key) is None:
        work.db.add(
            Reaction(creation_id=creation_id, member_id=reader.member_id, created_at=work.now)
        )
        work.record(ReactionAdded(creation_id=creation_id, member_id=reader.member_id))
    return await _likes(work, creation_id)


async def unlike(work: Work, *, creation_id: int, reader: Reader) -> int:
    """Take a like back; returns how many like it still."""
    await see(work, creation_id, reader=reader)
    known = await work.db.get(Reaction, (creation_id, reader.member_id, ReactionKind.LIKE))
    if known is not None:
        await work.db.delete(known)
    return await _likes(work, creation_id)


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


async def _likes(work: Work, creation_id: int) -> int:
    await work.db.flush()
    found = await work.db.exec(
        select(func.count()).select_from(Reaction).where(Reaction.creation_id == creation_id)
    )
    return found.one()
