"""Moves a whole feed into another, empty database, a transaction at a time; it only reads the old.

What a feed is called by here is made from all its rows: so a move that was broken off goes on only
where the old feed is still the one that was begun with.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import text
from sqlmodel import col, select

from feed_core import bulk
from feed_core.models.creations import Creation
from feed_core.models.porting import FeedImport
from feed_core.porting import importing, layout, rows
from feed_core.porting.kinds import Kind, Row, without_nul
from feed_core.porting.problems import Problem, Problems, Trouble
from feed_core.porting.progress import Doing, Step, Tell
from feed_core.porting.refusals import FeedMoved, MoveChanged, MoveDiffers, MoveTaken
from feed_core.services import searching
from feed_core.store import POSTGRES, Store, View, Work

WORDS = "words"
COMPARED = "compared"
INDEXED = text("SELECT creation_id FROM indexed_words ORDER BY creation_id")


@dataclass(frozen=True, slots=True)
class Sum:
    """How many rows there are of one kind, and the SHA-256 of all their lines."""

    kind: str
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Stock:
    """Everything that a feed holds, counted; `words` are the creations in its word index."""

    sums: Sequence[Sum]
    words: Sequence[int]

    @property
    def uid(self) -> UUID:
        """What this very state of the feed is called by."""
        told = "\n".join(f"{it.kind} {it.rows} {it.sha256}" for it in self.sums)
        return UUID(bytes=hashlib.sha256(told.encode()).digest()[:16])

    @property
    def rows(self) -> int:
        """All of them."""
        return sum(it.rows for it in self.sums)


async def take_stock(old: Store, kinds: Sequence[Kind], tell: Tell) -> tuple[Stock, Problems]:
    """Read the whole old feed once: what it holds, and what another database would not take.

    Raises:
        ImportUnfinished: the feed is not whole.
    """
    problems = Problems()
    async with old.read() as view:
        await importing.require_none(view)
        if view.dialect != POSTGRES:
            problems.add(await _lost(view))
        sums = [await _sum(view, it, Doing.CHECK, tell, problems) for it in kinds]
        return Stock(sums, await _indexed(view)), problems


async def was_begun(new: Store, stock: Stock, kinds: Sequence[Kind]) -> bool:
    """Whether this very feed was coming into the new database already; else that is empty.

    Raises:
        FeedMoved: all of it came there before.
        MoveChanged: a move was begun there, and the old feed was used since.
        MoveTaken: another feed is there.
    """
    async with new.read() as view:
        place = await view.db.get(FeedImport, stock.uid)
        if place is not None:
            if place.ended_at is not None:
                raise FeedMoved(layout.day(place.ended_at))
            return True
        if any([await rows.count(view, it) for it in kinds]):
            begun = select(FeedImport.uid).where(col(FeedImport.ended_at).is_(None))
            raise MoveChanged() if (await view.db.exec(begun)).first() else MoveTaken()
        return False


async def begin(new: Store, stock: Stock) -> None:
    """Note in the new, empty database what comes into it: nothing else starts there meanwhile."""
    async with new.work() as work:
        work.db.add(FeedImport(uid=stock.uid, taken_at=work.now, began_at=work.now))


async def copy(old: Store, new: Store, stock: Stock, kinds: Sequence[Kind], tell: Tell) -> None:
    """Copy all rows, make the word index anew, and compare; after what an earlier run has done.

    Raises:
        MoveDiffers: what came is not what stands in the old database.
    """
    names = [*(it.name for it in kinds), WORDS, COMPARED]
    async with _work(new, stock) as (_, place):
        begun_with = names.index(place.kind) if place.kind else 0
    if begun_with == names.index(COMPARED):
        return
    for kind, told in list(zip(kinds, stock.sums, strict=True))[begun_with:]:
        await _copy(old, new, stock, kind, told.rows, tell)
    await _index(new, stock, tell)
    await _compare(new, stock, kinds, tell)
    async with _work(new, stock) as (_, place):
        place.kind = COMPARED


async def end(new: Store, stock: Stock) -> None:
    """Let the new feed be used."""
    async with _work(new, stock) as (work, place):
        place.ended_at = work.now


async def _compare(new: Store, stock: Stock, kinds: Sequence[Kind], tell: Tell) -> None:
    async with new.read() as view:
        there = [await _sum(view, it, Doing.COMPARE, tell, but=stock.uid) for it in kinds]
        words = await _indexed(view)
    differing = [it.kind for it, told in zip(there, stock.sums, strict=True) if it != told]
    if words != stock.words:
        differing.append(WORDS)
    if differing:
        raise MoveDiffers(", ".join(differing))


async def _sum(
    view: View,
    kind: Kind,
    doing: Doing,
    tell: Tell,
    problems: Problems | None = None,
    but: UUID | None = None,
) -> Sum:
    """The sum of one kind, without the row that is called so; notes in `problems` what is wrong."""
    total, done, found = await rows.count(view, kind), 0, hashlib.sha256()
    async for batch in rows.read(view, kind):
        told = [it for it in batch if but is None or it.get("uid") != but]
        wrong = await asyncio.to_thread(_take, kind, told, found, problems is not None)
        if problems is not None:
            problems.add(wrong)
        done += len(told)
        tell(Step(doing, kind.name, done, total))
    return Sum(kind.name, done, found.hexdigest())


def _take(kind: Kind, batch: Sequence[Row], found: "hashlib._Hash", checked: bool) -> list[Problem]:
    wrong = []
    for row in batch:
        line = kind.write(row)
        found.update(line)
        if checked:
            try:
                kind.record.model_validate_json(line)
            except ValidationError as error:
                wrong.append(_said(kind, row, error))
    return wrong


def _said(kind: Kind, row: Row, error: ValidationError) -> Problem:
    first = error.errors(include_url=False, include_input=False)[0]
    key = " ".join(str(it)[:40] for it in kind.key_of(row))
    where = ".".join(map(str, first["loc"]))[:80]
    return Problem(Trouble.WRONG_VALUE, f"{kind.name} {key}", field=where, said=first["msg"][:200])


async def _lost(view: View) -> list[Problem]:
    """The rows of a SQLite database that refer to what is not there."""
    found = await (await view.core()).exec_driver_sql("PRAGMA foreign_key_check")
    return [
        Problem(Trouble.LOST_REFERENCE, f"{it.table} {it.rowid}", said=str(it.parent))
        for it in found
    ]


async def _indexed(view: View) -> list[int]:
    return list((await (await view.core()).execute(INDEXED)).scalars())


async def _copy(old: Store, new: Store, stock: Stock, kind: Kind, total: int, tell: Tell) -> None:
    done = await _done(new, stock, kind.name)
    async with old.read() as view:
        async for batch in rows.read(view, kind, skip=done):
            clean = [{name: without_nul(it) for name, it in row.items()} for row in batch]
            stored = [{**it, **dict.fromkeys(rows.ahead(kind, it))} for it in clean]
            done += len(batch)
            async with _work(new, stock) as (work, place):
                await bulk.add(work, kind.model, stored)
                place.lines = done
            tell(Step(Doing.ADD, kind.name, done, total))
        if kind.late:
            async for batch in rows.read(view, kind):
                if waiting := [it for it in batch if rows.ahead(kind, it)]:
                    async with _work(new, stock) as (work, _):
                        await rows.complete(work, kind, waiting)
    async with _work(new, stock) as (work, _):
        await rows.go_on_counting(work, kind)


async def _index(new: Store, stock: Stock, tell: Tell) -> None:
    done = await _done(new, stock, WORDS)
    for start in range(done, len(stock.words), rows.AT_A_TIME):
        some = stock.words[start : start + rows.AT_A_TIME]
        async with _work(new, stock) as (work, place):
            found = await work.db.exec(select(Creation).where(col(Creation.id).in_(some)))
            await searching.index(work).put(work, *found, new=True)
            place.lines = start + len(some)
        tell(Step(Doing.ADD, WORDS, start + len(some), len(stock.words)))


async def _done(new: Store, stock: Stock, kind: str) -> int:
    """How many of a kind an earlier run has copied."""
    async with _work(new, stock) as (_, place):
        if place.kind != kind:
            place.kind, place.lines = kind, 0
        return place.lines


@asynccontextmanager
async def _work(new: Store, stock: Stock) -> AsyncIterator[tuple[Work, FeedImport]]:
    """A transaction that notes how far the move came together with what it brings."""
    async with new.work() as work:
        yield work, await work.db.get_one(FeedImport, stock.uid)
