"""Building on what others made, and the lineage that comes of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, literal
from sqlalchemy import select as sa_select
from sqlmodel import col, select

from feed_core.errors import CreationNotFound, RemixNotAllowed
from feed_core.models.creations import Creation, Edge
from feed_core.services.sight import Reader, may_place, see
from feed_core.states import Permission
from feed_core.store import View

DEEPEST = 64


@dataclass(frozen=True, slots=True)
class Family:
    """All a creation was made from and all that was made of it.

    `members` holds the creation itself too, oldest first; those the reader may not see are left
    out, withdrawn ones stay. `edges` are (parent, child).
    """

    focus_id: int
    members: Sequence[Creation]
    edges: Sequence[tuple[int, int]]
    ancestors: int
    descendants: int


async def require_open(view: View, creation_id: int, *, reader: Reader) -> Creation:
    """The creation, if this reader may build on it.

    Raises:
        CreationNotFound, CreationWithdrawn: it cannot be seen.
        RemixNotAllowed: its maker does not want that.
    """
    creation = await see(view, creation_id, reader=reader)
    if not is_open(creation, reader=reader):
        raise RemixNotAllowed(creation_id)
    return creation


def is_open(creation: Creation, *, reader: Reader) -> bool:
    """Whether the maker lets this reader build on it."""
    return creation.consent_remix is Permission.YES or creation.author_id == reader.member_id


async def family(view: View, creation_id: int, *, reader: Reader) -> Family:
    """The lineage of a creation, both ways.

    Raises:
        CreationNotFound: there is none that this reader may see.
    """
    up = await _walk(view, creation_id, towards="parent")
    down = await _walk(view, creation_id, towards="child")
    ids = up | down | {creation_id}
    found = await view.db.exec(
        select(Creation)
        .where(col(Creation.id).in_(ids), may_place(reader))
        .order_by(col(Creation.id))
    )
    members = list(found)
    shown = {it.id for it in members}
    if creation_id not in shown:
        raise CreationNotFound(creation_id)
    edges = await view.db.exec(
        select(Edge.parent_id, Edge.child_id).where(
            col(Edge.parent_id).in_(shown), col(Edge.child_id).in_(shown)
        )
    )
    return Family(
        focus_id=creation_id,
        members=members,
        edges=list(edges),
        ancestors=len(up & shown),
        descendants=len(down & shown),
    )


async def parents(view: View, child_ids: Sequence[int], *, reader: Reader) -> dict[int, list[int]]:
    """The parents of each of these creations, as far as the reader may know of them."""
    found = await view.db.exec(
        select(Edge.child_id, Edge.parent_id)
        .join(Creation, col(Creation.id) == col(Edge.parent_id))
        .where(col(Edge.child_id).in_(child_ids), may_place(reader))
        .order_by(col(Edge.parent_id))
    )
    grouped: dict[int, list[int]] = {}
    for child_id, parent_id in found:
        grouped.setdefault(child_id, []).append(parent_id)
    return grouped


async def _walk(view: View, start_id: int, *, towards: str) -> set[int]:
    here, there = (
        (col(Edge.child_id), col(Edge.parent_id))
        if towards == "parent"
        else (col(Edge.parent_id), col(Edge.child_id))
    )
    first: Select[Any, Any] = sa_select(there.label("id"), literal(1).label("depth")).where(
        here == start_id
    )
    walk = first.cte("walk", recursive=True)
    walk = walk.union(
        sa_select(there, walk.c.depth + 1).where(here == walk.c.id, walk.c.depth < DEEPEST)
    )
    found = await view.db.exec(select(walk.c.id))
    return set(found)
