"""Memories go back to whose they were, when a link of two members is undone."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import update
from sqlmodel import col, select

from feed_core.events import MemoryForgotten
from feed_core.models.memories import Memory, MemorySettings, MemoryState
from feed_core.services import link_journal
from feed_core.store import Work
from memory.owning import owned_by
from memory.texts import alike

PART = "memory"


async def note(work: Work, *, keep_id: int, gone_id: int) -> None:
    """Keep whose the memories are, before they are moved: numbers only."""
    active = col(Memory.state) == MemoryState.ACTIVE
    mine = await work.db.exec(select(Memory.text, Memory.id).where(owned_by(keep_id), active))
    known = {alike(text): memory_id for text, memory_id in mine}
    moved, doubled = [], []
    for it in await work.db.exec(
        select(Memory).where(owned_by(gone_id)).order_by(col(Memory.number))
    ):
        twin = known.get(alike(it.text)) if it.state is MemoryState.ACTIVE else None
        if twin is not None:
            doubled.append([it.number, twin])
            continue
        moved.append([it.id, it.number])
        if it.state is MemoryState.ACTIVE:
            known[alike(it.text)] = it.id
    settings = await work.db.get(MemorySettings, gone_id)
    kept = {
        "moved": moved,
        "doubled": doubled,
        "settings": None if settings is None else settings.model_dump(mode="json"),
    }
    await link_journal.add(work, gone_id=gone_id, part=PART, kept=kept)


async def give_back(
    work: Work, kept: Mapping[str, Any], *, keep_id: int, gone_id: int
) -> Collection[int]:
    """Give the memories back, and return which: `forgetting.settle` brings the index after it.

    What both knew each of them knows again. What a newer memory took the place of since stays with
    the one who has that.
    """
    told = kept[PART]
    numbers: dict[int, int] = dict(told["moved"])
    rows = await work.db.exec(select(Memory).where(owned_by(keep_id)))
    mine = {it.id: it for it in rows if it.id is not None}
    twins = {twin for _, twin in told["doubled"]}
    back = {
        it: row
        for it, row in mine.items()
        if it in numbers
        and (row.superseded_by_id is None or row.superseded_by_id in numbers.keys() | twins)
    }
    copies: dict[int, int] = {}
    for number, twin in told["doubled"]:
        known = back.get(twin) or mine.get(twin)
        if known is None or known.state is not MemoryState.ACTIVE:
            continue
        own = known.model_dump(exclude={"id", "owner_id", "number", "indexed"})
        copy = Memory(**own, owner_id=gone_id, number=number)
        work.db.add(copy)
        await work.db.flush()
        assert copy.id is not None
        copies[twin] = copy.id
    for it, row in back.items():
        row.owner_id, row.number, row.indexed = gone_id, numbers[it], False
        if row.superseded_by_id is not None and row.superseded_by_id in twins:
            row.superseded_by_id = copies.get(row.superseded_by_id)
    await work.db.flush()
    await work.db.exec(
        update(Memory)
        .where(owned_by(keep_id), col(Memory.superseded_by_id).in_(back))
        .values(superseded_by_id=None)
    )
    if told["settings"] is not None:
        work.db.add(MemorySettings.model_validate(told["settings"]))
        await work.db.flush()
    work.record(MemoryForgotten(keep_id))
    return back.keys()
