"""Files and their rows kept together: taken in, made smaller once, thrown away when unused.

Files change outside any transaction. The order of steps makes a stop anywhere harmless: what a file
lacks is done by the next sweep, and a file that is wanted again is there again.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from feed_core.errors import Refusal
from feed_core.media import UNREADABLE, Kept, MediaShelf
from feed_core.models.media import Media
from feed_core.services import media
from feed_core.store import Store

logger = structlog.get_logger(__name__)


@dataclass(eq=False)
class TooManyFiles(Refusal):
    """More files came with one message than are taken."""

    count: int
    limit: int
    code = "too_many_files"


async def keep(
    store: Store, shelf: MediaShelf, content: bytes, take: Callable[[bytes], Kept], *, origin: str
) -> Kept:
    """Put a file on the shelf by `take`, and note it.

    Raises:
        PictureRefused, RecordingRefused, NoRoom: as `take` raises them.
    """
    kept = await asyncio.to_thread(take, content)
    async with store.work() as work:
        await media.add(work, kept, origin=origin)
    # A sweep may have taken the same file away just before it was noted.
    await asyncio.to_thread(_again, shelf, kept, content, take)
    return kept


async def sweep(store: Store, shelf: MediaShelf) -> int:
    """Throw away the files that nothing uses any more; returns how many there were."""
    count = 0
    for _ in range(2):  # what was a thumbnail only is unused when its picture is gone
        async with store.read() as view:
            unused = await media.unused(view)
        for media_hash in unused:
            await asyncio.to_thread(shelf.put_away, media_hash)
            gone = False
            try:
                async with store.work() as work:
                    gone = await media.forget(work, media_hash)
            finally:
                await asyncio.to_thread(shelf.throw_away if gone else shelf.bring_back, media_hash)
            count += gone
    return count


async def mend(store: Store, shelf: MediaShelf) -> None:
    """End what a stop left half-done: files put away, and pictures without a smaller one."""
    for media_hash in await asyncio.to_thread(shelf.put_aside):
        async with store.read() as view:
            known = await view.db.get(Media, media_hash) is not None
        await asyncio.to_thread(shelf.bring_back if known else shelf.throw_away, media_hash)
    while True:
        async with store.read() as view:
            larger = await media.without_thumbnail(view)
        if not larger:
            return
        for media_hash in larger:
            small: Kept | None = None
            try:
                small = await asyncio.to_thread(shelf.thumbnail, media_hash)
            except UNREADABLE:
                logger.warning("no_thumbnail", media_hash=media_hash)
            async with store.work() as work:
                await media.set_thumbnail(work, media_hash, small)


def _again(shelf: MediaShelf, kept: Kept, content: bytes, take: Callable[[bytes], Kept]) -> None:
    wanted = [kept.hash, *([kept.thumbnail.hash] if kept.thumbnail else [])]
    if not all(shelf.has(it) for it in wanted):
        take(content)
