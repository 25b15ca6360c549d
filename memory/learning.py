"""What was said becomes memories: new, known already, or in place of older ones."""

from __future__ import annotations  # NumPy is only named here: a start without it is quicker

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

import structlog
from sqlalchemy import Integer, bindparam
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from feed_core.errors import EmptyText, TextTooLong, Unavailable
from feed_core.models.columns import UtcDateTime
from feed_core.models.conversation import Message
from feed_core.models.members import Identity
from feed_core.models.memories import Memory, MemoryReason, MemorySettings, MemoryState
from feed_core.services.members import in_turn
from feed_core.states import Role
from feed_core.store import View, Work
from memory.claims import TASTE, Claim, Said, answers_once
from memory.counting import COUNTED
from memory.indexing import index_some, leave
from memory.likeness import overlap, same_claim
from memory.lineages import supersede
from memory.numbering import last_number
from memory.owning import owned_by, owner
from memory.shelf import Shelf
from memory.statements import slot_of
from memory.texts import alike, readable
from memory.topics import forbidding
from memory.words import stems

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = Mapping[int, NDArray[np.float32]]

SAME = 0.85  # cosine from which on two texts that share their words say the same
NEAR = 0.6  # cosine from which on a correction means the memory that it is nearest to
LINES = 100  # of the conversation that are learned from at once

logger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Heard:
    """The lines of one member that nothing was learned from yet, oldest first.

    `up_to` is the number of the last; `since` that of the last one before, which says whether
    somebody else has learned from them meanwhile. `more`: there are further ones.
    """

    lines: Sequence[Said]
    since: int
    up_to: int
    more: bool


async def due(shelf: Shelf, *, limit: int) -> list[int]:
    """The members whose talk has paused and was not learned from, the longest waiting first."""
    async with shelf.store.read() as view:
        connection = await view.db.connection()
        return list(await connection.scalars(_due(), {"now": view.now, "limit": limit}))


@cache
def _due() -> SelectOfScalar[int]:
    """Put together once, because every tick asks it."""
    return (
        select(MemorySettings.member_id)
        .where(col(MemorySettings.learn_at) <= bindparam("now", type_=UtcDateTime()))
        .order_by(col(MemorySettings.learn_at))
        .limit(bindparam("limit", type_=Integer))
    )


async def unlearned(shelf: Shelf, owner_id: int) -> Heard | None:
    """What the member said in private since the last time that something was learned.

    None when they never said anything; without lines when nothing may be learned now.
    """
    async with shelf.store.read() as view:
        row = await view.db.get(MemorySettings, owner(owner_id))
        since = row.learned_to if row is not None else 0
        rows = await _lines(view, owner_id, since=since, limit=LINES + 1)
    lines, more = rows[:LINES], len(rows) > LINES
    if row is None:
        return None
    if row.paused or not lines:
        return Heard((), since, since, more=False)
    assert lines[-1].id is not None
    said = [Said(it.text, it.place, it.created_at) for it in lines]
    return Heard(said, since, lines[-1].id, more)


async def _lines(view: View, owner_id: int, *, since: int, limit: int) -> Sequence[Message]:
    """What the member said in private after this line, oldest first."""
    accounts = await view.db.exec(select(Identity).where(Identity.member_id == owner_id))
    alone = [f"{it.platform}:{it.private_place}" for it in accounts]
    found = await view.db.exec(
        select(Message)
        .where(
            Message.member_id == owner_id,
            col(Message.id) > since,
            Message.role == Role.MEMBER,
            col(Message.place).in_(alone),
        )
        .order_by(col(Message.id))
        .limit(limit)
    )
    return found.all()


async def learn(
    shelf: Shelf, owner_id: int, claims: Sequence[Claim], *, heard: Heard | None
) -> int:
    """Remember what a member said of themselves; returns how many memories came of it.

    What is known already is not kept twice: by its slot, or by nearness of meaning with shared
    words, where negations and numbers agree. What answers a slot that has one answer, speaks of the
    same liking otherwise, or corrects, supersedes. What the owner never wants remembered is passed
    over. With `heard` its lines count as learned from in the same transaction; if they do already,
    because somebody else was quicker or the owner paused or forgot something, nothing is learned.
    """
    readable_ones = list(_readable(claims))
    near = await _nearness(shelf, owner_id, readable_ones)
    ended: list[int] = []
    async with shelf.store.work() as work:
        await in_turn(work, owner(owner_id))
        settings = await work.hold_if_any(MemorySettings, owner_id)
        if heard is not None and (settings is None or settings.learned_to != heard.since):
            return 0
        never = settings.never if settings is not None else []
        kept = 0
        for place, claim in enumerate(readable_ones):
            if forbidding(never, kind=claim.kind, slot=claim.slot, text=claim.text):
                continue
            outdone = await _outdone(work, owner_id, claim, near.get(place, {}))
            if outdone is None:
                continue
            new = await _add(work, owner_id, claim)
            kept += 1
            await supersede(work, outdone, new)
            ended += [it.id for it in outdone if it.id is not None]
        if heard is not None and settings is not None:
            settings.learned_to = heard.up_to
            if not await _lines(work, owner_id, since=heard.up_to, limit=1):
                settings.learn_at = None
    await leave(shelf, owner_id, ended)
    if kept:
        try:
            await index_some(shelf, owner_id)
        except Unavailable:
            logger.warning("memories_wait_for_vectors", member_id=owner_id, exc_info=True)
    return kept


