"""Creations that are almost the same, found by keys that they share."""

import re
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from functools import cache, lru_cache
from hashlib import blake2b
from struct import pack
from typing import Any, NamedTuple
from zlib import crc32

from sqlalchemy import (
    BigInteger,
    CompoundSelect,
    Integer,
    Select,
    bindparam,
    delete,
    func,
    union,
)
from sqlalchemy import select as sa_select
from sqlmodel import SQLModel, col, select

from feed_core import bulk
from feed_core.models.columns import UtcDateTime
from feed_core.models.creations import Creation, Edge
from feed_core.models.likeness import Likeness
from feed_core.models.media import Media
from feed_core.models.threads import ThreadEntry
from feed_core.prepared import among
from feed_core.services.rules.folding import folded
from feed_core.services.sight import Reader, anybody, may_see, told
from feed_core.services.word_search import number_of
from feed_core.store import View, Work

SHORTEST = 40  # letters and spaces; what is shorter is often said twice
LONGEST = 6_000  # letters that are looked at
LONGEST_AGO = timedelta(days=90)
SHINGLE = 5  # letters
BINS, ROWS = 40, 4  # ten bands of four: with 7 of 10 shingles in common, 15 of 16 share a key
EMPTY = 2**32
OFFSET = 1_000_003
MOST_COMPARED = 20
BLOCK = 4  # hexadecimal digits of a picture's likeness that make a key
PLAIN = {"0000", "ffff"}  # blocks of a plain area, which pictures of all kinds share
FEWEST_BLOCKS = 6  # of 16 that are not plain: others say too little of a picture


class Alike(NamedTuple):
    """What tells whether a creation is a copy, and of whose."""

    id: int
    author_id: int
    title: str
    body: str
    media_hash: str | None


@lru_cache(maxsize=32)  # the gate asks for them, and the index of what was let out
def text_keys(text: str) -> tuple[int, ...]:
    """Keys of a text's shingles, none for a short text; signed, of 64 bits.

    MinHash by one permutation, empty bins filled by rotation, in bands (Shrivastava and Li 2014,
    "Densifying one permutation hashing via rotation for fast near neighbor search").
    """
    minima = [EMPTY] * BINS
    for it in shingles(text):
        value = crc32(it.encode())
        if value < minima[value % BINS]:
            minima[value % BINS] = value
    if min(minima) == EMPTY:
        return ()
    filled = [_borrowed(minima, it) for it in range(BINS)]
    return tuple(
        _key(pack(f"<B{ROWS}Q", band, *filled[band : band + ROWS])) for band in range(0, BINS, ROWS)
    )


def picture_keys(likeness: str) -> list[int]:
    """Keys of what a picture looks like, none for one without much in it."""
    blocks = [likeness[it : it + BLOCK] for it in range(0, len(likeness), BLOCK)]
    telling = [(place, it) for place, it in enumerate(blocks) if it not in PLAIN]
    if len(telling) < FEWEST_BLOCKS:
        return []
    return [_key(f"picture {place} {it}".encode()) for place, it in telling]


@lru_cache(maxsize=32)  # each text is asked for some times, one after the other
def shingles(text: str) -> frozenset[str]:
    """All runs of five letters in a text, none of a short text."""
    letters = re.sub(r"[\W_]+", " ", folded(text)).strip()[:LONGEST]
    if len(letters) < SHORTEST:
        return frozenset()
    return frozenset(letters[it : it + SHINGLE] for it in range(len(letters) - SHINGLE + 1))


def shared(one: Collection[str], other: Collection[str]) -> float:
    """The share of shingles that two texts have in common, from 0 to 1 (Jaccard)."""
    both = len(frozenset(one) & frozenset(other))
    return both / (len(one) + len(other) - both) if both else 0.0


def differing(one: str, other: str) -> int:
    """In how many of their 256 bits the likenesses of two pictures differ."""
    return (int(one, 16) ^ int(other, 16)).bit_count()


def telling_text(title: str, body: str) -> str:
    """The part of a creation by which it is known again: a body alone, where it is long enough."""
    return body if shingles(body) else f"{title}\n{body}"


