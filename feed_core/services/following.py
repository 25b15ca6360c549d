"""What a member follows, and what of that a creation is."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from sqlmodel import col, select

from feed_core.models.curation import Follow, Followed
from feed_core.models.threads import ThreadEntry
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
    found = await view.db.exec(
        select(ThreadEntry.creation_id, ThreadEntry.thread_id).where(
            col(ThreadEntry.creation_id).in_(creation_ids), col(ThreadEntry.thread_id).in_(threads)
        )
    )
    belongs = [*found, *((it, it) for it in creation_ids if it in threads)]
    grouped: dict[int, list[int]] = {}
    for creation_id, thread_id in sorted(belongs, key=lambda it: -it[1]):
        grouped.setdefault(creation_id, []).append(thread_id)
    return grouped
