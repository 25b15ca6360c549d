"""Writes a whole feed into a folder: the records as one moment has them, then the media."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

from feed_core.media import MediaShelf
from feed_core.porting import layout, media_files, rows
from feed_core.porting.kinds import Kind
from feed_core.porting.layout import MANIFEST, MEDIA, Files, Manifest, Part, Stage
from feed_core.porting.lines import Lines
from feed_core.porting.media_files import File
from feed_core.porting.progress import Doing, Step, Tell
from feed_core.porting.refusals import ExportDone, FilesRefused, FolderTaken
from feed_core.store import Store, View


async def export(
    store: Store, shelf: MediaShelf, folder: Path, kinds: Sequence[Kind], tell: Tell
) -> Manifest:
    """Write the feed into the folder, or go on where that was broken off.

    All records are read in one look at the database, so they fit each other whatever is written
    meanwhile. Broken off before the last record, they are read anew; after it, the export stays
    the one of that moment and goes on with the media.

    Raises:
        FolderTaken, ExportDone: the folder holds something else, or all of an export.
        FilesRefused, NoSpace: something cannot be read or written.
    """
    manifest = _begun(folder)
    if manifest is None:
        manifest = Manifest(taken_at=store.clock.now())
        layout.write_manifest(folder, manifest)
    if manifest.stage is Stage.ROWS:
        async with store.read() as view:
            manifest.taken_at = view.now
            manifest.records = [await _write(view, folder, it, tell) for it in kinds]
        manifest.stage = Stage.MEDIA
        layout.write_manifest(folder, manifest)
    manifest.media = await _copy_media(shelf, folder, manifest, kinds, tell)
    manifest.stage = Stage.COMPLETE
    layout.write_manifest(folder, manifest)
    return manifest


def _begun(folder: Path) -> Manifest | None:
    """What a run before this one wrote; None for a new or an empty folder."""
    with layout.words_for(folder):
        folder.mkdir(parents=True, exist_ok=True)
        there = next(folder.iterdir(), None)
    if there is None or there.name == f"{MANIFEST}.part":
        return None
    if not (folder / MANIFEST).exists():
        raise FolderTaken(str(folder))
    manifest = layout.read_manifest(folder)
    if manifest.stage is Stage.COMPLETE:
        raise ExportDone(str(folder), layout.day(manifest.taken_at))
    return manifest


async def _write(view: View, folder: Path, kind: Kind, tell: Tell) -> Part:
    """The file of one kind."""
    total, done, size = await rows.count(view, kind), 0, 0
    found = hashlib.sha256()
    with layout.replacing(layout.lines_of(folder, kind.name)) as file:
        async for batch in rows.read(view, kind):
            text = await asyncio.to_thread(lambda them: b"".join(map(kind.write, them)), batch)
            await asyncio.to_thread(file.write, text)
            found.update(text)
            size += len(text)
            done += len(batch)
            tell(Step(Doing.WRITE, kind.name, done, total))
    return Part(kind=kind.name, rows=done, bytes=size, sha256=found.hexdigest(), columns=kind.names)


async def _copy_media(
    shelf: MediaShelf, folder: Path, manifest: Manifest, kinds: Sequence[Kind], tell: Tell
) -> Files:
    """Copy what is not there yet; a file that the feed itself has lost is named as missing."""
    copies = MediaShelf(folder / MEDIA)
    done = Files()
    async for file, total in media_of(folder, manifest, kinds):
        source, target = file.on(shelf), file.on(copies)
        if source is None or target is None or not await _copied(source, target, file):
            done.missing.append(file.hash)
        else:
            done.files += 1
            done.bytes += file.size
        tell(Step(Doing.COPY, MEDIA, done.files + len(done.missing), total))
    return done


async def _copied(source: Path, target: Path, file: File) -> bool:
    if media_files.is_there(target, file.size):
        return True
    try:
        return await asyncio.to_thread(media_files.copy, source, target, file)
    except FilesRefused as refused:
        if refused.path == str(source):
            return False
        raise


async def media_of(
    folder: Path, manifest: Manifest, kinds: Sequence[Kind]
) -> AsyncIterator[tuple[File, int]]:
    """The files that an export's records describe, each with how many there are."""
    for kind in kinds:
        for part in manifest.records:
            if part.kind == kind.name == "media":
                lines = Lines(layout.lines_of(folder, kind.name), kind, part.columns)
                reading = lines.batches()
                while (batch := await asyncio.to_thread(next, reading, None)) is not None:
                    for _, row in batch.rows:
                        yield File(row["hash"], row["type"], row["size"]), part.rows
