"""The feed: what there is to see, newest first, each with a true reason."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from sqlalchemy import distinct, func
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from feed_core.models.creations import Creation, Edge
from feed_core.models.reactions import Comment, Reaction
from feed_core.services import following, muting, reactions, remixing, suggesting
from feed_core.services.sight import Reader, may_recommend, may_see
from feed_core.states import CommentState, ReactionKind
from feed_core.store import View

MOST_SUGGESTED = 400  # looked at, where the reader muted much


class Because(StrEnum):
    """Why something is shown."""

    REMIX_OF_YOURS = "remix_of_yours"  # subject: the creation, count: how many of yours it uses
    FOLLOWED = "followed"  # subject: the maker that you follow, count: 1
    FOLLOWED_THREAD = "followed_thread"  # subject: the nearest of them, count: how many you follow
    FOLLOWED_TAG = "followed_tag"  # count: how many of its tags you follow
    MAKER_YOU_LIKE = "maker_you_like"  # subject: the maker, count: how many of theirs you like
    LIKED_BY_MANY = "liked_by_many"  # count: by how many
    FRESH = "fresh"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason that can be counted."""

    kind: Because
    subject: int | None = None
    count: int = 0


@dataclass(frozen=True, slots=True)
class Item:
    """A creation as one reader gets it.

    `likes` counts the people who reacted, each once, `reactions` what they felt.
    """

    creation: Creation
    reason: Reason
    parents: Sequence[int]
    likes: int
    comments: int
    reactions: Mapping[ReactionKind, int] = field(default_factory=dict)


async def page(
    view: View, *, reader: Reader, limit: int = 5, before_id: int | None = None
) -> list[Item]:
    """The newest creations that may be recommended to the reader, who did not mute them.

    `before_id` goes on where a page ended.
    """
    wanted = select(Creation).where(may_recommend(reader))
    if before_id is not None:
        wanted = wanted.where(col(Creation.id) < before_id)
    found = await muting.newest(view, wanted, reader=reader, limit=limit)
    return await items(view, found, reader=reader)


async def made_by(view: View, *, author_id: int, reader: Reader, limit: int = 10) -> list[Item]:
    """What one member has made, newest first, as far as the reader may see it."""
    found = await view.db.exec(
        select(Creation)
        .where(may_see(reader), Creation.author_id == author_id)
        .order_by(col(Creation.id).desc())
        .limit(limit)
    )
    return await items(view, list(found), reader=reader)


async def suggestions(
    view: View, *, reader: Reader, typed: str, limit: int = 25
) -> list[tuple[int, str]]:
    """Numbers and titles for what was half typed, as `suggesting` finds them, none muted."""
    asked = limit
    while True:
        found = await suggesting.suggestions(view, reader=reader, typed=typed, limit=asked)
        kept = await muting.unmuted(view, [it for it, _ in found], reader=reader)
        shown = [it for it in found if it[0] in kept][:limit]
        if len(shown) == limit or len(found) < asked or asked >= MOST_SUGGESTED:
            return shown
        asked *= 4  # some were muted: so many more that the list is full


async def items(view: View, creations: Sequence[Creation], *, reader: Reader) -> list[Item]:
    """The creations with counts, parents and the reason why this reader gets them."""
    ids = [it.id for it in creations if it.id is not None]
    likes = await _people(view, ids)
    felt = await reactions.counts(view, ids)
    comments = await _comments(view, ids)
    parents = await remixing.parents(view, ids, reader=reader)
    used = await _own_parents(view, ids, reader.member_id)
    follows = await following.followed(view, ids, member_id=reader.member_id)
    liked = await _liked_makers(view, {it.author_id for it in creations}, reader.member_id)

    def why(creation: Creation, creation_id: int) -> Reason:
        if creation.author_id == reader.member_id:
            return Reason(Because.OWN)
        if mine := used.get(creation_id):
            return Reason(Because.REMIX_OF_YOURS, mine[0], len(mine))
        if creation.author_id in follows.makers:
            return Reason(Because.FOLLOWED, creation.author_id, 1)
        if threads := follows.threads.get(creation_id):
            return Reason(Because.FOLLOWED_THREAD, threads[0], len(threads))
        if count := follows.tags_of(creation):
            return Reason(Because.FOLLOWED_TAG, None, count)
        if count := liked[creation.author_id]:
            return Reason(Because.MAKER_YOU_LIKE, creation.author_id, count)
        if likes[creation_id] >= 2:
            return Reason(Because.LIKED_BY_MANY, None, likes[creation_id])
        return Reason(Because.FRESH)

    return [
        Item(
            it,
            why(it, it.id),
            parents.get(it.id, []),
            likes[it.id],
            comments[it.id],
            felt.get(it.id, {}),
        )
        for it in creations
        if it.id is not None
    ]


async def _people(view: View, ids: Collection[int]) -> Counter[int]:
    found = await view.db.exec(
        select(Reaction.creation_id, func.count(distinct(col(Reaction.member_id))))
        .where(col(Reaction.creation_id).in_(ids))
        .group_by(col(Reaction.creation_id))
    )
    return Counter(dict(found.all()))


async def _comments(view: View, ids: Collection[int]) -> Counter[int]:
    found = await view.db.exec(
        select(Comment.creation_id, func.count())
        .where(col(Comment.creation_id).in_(ids), Comment.state == CommentState.PUBLISHED)
        .group_by(col(Comment.creation_id))
    )
    return Counter(dict(found.all()))


async def _own_parents(view: View, ids: Collection[int], member_id: int) -> dict[int, list[int]]:
    parent = aliased(Creation)
    found = await view.db.exec(
        select(Edge.child_id, Edge.parent_id)
        .join(parent, col(parent.id) == col(Edge.parent_id))
        .where(col(Edge.child_id).in_(ids), parent.author_id == member_id)
    )
    grouped: dict[int, list[int]] = {}
    for child_id, parent_id in found:
        grouped.setdefault(child_id, []).append(parent_id)
    return grouped


async def _liked_makers(view: View, makers: Collection[int], member_id: int) -> Counter[int]:
    found = await view.db.exec(
        select(Creation.author_id, func.count(distinct(col(Creation.id))))
        .join(Reaction, col(Reaction.creation_id) == col(Creation.id))
        .where(Reaction.member_id == member_id, col(Creation.author_id).in_(makers))
        .group_by(col(Creation.author_id))
    )
    return Counter(dict(found.all()))
