"""Act calls that wait behind buttons."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, update
from sqlmodel import col, select

from feed_core import bulk
from feed_core.errors import ButtonExpired, ButtonUsed, NotYourButton
from feed_core.models.proposals import UNDOES, Proposal, StoredCall
from feed_core.states import CallState, ProposalState
from feed_core.store import View, Work

LIFETIME = timedelta(days=90)
UNDO_WITHIN = timedelta(days=1)
TOKEN_BYTES = 9  # twelve characters of base64, which every platform's button can carry


@dataclass(frozen=True, slots=True)
class Waiting:
    """A call to be stored."""

    act: str
    arguments: dict[str, Any]
    only_id: int | None = None
    once: bool = False
    blank: str | None = None
    shown_hash: str = ""
    proposal_id: int | None = None
    undoes: bool = False


async def store(work: Work, waiting: Sequence[Waiting]) -> list[str]:
    """Store calls and return their tokens, in the same order."""
    tokens = [secrets.token_urlsafe(TOKEN_BYTES) for _ in waiting]
    rows = [
        {
            "token": token,
            "act": it.act,
            "arguments": it.arguments,
            "only_id": it.only_id,
            "once": it.once,
            "blank": it.blank,
            "shown_hash": it.shown_hash,
            "proposal_id": it.proposal_id,
            "undoes": it.undoes,
            "state": CallState.OPEN,
            "expires_at": work.now + LIFETIME,
        }
        for token, it in zip(tokens, waiting, strict=True)
    ]
    await bulk.add(work, StoredCall, rows)
    return tokens


async def find(view: View, token: str) -> StoredCall:
    """The call behind a token.

    Raises:
        ButtonExpired: it is no longer stored.
    """
    row = await view.db.get(StoredCall, token)
    if row is None or row.expires_at <= view.now:
        raise ButtonExpired
    return row


async def undoable(view: View, *, member_id: int, limit: int) -> list[StoredCall]:
    """What a member did lately and can take back, the newest first."""
    found = await view.db.exec(
        select(StoredCall)
        .where(
            StoredCall.only_id == member_id,
            UNDOES,
            StoredCall.state == CallState.OPEN,
            StoredCall.expires_at > view.now + LIFETIME - UNDO_WITHIN,
        )
        .order_by(col(StoredCall.expires_at).desc())
        .limit(limit)
    )
    return list(found)


async def press(work: Work, token: str, *, member_id: int) -> StoredCall:
    """Claim the call for whoever pressed.

    Raises:
        ButtonExpired: it, or the proposal that it answers, has run out.
        NotYourButton: another member was asked.
        ButtonUsed: it works once, and did, or its proposal is answered.
    """
    row = await find(work, token)
    if row.only_id is not None and row.only_id != member_id:
        raise NotYourButton
    if row.proposal_id is not None:
        proposal = await work.db.get_one(Proposal, row.proposal_id)
        if proposal.state is ProposalState.EXPIRED or proposal.expires_at <= work.now:
            raise ButtonExpired
        if proposal.state is not ProposalState.OPEN:  # shown twice, answered by the other button
            raise ButtonUsed
    if row.once:
        claimed = await work.db.exec(
            update(StoredCall)
            .where(col(StoredCall.token) == token, col(StoredCall.state) == CallState.OPEN)
            .values(state=CallState.USED)
            .returning(col(StoredCall.token))
        )
        if claimed.scalar_one_or_none() is None:
            raise ButtonUsed
    return row


async def reopen(work: Work, token: str) -> None:
    """Let a claimed call be pressed again, because doing it failed."""
    await work.db.exec(
        update(StoredCall).where(col(StoredCall.token) == token).values(state=CallState.OPEN)
    )


async def sweep(work: Work) -> None:
    """Forget calls that nobody can press any more."""
    await work.db.exec(delete(StoredCall).where(col(StoredCall.expires_at) <= work.now))
