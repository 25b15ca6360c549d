"""Asking a maker whether one may build on a creation of theirs that says *ask*.

A question is a proposal that another member has to answer. A yes holds for its asker and its
creation, until the maker says no to everybody; a no holds for a month. What cannot be answered any
more is closed, and whoever asked is told.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Executable, bindparam, func
from sqlmodel import col, select

from feed_core.errors import Refusal
from feed_core.models.columns import UtcDateTime
from feed_core.models.creations import Creation
from feed_core.models.proposals import Proposal
from feed_core.services import deliveries
from feed_core.services.members import in_turn
from feed_core.services.once import insert
from feed_core.services.sight import Reader
from feed_core.states import (
    PROPOSAL_MOVES,
    DeliveryKind,
    Permission,
    ProposalState,
    move,
)
from feed_core.store import View, Work

LIFETIME = timedelta(days=7)
NO_STANDS = timedelta(days=30)
MOST_OPEN = 10  # questions of one member that wait at once
ACT = "remix"


@dataclass(eq=False)
class RemixDeclined(Refusal):
    """The maker of a source was asked by this member not long ago, and said no."""

    creation_id: int
    code = "remix_declined"


@dataclass(eq=False)
class TooManyQuestions(Refusal):
    """As many of the member's questions wait for makers as may."""

    limit: int
    code = "too_many_questions"


@dataclass(eq=False)
class QuestionNotFound(Refusal):
    """No question of this number was asked of the member."""

    number: int
    code = "question_not_found"


async def ask(
    work: Work,
    *,
    creation: Creation,
    reader: Reader,
    arguments: Mapping[str, Any],
    asked_on: str = "",
) -> tuple[Proposal, bool]:
    """Ask the maker of a creation, and whether that is new: a question that waits is the same one.

    `arguments` are the remix that is asked for; a yes lets the asker go on with the one that they
    asked for last.

    Raises:
        RemixDeclined: the maker said no not long ago.
        TooManyQuestions: more of the asker's questions wait than one maker after another answers.
    """
    assert creation.id is not None
    await in_turn(work, reader.member_id)
    known = await _latest(work, creation.id, reader.member_id)
    if known is not None:
        known = await work.hold(Proposal, known.id)
    if known is not None and known.state is ProposalState.OPEN:
        if known.expires_at > work.now:
            known.arguments = dict(arguments)
            return known, False
        await _close(work, known, ProposalState.EXPIRED, tell=False)
    if known is not None and _still_no(known, work):
        raise RemixDeclined(creation.id)
    if await _count_open(work, reader.member_id) >= MOST_OPEN:
        raise TooManyQuestions(MOST_OPEN)
    made = await work.db.exec(
        insert(work, Proposal).on_conflict_do_nothing().returning(col(Proposal.id)),
        params={
            "member_id": creation.author_id,
            "act": ACT,
            "arguments": dict(arguments),
            "asker_id": reader.member_id,
            "creation_id": creation.id,
            "asked_on": asked_on,
            "shown_hash": "",
            "state": ProposalState.OPEN,
            "created_at": work.now,
            "expires_at": work.now + LIFETIME,
        },
    )
    question_id = made.scalar_one_or_none()
    if question_id is None:  # asked twice at once
        question = await _latest(work, creation.id, reader.member_id)
        assert question is not None
        return question, False
    question = await work.db.get_one(Proposal, question_id)
    await deliveries.tell(
        work,
        member_id=creation.author_id,
        kind=DeliveryKind.QUESTION,
        subject_id=question_id,
    )
    return question, True


async def granted(view: View, creation_id: int, *, member_id: int) -> bool:
    """Whether the maker said yes to this member."""
    known = await _latest(view, creation_id, member_id)
    return known is not None and known.state is ProposalState.ACCEPTED


async def answer(
    work: Work, *, question_id: int, member_id: int, yes: bool
) -> tuple[Proposal, bool]:
    """Answer a question that was asked of this member, and whether that counted.

    After the first answer, or too late, it changes nothing.

    Raises:
        QuestionNotFound: this member was never asked that.
    """
    question = await work.hold_if_any(Proposal, question_id)
    if question is None or question.asker_id is None or question.member_id != member_id:
        raise QuestionNotFound(question_id)
    if question.state is not ProposalState.OPEN:
        return question, False
    if question.expires_at <= work.now:
        await _close(work, question, ProposalState.EXPIRED)
        return question, False
    await _close(work, question, ProposalState.ACCEPTED if yes else ProposalState.DECLINED)
    return question, True


