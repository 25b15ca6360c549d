"""The code by which a person shows that two accounts are theirs."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from math import ceil

from sqlalchemy import delete
from sqlmodel import col, select

from feed_core.errors import Refusal
from feed_core.models.members import LinkCode, LinkTry
from feed_core.services.members import in_turn
from feed_core.store import View, Work

LIFETIME = timedelta(minutes=10)
LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # none that look alike
LENGTH = 8
MOST_TRIES = 5
LOCKED_FOR = timedelta(minutes=15)


class LinkCodeWrong(Refusal):
    """The code is unknown, used or expired."""

    code = "link_code_wrong"


@dataclass(eq=False)
class LinkLocked(Refusal):
    """Too many wrong codes; nothing is tried for a while."""

    minutes: int
    code = "link_locked"


class AlreadyLinked(Refusal):
    """Both accounts are one member already."""

    code = "already_linked"


async def offer(work: Work, *, member_id: int) -> str:
    """A code to be typed on another platform; replaces one that was offered before."""
    await work.db.exec(delete(LinkCode).where(col(LinkCode.member_id) == member_id))
    code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    work.db.add(
        LinkCode(code_hash=_hash(code), member_id=member_id, expires_at=work.now + LIFETIME)
    )
    return code


async def locked_minutes(view: View, *, member_id: int) -> int:
    """For how long this member may try no code; 0 when they may."""
    found = await view.db.exec(
        select(LinkTry.tried_at)
        .where(LinkTry.member_id == member_id)
        .order_by(col(LinkTry.tried_at).desc())
        .limit(MOST_TRIES)
    )
    tries = list(found)
    if len(tries) < MOST_TRIES or tries[0] - tries[-1] > LOCKED_FOR:
        return 0
    return max(0, ceil((tries[0] + LOCKED_FOR - view.now) / timedelta(minutes=1)))


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
    offered = await work.db.get(LinkCode, _hash(code))
    for it in sorted({member_id, offered.member_id if offered else member_id}):
        await in_turn(work, it)  # both: two may type each other's codes at once
    if minutes := await locked_minutes(work, member_id=member_id):
        raise LinkLocked(minutes)
    row = await work.hold_if_any(LinkCode, _hash(code))
    if row is None or row.used_at is not None or row.expires_at <= work.now:
        raise LinkCodeWrong
    if row.member_id == member_id:
        raise AlreadyLinked
    row.used_at = work.now
    return row.member_id


def _hash(code: str) -> str:
    return hashlib.sha256(code.strip().upper().encode()).hexdigest()
