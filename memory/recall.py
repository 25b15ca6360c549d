"""What an agent remembers that fits what is being said, for one owner alone."""

from __future__ import annotations  # NumPy is only named here: a start without it is quicker

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import fields
from functools import cache
from typing import TYPE_CHECKING, Any

import structlog
from sqlalchemy import Integer, case, func
from sqlalchemy import Select as AnySelect
from sqlalchemy import select as sa_select
from sqlmodel import col, select
from sqlmodel.sql.expression import Select

from feed_core.errors import Unavailable
from feed_core.models.memories import Memory, MemoryState
from feed_core.prepared import Values, among
from memory.fading import lost
from memory.indexing import index_some
from memory.known import Known, Mark
from memory.owning import of, owned, owner
from memory.remembered import Recalled, Remembered
from memory.shelf import Shelf
from memory.texts import LIMIT

if TYPE_CHECKING:
    from memory.fusion import Floats

EXACT = 200  # so many vectors are read at once; of more the nearest are asked for meanwhile
NEAREST = 100
READ = 5_000  # the newest memories whose words are compared
MOST = 50
RUNNERS_UP = 20  # beyond those that are asked for, to take the place of what has faded
MEANING = 0.5  # weight of the vectors; the words have the rest

logger = structlog.get_logger(__name__)


async def recall(shelf: Shelf, owner_id: int, query: str, *, k: int = 5) -> list[Recalled]:
    """The owner's k (at most 50) active memories that fit the query best, best first.

    Nearness of meaning (cosine) and shared words (BM25) are each brought to mean 0 and deviation
    1 over the owner's memories and added, half and half; from the best of these, what they lost by
    not being used (`fading`) is taken off. Of a long query the first 2,000
    characters count. Should the index fail, words alone decide. Every row that comes back was
    read by its owner.

    Raises:
        ValueError: the owner id cannot be a member's.
    """
    owner(owner_id)
    wanted = query.strip()[:LIMIT]
    if not wanted or k < 1:
        return []
    known, waiting = await _known(shelf, owner_id)
    if not known.ids:
        return []
    try:
        if waiting:
            await index_some(shelf, owner_id)
        near = await _nearness(shelf, owner_id, wanted, known)
    except Unavailable:
        logger.warning("recalled_by_words_alone", member_id=owner_id, exc_info=True)
        near = None
    best = _best(wanted, known, near, min(k, MOST) + RUNNERS_UP)
    async with shelf.store.read() as view:
        rows = await view.ask(_these(), {**of(owner_id), "ids": list(best)})
        read = [(Remembered(*row[:-2]), row[-2], row[-1]) for row in rows]
        found = {it[0].id: it for it in read}
    fit = [
        Recalled(memory, score - lost(used_at, memory.created_at, uses, now=view.now))
        for place, score in best.items()
        if place in found
        for memory, used_at, uses in [found[place]]
    ]
    return sorted(fit, key=lambda it: -it.score)[: min(k, MOST)]


async def _known(shelf: Shelf, owner_id: int) -> tuple[Known, bool]:
    """The owner's memories as they are now, and whether some wait for their vectors."""
    forgotten = shelf.known.forgotten
    async with shelf.store.read() as view:
        ((count, newest, ids, waiting),) = await view.ask(_marks(), of(owner_id))
        mark = (count, newest or 0, ids or 0)
        known = shelf.known.get(owner_id, mark)
        rows = [] if known else await view.ask(_newest(), of(owner_id))
    if known is None:
        known = await asyncio.to_thread(_read, mark, rows)
        shelf.known.put(owner_id, known, read_after=forgotten)
    return known, bool(waiting)


def _read(mark: Mark, rows: Sequence[Values]) -> Known:
    from memory.words import Words, stems

    return Known(mark, [place for place, _ in rows], Words(stems(text) for _, text in rows))


async def _nearness(shelf: Shelf, owner_id: int, query: str, known: Known) -> Floats:
    """Cosine of each memory: of all when they are few or read already, else of the nearest."""
    vector = await shelf.embedder.vector_of(query)
    if known.vectors is None and len(known.ids) > EXACT:
        if known.reading is None:  # whoever talks goes on talking
            known.reading = asyncio.create_task(_read_vectors(shelf, owner_id, known))
        near = await shelf.index.nearest(owner_id, vector, known.ids, k=NEAREST)
        return _spread(near, known)
    if known.vectors is None:
        rows = await shelf.index.vectors(owner_id, known.ids)
        if len(rows) < len(known.ids):  # some are still to be made
            return _spread({it: float(row @ vector) for it, row in rows.items()}, known)
        return known.take(rows) @ vector
    return known.vectors @ vector


async def _read_vectors(shelf: Shelf, owner_id: int, known: Known) -> None:
    with suppress(Unavailable):  # the nearest are asked for as before
        rows = await shelf.index.vectors(owner_id, known.ids)
        if len(rows) == len(known.ids):
            known.take(rows)


def _spread(near: Mapping[int, float], known: Known) -> Floats:
    """Nearness of each memory; one that is not among the nearest is no nearer than they are."""
    import numpy as np  # not before the first recall

    floor = min(near.values(), default=0.0)
    return np.array([near.get(it, floor) for it in known.ids], dtype=np.float32)


def _best(query: str, known: Known, near: Floats | None, k: int) -> dict[int, float]:
    """The k best memories' fused scores by id, best first; of equals the newest first."""
    import numpy as np

    from memory import asking
    from memory.fusion import fused

    by_meaning = np.zeros(len(known.ids)) if near is None else near.astype(np.float64)
    wanted = asking.read(query, speakers=(), asked_at=None).words
    scores = fused(known.words.match(dict.fromkeys(wanted, 1.0)), by_meaning, MEANING)
    best = np.argsort(-scores, kind="stable")[:k]
    return {known.ids[place]: float(scores[place]) for place in best.tolist()}


@cache
def _marks() -> Select[int, int | None, int | None, int | None]:
    """Put together once, because every message asks it."""
    waiting = case((col(Memory.indexed), 0), else_=1)
    return select(func.count(), func.max(Memory.id), func.sum(Memory.id), func.sum(waiting)).where(
        owned(), col(Memory.state) == MemoryState.ACTIVE
    )


@cache
def _newest() -> Select[int | None, str]:
    return (
        select(Memory.id, Memory.text)
        .where(owned(), col(Memory.state) == MemoryState.ACTIVE)
        .order_by(col(Memory.id).desc())
        .limit(READ)
    )


@cache
def _these() -> AnySelect[*tuple[Any, ...]]:
    """What is remembered, in the order of its fields, and what is needed for its fading."""
    columns = [col(getattr(Memory, it.name)) for it in fields(Remembered)]
    return sa_select(*columns, col(Memory.used_at), col(Memory.uses)).where(
        owned(),
        col(Memory.state) == MemoryState.ACTIVE,
        among(col(Memory.id), "ids", Integer()),
    )
