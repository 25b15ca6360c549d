"""Finds creations by their words with tables of SQLite's (see `models.words`)."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from struct import Struct

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import TextClause, bindparam, text
from sqlalchemy.ext.asyncio import AsyncConnection

from feed_core.models.creations import Creation
from feed_core.models.words import BLOCK, create_index
from feed_core.services.word_search import (
    K1,
    LENGTHS,
    MOST_RANKED,
    B,
    Hits,
    Said,
    distinct,
    number_of,
    rarity,
    said,
)
from feed_core.store import Store, View, Work

Numbers = NDArray[np.int64]
Scores = NDArray[np.float64]

POSTING = np.dtype([("place", "<u2"), ("weight", "<u2"), ("length", "<u2")])
PACKED = Struct("<HHH")  # the same
SAMPLE = 200  # blocks from which the frequency of a term is told
FIRST_BLOCKS, MORE = 64, 2  # a frequent term has all that is ranked in the first ones
NEWER_THAN_ALL = 10**15
AT_A_TIME = 500  # terms of one creation that are read by one statement
PAGES_A_PIECE = 250  # of about 4 KiB: some 20 ms

PUT_POSTINGS = text(
    "INSERT INTO word_index (term, block, postings) VALUES (:term, :block, :postings) "
    "ON CONFLICT DO UPDATE SET postings = CAST(postings || excluded.postings AS BLOB)"
)
PUT_WHOLE = text(
    "INSERT INTO indexed_words (creation_id, terms, length) VALUES (:id, :terms, :length)"
)
PUT_TITLE = text("INSERT INTO title_index(rowid, number, title) VALUES (:id, :id, :title)")

TAKE_WHOLE = text(
    "DELETE FROM indexed_words WHERE creation_id IN :asked RETURNING creation_id, terms"
).bindparams(bindparam("asked", expanding=True))
TAKE_TITLE = text("DELETE FROM title_index WHERE rowid = :id")
TAKEN = text("INSERT OR IGNORE INTO removed_words VALUES (:id)")
POSTINGS = text(
    "SELECT term, postings FROM word_index WHERE block = :block AND term IN :asked"
).bindparams(bindparam("asked", expanding=True))
LEAVE = text("UPDATE word_index SET postings = :postings WHERE term = :term AND block = :block")
DROP = text("DELETE FROM word_index WHERE term = :term AND block = :block")

FREQUENCY = text(
    "SELECT count(*), sum(bytes), min(block) FROM (SELECT block, length(postings) AS bytes "
    "FROM word_index WHERE term = :term ORDER BY block DESC LIMIT :most)"
)
LATELY = text(
    "SELECT max(creation_id), avg(length) FROM (SELECT creation_id, length "
    "FROM indexed_words ORDER BY creation_id DESC LIMIT :most)"
)
BEGUN = text(
    "SELECT rowid FROM title_index WHERE title_index MATCH :query AND rowid < :before "
    "ORDER BY rowid DESC LIMIT :limit"
)

REMOVED = text("SELECT creation_id FROM removed_words LIMIT 10000")  # more than enough at a time
FORGOTTEN = text("DELETE FROM removed_words WHERE creation_id IN :removed").bindparams(
    bindparam("removed", expanding=True)
)
CHANGES = text("SELECT total_changes()")
MERGE = text("INSERT INTO title_index(title_index, rank) VALUES ('merge', :pages)")


@dataclass(frozen=True, slots=True)
class SqliteWords:
    """The word index in the database's own file, changed in the caller's transaction."""

    most_ranked: int = MOST_RANKED

    async def put(self, work: Work, *creations: Creation, new: bool = False) -> None:
        """Index creations, in place of what was indexed under their numbers; `new`: nothing was."""
        if not new:
            await self.remove(work, *(number_of(it) for it in creations))
        if not creations:
            return
        whole = [said(it) for it in creations]
        postings = [
            {"term": term, "block": block, "postings": it}
            for (term, block), it in postings_of(whole).items()
        ]
        await work.write(PUT_POSTINGS, *postings)
        rows = [
            {
                "id": it.number,
                "terms": " ".join(it.weights),
                "length": it.length,
                "title": " ".join(it.title),
            }
            for it in whole
        ]
        await work.write(PUT_WHOLE, *rows)
        await work.write(PUT_TITLE, *rows)

    async def remove(self, work: Work, *creation_ids: int) -> None:
        """Take creations out; nothing happens where there are none."""
        connection = await work.core()
        taken = (await connection.execute(TAKE_WHOLE, {"asked": creation_ids})).all()
        for number, words in taken:
            await _take_out(connection, number, words.split())
        if taken:
            gone = [{"id": number} for number, _ in taken]
            await connection.execute(TAKE_TITLE, gone)
            await connection.execute(TAKEN, gone)

    async def find(self, view: View, wanted: Sequence[str], *, every: bool, limit: int) -> Hits:
        """The creations that hold every term, or any of them, by BM25; of equal ones the newest."""
        asked = distinct(wanted)
        connection = await view.core()
        rare, usual = await _rarities(connection, asked)
        if not rare or (every and len(rare) < len(asked)):
            return Hits([])
        most = self.most_ranked
        if every:
            ids, scores = await _with_all(connection, rare, usual, most)
        else:
            each = [
                await _with_all(connection, {term: weight}, usual, most)
                for term, weight in rare.items()
            ]
            sums = np.concatenate([it for it, _ in each]), np.concatenate([it for _, it in each])
            ids, place = np.unique(sums[0], return_inverse=True)
            ids, scores = ids[::-1], np.bincount(place, sums[1])[::-1].astype(np.float64)
        best = np.argsort(-scores[:most], kind="stable")[:limit]
        return Hits(ids[best].tolist(), capped=len(ids) > most)

    async def begun_with(
        self, view: View, begun: Sequence[str], *, numbers: bool, before_id: int, limit: int
    ) -> list[int]:
        """Creations older than `before_id`, newest first, by half-typed terms."""
        query = " AND ".join(f'"{it}" *' for it in distinct(begun))
        if not query:
            return []
        query = f"number : ({query})" if numbers else query
        asked = {"query": query, "before": before_id, "limit": limit}
        return list(await (await view.core()).scalars(BEGUN, asked))

    async def clear(self, work: Work) -> None:
        """Empty the index, leaving nothing of it behind."""
        connection = await work.core()
        for table in ("word_index", "indexed_words", "title_index"):
            await connection.execute(text(f"DROP TABLE IF EXISTS {table}"))
        await connection.run_sync(create_index)
        await connection.execute(text("DELETE FROM removed_words"))

    async def forget(self, store: Store) -> None:
        """Merge the index of titles into one piece, which drops what was removed.

        A negative count begins to merge everything, a positive one goes on with that; one that
        changes fewer than two rows had nothing to do (FTS5's documentation, "The 'merge' Command").
        All else is overwritten when it is removed (`secure_delete`).
        """
        async with store.read() as view:
            removed = list(await (await view.core()).scalars(REMOVED))
        if not removed:
            return
        async with store.work() as work:
            more = await _merge(work, -PAGES_A_PIECE)
        while more:
            await asyncio.sleep(0)  # let the others have a turn
            async with store.work() as work:
                more = await _merge(work, PAGES_A_PIECE)
        async with store.work() as work:
            await (await work.core()).execute(FORGOTTEN, {"removed": removed})


def postings_of(creations: Sequence[Said]) -> Mapping[tuple[str, int], bytes]:
    """What is to be added to the postings of each term and block."""
    rows: defaultdict[tuple[str, int], bytearray] = defaultdict(bytearray)
    for it in creations:
        block, place = divmod(it.number, BLOCK)
        for term, weight in it.weights.items():
            rows[term, block] += PACKED.pack(place, weight, it.length)
    return {key: bytes(it) for key, it in rows.items()}


async def _take_out(connection: AsyncConnection, number: int, words: Sequence[str]) -> None:
    """Take one creation out of the postings of all its terms."""
    block, place = divmod(number, BLOCK)
    left, empty = [], []
    for first in range(0, len(words), AT_A_TIME):
        asked = words[first : first + AT_A_TIME]
        for term, blob in await connection.execute(POSTINGS, {"block": block, "asked": asked}):
            postings = np.frombuffer(blob, POSTING)
            others = postings[postings["place"] != place].tobytes()
            row = {"term": term, "block": block}
            if others:
                left.append({**row, "postings": others})
            else:
                empty.append(row)
    for statement, rows in ((LEAVE, left), (DROP, empty)):
        if rows:
            await connection.execute(statement, rows)


async def _rarities(
    connection: AsyncConnection, asked: Sequence[str]
) -> tuple[Mapping[str, float], float]:
    """Of each term that is there at all the inverse document frequency; and the usual length.

    The frequency is told from the newest blocks with the term and how far apart they are, which
    costs the same for the most frequent one.
    """
    last, usual = (await connection.execute(LATELY, {"most": LENGTHS})).one()
    rare = {}
    for term in asked:
        found = await connection.execute(FREQUENCY, {"term": term, "most": SAMPLE})
        blocks, size, oldest = found.one()
        if blocks:
            since = oldest * BLOCK if blocks == SAMPLE else 0
            rare[term] = rarity(size / POSTING.itemsize, last - since + 1)
    return rare, usual or 1.0


async def _with_all(
    connection: AsyncConnection, rare: Mapping[str, float], usual: float, most: int
) -> tuple[Numbers, Scores]:
    """The creations with all terms, newest first, more than `most` or all, and how each fits."""
    by_rarity = sorted(rare, key=lambda it: -rare[it])
    asked = {f"term{place}": term for place, term in enumerate(by_rarity)}
    ids, scores = [np.empty(0, np.int64)], [np.empty(0)]
    before, blocks, count = NEWER_THAN_ALL, FIRST_BLOCKS, 0
    while True:
        found = await connection.execute(
            _together(len(asked)), {**asked, "before": before, "most": blocks}
        )
        rows = found.all()
        if rows:
            base = rows[-1][0] * BLOCK
            fits = np.zeros((rows[0][0] + 1) * BLOCK - base)
            held = np.zeros(len(fits), np.uint8)
            blocks_at = np.array([it[0] * BLOCK - base for it in rows], np.int32)
            for place, term in enumerate(by_rarity, start=1):
                postings = np.frombuffer(b"".join(it[place] for it in rows), POSTING)
                sizes = [len(it[place]) // POSTING.itemsize for it in rows]
                at = np.repeat(blocks_at, sizes) + postings["place"]
                if place > 1:  # most of a frequent term's are not among those of the rare ones
                    both = np.flatnonzero(held[at] == place - 1)
                    postings, at = postings[both], at[both]
                fits[at] += rare[term] * _fit(postings, usual)
                held[at] = place
            hits = np.flatnonzero(held == len(asked))[::-1]
            ids.append(hits + base)
            scores.append(fits[hits])
            count += len(hits)
        if len(rows) < blocks or count > most:
            break
        before, blocks = rows[-1][0], blocks * MORE
    return np.concatenate(ids), np.concatenate(scores)


@cache
def _together(count: int) -> TextClause:
    """The postings of so many terms in the newest blocks that have all of them."""
    columns = ", ".join(f"row{it}.postings" for it in range(count))
    others = " ".join(
        f"CROSS JOIN word_index AS row{it} "
        f"ON row{it}.term = :term{it} AND row{it}.block = row0.block"
        for it in range(1, count)
    )
    return text(
        f"SELECT row0.block, {columns} FROM word_index AS row0 {others} "  # noqa: S608  # our own names
        "WHERE row0.term = :term0 AND row0.block < :before ORDER BY row0.block DESC LIMIT :most"
    )


def _fit(postings: NDArray[np.void], usual: float) -> Scores:
    """BM25 of one term, a word of the title or a tag counting as several of the body."""
    weight = postings["weight"].astype(np.float64)
    fit: Scores = weight * (K1 + 1) / (weight + K1 * (1 - B + B * postings["length"] / usual))
    return fit


async def _merge(work: Work, pages: int) -> bool:
    """Do as many pages of merging; whether there may be more to do."""
    connection = await work.core()
    before = await connection.scalar(CHANGES)
    await connection.execute(MERGE, {"pages": pages})
    after = await connection.scalar(CHANGES)
    return int(after or 0) - int(before or 0) >= 2
