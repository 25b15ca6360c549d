"""Finds creations by their words with SQLite's FTS5."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CursorResult, bindparam, text

from feed_core.models.creations import Creation
from feed_core.models.words import create_index
from feed_core.services.terms import terms
from feed_core.services.word_search import (
    BODY,
    MOST_RANKED,
    TAGS,
    TITLE,
    Hits,
    distinct,
    number_of,
)
from feed_core.store import Store, View, Work

INDEXES = ("word_index", "title_index")
PAGES_A_PIECE = 250  # of about 4 KiB: some 20 ms

PUT_WORDS = text(
    "INSERT INTO word_index(rowid, title, body, tags) VALUES (:id, :title, :body, :tags)"
)
PUT_TITLES = text("INSERT INTO title_index(rowid, number, title) VALUES (:id, :id, :title)")
THERE = text("SELECT rowid FROM word_index WHERE rowid IN :asked").bindparams(
    bindparam("asked", expanding=True)
)
TAKE_OUT = (
    text("DELETE FROM word_index WHERE rowid = :id"),
    text("DELETE FROM title_index WHERE rowid = :id"),
    text("INSERT OR IGNORE INTO removed_words VALUES (:id)"),
)

NEWEST_UNRANKED = text(
    "SELECT rowid FROM word_index WHERE word_index MATCH :query "
    "ORDER BY rowid DESC LIMIT 1 OFFSET :most"
)
RANKED = text(
    "SELECT rowid FROM word_index WHERE word_index MATCH :query AND rowid > :after "
    "ORDER BY bm25(word_index, :title, :body, :tags), rowid DESC LIMIT :limit"
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


@dataclass(frozen=True, slots=True)
class SqliteWords:
    """The word index in the database's own file, changed in the caller's transaction."""

    most_ranked: int = MOST_RANKED

    async def put(self, work: Work, *creations: Creation, new: bool = False) -> None:
        """Index creations, in place of what was indexed under their numbers; `new`: nothing was."""
        said = [_said(it) for it in creations]
        if not new:
            await self.remove(work, *(number_of(it) for it in creations))
        if said:
            connection = await work.db.connection()
            await connection.execute(PUT_WORDS, said)
            await connection.execute(PUT_TITLES, said)

    async def remove(self, work: Work, *creation_ids: int) -> None:
        """Take creations out; nothing happens where there are none."""
        connection = await work.db.connection()
        there = list(await connection.scalars(THERE, {"asked": creation_ids}))
        if there:
            gone = [{"id": it} for it in there]
            for statement in TAKE_OUT:
                await connection.execute(statement, gone)

    async def find(self, view: View, wanted: Sequence[str], *, every: bool, limit: int) -> Hits:
        """The creations that hold every term, or any of them, by BM25; of equal ones the newest."""
        query = (" AND " if every else " OR ").join(f'"{it}"' for it in distinct(wanted))
        if not query:
            return Hits([])
        connection = await view.db.connection()
        last = await connection.scalar(NEWEST_UNRANKED, {"query": query, "most": self.most_ranked})
        found = await connection.scalars(
            RANKED,
            {
                "query": query,
                "after": last or 0,
                "limit": limit,
                "title": TITLE,
                "body": BODY,
                "tags": TAGS,
            },
        )
        return Hits(list(found), capped=last is not None)

    async def begun_with(
        self, view: View, begun: Sequence[str], *, numbers: bool, before_id: int, limit: int
    ) -> list[int]:
        """Creations older than `before_id`, newest first, by half-typed terms."""
        query = " AND ".join(f'"{it}" *' for it in distinct(begun))
        if not query:
            return []
        connection = await view.db.connection()
        found = await connection.scalars(
            BEGUN,
            {
                "query": f"number : ({query})" if numbers else query,
                "before": before_id,
                "limit": limit,
            },
        )
        return list(found)

    async def clear(self, work: Work) -> None:
        """Empty the index, leaving nothing of it behind."""
        for index in INDEXES:
            await _run(work, f"DROP TABLE IF EXISTS {index}")
        await (await work.db.connection()).run_sync(create_index)
        await _run(work, "DELETE FROM removed_words")

    async def forget(self, store: Store) -> None:
        """Merge both indexes into one piece each, which drops what was removed.

        A negative count begins to merge everything, a positive one goes on with that; one that
        changes fewer than two rows had nothing to do (FTS5's documentation, "The 'merge' Command").
        """
        async with store.read() as view:
            removed = list(await (await view.db.connection()).scalars(REMOVED))
        if not removed:
            return
        for index in INDEXES:
            async with store.work() as work:
                more = await _merge(work, index, -PAGES_A_PIECE)
            while more:
                await asyncio.sleep(0)  # let the others have a turn
                async with store.work() as work:
                    more = await _merge(work, index, PAGES_A_PIECE)
        async with store.work() as work:
            await (await work.db.connection()).execute(FORGOTTEN, {"removed": removed})


def _said(creation: Creation) -> dict[str, int | str]:
    """What the index keeps of one creation."""
    return {
        "id": number_of(creation),
        "title": " ".join(terms(creation.title)),
        "body": " ".join(terms(f"{creation.body} {creation.alt}")),
        "tags": " ".join(terms(" ".join(creation.tags))),
    }


async def _merge(work: Work, index: str, pages: int) -> bool:
    """Do as many pages of merging; whether there may be more to do."""
    connection = await work.db.connection()
    before = await connection.scalar(CHANGES)
    merge = f"INSERT INTO {index}({index}, rank) VALUES ('merge', :pages)"  # noqa: S608  # our own names
    await connection.execute(text(merge), {"pages": pages})
    after = await connection.scalar(CHANGES)
    return int(after or 0) - int(before or 0) >= 2


async def _run(work: Work, statement: str, **values: object) -> CursorResult[Any]:
    return await (await work.db.connection()).execute(text(statement), values)
