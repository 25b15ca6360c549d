"""What many readers, outside of rooms, muted and hid: asked for in one go, then told one by one.

It decides as `muting.not_muted` and `sight.may_recommend` do in SQL for one reader.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import CompoundSelect, Integer, String, bindparam, cast, literal, union_all
from sqlalchemy import select as sa_select
from sqlmodel import col

from feed_core.models.creations import Creation
from feed_core.models.curation import Followed, Mute, Opinion, Wanted
from feed_core.models.threads import ThreadEntry
from feed_core.prepared import among
from feed_core.services.muting import Silence, silenced
from feed_core.states import CreationState, Permission, Visibility
from feed_core.store import View

HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class Wary:
    """One reader, and what they do not want to see."""

    member_id: int
    quiet: Silence
    makers: frozenset[int]
    threads: frozenset[int]
    hidden: frozenset[int]

    def is_offered(self, it: Creation, threads: Collection[int] = ()) -> bool:
        """Whether it may come before them unasked; `threads` are those it belongs to."""
        willing = it.consent_recommend is Permission.YES or it.author_id == self.member_id
        return willing and self.is_shown(it, threads)

    def is_shown(self, it: Creation, threads: Collection[int] | None) -> bool:
        """Whether they may see it and did not mute it; with None muted threads do not count."""
        if it.state is not CreationState.PUBLISHED:
            return False
        if it.author_id != self.member_id:
            if it.visibility is not Visibility.EVERYONE:
                return False
            if it.author_id in self.makers or it.id in self.hidden:
                return False
            if threads is not None and not self.threads.isdisjoint((it.id, *threads)):
                return False
        return not self.quiet.keeps_away(it)


async def of_many(view: View, member_ids: Collection[int]) -> dict[int, Wary]:
    """These readers, by number."""
    muted: dict[tuple[int, str], list[str]] = defaultdict(list)
    for member_id, kind, subject in await view.ask(_muted(), {"members": list(member_ids)}):
        muted[member_id, kind].append(subject)
    return {
        it: Wary(
            member_id=it,
            quiet=silenced(it, words=muted[it, Followed.WORD], tags=muted[it, Followed.TAG]),
            makers=frozenset(map(int, muted[it, Followed.MEMBER])),
            threads=frozenset(map(int, muted[it, Followed.THREAD])),
            hidden=frozenset(map(int, muted[it, HIDDEN])),
        )
        for it in member_ids
    }


async def muted_threads(
    view: View, creation_ids: Collection[int], readers: Collection[Wary]
) -> dict[int, list[int]]:
    """The threads that these creations belong to, of those that any of these readers muted."""
    muted = {thread for it in readers for thread in it.threads}
    found: dict[int, list[int]] = defaultdict(list)
    if muted and creation_ids:
        given = {"ids": list(creation_ids), "threads": list(muted)}
        for number, thread in await (await view.core()).execute(_belonging(), given):
            found[number].append(thread)
    return found


@cache
def _muted() -> CompoundSelect[Any]:
    return union_all(
        sa_select(col(Mute.member_id), cast(col(Mute.kind), String), col(Mute.subject)).where(
            among(col(Mute.member_id), "members", Integer())
        ),
        sa_select(
            col(Opinion.member_id), literal(HIDDEN, String), cast(col(Opinion.creation_id), String)
        ).where(
            among(col(Opinion.member_id), "members", Integer()), col(Opinion.wanted) == Wanted.HIDE
        ),
    )


@cache
def _belonging() -> Any:
    return sa_select(col(ThreadEntry.creation_id), col(ThreadEntry.thread_id)).where(
        col(ThreadEntry.creation_id).in_(bindparam("ids", expanding=True, type_=Integer)),
        col(ThreadEntry.thread_id).in_(bindparam("threads", expanding=True, type_=Integer)),
    )
