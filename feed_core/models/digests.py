"""When a member wants a digest, the digests there were, and what stood in them."""

from datetime import date, datetime

from sqlmodel import Field, SQLModel, UniqueConstraint

from feed_core.models import creations, members  # noqa: F401  # the tables referred to
from feed_core.models.columns import json_list, moment, moment_or_none, one_of
from feed_core.states import DigestState


class DigestSchedule(SQLModel, table=True):
    """A member's hours: local times ("07:30"), weekdays (Monday 0) and zone; NULL is never due."""

    __tablename__ = "digest_schedule"

    member_id: int = Field(primary_key=True, foreign_key="member.id")
    times: list[str] = json_list()
    weekdays: list[int] = json_list()
    zone: str
    identity_id: int = Field(foreign_key="identity.id")
    next_run_at: datetime | None = moment_or_none(index=True)


class Digest(SQLModel, table=True):
    """One selection for one member; the scheduled one of a local day exists once."""

    __table_args__ = (UniqueConstraint("member_id", "slot"),)

    id: int | None = Field(default=None, primary_key=True)
    member_id: int = Field(foreign_key="member.id", index=True)
    local_date: date
    slot: str  # "2026-11-22T07:30" for a scheduled hour, "now:<uid>" for one that was asked for
    identity_id: int | None = Field(default=None, foreign_key="identity.id")
    state: DigestState = one_of(DigestState.DUE, index=True)
    due_at: datetime = moment()
    composed_at: datetime | None = moment_or_none()


class DigestEntry(SQLModel, table=True):
    """One creation in one digest, with the true reason why it is there."""

    __tablename__ = "digest_entry"

    digest_id: int = Field(primary_key=True, foreign_key="digest.id")
    position: int = Field(primary_key=True)
    creation_id: int = Field(foreign_key="creation.id", index=True)
    reason: str
    reason_subject: int | None = None
    reason_count: int = 0
    reason_tag: str = ""
