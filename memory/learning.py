"""What was said becomes memories: new, known already, or in place of older ones."""

from __future__ import annotations  # NumPy is only named here: a start without it is quicker

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog
from sqlmodel import col, select

from feed_core.errors import EmptyText, TextTooLong, Unavailable
from feed_core.models.conversation import Message
from feed_core.models.memories import Memory, MemoryReason, MemorySettings, MemoryState
from feed_core.services.members import in_turn
from feed_core.states import Role
from feed_core.store import Work
from memory.claims import TASTE, Claim, answers_once
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

    lines: Sequence[Claim]  # a line's words, place and moment; of no slot yet
    since: int
    up_to: int
    more: bool


async def due(shelf: Shelf, *, limit: int) -> list[int]:
    """The members whose talk has paused and was not learned from, the longest waiting first."""
    async with shelf.store.read() as view:
        found = await view.db.exec(
            select(MemorySettings.member_id)
            .where(col(MemorySettings.learn_at) <= view.now)
            .order_by(col(MemorySettings.learn_at))
            .limit(limit)
        )
        return list(found)


async def unlearned(shelf: Shelf, owner_id: int) -> Heard | None:
    """What the member said since the last time that something was learned; None when nothing."""
    async with shelf.store.read() as view:
        row = await view.db.get(MemorySettings, owner(owner_id))
        since = row.learned_to if row is not None else 0
        found = await view.db.exec(
            select(Message)
            .where(
                Message.member_id == owner_id,
                col(Message.id) > since,
                Message.role == Role.MEMBER,
            )
            .order_by(col(Message.id))
            .limit(LINES + 1)
        )
        rows = found.all()
    lines, more = rows[:LINES], len(rows) > LINES
    if row is None or row.paused or not lines:
        return None
    assert lines[-1].id is not None
    return Heard([_line(it) for it in lines], since, lines[-1].id, more)


def _line(it: Message) -> Claim:
    from feed_core.models.memories import MemoryKind

    return Claim(MemoryKind.FACT, it.text, place=it.place, said_at=it.created_at)


async def learn(
    shelf: Shelf, owner_id: int, claims: Sequence[Claim], *, heard: Heard | None
) -> int:
    """Remember what a member said of themselves; returns how many memories came of it.

    What is known already is not kept twice: by its slot, or by nearness of meaning with shared
    words, where negations and numbers agree. What answers a slot that has one answer, speaks of the
    same liking otherwise, or corrects, supersedes. What the owner never wants remembered is passed
    over. With `heard` its lines count as learned from in the same transaction; if somebody did that
    meanwhile, or learning was paused, nothing is learned.
    """
    readable_ones = list(_readable(claims))
    near = await _nearness(shelf, owner_id, readable_ones)
    ended: list[int] = []
    async with shelf.store.work() as work:
        await in_turn(work, owner(owner_id))
        settings = await work.hold_if_any(MemorySettings, owner_id)
        if heard is not None and (
            settings is None or settings.paused or settings.learned_to != heard.since
        ):
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
            last = select(Message.id).where(
                Message.member_id == owner_id, col(Message.id) > heard.up_to
            )
            if (await work.db.exec(last.limit(1))).first() is None:
                settings.learn_at = None
    await leave(shelf, owner_id, ended)
    if kept:
        try:
            await index_some(shelf, owner_id)
        except Unavailable:
            logger.warning("memories_wait_for_vectors", member_id=owner_id, exc_info=True)
    return kept


def _readable(claims: Sequence[Claim]) -> Iterable[Claim]:
    from dataclasses import replace

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
    rows = [it for it in found if it.reason not in (MemoryReason.LIKED, MemoryReason.HAPPENED)]
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
        source=claim.place,
        reason=MemoryReason.SAID,
        slot=claim.slot,
        created_at=claim.said_at or work.now,
    )
    work.db.add(row)
    await work.db.flush()
    return row
