"""Brings a checked export into a feed, a transaction at a time; broken off, it goes on there."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from feed_core.database import NoRoom
from feed_core.media import MediaShelf
from feed_core.models.porting import FeedImport
from feed_core.porting import layout, media_files, rows
from feed_core.porting.exporting import media_of
from feed_core.porting.kinds import Kind
from feed_core.porting.layout import MEDIA, Manifest, Part
from feed_core.porting.lines import Batch, Lines
from feed_core.porting.problems import Problem, Problems, Trouble
from feed_core.porting.progress import Doing, Step, Tell
from feed_core.porting.refusals import (
    ExportChanged,
    FilesRefused,
    ImportClash,
    ImportUnfinished,
    NoSpace,
)
from feed_core.store import Store, View, Work


@dataclass(slots=True)
class Brought:
    """What an import did: records that were new, those that were there, files of media."""

    added: int = 0
    there: int = 0
    files: int = 0


async def require_none(view: View, *, but: Manifest | None = None) -> None:
    """Stop where an import (of another export) was begun and has not ended.

    Raises:
        ImportUnfinished: there is one.
    """
    found = await view.db.exec(select(FeedImport).where(col(FeedImport.ended_at).is_(None)))
    for it in found:
        if but is None or it.uid != but.uid:
            raise ImportUnfinished(layout.day(it.taken_at))


async def check_media(
    folder: Path, manifest: Manifest, kinds: Sequence[Kind], tell: Tell
) -> Problems:
    """Media that are not there or not what their rows and names say."""
    problems, done = Problems(), 0
    shelf, missing = MediaShelf(folder / MEDIA), set(manifest.media.missing)
    async for file, total in media_of(folder, manifest, kinds):
        path = file.on(shelf)
        if path is None:
            problems.add([Problem(Trouble.NO_MEDIA_NAME, "media.jsonl", said=file.hash[:80])])
        elif file.hash not in missing:
            name = str(path.relative_to(folder))
            try:
                if not await asyncio.to_thread(media_files.holds, path, file):
                    problems.add([Problem(Trouble.OTHER_MEDIA, name)])
            except FilesRefused as refused:
                problems.add([Problem(Trouble.NO_FILE, name, said=refused.reason)])
        done += 1
        tell(Step(Doing.CHECK_MEDIA, MEDIA, done, total))
    return problems


async def bring_in(
    store: Store,
    shelf: MediaShelf,
    folder: Path,
    manifest: Manifest,
    kinds: Sequence[Kind],
    tell: Tell,
) -> Brought:
    """Bring in an export that was checked: media first, then records; what is there stays.

    Raises:
        ImportUnfinished: another one has to be ended first.
        ExportChanged: a file is not the one that was checked.
        ImportClash: somebody else wrote into the feed meanwhile.
        FilesRefused, NoSpace: something cannot be read or written.
    """
    brought = Brought()
    async with store.work() as work:
        await require_none(work, but=manifest)
        place = await work.db.get(FeedImport, manifest.uid)
        if place is None:
            place = FeedImport(uid=manifest.uid, taken_at=manifest.taken_at, began_at=work.now)
            work.db.add(place)
        elif place.ended_at is not None:  # brought in before: what was lost since comes back
            place.kind, place.lines, place.ended_at = "", 0, None
        begun_with = place.kind
    brought.files = await _copy_media(shelf, folder, manifest, kinds, tell)
    names = [it.name for it in kinds]
    parts = {it.kind: it for it in manifest.records}
    for kind in kinds[names.index(begun_with) if begun_with in names else 0 :]:
        if kind.name in parts:
            await _add(store, folder, manifest, kind, parts[kind.name], brought, tell)
    async with store.work() as work:
        place = await work.db.get_one(FeedImport, manifest.uid)
        place.ended_at = work.now
    return brought


async def _copy_media(
    shelf: MediaShelf, folder: Path, manifest: Manifest, kinds: Sequence[Kind], tell: Tell
) -> int:
    copies, missing = MediaShelf(folder / MEDIA), set(manifest.media.missing)
    done = copied = 0
    async for file, total in media_of(folder, manifest, kinds):
        source, target = file.on(copies), file.on(shelf)
        if source is None or target is None:
            raise ExportChanged("media.jsonl")
        if file.hash not in missing and not media_files.is_there(target, file.size):
            if not await asyncio.to_thread(media_files.copy, source, target, file):
                raise ExportChanged(str(source.relative_to(folder)))
            copied += 1
        done += 1
        tell(Step(Doing.COPY, MEDIA, done, total))
    return copied


async def _add(
    store: Store,
    folder: Path,
    manifest: Manifest,
    kind: Kind,
    part: Part,
    brought: Brought,
    tell: Tell,
) -> None:
    """Add the records of one kind after those that an import before this one has added."""
    async with _work(store, manifest) as (_, place):
        if place.kind != kind.name:
            place.kind, place.lines = kind.name, 0
        skip = place.lines
    lines = Lines(layout.lines_of(folder, kind.name), kind, part.columns)
    async for batch in _batches(lines, skip=skip):
        async with _work(store, manifest) as (work, place):
            new = await rows.add(work, kind, [row for _, row in batch.rows])
            place.lines = lines.count
        brought.added += new
        brought.there += len(batch.rows) - new
        tell(Step(Doing.ADD, kind.name, lines.count, part.rows))
    if lines.sha256 != part.sha256:
        raise ExportChanged(f"{kind.name}.jsonl")
    if kind.late:
        again = Lines(layout.lines_of(folder, kind.name), kind, part.columns)
        async for batch in _batches(again):
            async with _work(store, manifest) as (work, _):
                await rows.complete(work, kind, [row for _, row in batch.rows])
    async with _work(store, manifest) as (work, _):
        await rows.go_on_counting(work, kind)


async def _batches(lines: Lines, *, skip: int = 0) -> AsyncIterator[Batch]:
    reading = lines.batches(skip=skip)
    while (batch := await asyncio.to_thread(next, reading, None)) is not None:
        if batch.problems:
            raise ExportChanged(batch.problems[0].file)
        yield batch


@asynccontextmanager
async def _work(store: Store, manifest: Manifest) -> AsyncIterator[tuple[Work, FeedImport]]:
    """A transaction that notes how far the import came together with what it brings.

    Raises:
        NoSpace: the database cannot grow.
        ImportClash: something else took a number or a name meanwhile.
    """
    place = None
    try:
        async with store.work() as work:
            place = await work.db.get_one(FeedImport, manifest.uid)
            yield work, place
    except IntegrityError as error:
        raise ImportClash(f"{place.kind}.jsonl" if place else "") from error
    except NoRoom as error:
        raise NoSpace("the database") from error
