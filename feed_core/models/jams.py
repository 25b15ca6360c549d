"""Jams: a prompt in a room, those who play, and what they add to one chain."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel, UniqueConstraint

from feed_core.models import creations, members, rooms  # noqa: F401  # the tables referred to
from feed_core.models.columns import json_list, moment, moment_or_none, one_of


class JamState(StrEnum):
    """How far a jam has come."""

    PLAYING = "playing"
    PUBLISHING = "publishing"
    ENDED = "ended"


class JamEntryState(StrEnum):
    """What became of an entry in a jam."""

    WAITING = "waiting"
    CHECKING = "checking"
    PUBLISHED = "published"
    SKIPPED = "skipped"  # the gate did not let it pass
    TAKEN_BACK = "taken_back"


JAM_MOVES: Mapping[JamState, frozenset[JamState]] = {
    JamState.PLAYING: frozenset({JamState.PUBLISHING}),
    JamState.PUBLISHING: frozenset({JamState.ENDED}),
    JamState.ENDED: frozenset(),
}
JAM_ENTRY_MOVES: Mapping[JamEntryState, frozenset[JamEntryState]] = {
    JamEntryState.WAITING: frozenset({JamEntryState.CHECKING, JamEntryState.TAKEN_BACK}),
    JamEntryState.CHECKING: frozenset({JamEntryState.PUBLISHED, JamEntryState.SKIPPED}),
    JamEntryState.PUBLISHED: frozenset(),
    JamEntryState.SKIPPED: frozenset(),
    JamEntryState.TAKEN_BACK: frozenset(),
}
UNENDED = text("state <> 'ended'")


class Jam(SQLModel, table=True):
    """One jam in one room; there is at most one at a time.

    `turn` is the position of the player whose turn it is, 0 while anybody may add; `idle` counts
    the turns that ran out since somebody added something. `due_at` is when it has to be looked at
    next.
    """

    __table_args__ = (
        Index(
            "ux_jam_of_room",
            "room_id",
            unique=True,
            sqlite_where=UNENDED,
            postgresql_where=UNENDED,
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    room_id: int = Field(foreign_key="room.id")
    starter_id: int = Field(foreign_key="member.id", index=True)
    prompt: str
    state: JamState = one_of(JamState.PLAYING)
    turn_seconds: int
    turn: int = 1
    turn_ends_at: datetime | None = moment_or_none()
    idle: int = 0
    started_at: datetime = moment()
    ends_at: datetime = moment()
    due_at: datetime | None = moment_or_none(index=True)
    ended_at: datetime | None = moment_or_none()


class JamPlayer(SQLModel, table=True):
    """Who plays in a jam, in the order in which they joined."""

    __tablename__ = "jam_player"

    jam_id: int = Field(primary_key=True, foreign_key="jam.id")
    member_id: int = Field(primary_key=True, foreign_key="member.id", index=True)
    position: int
    joined_at: datetime = moment()
    left_at: datetime | None = moment_or_none()


class JamEntry(SQLModel, table=True):
    """What one player added; lets go of its words once a creation holds them."""

    __tablename__ = "jam_entry"
    __table_args__ = (UniqueConstraint("jam_id", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    jam_id: int = Field(foreign_key="jam.id")
    number: int
    author_id: int = Field(foreign_key="member.id", index=True)
    title: str
    body: str = ""
    steps: list[dict[str, Any]] = json_list()
    tainted: bool = False
    state: JamEntryState = one_of(JamEntryState.WAITING)
    creation_id: int | None = Field(default=None, foreign_key="creation.id", index=True)
    created_at: datetime = moment()