async def waiting(view: View, *, member_id: int, limit: int = 10) -> list[Proposal]:
    """The questions that wait for this member's answer, the oldest first."""
    found = await view.db.exec(
        select(Proposal)
        .where(
            Proposal.member_id == member_id,
            col(Proposal.asker_id).is_not(None),
            Proposal.state == ProposalState.OPEN,
            Proposal.expires_at > view.now,
        )
        .order_by(col(Proposal.id))
        .limit(limit)
    )
    return list(found)


async def any_late(view: View) -> bool:
    """Whether there is a question that nobody answered in time, and that is not closed yet."""
    connection = await view.db.connection()
    return await connection.scalar(_any_late(), {"now": view.now}) is not None


async def expire(work: Work, *, limit: int = 100) -> int:
    """Close questions that nobody answered in time, and tell who asked; returns how many."""
    found = await work.db.exec(
        select(Proposal)
        .where(*_late())
        .order_by(col(Proposal.id))
        .limit(limit)
        .with_for_update(skip_locked=True, key_share=True),
        params={"now": work.now},
    )
    late = list(found)
    for it in late:
        await _close(work, it, ProposalState.EXPIRED)
    return len(late)


async def follow(work: Work, *, creation_ids: Collection[int], permission: Permission) -> None:
    """Let questions follow what their maker now says to everybody: a yes or a no answers them."""
    if permission is Permission.ASK:
        return
    found = await work.db.exec(
        select(Proposal)
        .where(
            col(Proposal.creation_id).in_(creation_ids),
            col(Proposal.state).in_([ProposalState.OPEN, ProposalState.ACCEPTED]),
        )
        .order_by(col(Proposal.id))
        .with_for_update(key_share=True)
    )
    for it in found:
        if permission is Permission.NO and it.state is ProposalState.ACCEPTED:
            it.state = move(PROPOSAL_MOVES, it.state, ProposalState.REVOKED)
        elif permission is Permission.NO:
            await _close(work, it, ProposalState.REVOKED)
        elif it.state is ProposalState.OPEN:
            await _close(work, it, ProposalState.ACCEPTED)


async def close(work: Work, *, creation_id: int) -> None:
    """End the questions about a creation that was taken back, and tell who asked."""
    found = await work.db.exec(
        select(Proposal)
        .where(Proposal.creation_id == creation_id, Proposal.state == ProposalState.OPEN)
        .order_by(col(Proposal.id))
        .with_for_update(key_share=True)
    )
    for it in found:
        await _close(work, it, ProposalState.EXPIRED)


@cache
def _any_late() -> Executable:
    """Put together once, because every tick asks it."""
    return select(Proposal.id).where(*_late()).limit(1)


def _late() -> tuple[ColumnElement[bool], ...]:
    """Conditions of a statement that is executed with `now`."""
    return (
        col(Proposal.state) == ProposalState.OPEN,
        col(Proposal.asker_id).is_not(None),
        col(Proposal.expires_at) <= bindparam("now", type_=UtcDateTime()),
    )


async def _close(
    work: Work, question: Proposal, state: ProposalState, *, tell: bool = True
) -> None:
    assert question.id is not None
    assert question.asker_id is not None
    question.state = move(PROPOSAL_MOVES, question.state, state)
    question.answered_at = work.now
    await work.db.flush()
    if tell:
        await deliveries.tell(
            work,
            member_id=question.asker_id,
            kind=DeliveryKind.ANSWER,
            subject_id=question.id,
            near=question.asked_on,
        )


def _still_no(question: Proposal, view: View) -> bool:
    answered = question.answered_at
    return (
        question.state is ProposalState.DECLINED
        and answered is not None
        and answered > view.now - NO_STANDS
    )


async def _latest(view: View, creation_id: int, asker_id: int) -> Proposal | None:
    found = await view.db.exec(
        select(Proposal)
        .where(Proposal.creation_id == creation_id, Proposal.asker_id == asker_id)
        .order_by(col(Proposal.id).desc())
        .limit(1)
    )
    return found.first()


async def _count_open(view: View, asker_id: int) -> int:
    found = await view.db.exec(
        select(func.count())
        .select_from(Proposal)
        .where(
            Proposal.asker_id == asker_id,
            Proposal.state == ProposalState.OPEN,
            Proposal.expires_at > view.now,
        )
    )
    return found.one()
