"""What was decided on what others would see, and what members reported."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, Index, SQLModel, UniqueConstraint

from feed_core.models import members  # noqa: F401  # the tables referred to
from feed_core.models.columns import moment, moment_or_none, one_of
from feed_core.states import Outcome


class Thing(StrEnum):
    """What others would see, and so passes the gate."""

    CREATION = "creation"
    REVISION = "revision"
    COMMENT = "comment"
    MEMBER_NAME = "member_name"
    AGENT_NAME = "agent_name"


class ReportState(StrEnum):
    """What a moderator made of a report."""

    OPEN = "open"
    UPHELD = "upheld"
    DISMISSED = "dismissed"


REPORT_MOVES: Mapping[ReportState, frozenset[ReportState]] = {
    ReportState.OPEN: frozenset({ReportState.UPHELD, ReportState.DISMISSED}),
    ReportState.UPHELD: frozenset(),
    ReportState.DISMISSED: frozenset(),
}


class Verdict(SQLModel, table=True):
    """What a check or a moderator decided on one content of one thing.

    `thing_id` is the number of a creation, a revision, a comment or a change of name. A check's
    verdict names its rule and the passage that it found; a moderator's, who gave it and why.
    """

    __table_args__ = (Index("ix_verdict_thing", "thing", "thing_id"),)

    id: int | None = Field(default=None, primary_key=True)
    thing: Thing = one_of(Thing.CREATION)
    thing_id: int
    content_hash: str
    outcome: Outcome = one_of(Outcome.HOLD)
    rule: str = ""
    passage: str = ""
    decided_by_id: int | None = Field(default=None, foreign_key="member.id", index=True)
    why: str = ""
    decided_at: datetime = moment()


class Report(SQLModel, table=True):
    """What a member finds wrong with one content of a creation or comment."""

    __table_args__ = (
        UniqueConstraint("member_id", "thing", "thing_id", "content_hash"),
        Index("ix_report_thing", "thing", "thing_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    member_id: int = Field(foreign_key="member.id", index=True)
    thing: Thing = one_of(Thing.CREATION)
    thing_id: int
    content_hash: str
    state: ReportState = one_of(ReportState.OPEN, index=True)
    reason: str
    created_at: datetime = moment()
    answered_at: datetime | None = moment_or_none()
