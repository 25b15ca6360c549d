"""Gists of parts of threads: kept under what they were made from, gone with any of it."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import delete
from sqlmodel import col, select

from feed_core import bulk
from feed_core.models.creations import Creation
from feed_core.models.gists import Gist, GistSource
from feed_core.models.reactions import Comment
from feed_core.services.once import insert
from feed_core.services.sight import Reader, may_see
from feed_core.states import CommentState
from feed_core.store import View, Work

KEPT = timedelta(days=60)

Body = dict[str, Any]


async def known(view: View, keys: Collection[str]) -> dict[str, Body]:
    """The gists that there are of these keys."""
    if not keys:
        return {}
    found = await view.db.exec(select(Gist.key, Gist.body).where(col(Gist.key).in_(keys)))
    return {key: dict(body) for key, body in found}


async def keep(
    work: Work,
    key: str,
    body: Body,
    *,
    reader: Reader,
    creations: Mapping[int, str],
    comment_ids: Collection[int],
) -> bool:
    """Keep a gist of these creations, with the content hashes that were read, and comments.

    False, and nothing is kept, where the reader may not see one of them any more, or it says
    something else now. Until this transaction ends nobody takes any of them back.
    """
    seen = await work.db.exec(
        select(Creation.id, Creation.content_hash)
        .where(col(Creation.id).in_(creations), may_see(reader))
        .with_for_update(read=True)
    )
    said = await work.db.exec(
        select(Comment.id)
        .where(col(Comment.id).in_(comment_ids), Comment.state == CommentState.PUBLISHED)
        .with_for_update(read=True)
    )
    if dict(seen.all()) != dict(creations) or set(said) != set(comment_ids):
        return False
    made = insert(work, Gist).values(key=key, body=body, made_at=work.now)
    added = await work.db.exec(made.on_conflict_do_nothing())
    if not added.rowcount:  # somebody else read the same
        return True
    rows = [{"key": key, "creation_id": it, "comment_id": None} for it in creations]
    rows += [{"key": key, "creation_id": None, "comment_id": it} for it in comment_ids]
    await bulk.add(work, GistSource, rows)
    return True


async def forget(
    work: Work, *, creation_id: int | None = None, comment_id: int | None = None
) -> None:
    """Let go of every gist that was made from this creation or comment."""
    about = col(GistSource.creation_id) == creation_id
    if creation_id is None:
        about = col(GistSource.comment_id) == comment_id
    found = await work.db.exec(select(GistSource.key).where(about))
    await _drop(work, set(found))


async def sweep(work: Work) -> None:
    """Let go of what was made long ago; a thread that is summed up again makes it anew."""
    old = await work.db.exec(select(Gist.key).where(Gist.made_at < work.now - KEPT).limit(1_000))
    await _drop(work, set(old))


async def _drop(work: Work, keys: Collection[str]) -> None:
    if keys:
        await work.db.exec(delete(GistSource).where(col(GistSource.key).in_(keys)))
        await work.db.exec(delete(Gist).where(col(Gist.key).in_(keys)))