def _readable(claims: Sequence[Claim]) -> Iterable[Claim]:
    for claim in claims:
        try:
            yield replace(claim, text=readable(claim.text))
        except (EmptyText, TextTooLong):
            continue


async def _nearness(
    shelf: Shelf, owner_id: int, claims: Sequence[Claim]
) -> Mapping[int, Mapping[int, float]]:
    """For each claim by its place, the cosine of each of the owner's memories by id."""
    if not claims:
        return {}
    async with shelf.store.read() as view:
        active = select(Memory.id).where(
            owned_by(owner_id), col(Memory.state) == MemoryState.ACTIVE
        )
        ids = [it for it in await view.db.exec(active) if it is not None]
    try:
        while ids and await index_some(shelf, owner_id):
            pass
        known = await shelf.index.vectors(owner_id, ids)
        vectors = await asyncio.to_thread(shelf.embedder.vectors, [it.text for it in claims])
    except Unavailable:
        logger.warning("learned_by_words_alone", member_id=owner_id, exc_info=True)
        return {}
    return {
        place: {memory_id: float(row @ vector) for memory_id, row in known.items()}
        for place, vector in enumerate(vectors)
    }


async def _outdone(
    work: Work, owner_id: int, claim: Claim, near: Mapping[int, float]
) -> list[Memory] | None:
    """The memories that a claim supersedes; None when it says what is known already."""
    found = await work.db.exec(
        select(Memory)
        .where(owned_by(owner_id), col(Memory.state) == MemoryState.ACTIVE)
        .order_by(col(Memory.number).desc())
    )
    rows = [it for it in found if it.reason not in COUNTED]
    if any(alike(it.text) == alike(claim.text) for it in rows):
        return None
    if claim.replaces is not None:
        return [it for it in rows if it.number == claim.replaces]
    in_slot = [it for it in rows if claim.slot and (it.slot or slot_of(it.text)) == claim.slot]
    said = set(stems(claim.text))
    for it in rows:
        close = near.get(it.id or 0, 1.0 if it in in_slot else 0.0) >= SAME
        if close and overlap(said, set(stems(it.text))) and same_claim(it.text, claim.text):
            return None
    if answers_once(claim.slot):
        return in_slot
    if claim.slot.startswith(TASTE):
        agreeing = [it for it in in_slot if same_claim(it.text, claim.text)]
        return None if agreeing else in_slot
    if claim.corrects:
        return _meant(in_slot or rows, near, least=0.0 if len(in_slot) == 1 else NEAR)
    return []


async def in_slot(shelf: Shelf, owner_id: int, slot: str) -> list[int]:
    """The numbers of the owner's active memories that answer this slot."""
    async with shelf.store.read() as view:
        found = await view.db.exec(
            select(Memory.number, Memory.slot, Memory.text).where(
                owned_by(owner_id), col(Memory.state) == MemoryState.ACTIVE
            )
        )
        return [number for number, known, text in found if slot == (known or slot_of(text))]


def _meant(rows: Sequence[Memory], near: Mapping[int, float], *, least: float) -> list[Memory]:
    """The one of the memories that a correction is nearest to, if it is near enough."""
    best = max(rows, key=lambda it: near.get(it.id or 0, 0.0), default=None)
    if best is None or near.get(best.id or 0, 0.0) < least:
        return []
    return [best]


async def _add(work: Work, owner_id: int, claim: Claim) -> Memory:
    row = Memory(
        owner_id=owner_id,
        number=await last_number(work, owner_id) + 1,
        kind=claim.kind,
        text=claim.text,
        source=claim.source,
        reason=MemoryReason.SAID,
        slot=claim.slot,
        created_at=claim.said_at or work.now,
    )
    work.db.add(row)
    await work.db.flush()
    return row
