"""Two accounts of one person become one member."""

import hashlib
import secrets
from datetime import timedelta

from sqlalchemy import delete, func, update
from sqlmodel import SQLModel, col, select

from feed_core.errors import AlreadyLinked, LinkCodeWrong, LinkLocked
from feed_core.events import MembersMerged
from feed_core.models.conversation import Message
from feed_core.models.creations import Creation, Draft
from feed_core.models.digests import Digest, DigestSchedule
from feed_core.models.ledger import ModelCall
from feed_core.models.members import AgentSettings, Identity, LinkCode, LinkTry, Member
from feed_core.models.proposals import Proposal, StoredCall
from feed_core.models.reactions import Comment, Reaction
from feed_core.store import View, Work

LIFETIME = timedelta(minutes=10)
LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # none that look alike
LENGTH = 8
MOST_TRIES = 5
LOCKED_FOR = timedelta(minutes=15)
OWNED = (
    (Identity, "member_id"),
    (Creation, "author_id"),
    (Comment, "author_id"),
    (Message, "member_id"),
    (Proposal, "member_id"),
    (StoredCall, "only_id"),
    (ModelCall, "member_id"),
    (Digest, "member_id"),
    (LinkTry, "member_id"),
)


async def offer(work: Work, *, member_id: int) -> str:
    """A code to be typed on another platform; replaces one that was offered before."""
    await work.db.execute(delete(LinkCode).where(col(LinkCode.member_id) == member_id))
    code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    work.db.add(
        LinkCode(code_hash=_hash(code), member_id=member_id, expires_at=work.now + LIFETIME)
    )
    return code


async def locked_minutes(view: View, *, member_id: int) -> int:
    """For how long this member may try no code; 0 when they may."""
    tries = await view.db.exec(
        select(func.count(), func.max(LinkTry.tried_at)).where(
            LinkTry.member_id == member_id, col(LinkTry.tried_at) > view.now - LOCKED_FOR
        )
    )
    count, last = tries.one()
    if count < MOST_TRIES:
        return 0
    return max(1, round((last + LOCKED_FOR - view.now) / timedelta(minutes=1)))


async def note_wrong(work: Work, *, member_id: int) -> None:
    """Count a wrong code against who typed it."""
    work.db.add(LinkTry(member_id=member_id, tried_at=work.now))


async def redeem(work: Work, *, code: str, member_id: int) -> int:
    """The member who offered the code; it is used up then.

    Raises:
        LinkLocked: too many wrong codes were typed.
        LinkCodeWrong: unknown, used or expired.
        AlreadyLinked: it is the same member.
    """
    if minutes := await locked_minutes(work, member_id=member_id):
        raise LinkLocked(minutes)
    row = await work.db.get(LinkCode, _hash(code))
    if row is None or row.used_at is not None or row.expires_at <= work.now:
        raise LinkCodeWrong
    if row.member_id == member_id:
        raise AlreadyLinked
    row.used_at = work.now
    return row.member_id


async def merge(work: Work, *, keep_id: int, gone_id: int) -> None:
    """Give everything of one member to another; nothing is lost or doubled.

    Drafts get numbers after the keeper's own. Memories are moved by `memory`, in the same
    transaction.
    """
    for table, column in OWNED:
        await _hand_over(work, table, column, keep_id, gone_id)
    await _move_reactions(work, keep_id, gone_id)
    await _move_drafts(work, keep_id, gone_id)
    await _move_schedule(work, keep_id, gone_id)
    await work.db.execute(delete(LinkCode).where(col(LinkCode.member_id) == gone_id))
    await work.db.execute(delete(AgentSettings).where(col(AgentSettings.member_id) == gone_id))
    gone = await work.db.get_one(Member, gone_id)
    gone.merged_into_id = keep_id
    gone.name = ""
    work.record(MembersMerged(member_id=keep_id, gone_id=gone_id))


async def _hand_over(
    work: Work, table: type[SQLModel], column: str, keep_id: int, gone_id: int
) -> None:
    await work.db.execute(
        update(table)
        .where(col(getattr(table, column)) == gone_id)
        .values({column: keep_id})
        .execution_options(synchronize_session=False)
    )


async def _move_reactions(work: Work, keep_id: int, gone_id: int) -> None:
    both = select(Reaction.creation_id).where(Reaction.member_id == keep_id)
    await work.db.execute(
        delete(Reaction)
        .where(col(Reaction.member_id) == gone_id, col(Reaction.creation_id).in_(both))
        .execution_options(synchronize_session=False)
    )
    await _hand_over(work, Reaction, "member_id", keep_id, gone_id)


async def _move_drafts(work: Work, keep_id: int, gone_id: int) -> None:
    highest = await work.db.exec(select(func.max(Draft.number)).where(Draft.owner_id == keep_id))
    first = (highest.one() or 0) + 1
    moved = await work.db.exec(
        select(Draft).where(Draft.owner_id == gone_id).order_by(col(Draft.number))
    )
    for number, draft in enumerate(moved, start=first):
        draft.owner_id, draft.number = keep_id, number


async def _move_schedule(work: Work, keep_id: int, gone_id: int) -> None:
    theirs = await work.db.get(DigestSchedule, gone_id)
    if theirs is None:
        return
    kept = await work.db.get(DigestSchedule, keep_id)
    if kept is None:
        work.db.add(DigestSchedule(**{**theirs.model_dump(), "member_id": keep_id}))
    await work.db.delete(theirs)


def _hash(code: str) -> str:
    return hashlib.sha256(code.strip().upper().encode()).hexdigest()
