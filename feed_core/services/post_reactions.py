"""What people say with emoji on the posts of rooms, and what of it stands there no more."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col, delete, select

from feed_core.models.members import Identity
from feed_core.models.room_posts import PostReaction, RoomPost
from feed_core.models.rooms import Room
from feed_core.services import once, reactions
from feed_core.services.sight import Reader
from feed_core.states import ReactionKind
from feed_core.store import View, Work

RECENT = timedelta(days=7)
MOST = 100  # posts of one platform


@dataclass(frozen=True, slots=True)
class Given:
    """What one account said on a post."""

    identity_id: int
    kind: ReactionKind


async def recent(view: View, *, platform: str) -> list[tuple[RoomPost, Room]]:
    """The cards that stand in the bound rooms of a platform since lately, newest first."""
    found = await view.db.exec(
        select(RoomPost, Room)
        .join(Room, col(Room.id) == col(RoomPost.room_id))
        .where(
            Room.platform == platform,
            Room.bound,
            col(Room.gone_at).is_(None),
            col(RoomPost.comment_id).is_(None),
            col(RoomPost.message_id).is_not(None),
            RoomPost.created_at > view.now - RECENT,
        )
        .order_by(col(RoomPost.id).desc())
        .limit(MOST)
    )
    return list(found.all())


async def known(view: View, post_id: int, *, before: datetime | None = None) -> set[Given]:
    """What was taken into the feed of a post, until a moment."""
    wanted = select(PostReaction).where(PostReaction.post_id == post_id)
    if before is not None:
        wanted = wanted.where(PostReaction.created_at < before)
    return {Given(it.identity_id, ReactionKind(it.kind)) for it in await view.db.exec(wanted)}


async def give(
    work: Work, post: RoomPost, *, reader: Reader, identity_id: int, kind: ReactionKind
) -> None:
    """Count what an account says on a post as its member's reaction, once.

    Raises:
        CreationNotFound, CreationWithdrawn: it cannot be seen.
    """
    await reactions.react(work, creation_id=post.creation_id, reader=reader, kind=kind)
    row = {
        "post_id": post.id,
        "identity_id": identity_id,
        "kind": kind,
        "created_at": work.now,
    }
    await once.add(work, PostReaction, [row], by=("post_id", "identity_id", "kind"))


async def take_back(work: Work, post: RoomPost, given: Collection[Given]) -> None:
    """These stand on a post no more: nor do they count in the feed."""
    for it in given:
        account = await work.db.get_one(Identity, it.identity_id)
        await reactions.unreact(
            work, creation_id=post.creation_id, member_id=account.member_id, kind=it.kind
        )
        await work.db.exec(
            delete(PostReaction).where(
                col(PostReaction.post_id) == post.id,
                col(PostReaction.identity_id) == it.identity_id,
                col(PostReaction.kind) == it.kind,
            )
        )
