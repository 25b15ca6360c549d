"""What an agent remembers that fits what is being said, for one owner alone."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import structlog
from sqlalchemy import Integer, bindparam
from sqlmodel import col, select
from sqlmodel.sql.expression import Select, SelectOfScalar

from feed_core.errors import Unavailable
from feed_core.models.memories import Memory, MemoryState
from memory.fading import lost
from memory.indexing import index_some
from memory.owning import of, owned, owner
from memory.remembered import Recalled, remembered
from memory.shelf import Shelf
from memory.texts import LIMIT

EXACT = 200  # up to so many memories all vectors are compared; above it Chroma's graph is asked
NEAREST = 100
READ = 5_000  # the newest memories whose words are compared
MOST = 50
RUNNERS_UP = 20  # beyond those that are asked for, to take the place of what has faded
MEANING = 0.5  # weight of the vectors; the words have the rest

logger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Candidate:
    id: int
    text: str
    indexed: bool


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
    candidates = await _candidates(shelf, owner_id)
    if not candidates:
        return []
    try:
        near = await _nearness(shelf, owner_id, wanted, candidates)
    except Unavailable:
        logger.warning("recalled_by_words_alone", member_id=owner_id, exc_info=True)
        near = {}
    best = await asyncio.to_thread(_best, wanted, candidates, near, min(k, MOST) + RUNNERS_UP)
    async with shelf.store.read() as view:
        rows = await view.db.exec(_these(), params={**of(owner_id), "ids": list(best)})
        faded = {row.id: (remembered(row), lost(row, view.now)) for row in rows}
    fit = [
        Recalled(faded[place][0], score - faded[place][1])
        for place, score in best.items()
        if place in faded
    ]
    return sorted(fit, key=lambda it: -it.score)[: min(k, MOST)]


async def _candidates(shelf: Shelf, owner_id: int) -> list[_Candidate]:
    async with shelf.store.read() as view:
        rows = await (await view.core()).execute(_newest(), of(owner_id))
        return [_Candidate(place, text, done) for place, text, done in rows if place is not None]


async def _nearness(
    shelf: Shelf, owner_id: int, query: str, candidates: Sequence[_Candidate]
) -> Mapping[int, float]:
    """Cosine by memory id, for all candidates when they are few, else for the nearest."""
    if not all(candidate.indexed for candidate in candidates):
        await index_some(shelf, owner_id)
    vector = await asyncio.to_thread(shelf.embedder.query_vector, query)
    if len(candidates) > EXACT:
        return await shelf.index.nearest(owner_id, vector, k=NEAREST)
    rows = await shelf.index.vectors(owner_id, [candidate.id for candidate in candidates])
    return {place: float(row @ vector) for place, row in rows.items()}


def _best(
    query: str, candidates: Sequence[_Candidate], near: Mapping[int, float], k: int
) -> dict[int, float]:
    """The k best candidates' fused scores by memory id, best first; of equals the newest first."""
    import numpy as np  # not before the first recall

    from memory import asking
    from memory.fusion import fused
    from memory.words import Words, stems

    floor = min(near.values(), default=0.0)  # who is not among the nearest is no nearer than they
    by_meaning = np.array([near.get(candidate.id, floor) for candidate in candidates])
    wanted = asking.read(query, speakers=(), asked_at=None).words
    words = Words((stems(candidate.text) for candidate in candidates), only=wanted)
    scores = fused(words.match(dict.fromkeys(wanted, 1.0)), by_meaning, MEANING)
    best = np.argsort(-scores, kind="stable")[:k]
    return {candidates[place].id: float(scores[place]) for place in best.tolist()}


@cache
def _newest() -> Select[int | None, str, bool]:
    """Put together once, because every message asks it."""
    return (
        select(Memory.id, Memory.text, Memory.indexed)
        .where(owned(), col(Memory.state) == MemoryState.ACTIVE)
        .order_by(col(Memory.id).desc())
        .limit(READ)
    )


@cache
def _these() -> SelectOfScalar[Memory]:
    return select(Memory).where(
        owned(),
        col(Memory.state) == MemoryState.ACTIVE,
        col(Memory.id).in_(bindparam("ids", expanding=True, type_=Integer)),
    )
