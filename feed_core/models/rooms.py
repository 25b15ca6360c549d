"""Rooms in which Jamfeed is present."""

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel, UniqueConstraint

from feed_core.models.columns import json_object, moment


class Room(SQLModel, table=True):
    """A channel, thread, forum, chat or topic, and what its moderators set."""

    __table_args__ = (UniqueConstraint("platform", "external_id"),)

    id: int | None = Field(default=None, primary_key=True)
    platform: str
    external_id: str
    name: str = ""
    bound: bool = False
    public: bool = False
    settings: dict[str, Any] = json_object()
    created_at: datetime = moment()
