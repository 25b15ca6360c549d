"""What a member follows, and what of that a creation is."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select
from sqlalchemy import select as sa_select
from sqlmodel import col, select

from feed_core.models.creations import Creation, Edge
from feed_core.models.curation import Follow, Followed
from feed_core.services.muting import folded
from feed_core.store import View


@dataclass(frozen=True, slots=True)
class Following:
    """What a member follows, as far as it concerns some creations.

    `threads` are, for each creation that belongs to any, the followed threads it belongs to, the
    nearest first.
    """

    makers: frozenset[int] = frozenset()
    tags: frozenset[str] = frozenset()
    threads: Mapping[int, Sequence[int]] = field(default_factory=dict)

    def tags_of(self, creation: Creation) -> int:
        """How many followed tags the creation has."""
        return len(self.tags & {folded(it) for it in creation.tags})


async def followed(view: View, creation_ids: Collection[int], *, member_id: int) -> Following:
    """What this member follows; threads only where these creations belong to them."""
    found = await view.db.exec(
        select(Follow.kind, Follow.subject).where(Follow.member_id == member_id)
    )
    rows = list(found)
    threads = [int(subject) for kind, subject in rows if kind is Followed.THREAD]
    return Following(
        makers=frozenset(int(subject) for kind, subject in rows if kind is Followed.MEMBER),
        tags=frozenset(subject for kind, subject in rows if kind is Followed.TAG),
        threads=await _threads_of(view, creation_ids, threads) if threads else {},
    )


async def _threads_of(
    view: View, creation_ids: Collection[int], threads: Collection[int]
) -> dict[int, list[int]]:
    """The threads among these that each creation began or grew out of; a younger one is nearer."""
    start = col(Creation.id)
    first: Select[Any, Any] = sa_select(start.label("start"), start.label("id")).where(
        start.in_(creation_ids)
    )
    walk = first.cte(recursive=True)
    walk = walk.union(
        sa_select(walk.c.start, col(Edge.parent_id)).join(walk, col(Edge.child_id) == walk.c.id)
    )
    found = await view.db.exec(
        select(walk.c.start, walk.c.id).where(walk.c.id.in_(threads)).order_by(walk.c.id.desc())
    )
    grouped: dict[int, list[int]] = {}
    for creation_id, thread_id in found:
        grouped.setdefault(creation_id, []).append(thread_id)
    return grouped
