"""Memories that are counted from what a member did, and counted anew when they did more."""

from collections.abc import Sequence

import structlog
from sqlmodel import col, select

from feed_core.errors import Unavailable
from feed_core.models.memories import (
    Memory,
    MemoryKind,
    MemoryReason,
    MemorySettings,
    MemoryState,
)
from feed_core.services.members import in_turn
from memory.claims import Claim
from memory.indexing import index_some, leave
from memory.lineages import supersede
from memory.numbering import last_number
from memory.owning import owned_by, owner
from memory.shelf import Shelf
from memory.topics import forbidding

COUNTED = (MemoryReason.LIKED, MemoryReason.HAPPENED)

logger = structlog.get_logger(__name__)


async def recount(shelf: Shelf, owner_id: int, claims: Sequence[Claim]) -> int:
    """Let what is counted be these claims: one memory for each slot, however often it is counted.

    What is counted no more leaves recall and stays in the history. What the owner forgot or never
    wants remembered is not counted again, and nothing is while learning is paused. Returns how many
    memories changed.
    """
    ended: list[Memory] = []
    changed = 0
    async with shelf.store.work() as work:
        await in_turn(work, owner(owner_id))
        settings = await work.db.get(MemorySettings, owner_id)
        if settings is not None and settings.paused:
            return 0
        never = settings.never if settings is not None else []
        found = await work.db.exec(
            select(Memory)
            .where(owned_by(owner_id), col(Memory.reason).in_(COUNTED))
            .order_by(col(Memory.number))
        )
        known = {it.slot: it for it in found}
        wanted = {
            it.slot: it
            for it in claims
            if not forbidding(never, kind=it.kind, slot=it.slot, text=it.text)
        }
        number = await last_number(work, owner_id)
        for slot, claim in wanted.items():
            row = known.get(slot)
            if row is None:
                number += 1
                row = Memory(
                    owner_id=owner_id,
                    number=number,
                    kind=claim.kind,
                    text="",
                    source="",
                    reason=_reason(claim),
                    slot=slot,
                    created_at=work.now,
                )
                work.db.add(row)
            if row.state is MemoryState.SUPERSEDED and row.superseded_by_id is not None:
                continue  # its owner put it right
            if _says(row, claim):
                continue
            changed += 1
            row.indexed = row.indexed and row.text == claim.text
            row.text, row.source = claim.text, claim.source
            row.created_at = claim.said_at or work.now
            row.state, row.ended_at = MemoryState.ACTIVE, None
        ended = [
            it
            for slot, it in known.items()
            if slot not in wanted and it.state is MemoryState.ACTIVE
        ]
        await supersede(work, ended, None)
        await work.db.flush()
    await leave(shelf, owner_id, [it.id for it in ended if it.id is not None])
    return changed + len(ended)


async def give_vectors(shelf: Shelf, owner_id: int) -> None:
    """Give what was counted its vectors, when the index can be used."""
    try:
        while await index_some(shelf, owner_id):
            pass
    except Unavailable:
        logger.warning("memories_wait_for_vectors", member_id=owner_id, exc_info=True)


def _reason(claim: Claim) -> MemoryReason:
    return MemoryReason.LIKED if claim.kind is MemoryKind.TASTE else MemoryReason.HAPPENED


def _says(row: Memory, claim: Claim) -> bool:
    said = (row.text, row.source) == (claim.text, claim.source)
    return said and row.state is MemoryState.ACTIVE
