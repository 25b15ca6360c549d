"""When digests come, the digests there were, and what stood in them."""

from datetime import date, datetime
from enum import StrEnum

from sqlmodel import Field, SQLModel, UniqueConstraint

from feed_core.models import creations, members, reactions, rooms  # noqa: F401  # the tables referred to
from feed_core.models.columns import json_list, moment, moment_or_none, one_of
from feed_core.states import DigestState


class Section(StrEnum):
    """The parts of a digest, in the order in which they are shown."""

    FOR_YOU = "for_you"
    THREADS = "threads"  # where the member is in, and something happened
    OF_YOURS = "of_yours"  # what others made of the member's own
    ANSWERS = "answers"  # what others said about the member's own


class Length(StrEnum):
    """How much a digest holds."""

    SHORT = "short"
    USUAL = "usual"
    LONG = "long"


class DigestSchedule(SQLModel, table=True):
    """A member's hours: local times ("07:30"), weekdays (Monday 0) and zone; NULL is never due.

    `skipped_at` is the hour that was missed by too much and that they have not been told of.
    """

    __tablename__ = "digest_schedule"

    member_id: int = Field(primary_key=True, foreign_key="member.id")
    times: list[str] = json_list()
    weekdays: list[int] = json_list()
    zone: str
    identity_id: int = Field(foreign_key="identity.id")
    next_run_at: datetime | None = moment_or_none(index=True)
    skipped_at: datetime | None = moment_or_none()


class RoomSchedule(SQLModel, table=True):
    """A room's hours, as those of a member; `member_id` is the moderator who set them."""

    __tablename__ = "room_schedule"

    room_id: int = Field(primary_key=True, foreign_key="room.id")
    member_id: int = Field(foreign_key="member.id", index=True)
    times: list[str] = json_list()
    weekdays: list[int] = json_list()
    zone: str
    next_run_at: datetime | None = moment_or_none(index=True)


class DigestSettings(SQLModel, table=True):
    """What a member's digests are like, and when nothing may come unasked.

    `says_empty`: once a week they are told that there was nothing new, last at `said_empty_at`.
    From `quiet_from` to `quiet_until` (local times, "22:00"; "" for no such hours) all waits.
    `cover`: a picture of what stands in it comes on top.
    """

    __tablename__ = "digest_settings"

    member_id: int = Field(primary_key=True, foreign_key="member.id")
    length: Length = one_of(Length.USUAL)
    says_empty: bool = False
    cover: bool = False
    said_empty_at: datetime | None = moment_or_none()
    quiet_from: str = ""
    quiet_until: str = ""


class Digest(SQLModel, table=True):
    """One selection for one member, or for a room; the scheduled one of an hour exists once.

    Of a room's, `member_id` is the moderator who set its hours. What happened after `since` is new
    in it. `says_empty`: it says that there was nothing new. `skipped_at`: it says so of that hour.
    """

    __table_args__ = (UniqueConstraint("member_id", "slot"),)

    id: int | None = Field(default=None, primary_key=True)
    member_id: int = Field(foreign_key="member.id")  # found by the index of the constraint
    room_id: int | None = Field(default=None, foreign_key="room.id")
    local_date: date
    slot: str  # "2026-11-22T07:30" for a scheduled hour, "now:<uid>" for one that was asked for
    identity_id: int | None = Field(default=None, foreign_key="identity.id")
    state: DigestState = one_of(DigestState.DUE, index=True)
    length: Length = one_of(Length.USUAL)
    due_at: datetime = moment()
    since: datetime | None = moment_or_none()
    composed_at: datetime | None = moment_or_none()
    skipped_at: datetime | None = moment_or_none()
    says_empty: bool = False

    @property
    def scheduled(self) -> bool:
        """Whether it is owed to somebody; else it is the answer to who asked for it."""
        return self.identity_id is not None or self.room_id is not None


class DigestEntry(SQLModel, table=True):
    """One creation in one digest, with the true reason why it is there.

    `comment_id` is what was said last about it, `gist_key` the gist of its thread; `later`: its
    member wants it once more.
    """

    __tablename__ = "digest_entry"

    digest_id: int = Field(primary_key=True, foreign_key="digest.id")
    position: int = Field(primary_key=True)
    section: Section = one_of(Section.FOR_YOU)
    creation_id: int = Field(foreign_key="creation.id", index=True)
    reason: str
    reason_subject: int | None = None
    reason_count: int = 0
    reason_tag: str = ""
    comment_id: int | None = Field(default=None, foreign_key="comment.id")
    gist_key: str = ""
    later: bool = False
