"""What agents remember; only `memory` reads this."""

from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, SQLModel, UniqueConstraint

from feed_core.models import members  # noqa: F401  # the tables referred to
from feed_core.models.columns import json_list, moment, moment_or_none, one_of


class MemoryKind(StrEnum):
    """What a memory is about."""

    FACT = "fact"
    TASTE = "taste"
    EPISODE = "episode"


class MemoryState(StrEnum):
    """Whether a memory can be recalled."""

    ACTIVE = "active"
    SUPERSEDED = "superseded"


class MemoryReason(StrEnum):
    """Why a memory is kept."""

    ASKED = "asked"  # its owner asked for it
    SAID = "said"  # its owner said it of themselves
    FIXED = "fixed"  # its owner put another right
    LIKED = "liked"  # counted from what its owner reacted to
    HAPPENED = "happened"  # counted from what its owner did


class Memory(SQLModel, table=True):
    """One thing remembered for one owner, numbered for that owner alone.

    `slot` names what it answers ("home", "job", "taste haiku"), "" when that is not known: of what
    can be true of somebody only once, a newer answer supersedes the older one. `uses` counts how
    often it was recalled for an answer, the last time at `used_at`. One that was superseded keeps
    its text for the history; `superseded_by_id` is what took its place, if anything did.
    """

    __table_args__ = (UniqueConstraint("owner_id", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    owner_id: int = Field(foreign_key="member.id", index=True)
    number: int
    kind: MemoryKind = one_of(MemoryKind.FACT)
    state: MemoryState = one_of(MemoryState.ACTIVE)
    text: str
    source: str
    indexed: bool = False
    created_at: datetime = moment()
    used_at: datetime | None = moment_or_none()
    reason: MemoryReason = one_of(MemoryReason.ASKED)
    slot: str = ""
    uses: int = 0
    superseded_by_id: int | None = Field(default=None, foreign_key="memory.id", index=True)
    ended_at: datetime | None = moment_or_none()


class MemorySettings(SQLModel, table=True):
    """What one member's agent may learn; who has no row has changed nothing.

    `never` lists what is never remembered ("topic:home", "kind:taste", "words:my divorce",
    "slot:liked tag rain"), `incognito` the places whose talk is neither kept nor learned from.
    Lines of the conversation up to `learned_to` were learned from; later ones are due at
    `learn_at`.
    """

    __tablename__ = "memory_settings"

    member_id: int = Field(primary_key=True, foreign_key="member.id")
    paused: bool = False
    never: list[str] = json_list()
    incognito: list[str] = json_list()
    learned_to: int = 0
    learn_at: datetime | None = moment_or_none(index=True)
