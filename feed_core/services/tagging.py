"""Tags: how they are compared, and which creations each leads to."""

from collections.abc import Iterable

from sqlalchemy import CTE, delete, exists, func, literal
from sqlalchemy import select as sa_select
from sqlmodel import col, select

from feed_core import bulk
from feed_core.models.creations import Creation
from feed_core.models.tags import CreationTag
from feed_core.services.muting import folded, not_muted
from feed_core.services.sight import Reader, may_see
from feed_core.services.word_search import number_of
from feed_core.store import View, Work

READ = 40  # characters of what was typed that count
LOOKED_AT = 100  # tags that begin with it; most of them can be seen
PAST_ALL = "\U0010ffff"  # no tag begins with it, so it ends every run of those that begin alike


def tag_of(typed: str) -> str:
    """A tag as it is compared: folded, without the sign before it."""
    plain = typed.encode("utf-8", "replace").decode().replace("\0", "")
    return folded(plain.strip().lstrip("#"))


async def put(work: Work, *creations: Creation, new: bool = False) -> None:
    """Let published creations be found by their tags, in place of those they had.

    `new`: none of them was ever put.
    """
    numbers = [number_of(it) for it in creations]
    if not new:
        await remove(work, *numbers)
    rows = [
        {"tag": tag, "creation_id": number}
        for number, it in zip(numbers, creations, strict=True)
        for tag in _distinct(it.tags)
    ]
    await bulk.add(work, CreationTag, rows)


async def remove(work: Work, *creation_ids: int) -> None:
    """Take all tags of creations out."""
    gone = delete(CreationTag).where(col(CreationTag.creation_id).in_(creation_ids))
    await (await work.core()).execute(gone)


async def clear(work: Work) -> None:
    """Forget which tags lead where."""
    await work.db.exec(delete(CreationTag))


async def suggestions(view: View, *, reader: Reader, typed: str, limit: int) -> list[str]:
    """Tags that begin with what was typed, by the alphabet, as far as the reader may see them.

    A tag is one when a creation that can be seen has it.
    """
    begun = tag_of(typed[:READ])
    walk = _walk(begun)
    seen = (
        exists()
        .where(col(CreationTag.tag) == walk.c.tag)
        .where(col(Creation.id) == col(CreationTag.creation_id), may_see(reader))
        .where(not_muted(reader))
    )
    wanted = select(walk.c.tag).where(walk.c.tag.startswith(begun, autoescape=True), seen)
    return list(await view.db.exec(wanted.order_by(walk.c.place).limit(limit)))


def _walk(begun: str) -> CTE:
    """Different tags from this one on: each is looked up after the last, however many have it."""
    tag = col(CreationTag.tag)
    first = sa_select(func.min(tag).label("tag"), literal(1).label("place")).where(tag >= begun)
    walk = first.cte(recursive=True)
    following = sa_select(func.min(tag)).where(tag > walk.c.tag, tag < begun + PAST_ALL)
    return walk.union_all(
        sa_select(following.scalar_subquery(), walk.c.place + 1).where(
            walk.c.tag.is_not(None), walk.c.place < LOOKED_AT
        )
    )


def _distinct(tags: Iterable[str]) -> list[str]:
    return [it for it in dict.fromkeys(map(tag_of, tags)) if it]
