"""What somebody says of themselves, as it can be remembered."""

from dataclasses import dataclass
from datetime import datetime

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
    place: str = ""
    said_at: datetime | None = None


def answers_once(slot: str) -> bool:
    """Whether of this only one thing can be true at a time, so that a newer one supersedes."""
    return slot in ONCE or slot.startswith(FAVOURITE)
