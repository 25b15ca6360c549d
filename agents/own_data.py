"""All that is a member's own: as a file for them, and gone for good."""

import asyncio
import json
import tempfile
import zipfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import IO

import structlog

from feed_core import shelving
from feed_core.media import MediaShelf
from feed_core.porting import rows
from feed_core.porting.belongings import MEDIA, Belongings
from feed_core.porting.kinds import Kind, Row
from feed_core.porting.media_files import File
from feed_core.services import erasing
from feed_core.store import Store, View
from memory import forgetting, porting
from memory.remembering import Memories

IN_MEMORY = 8 * 2**20  # bytes of a file that is made; a larger one stands on disk meanwhile
ROOM = 64 * 2**10  # bytes left for the table of contents
CONTENTS = "contents.json"

logger = structlog.get_logger(__name__)


@dataclass(slots=True)
class Export:
    """A ZIP file, how many records it holds, how many files of media, and how many did not fit.

    `content` is empty where the records alone are larger than may be sent.
    """

    content: bytes = b""
    records: dict[str, int] = field(default_factory=dict)
    files: int = 0
    left_out: int = 0


Durably = Callable[..., Awaitable[None]]  # see `bridges/durable/work.py`


class OwnData:
    """Makes a file of what is a member's own, or removes it.

    Both are durable work. Who asks for the file twice at a time has it made once; it is kept by
    nobody: who asked gets it, and a stop that ends the waiting ends the need for it. Removing goes
    on after a stop until nothing is left.
    """

    def __init__(self, store: Store, media: MediaShelf, memories: Memories) -> None:
        self._store, self._media, self._memories = store, media, memories
        self._belongings = Belongings(porting.memories())
        self._asked: dict[int, Export | None] = {}  # by member
        self.exports: Durably | None = None
        """How an export is made sure of; without, it is made by who asks."""
        self.erases: Durably | None = None
        """The same for what is to be removed."""

    async def exported(self, member_id: int, *, limit: int) -> Export:
        """All that is this member's own, in at most so many bytes: records first, then media.

        Raises:
            Unavailable: it was stopped meanwhile, or the database does not answer.
        """
        self._asked[member_id] = None
        try:
            if self.exports is not None:
                await self.exports(member_id, limit)
            # Where another process made it, or one was made a moment ago, there is none here.
            return self._asked[member_id] or await self._made(member_id, limit)
        finally:
            self._asked.pop(member_id, None)

    async def export(self, member_id: int, limit: int) -> None:
        """Make the file for who waits for it; for nobody, nothing is made."""
        if member_id in self._asked:
            self._asked[member_id] = await self._made(member_id, limit)

    async def erased(self, member_id: int) -> None:
        """Return when nothing of this member is left.

        Raises:
            Unavailable: something outside did not do its part; asking again goes on.
        """
        await (self.erases or self.erase)(member_id)

    async def erase(self, member_id: int) -> None:
        """Remove all that is this member's, then search for it.

        What was removed before is no hindrance. Their accounts go last: asking again is possible
        until all is gone.

        Raises:
            Unavailable: something outside did not do its part.
            RuntimeError: something of it is found.
        """
        async with self._store.work() as work:
            await erasing.begin(work, member_id=member_id)
        while made := await self._some(erasing.creations, member_id):
            for it in made:
                async with self._store.work() as work:
                    await erasing.withdraw(work, creation_id=it, member_id=member_id)
        while said := await self._some(erasing.comments, member_id):
            for it in said:
                async with self._store.work() as work:
                    await erasing.unsay(work, comment_id=it, member_id=member_id)
        async with self._store.work() as work:
            await forgetting.erase(work, member_id)
            await erasing.finish(work, member_id=member_id)
        await self._memories.vanish(member_id)
        await shelving.sweep(self._store, self._media)
        async with self._store.read() as view:
            left = await erasing.left(view, member_id=member_id)
        if left:
            raise RuntimeError(f"of member {member_id} there is still {left}")

    async def _some(
        self, find: Callable[[View, int], Awaitable[list[int]]], member_id: int
    ) -> list[int]:
        async with self._store.read() as view:
            return await find(view, member_id)

    async def _made(self, member_id: int, limit: int) -> Export:
        made = Export()
        with tempfile.SpooledTemporaryFile(IN_MEMORY) as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
                async with self._store.read() as view:
                    shown = await self._write_records(view, archive, member_id, made)
                    taken_at = view.now
                for it in shown:
                    await self._add(archive, it, made, limit - file.tell())
                contents = {
                    "jamfeed": "member",
                    "taken_at": taken_at.isoformat(),
                    "records": made.records,
                    "media": {"files": made.files, "left_out": made.left_out},
                }
                archive.writestr(CONTENTS, json.dumps(contents, indent=1))
            if file.tell() <= limit:
                file.seek(0)
                made.content = await asyncio.to_thread(file.read)
        return made

    async def _write_records(
        self, view: View, archive: zipfile.ZipFile, member_id: int, made: Export
    ) -> list[File]:
        """Write a file of lines for each kind of which there is something; the media they show."""
        shown: list[File] = []
        for kind, theirs in self._belongings.of(member_id):
            entry: IO[bytes] | None = None
            async for batch in rows.read(view, kind, only=theirs):
                if entry is None:
                    entry = archive.open(f"{kind.name}.jsonl", "w")
                await asyncio.to_thread(_write, entry, kind, batch)
                made.records[kind.name] = made.records.get(kind.name, 0) + len(batch)
                if kind.name == MEDIA:
                    shown += [File(it["hash"], it["type"], it["size"]) for it in batch]
            if entry is not None:
                entry.close()
        return shown

    async def _add(self, archive: zipfile.ZipFile, file: File, made: Export, room: int) -> None:
        path = file.on(self._media)
        if path is None or file.size + ROOM > room or not await asyncio.to_thread(path.exists):
            made.left_out += 1
            return
        name = f"{MEDIA}/{path.name}"
        # It is packed as well as it can be already.
        await asyncio.to_thread(archive.write, path, name, zipfile.ZIP_STORED)
        made.files += 1


def _write(entry: IO[bytes], kind: Kind, batch: list[Row]) -> None:
    for it in batch:
        entry.write(kind.write(it))
