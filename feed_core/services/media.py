"""Rows for stored files."""

from feed_core.media import Kept
from feed_core.models.media import Media
from feed_core.services.once import insert
from feed_core.store import Work


async def add(work: Work, kept: Kept, *, origin: str) -> None:
    """Note a stored file; of one that is known already, only that it is wanted again."""
    known = await work.hold_if_any(Media, kept.hash)
    if known is not None:
        known.wanted_at = work.now
        return
    await work.db.exec(
        insert(work, Media)
        .values(
            hash=kept.hash,
            type=kept.type,
            size=kept.size,
            width=kept.width,
            height=kept.height,
            likeness=kept.likeness,
            origin=origin,
            created_at=work.now,
            wanted_at=work.now,
        )
        .on_conflict_do_nothing(index_elements=["hash"])
    )
