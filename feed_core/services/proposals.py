"""What agents would like to do and their members have to allow."""

from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import col, select

from feed_core.models.proposals import Proposal
from feed_core.states import PROPOSAL_MOVES, ProposalState, move
from feed_core.store import View, Work

LIFETIME = timedelta(days=7)


async def propose(
    work: Work, *, member_id: int, act: str, arguments: dict[str, Any], shown_hash: str = ""
) -> Proposal:
    """Store an act call until its member says yes; what they are asked already is asked anew."""
    asked = await work.db.exec(
        select(Proposal).where(
            *_open(work, member_id), Proposal.act == act, Proposal.shown_hash == shown_hash
        )
    )
    for proposal in asked:
        if proposal.arguments == arguments:
            proposal.expires_at = work.now + LIFETIME
            return proposal
    proposal = Proposal(
        member_id=member_id,
        act=act,
        arguments=arguments,
        shown_hash=shown_hash,
        created_at=work.now,
        expires_at=work.now + LIFETIME,
    )
    work.db.add(proposal)
    await work.db.flush()
    return proposal


async def waiting(view: View, *, member_id: int, limit: int = 10) -> list[Proposal]:
    """What the member's agent would like to do and may not yet, the oldest first."""
    found = await view.db.exec(
        select(Proposal).where(*_open(view, member_id)).order_by(col(Proposal.id)).limit(limit)
    )
    return list(found)


async def answer(work: Work, proposal_id: int, *, accepted: bool) -> None:
    """Record the member's answer; after the first answer, or too late, it changes nothing."""
    proposal = await work.hold(Proposal, proposal_id)
    if proposal.state is not ProposalState.OPEN:
        return
    if proposal.expires_at <= work.now:
        proposal.state = move(PROPOSAL_MOVES, proposal.state, ProposalState.EXPIRED)
        return
    answered = ProposalState.ACCEPTED if accepted else ProposalState.DECLINED
    proposal.state = move(PROPOSAL_MOVES, proposal.state, answered)
    proposal.answered_at = work.now


def _open(view: View, member_id: int) -> tuple[ColumnElement[bool], ...]:
    """What a member's own agent may still be told yes to."""
    return (
        col(Proposal.member_id) == member_id,
        col(Proposal.asker_id).is_(None),
        col(Proposal.state) == ProposalState.OPEN,
        col(Proposal.expires_at) > view.now,
    )
