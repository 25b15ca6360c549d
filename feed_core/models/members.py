"""Members, their accounts on platforms, and their agents' settings."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlmodel import Field, SQLModel, UniqueConstraint

from feed_core.models.columns import json_object, moment, moment_or_none, new_uid, one_of


class Feed(StrEnum):
    """The feeds that a member can choose from."""

    FOR_YOU = "for-you"
    LATEST = "latest"
    JAMS = "jams"
    FOLLOWING = "following"


class Member(SQLModel, table=True):
    """A person. `merged_into_id` leads from an account that was linked to the one that stays.

    Names that look alike have one `skeleton` (UTS #39).
    """

    id: int | None = Field(default=None, primary_key=True)
    uid: UUID = Field(default_factory=new_uid, unique=True)
    name: str
    skeleton: str = Field(default="", index=True)
    language: str = "en"
    zone: str = "UTC"
    feed: Feed = one_of(Feed.FOR_YOU)
    created_at: datetime = moment()
    merged_into_id: int | None = Field(default=None, foreign_key="member.id")


class Identity(SQLModel, table=True):
    """A member's account on one platform; `private_place` is where they can be written to alone."""

    __table_args__ = (UniqueConstraint("platform", "external_id"),)

    id: int | None = Field(default=None, primary_key=True)
    member_id: int = Field(foreign_key="member.id", index=True)
    platform: str
    external_id: str
    name: str
    private_place: str | None = None
    reachable: bool = True
    created_at: datetime = moment()


class AgentSettings(SQLModel, table=True):
    """How one member's agent differs from the persona it was made from.

    `tone`: how it shall speak, in its member's words; `language` (ISO 639-1) is what it answers in.
    Where one is empty, the persona's voice and the member's own words decide.
    """

    __tablename__ = "agent_settings"

    member_id: int = Field(primary_key=True, foreign_key="member.id")
    persona: str
    name: str | None = None
    tone: str = ""
    language: str = ""
    paused: bool = False
    leash: dict[str, str] = json_object()


class LinkCode(SQLModel, table=True):
    """A short-lived code that joins two accounts; only its hash is kept."""

    __tablename__ = "link_code"

    code_hash: str = Field(primary_key=True)
    member_id: int = Field(foreign_key="member.id")
    expires_at: datetime = moment()
    used_at: datetime | None = moment_or_none()


class LinkTry(SQLModel, table=True):
    """A wrong code typed by a member; too many lock linking for a while."""

    __tablename__ = "link_try"

    id: int | None = Field(default=None, primary_key=True)
    member_id: int = Field(foreign_key="member.id", index=True)
    tried_at: datetime = moment()


class Link(SQLModel, table=True):
    """Two members that became one, while that can be undone; `kept` says what was whose.

    It names rows and holds small settings, but nothing that anybody wrote in words to be read.
    """

    gone_id: int = Field(primary_key=True, foreign_key="member.id")
    keep_id: int = Field(foreign_key="member.id", index=True)
    expires_at: datetime = moment()
    kept: dict[str, Any] = json_object()
