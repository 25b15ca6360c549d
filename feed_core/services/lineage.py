"""The lineage: what a creation was made from, what was made of it, and how two are related.

Every question is one recursive query that joins what it has found with the edges. `UNION` keeps
each creation once a generation, so that a dense lineage costs no more than its creations times its
depth, and nobody is looked for more than `DEEPEST` generations up or down.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    String,
    Subquery,
    bindparam,
    case,
    cast,
    func,
    literal,
    or_,
    union_all,
)
from sqlalchemy import select as sa_select
from sqlalchemy.orm import aliased
from sqlmodel import col

from feed_core import bulk
from feed_core.errors import CreationNotFound
from feed_core.models.creations import Creation, Edge
from feed_core.prepared import columns, objects
from feed_core.services.sight import Reader, anybody, may_place, told
from feed_core.store import View

DEEPEST = 64
MOST = 200  # creations in one family: what a picture can hold
ASKED = bindparam("asked", type_=Integer)  # the creation of which a statement is put together

UP, ITSELF, DOWN = -1, 0, 1


@dataclass(frozen=True, slots=True)
class Family:
    """A creation with what it was made from and what was made of it.

    `members` holds the creation itself too, oldest first; those the reader may not see are left
    out, withdrawn ones stay. `edges` are (parent, child). `ancestors` and `descendants` count all
    of them; `members` are the nearest, when there are more than were asked for.
    """

    focus_id: int
    members: Sequence[Creation]
    edges: Sequence[tuple[int, int]]
    ancestors: int
    descendants: int


def kin(start_id: int | ColumnElement[int], side: int) -> Subquery:
    """A creation and its kin `UP` or `DOWN`: each `id` once, `generations` away at least."""
    here, there = col(Edge.child_id), col(Edge.parent_id)
    if side == DOWN:
        here, there = there, here
    first: Select[Any, Any] = sa_select(
        col(Creation.id).label("id"), literal(0).label("generations")
    ).where(col(Creation.id) == start_id)
    walk = first.cte("up" if side == UP else "down", recursive=True)
    walk = walk.union(
        sa_select(there, walk.c.generations + 1)
        .join(walk, here == walk.c.id)
        .where(walk.c.generations < DEEPEST)
    )
    nearest = func.min(walk.c.generations).label("generations")
    return sa_select(walk.c.id, nearest).group_by(walk.c.id).subquery()


async def family(view: View, creation_id: int, *, reader: Reader, most: int = MOST) -> Family:
    """The lineage of a creation, both ways, with at most so many creations.

    Raises:
        CreationNotFound: there is none that this reader may see.
    """
    rows = await view.ask(_family(), {"asked": creation_id, "most": most, **told(reader)})
    members = objects(Creation, (it[:-3] for it in rows))
    edges: list[tuple[int, int]] = []
    counts: dict[int, int] = {}
    for creation, (*_, side, many, of) in zip(members, rows, strict=True):
        assert creation.id is not None
        edges += [(it, creation.id) for it in sorted(map(int, (of or "").split()))]
        counts[side] = many
    if ITSELF not in counts:
        raise CreationNotFound(creation_id)
    return Family(
        focus_id=creation_id,
        members=members,
        edges=edges,
        ancestors=counts.get(UP, 0),
        descendants=counts.get(DOWN, 0),
    )


@cache
def _family() -> Select[Any]:
    """The members of a family, each with its side, how many are on it, and its parents there."""
    up, down = kin(ASKED, UP), kin(ASKED, DOWN)
    both = union_all(
        sa_select(up.c.id, up.c.generations, literal(UP).label("side")).where(up.c.generations > 0),
        sa_select(up.c.id, up.c.generations, literal(ITSELF)).where(up.c.generations == 0),
        sa_select(down.c.id, down.c.generations, literal(DOWN)).where(down.c.generations > 0),
    ).subquery("both")
    # Counted by side, so that a thousand remixes do not crowd out the first maker.
    near = func.row_number().over(
        partition_by=both.c.side, order_by=(both.c.generations, both.c.id)
    )
    count = func.count().over(partition_by=both.c.side)
    placed = (
        sa_select(both.c.id, both.c.side, near.label("near"), count.label("count"))
        .join(Creation, col(Creation.id) == both.c.id)
        .where(may_place(anybody()))
        .subquery("placed")
    )
    shown = (
        sa_select(placed.c.id, placed.c.side, placed.c.count)
        .order_by(placed.c.near, func.abs(placed.c.side), placed.c.side)
        .limit(bindparam("most", type_=Integer))
        .cte("shown")
    )
    older = shown.alias()
    parents = (
        sa_select(func.aggregate_strings(cast(col(Edge.parent_id), String), " "))
        .join(older, older.c.id == col(Edge.parent_id))
        .where(col(Edge.child_id) == shown.c.id)
        .scalar_subquery()
    )
    return (
        sa_select(*columns(Creation), shown.c.side, shown.c.count, parents)
        .join(shown, col(Creation.id) == shown.c.id)
        .order_by(col(Creation.id))
    )


async def ancestors(view: View, creation_id: int, *, reader: Reader) -> list[Creation]:
    """All that a creation was made from, over every generation, oldest first.

    Raises:
        CreationNotFound: there is none that this reader may see.
    """
    return await _others(view, _line(UP), creation_id, reader)


async def descendants(view: View, creation_id: int, *, reader: Reader) -> list[Creation]:
    """All that was made of a creation, over every generation, oldest first.

    Raises:
        CreationNotFound: there is none that this reader may see.
    """
    return await _others(view, _line(DOWN), creation_id, reader)


async def siblings(view: View, creation_id: int, *, reader: Reader) -> list[Creation]:
    """The other remixes of what a creation was made from, oldest first.

    A parent that the reader may not see makes nobody a sibling: that would tell of it.

    Raises:
        CreationNotFound: there is none that this reader may see.
    """
    return await _others(view, _siblings(), creation_id, reader)


@cache
def _line(side: int) -> Select[Any]:
    return _placed(kin(ASKED, side))


@cache
def _siblings() -> Select[Any]:
    own, other = aliased(Edge), aliased(Edge)
    shared: Select[Any] = (
        sa_select(col(other.child_id).label("id"))
        .join(own, col(own.parent_id) == col(other.parent_id))
        .join(Creation, col(Creation.id) == col(own.parent_id))
        .where(col(own.child_id) == ASKED, may_place(anybody()))
    )
    itself: Select[Any] = sa_select(col(Creation.id).label("id")).where(col(Creation.id) == ASKED)
    return _placed(itself.union(shared).subquery())


async def path(view: View, start_id: int, end_id: int, *, reader: Reader) -> list[int]:
    """The shortest way from one creation to another over parents and remixes, both ends included.

    It leads only over creations whose place this reader may see; of several shortest ways it is
    always the same one. Empty when there is none, or when an end is nowhere the reader may look:
    the two cannot be told apart.
    """
    found = await view.ask(_between(), {"asked": start_id, "end": end_id, **told(reader)})
    beside: dict[int, list[int]] = {}
    for one, other in found:
        beside.setdefault(one, []).append(other)
        beside.setdefault(other, []).append(one)
    return _shortest(beside, start_id, end_id)


@cache
def _between() -> Select[Any]:
    """All edges among what is joined to a creation, if `end` is; put together once."""
    reader, end_id = anybody(), bindparam("end", type_=Integer)
    first: Select[Any] = sa_select(col(Creation.id).label("id")).where(
        col(Creation.id) == ASKED, may_place(reader)
    )
    walk = first.cte("walk", recursive=True)
    parent, child = col(Edge.parent_id), col(Edge.child_id)
    # Without a depth, each creation is reached once. Counting steps here would find it again at
    # every step of the way, for a walk that may turn round: 16 s instead of 0.5 on 60,000 edges.
    walk = walk.union(
        sa_select(col(Creation.id))
        .select_from(walk)
        .join(Edge, or_(parent == walk.c.id, child == walk.c.id))
        .join(Creation, col(Creation.id) == case((parent == walk.c.id, child), else_=parent))
        .where(may_place(reader))
    )
    older, younger, end = walk.alias(), walk.alias(), walk.alias()
    links = union_all(
        sa_select(end.c.id, end.c.id.label("other")).where(end.c.id == end_id),  # if it is alone
        sa_select(parent, child)
        .join(older, older.c.id == parent)
        .join(younger, younger.c.id == child)
        .where(sa_select(end.c.id).where(end.c.id == end_id).exists()),
    ).subquery()
    return sa_select(links.c.id, links.c.other).order_by(*links.c)


async def way(view: View, start_id: int, end_id: int, *, reader: Reader) -> Family | None:
    """The creations of `path` in its order, and the edges that lead along it; None without one."""
    ids = await path(view, start_id, end_id, reader=reader)
    if not ids:
        return None
    known = {it.id: it for it in await bulk.find(view, Creation, ids)}
    return Family(
        focus_id=start_id,
        members=[known[it] for it in ids],
        edges=[(min(pair), max(pair)) for pair in pairwise(ids)],  # parents are always older
        ancestors=sum(b < a for a, b in pairwise(ids)),
        descendants=sum(b > a for a, b in pairwise(ids)),
    )


def _placed(known: Subquery) -> Select[Any]:
    """Those of these ids whose place a reader may see."""
    return (
        sa_select(*columns(Creation))
        .join(known, known.c.id == col(Creation.id))
        .where(may_place(anybody()))
        .order_by(col(Creation.id))
    )


async def _others(
    view: View, statement: Select[Any], creation_id: int, reader: Reader
) -> list[Creation]:
    """What it finds of a creation's kin, without the creation itself."""
    rows = await view.ask(statement, {"asked": creation_id, **told(reader)})
    creations = objects(Creation, rows)
    if all(it.id != creation_id for it in creations):
        raise CreationNotFound(creation_id)
    return [it for it in creations if it.id != creation_id]


def _shortest(beside: Mapping[int, Sequence[int]], start_id: int, end_id: int) -> list[int]:
    came_from = {end_id: end_id} if end_id in beside else {}
    queue = deque(came_from)
    while queue and start_id not in came_from:
        here = queue.popleft()
        for there in beside[here]:
            if there not in came_from:
                came_from[there] = here
                queue.append(there)
    way = [start_id] if start_id in came_from else []
    while way and way[-1] != end_id:
        way.append(came_from[way[-1]])
    return way
