"""Rows for stored files."""

from feed_core.media import Kept
from feed_core.models.media import Media
from feed_core.store import Work


async def add(work: Work, kept: Kept, *, origin: str) -> None:
    """Note a stored file; one that is known already stays as it is."""
    if await work.db.get(Media, kept.hash) is None:
        work.db.add(
            Media(
                hash=kept.hash,
                type=kept.type,
                size=kept.size,
                width=kept.width,
                height=kept.height,
                origin=origin,
                created_at=work.now,
            )
        )
        await work.db.flush()
