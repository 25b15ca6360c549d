"""Runs of standing orders: claimed at their hour, done once at most, and told."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_
from sqlmodel import col, select

from feed_core.models.orders import RUN_MOVES, RunState, StandingOrder
from feed_core.services import deliveries
from feed_core.services.orders import following
from feed_core.states import DeliveryKind, move
from feed_core.store import View, Work

GRACE = timedelta(hours=2)  # an hour missed by more than this is skipped, and said
LONGEST_RUN = timedelta(minutes=10)  # what began before that was stopped in the middle
LONGEST_NOTE = 500  # characters


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run went, and what came of it."""

    run: RunState
    creation_id: int | None = None
    draft_id: int | None = None
    proposal_id: int | None = None
    note: str = ""


async def any_due(view: View) -> bool:
    """Whether there is anything to do now: an hour to claim, a run to do or to give up."""
    found = await view.db.exec(
        select(StandingOrder.id)
        .where(
            or_(
                col(StandingOrder.next_run_at) <= view.now,
                col(StandingOrder.run) == RunState.DUE,
                _stopped(view.now),
            )
        )
        .limit(1)
    )
    return found.first() is not None


async def claim_due(work: Work, *, limit: int = 500) -> int:
    """Turn hours that have come into runs that are due; returns how many were looked at.

    Whoever claims an hour moves it on in the same transaction, so that no other does. Of hours
    that were missed, one is made up for if it is no older than GRACE; else its member is told.
    """
    found = await work.db.exec(
        select(StandingOrder)
        .where(col(StandingOrder.next_run_at) <= work.now)
        .order_by(col(StandingOrder.next_run_at))
        .limit(limit)
        .with_for_update(skip_locked=True, key_share=True)
    )
    rows = list(found)
    for order in rows:
        assert order.next_run_at is not None
        hour = order.next_run_at
        if hour < work.now - GRACE:  # of several, the first that is not missed by too much
            recent = following(order, after=work.now - GRACE)
            hour = recent if recent is not None and recent <= work.now else hour
        order.next_run_at = following(order, after=work.now)
        if order.run in (RunState.DUE, RunState.RUNNING):
            continue  # the hour before is still being done
        order.run, order.run_at = move(RUN_MOVES, order.run, RunState.DUE), hour
        order.creation_id = order.draft_id = order.proposal_id = None
        order.note = ""
        if work.now - hour > GRACE:
            await _end(work, order, Outcome(RunState.SKIPPED))
    return len(rows)


async def give_up(work: Work) -> int:
    """End runs that a stop broke off, without doing them again; returns how many."""
    found = await work.db.exec(
        select(StandingOrder).where(_stopped(work.now)).with_for_update(skip_locked=True)
    )
    rows = list(found)
    for order in rows:
        await _end(work, order, Outcome(RunState.BROKEN))
    return len(rows)


async def due(view: View, *, limit: int = 100) -> list[int]:
    """The orders whose runs are due, the oldest hour first."""
    found = await view.db.exec(
        select(StandingOrder.id)
        .where(StandingOrder.run == RunState.DUE)
        .order_by(col(StandingOrder.run_at))
        .limit(limit)
    )
    return [it for it in found if it is not None]


async def begin(work: Work, order_id: int) -> StandingOrder | None:
    """Claim a run that is due; None when it is no longer, or was skipped for being too late."""
    order = await work.hold_if_any(StandingOrder, order_id)
    if order is None or order.run is not RunState.DUE:
        return None
    assert order.run_at is not None
    if work.now - order.run_at > GRACE:
        await _end(work, order, Outcome(RunState.SKIPPED))
        return None
    order.run, order.begun_at = move(RUN_MOVES, order.run, RunState.RUNNING), work.now
    return order


async def finish(work: Work, order_id: int, outcome: Outcome) -> None:
    """Write down how a run went, and tell its member; nothing when it was taken back meanwhile."""
    order = await work.hold_if_any(StandingOrder, order_id)
    if order is not None and order.run is RunState.RUNNING:
        await _end(work, order, outcome)


async def _end(work: Work, order: StandingOrder, outcome: Outcome) -> None:
    assert order.id is not None
    assert order.run_at is not None
    order.run = move(RUN_MOVES, order.run, outcome.run)
    order.creation_id, order.draft_id = outcome.creation_id, outcome.draft_id
    order.proposal_id, order.note = outcome.proposal_id, outcome.note[:LONGEST_NOTE]
    await deliveries.tell(
        work,
        member_id=order.member_id,
        kind=DeliveryKind.ORDER,
        subject_id=order.id,
        key=f"{DeliveryKind.ORDER}:{order.id}:{order.run_at.isoformat()}",
    )


def _stopped(now: datetime) -> ColumnElement[bool]:
    """The condition on `StandingOrder` that its run was broken off by a stop."""
    running = col(StandingOrder.run) == RunState.RUNNING
    return running & (col(StandingOrder.begun_at) <= now - LONGEST_RUN)
