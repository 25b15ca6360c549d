"""What a member did, counted: what they reacted to, published, remixed and played in."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import func
from sqlmodel import col, select

from feed_core.models.creations import Creation, Edge
from feed_core.models.jams import JamEntry, JamEntryState
from feed_core.models.reactions import Reaction
from feed_core.services.tagging import tag_of
from feed_core.states import CreationKind, CreationState
from feed_core.store import View

REACTIONS = 500  # the newest count
MADE = 500


@dataclass(frozen=True, slots=True)
class Likes:
    """How many creations of others a member reacted to, in all and by what they are.

    `tags` and `makers_of_tag`: with each tag, how many creations, and by how many makers.
    """

    count: int = 0
    kinds: Mapping[CreationKind, int] = field(default_factory=dict)
    makers: Mapping[int, int] = field(default_factory=dict)
    tags: Mapping[str, int] = field(default_factory=dict)
    makers_of_tag: Mapping[str, int] = field(default_factory=dict)
    last_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Month:
    """What a member did in one month (UTC): numbers of creations and jams, oldest first."""

    first: datetime
    last_at: datetime
    published: Sequence[int] = ()
    remixed: Sequence[int] = ()
    jams: Sequence[int] = ()


async def likes(view: View, member_id: int) -> Likes:
    """What the member's newest reactions come to; several to one creation count once."""
    found = await view.db.exec(
        select(Creation.id, Creation.author_id, Creation.kind, Creation.tags)
        .join(Reaction, col(Reaction.creation_id) == col(Creation.id))
        .where(
            Reaction.member_id == member_id,
            Creation.author_id != member_id,
            Creation.state == CreationState.PUBLISHED,
        )
        .order_by(col(Reaction.created_at).desc())
        .limit(REACTIONS)
    )
    liked = {number: (author, kind, tags) for number, author, kind, tags in found}
    last = select(func.max(col(Reaction.created_at))).where(Reaction.member_id == member_id)
    last_at = (await view.db.exec(last)).one()
    kinds = Counter(CreationKind(kind) for _, kind, _ in liked.values())
    makers = Counter(author for author, _, _ in liked.values())
    tags: Counter[str] = Counter()
    by: defaultdict[str, set[int]] = defaultdict(set)
    for author, _, typed in liked.values():
        for tag in {tag_of(it) for it in typed}:
            tags[tag] += 1
            by[tag].add(author)
    makers_of_tag = {it: len(of) for it, of in by.items()}
    return Likes(len(liked), kinds, makers, tags, makers_of_tag, last_at)


async def months(view: View, member_id: int) -> list[Month]:
    """What the member did, month by month, the newest first; of very much the newest."""
    made = await view.db.exec(
        select(Creation.id, Creation.published_at)
        .where(
            Creation.author_id == member_id,
            Creation.state == CreationState.PUBLISHED,
            col(Creation.published_at).is_not(None),
        )
        .order_by(col(Creation.id).desc())
        .limit(MADE)
    )
    published = {number: at for number, at in made if number is not None and at is not None}
    children = await view.db.exec(
        select(Edge.child_id).where(col(Edge.child_id).in_(published)).distinct()
    )
    remixes = set(children)
    played = await view.db.exec(
        select(JamEntry.jam_id, JamEntry.created_at)
        .where(JamEntry.author_id == member_id, JamEntry.state == JamEntryState.PUBLISHED)
        .order_by(col(JamEntry.id).desc())
        .limit(MADE)
    )
    jams = list(played)
    moments = defaultdict[datetime, list[datetime]](list)
    for at in [*published.values(), *(at for _, at in jams)]:
        moments[_month_of(at)].append(at)
    found = []
    for first in sorted(moments, reverse=True):
        then = sorted(it for it, at in published.items() if _month_of(at) == first)
        found.append(
            Month(
                first,
                max(moments[first]),
                [it for it in then if it not in remixes],
                [it for it in then if it in remixes],
                sorted({jam_id for jam_id, at in jams if _month_of(at) == first}),
            )
        )
    return found


async def active(view: View, *, within: timedelta, limit: int) -> list[int]:
    """The members who reacted to or published something lately."""
    since = view.now - within
    reacted = await view.db.exec(
        select(Reaction.member_id).where(col(Reaction.created_at) > since).distinct().limit(limit)
    )
    made = await view.db.exec(
        select(Creation.author_id).where(col(Creation.published_at) > since).distinct().limit(limit)
    )
    return sorted({*reacted, *made})[:limit]


def _month_of(moment: datetime) -> datetime:
    return moment.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
