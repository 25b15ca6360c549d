"""What was said between a member and their agent, and the messages on their way in."""

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel, UniqueConstraint

from feed_core.models import members  # noqa: F401  # the tables referred to
from feed_core.models.columns import json_object, moment, moment_or_none, one_of
from feed_core.states import InboxState, Role


class Message(SQLModel, table=True):
    """One line of the conversation; an agent's line holds only what its model itself said."""

    __tablename__ = "message"

    id: int | None = Field(default=None, primary_key=True)
    member_id: int = Field(foreign_key="member.id", index=True)
    place: str
    role: Role = one_of(Role.MEMBER)
    text: str
    created_at: datetime = moment()


class Recap(SQLModel, table=True):
    """What a member and their agent talked about in one place, up to the message `until_id`.

    It is made of their own lines alone.
    """

    member_id: int = Field(primary_key=True, foreign_key="member.id")
    place: str = Field(primary_key=True)
    text: str
    until_id: int
    made_at: datetime = moment()


class Inbox(SQLModel, table=True):
    """An accepted message until it is answered; the payload is emptied then.

    `acted` is set before the first effect of its turn, so that a restart knows whether running it
    again could double something.
    """

    __table_args__ = (UniqueConstraint("platform", "update_id"),)

    id: int | None = Field(default=None, primary_key=True)
    platform: str
    update_id: str
    state: InboxState = one_of(InboxState.RECEIVED, index=True)
    acted: bool = False
    payload: dict[str, Any] = json_object()
    received_at: datetime = moment()
    finished_at: datetime | None = moment_or_none()
