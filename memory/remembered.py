"""What others see of a memory."""

from dataclasses import dataclass
from datetime import datetime

from feed_core.models.memories import Memory, MemoryKind, MemoryReason, MemoryState


@dataclass(frozen=True, slots=True)
class Remembered:
    """One memory; its owner knows it by its number, which counts for that owner alone.

    `ended_at` is when it was superseded.
    """

    id: int
    number: int
    kind: MemoryKind
    text: str
    source: str
    created_at: datetime
    reason: MemoryReason
    state: MemoryState
    slot: str = ""
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Recalled:
    """One memory that fits a query; the score ranks within one recall and means nothing else."""

    memory: Remembered
    score: float


def remembered(row: Memory) -> Remembered:
    """What others see of a stored row."""
    assert row.id is not None
    return Remembered(
        id=row.id,
        number=row.number,
        kind=row.kind,
        text=row.text,
        source=row.source,
        created_at=row.created_at,
        reason=row.reason,
        state=row.state,
        slot=row.slot,
        ended_at=row.ended_at,
    )