async def put(work: Work, *creations: Creation, new: bool = False) -> None:
    """Find creations by what they say and show now, and no longer by what they did before.

    `new`: none of them was ever put.
    """
    if not new:
        await remove(work, *(number_of(it) for it in creations))
    shown = {it.media_hash for it in creations if it.media_hash is not None}
    looks: dict[str | None, str] = {}
    if shown:
        media = select(Media.hash, Media.likeness).where(col(Media.hash).in_(shown))
        looks.update((await work.db.exec(media)).all())
    rows = []
    for it in creations:
        keys = [*text_keys(telling_text(it.title, it.body))]
        keys += picture_keys(looks.get(it.media_hash, ""))
        rows += [{"key": key, "creation_id": it.id} for key in dict.fromkeys(keys)]
    await bulk.add(work, Likeness, rows)


async def remove(work: Work, *creation_ids: int) -> None:
    """Find creations no longer."""
    gone = delete(Likeness).where(col(Likeness.creation_id).in_(creation_ids))
    await (await work.core()).execute(gone)


async def forget(work: Work) -> None:
    """Find nothing any longer that is too old to matter."""
    last = await work.db.exec(
        select(Creation.id)
        .where(col(Creation.created_at) < work.now - LONGEST_AGO)
        .order_by(col(Creation.id).desc())
        .limit(1)
    )
    if (newest := last.first()) is not None:
        await work.db.exec(delete(Likeness).where(col(Likeness.creation_id) <= newest))


async def candidates(
    view: View, keys: Sequence[int], *, reader: Reader, since: datetime, but: int | None
) -> list[Alike]:
    """Creations that share some of the keys, most first, as far as the reader may see them.

    Those of its own family are left out: what builds on something openly may be like it.
    """
    if not keys:
        return []
    given = {"keys": keys, "since": since, "but": but or 0, **told(reader)}
    found = [Alike(*it) for it in await view.ask(_sharing(), given)]
    kin = await _kin(view, but, [it.id for it in found]) if but and found else ()
    return sorted(it for it in found if it.id not in kin)


@cache
def _sharing() -> Select[Any]:
    """Creations that share some of the keys, most first; put together once."""
    return (
        sa_select(*(SQLModel.metadata.tables["creation"].c[it] for it in Alike._fields))
        .join(Likeness, col(Creation.id) == col(Likeness.creation_id))
        .where(
            among(col(Likeness.key), "keys", BigInteger()),
            may_see(anybody()),
            col(Creation.created_at) >= bindparam("since", type_=UtcDateTime()),
            col(Creation.id) != bindparam("but", type_=Integer),
        )
        .group_by(col(Creation.id))
        .order_by(func.count().desc(), col(Creation.id))
        .limit(MOST_COMPARED)
    )


async def _kin(view: View, creation_id: int, found: Collection[int]) -> set[int]:
    """What a creation was made of, with those of the found that were made of the same."""
    given = {"child_id": creation_id, "ids": list(found)}
    return {it for (it,) in await view.ask(_related(), given)}


@cache
def _related() -> CompoundSelect[Any]:
    """What a creation was made of, and those of some that grew out of that; put together once."""
    parents: Select[Any] = sa_select(col(Edge.parent_id).label("id")).where(
        col(Edge.child_id) == bindparam("child_id", type_=Integer)
    )
    above = sa_select(col(ThreadEntry.thread_id)).where(
        col(ThreadEntry.creation_id).in_(parents.scalar_subquery())
    )
    roots = parents.union(above).cte("roots")
    beside = sa_select(col(ThreadEntry.creation_id)).where(
        among(col(ThreadEntry.creation_id), "ids", Integer()),
        col(ThreadEntry.thread_id).in_(sa_select(roots.c.id)),
    )
    return union(sa_select(roots.c.id), beside)


def _borrowed(minima: Sequence[int], place: int) -> int:
    distance = 0
    while minima[(place + distance) % BINS] == EMPTY:
        distance += 1
    return minima[(place + distance) % BINS] + distance * OFFSET


def _key(content: bytes) -> int:
    return int.from_bytes(blake2b(content, digest_size=8).digest(), "big", signed=True)
