"""Rooms in which Jamfeed is present."""

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel, UniqueConstraint

from feed_core.models.columns import json_object, moment, moment_or_none


class Room(SQLModel, table=True):
    """A channel, thread, forum, chat or topic, and what its moderators set.

    `name` is how people there call it, without a sign before it; `server_id` and `server` are what
    it belongs to: a Discord server, a Telegram group. `gone_at` is when Jamfeed could not reach it
    any more, NULL while it can. `left_at` is when its moderators had Jamfeed leave, NULL while it
    may be there.
    """

    __table_args__ = (UniqueConstraint("platform", "external_id"),)

    id: int | None = Field(default=None, primary_key=True)
    platform: str
    external_id: str
    name: str = ""
    server_id: str = ""
    server: str = ""
    bound: bool = Field(default=False, index=True)
    public: bool = False
    settings: dict[str, Any] = json_object()
    gone_at: datetime | None = moment_or_none()
    left_at: datetime | None = moment_or_none()
    created_at: datetime = moment()
