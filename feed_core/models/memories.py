"""What agents remember; only `memory` reads this."""

from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, SQLModel, UniqueConstraint

from feed_core.models import members  # noqa: F401  # the tables referred to
from feed_core.models.columns import moment, moment_or_none, one_of


class MemoryKind(StrEnum):
    """What a memory is about."""

    FACT = "fact"
    TASTE = "taste"
    EPISODE = "episode"


class MemoryState(StrEnum):
    """Whether a memory can be recalled."""

    ACTIVE = "active"
    SUPERSEDED = "superseded"


class Memory(SQLModel, table=True):
    """One thing remembered for one owner, numbered for that owner alone."""

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
