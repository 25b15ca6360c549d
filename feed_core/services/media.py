"""Rows for stored files: which there are, which is whose thumbnail, which nothing uses any more."""

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import ColumnElement, delete, exists
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from feed_core.media import PICTURE, Kept
from feed_core.models.creations import Creation, Draft
from feed_core.models.media import Media
from feed_core.services.once import insert
from feed_core.store import View, Work

GRACE = timedelta(minutes=10)  # from when somebody brought a file to when something uses it


async def add(work: Work, kept: Kept, *, origin: str) -> None:
    """Note a stored file and its thumbnail; of one that is known, only that it is wanted again."""
    small = kept.thumbnail
    if small is not None:
        await add(work, small, origin=origin)
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
    row = await work.hold(Media, kept.hash)
    row.wanted_at = work.now
    if kept.type == PICTURE:
        row.thumbnail_hash = small.hash if small else kept.hash
    await work.db.flush()


async def thumbnails(view: View, hashes: Collection[str]) -> dict[str, str]:
    """The hash of the smaller picture of each of these that has one."""
    found = await view.db.exec(
        select(Media.hash, Media.thumbnail_hash).where(
            col(Media.hash).in_(hashes), col(Media.thumbnail_hash).is_not(None)
        )
    )
    return {media_hash: small for media_hash, small in found if small is not None}


async def without_thumbnail(view: View, *, limit: int = 20) -> list[str]:
    """Pictures that have no smaller one yet."""
    found = await view.db.exec(
        select(Media.hash)
        .where(Media.type == PICTURE, col(Media.thumbnail_hash).is_(None))
        .order_by(col(Media.hash))
        .limit(limit)
    )
    return list(found)


async def set_thumbnail(work: Work, media_hash: str, small: Kept | None) -> None:
    """Note the smaller picture of one, which is itself where it is small or cannot be read."""
    row = await work.db.get(Media, media_hash)
    if row is None:
        return
    if small is not None:
        await add(work, small, origin=row.origin)
    row.thumbnail_hash = small.hash if small else media_hash


async def unused(view: View, *, limit: int = 100) -> list[str]:
    """Files that nothing shows and that nobody brought in the last minutes."""
    found = await view.db.exec(
        select(Media.hash).where(*_unused(view)).order_by(col(Media.hash)).limit(limit)
    )
    return list(found)


async def forget(work: Work, media_hash: str) -> bool:
    """Forget a file if nothing shows it; False when something does."""
    gone = await work.db.exec(
        delete(Media)
        .where(col(Media.hash) == media_hash, *_unused(work))
        .returning(col(Media.hash))
    )
    return bool(gone.all())


def _unused(view: View) -> tuple[ColumnElement[bool], ...]:
    larger = aliased(Media)
    shown = exists().where(col(Creation.media_hash) == col(Media.hash))
    drafted = exists().where(col(Draft.media_hash) == col(Media.hash))
    thumbnail = exists().where(
        col(larger.thumbnail_hash) == col(Media.hash), col(larger.hash) != col(Media.hash)
    )
    return col(Media.wanted_at) < view.now - GRACE, ~shown, ~drafted, ~thumbnail
