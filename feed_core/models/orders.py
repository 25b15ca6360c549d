"""What members told their agents to do again and again."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlmodel import Field, SQLModel, UniqueConstraint

from feed_core.models import creations, members, proposals, rooms  # noqa: F401  # the tables referred to
from feed_core.models.columns import json_list, json_object, moment, moment_or_none, one_of


class OrderState(StrEnum):
    """Whether a standing order comes due."""

    WAITING = "waiting"  # for its member's yes
    ACTIVE = "active"
    PAUSED = "paused"


class RunState(StrEnum):
    """How far the last run of a standing order has come."""

    NONE = "none"
    DUE = "due"
    RUNNING = "running"
    DONE = "done"
    PROPOSED = "proposed"  # its member has to say yes first
    REFUSED = "refused"
    SKIPPED = "skipped"  # its hour was missed by too much
    BROKEN = "broken"  # stopped in the middle: it may be done


ORDER_MOVES: Mapping[OrderState, frozenset[OrderState]] = {
    OrderState.WAITING: frozenset({OrderState.ACTIVE}),
    OrderState.ACTIVE: frozenset({OrderState.PAUSED}),
    OrderState.PAUSED: frozenset({OrderState.ACTIVE}),
}
RUN_MOVES: Mapping[RunState, frozenset[RunState]] = {
    RunState.NONE: frozenset({RunState.DUE}),
    RunState.DUE: frozenset({RunState.RUNNING, RunState.SKIPPED, RunState.NONE}),
    RunState.RUNNING: frozenset(
        {RunState.DONE, RunState.PROPOSED, RunState.REFUSED, RunState.BROKEN}
    ),
    RunState.DONE: frozenset({RunState.DUE}),
    RunState.PROPOSED: frozenset({RunState.DUE}),
    RunState.REFUSED: frozenset({RunState.DUE}),
    RunState.SKIPPED: frozenset({RunState.DUE}),
    RunState.BROKEN: frozenset({RunState.DUE}),
}


class StandingOrder(SQLModel, table=True):
    """An act call that comes due at local times ("18:00") on weekdays (Monday 0) in a zone.

    `number` counts for its member alone; `room_id` is where it was given, outside private chats.
    `next_run_at` is NULL while it is not active. `run` is how far its last run has come, which was
    due at `run_at` and began at `begun_at`; what came of it is one of a creation, a draft, a
    proposal or a `note` to its member.
    """

    __tablename__ = "standing_order"
    __table_args__ = (UniqueConstraint("member_id", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    member_id: int = Field(foreign_key="member.id")
    number: int
    act: str
    arguments: dict[str, Any] = json_object()
    times: list[str] = json_list()
    weekdays: list[int] = json_list()
    zone: str
    room_id: int | None = Field(default=None, foreign_key="room.id")
    state: OrderState = one_of(OrderState.WAITING)
    next_run_at: datetime | None = moment_or_none(index=True)
    run: RunState = one_of(RunState.NONE, index=True)
    run_at: datetime | None = moment_or_none()
    begun_at: datetime | None = moment_or_none()
    creation_id: int | None = Field(default=None, foreign_key="creation.id")
    draft_id: int | None = Field(default=None, foreign_key="draft.id")
    proposal_id: int | None = Field(default=None, foreign_key="proposal.id")
    note: str = ""
    created_at: datetime = moment()
