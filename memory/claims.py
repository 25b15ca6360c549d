"""What somebody says of themselves, as it can be remembered."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from feed_core.models.memories import MemoryKind

ONCE = frozenset({"home", "origin", "name", "age", "birthday", "job"})  # true of somebody once
FAVOURITE = "favourite "
TASTE = "taste "


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing that a member said of themselves, in their own words.

    `slot` is what it answers (`Memory.slot`), "" when that is not known. `corrects`: it says that
    something was otherwise before. `replaces` is the number of the owner's memory whose place it
    takes, where that was said.
    """

    kind: MemoryKind
    text: str
    slot: str = ""
    corrects: bool = False
    replaces: int | None = None
    source: str = ""
    said_at: datetime | None = None

    @classmethod
    def noted(cls, kind: str, text: str, **more: Any) -> Self:
        """A claim of a kind that is named by its value ("fact", "taste", "episode")."""
        return cls(MemoryKind(kind), text, **more)


@dataclass(frozen=True, slots=True)
class Said:
    """One line that a member typed, and where and when."""

    text: str
    place: str
    at: datetime


def answers_once(slot: str) -> bool:
    """Whether of this only one thing can be true at a time, so that a newer one supersedes."""
    return slot in ONCE or slot.startswith(FAVOURITE)


def kind_of(slot: str) -> MemoryKind:
    """The kind of what answers a slot."""
    return MemoryKind.TASTE if slot.startswith((TASTE, FAVOURITE)) else MemoryKind.FACT
