"""What members keep, follow, mute, and say about what they are shown."""

from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, Index, SQLModel

from feed_core.models import creations, members  # noqa: F401  # the tables referred to
from feed_core.models.columns import moment, one_of


class Followed(StrEnum):
    """What a member can follow or mute."""

    MEMBER = "member"
    TAG = "tag"
    THREAD = "thread"
    WORD = "word"


class Wanted(StrEnum):
    """What a member says about something they were shown."""

    MORE = "more"
    LESS = "less"
    HIDE = "hide"


class Bookmark(SQLModel, table=True):
    """A creation that a member keeps, in one of their named collections."""

    __table_args__ = (Index("ix_bookmark_of_member", "member_id", "created_at", "creation_id"),)

    member_id: int = Field(primary_key=True, foreign_key="member.id")
    creation_id: int = Field(primary_key=True, foreign_key="creation.id", index=True)
    collection: str = Field(default="saved", primary_key=True)
    created_at: datetime = moment()


class Follow(SQLModel, table=True):
    """A maker, tag or thread whose news a member wants; `subject` is a number or a word as text."""

    member_id: int = Field(primary_key=True, foreign_key="member.id")
    kind: Followed = one_of(Followed.MEMBER, primary_key=True)
    subject: str = Field(primary_key=True)
    created_at: datetime = moment()


class Mute(SQLModel, table=True):
    """A maker, tag, thread or word that a member does not want to see."""

    member_id: int = Field(primary_key=True, foreign_key="member.id")
    kind: Followed = one_of(Followed.MEMBER, primary_key=True)
    subject: str = Field(primary_key=True)
    created_at: datetime = moment()


class Opinion(SQLModel, table=True):
    """More like this, less like this, hide this: the last word counts."""

    member_id: int = Field(primary_key=True, foreign_key="member.id")
    creation_id: int = Field(primary_key=True, foreign_key="creation.id")
    wanted: Wanted = one_of(Wanted.HIDE)
    created_at: datetime = moment()
