"""What of the feed stands in bound rooms: owed there once, and kept as the feed says it now."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache

from sqlalchemy import Integer, Select, bindparam, exists, or_
from sqlalchemy import select as sa_select
from sqlmodel import col, select

from feed_core.models.creations import Creation
from feed_core.models.deliveries import Delivery
from feed_core.models.reactions import Comment
from feed_core.models.room_posts import RoomPost
from feed_core.models.rooms import Room
from feed_core.prepared import Values
from feed_core.services import binding, deliveries
from feed_core.services.once import insert
from feed_core.states import CommentState, DeliveryKind, DeliveryState
from feed_core.store import Question, View, Work


@dataclass(frozen=True, slots=True)
class Origin:
    """The message of a room by which something was said."""

    room_id: int
    message_id: str


def asking(creation_id: int) -> Question:
    """What tells whether rooms are to `follow` a creation, for who asks something else with it."""
    return _concerned(), {"creation_id": creation_id}


async def follow(
    work: Work, creation: Creation, *, new: bool = False, told: Sequence[Values] = ()
) -> None:
    """Owe every bound room what it should show of a creation, now that this changed.

    What it shows already is brought up to date, or taken away where it may not be shown any more;
    where it is `new`, no room shows it. `told` is what came of `asking`, if that was done.
    """
    assert creation.id is not None
    ((concerned,),) = told or await work.ask(*asking(creation.id))
    if not concerned:
        return
    rooms = await binding.bound(work)
    shown = [] if new else await _posts(work, RoomPost.creation_id == creation.id)
    cards = {it.room_id: it for it in shown}
    lost = {it.room_id: await _ended(work, it) for it in shown}
    for room in rooms:
        if not (binding.shows(room, creation) and binding.wants(room, creation)):
            continue
        assert room.id is not None
        if room.id not in cards:
            await _owe(work, room, creation.id, None, DeliveryKind.POSTED)
        elif lost[room.id] is DeliveryState.FAILED:
            await _owe_again(work, room, cards[room.id])
    for card in shown:
        if lost[card.room_id] is None:
            await _amend(work, card)


@cache
def _concerned() -> Select[bool]:
    """Whether any room is bound, or shows a creation; put together once."""
    shows = exists().where(col(RoomPost.creation_id) == bindparam("creation_id", type_=Integer))
    return sa_select(or_(exists().where(col(Room.bound).is_(True)), shows))


async def follow_all(work: Work, creation_ids: Collection[int]) -> None:
    """The same for many, of which few stand in rooms."""
    if not await binding.bound(work):
        return
    found = await work.db.exec(select(Creation).where(col(Creation.id).in_(creation_ids)))
    for creation in found.all():
        await follow(work, creation)


async def said(work: Work, comment: Comment) -> None:
    """Owe a comment to all rooms in which its creation stands, but that in which it was said."""
    assert comment.id is not None
    there = await work.db.exec(
        select(Room, RoomPost)
        .join(RoomPost, col(RoomPost.room_id) == col(Room.id))
        .where(
            RoomPost.creation_id == comment.creation_id,
            col(RoomPost.comment_id).is_(None),
            col(Room.bound),
            col(Room.gone_at).is_(None),
        )
    )
    for room, card in there.all():
        if await _ended(work, card) is None:
            await _owe(work, room, comment.creation_id, comment.id, DeliveryKind.COMMENTED)


async def unsaid(work: Work, comment: Comment) -> None:
    """A comment is not read any more, or says something else: let rooms show it so."""
    for post in await _posts(work, RoomPost.comment_id == comment.id, cards=False):
        await _amend(work, post)


async def heard(work: Work, origin: Origin, comment: Comment) -> None:
    """Remember by which message of a room a comment was said, so that it is not shown there again.

    Comes before `said`, in the same transaction.
    """
    assert comment.id is not None
    work.db.add(
        RoomPost(
            creation_id=comment.creation_id,
            room_id=origin.room_id,
            comment_id=comment.id,
            message_id=origin.message_id,
            born_here=True,
            created_at=work.now,
        )
    )
    await work.db.flush()


async def under(
    view: View, *, platform: str, place_id: str, message_ids: Sequence[str]
) -> tuple[RoomPost, Room] | None:
    """What of the feed stands in one of these messages of a place, the first that is of it.

    The place is a room, or the server of one in which no two messages have one id.
    """
    if not message_ids:
        return None
    found = await view.db.exec(
        select(RoomPost, Room)
        .join(Room, col(Room.id) == col(RoomPost.room_id))
        .where(
            Room.platform == platform,
            or_(col(Room.external_id) == place_id, col(Room.server_id) == place_id),
            col(RoomPost.message_id).in_(message_ids),
        )
    )
    known = {post.message_id: (post, room) for post, room in found.all()}
    return next((known[it] for it in message_ids if it in known), None)


async def comment_of(view: View, origin: Origin) -> Comment | None:
    """The comment that was said by this message of a room."""
    found = await view.db.exec(
        select(Comment)
        .join(RoomPost, col(RoomPost.comment_id) == col(Comment.id))
        .where(
            RoomPost.room_id == origin.room_id,
            RoomPost.message_id == origin.message_id,
            col(RoomPost.born_here),
        )
    )
    return found.first()


async def stands_in(view: View, *, creation_id: int, room_id: int) -> bool:
    """Whether a room shows a creation, or is about to."""
    found = await view.db.exec(
        select(RoomPost.id).where(
            RoomPost.creation_id == creation_id,
            RoomPost.room_id == room_id,
            col(RoomPost.comment_id).is_(None),
        )
    )
    return found.first() is not None


@dataclass(frozen=True, slots=True)
class Sight:
    """What a room may show of one post now: its creation, the comment that it is; None if not."""

    room: Room
    post: RoomPost
    creation: Creation | None
    comment: Comment | None


async def sight(view: View, post_id: int) -> Sight:
    """What a post shows now."""
    post = await view.db.get_one(RoomPost, post_id)
    room = await view.db.get_one(Room, post.room_id)
    creation = await view.db.get_one(Creation, post.creation_id)
    comment = None
    if post.comment_id is not None:
        comment = await view.db.get_one(Comment, post.comment_id)
        if comment.state is not CommentState.PUBLISHED:
            comment = None
    seen = binding.shows(room, creation, asked=await _shared(view, post))
    return Sight(room, post, creation if seen else None, comment)


async def _shared(view: View, post: RoomPost) -> bool:
    """Whether the maker of a creation had it shown in the room."""
    found = await view.db.exec(
        select(Delivery.id).where(
            Delivery.kind == DeliveryKind.SHARED,
            Delivery.subject_id == post.creation_id,
            Delivery.room_id == post.room_id,
        )
    )
    return found.first() is not None


async def _owe(
    work: Work, room: Room, creation_id: int, comment_id: int | None, kind: DeliveryKind
) -> None:
    """Owe a room a post; what stands there, or is owed, is not owed again."""
    post = RoomPost(
        creation_id=creation_id,
        room_id=room.id or 0,
        comment_id=comment_id,
        created_at=work.now,
    )
    made = await work.db.exec(
        insert(work, RoomPost)
        .values(post.model_dump(exclude={"id"}))
        .on_conflict_do_nothing()
        .returning(col(RoomPost.id))
    )
    about = creation_id if comment_id is None else comment_id
    for post_id in made.scalars():
        await deliveries.owe(
            work, kind=kind, subject_id=post_id, to=room, key=f"{kind}:{about}:{room.id}:0"
        )


async def _ended(work: Work, card: RoomPost) -> DeliveryState | None:
    """How the sending of a card ended that does not stand in its room; None if it does, or may
    still."""
    if card.message_id is not None:
        return None
    found = await work.db.exec(
        select(Delivery.state)
        .where(Delivery.kind == DeliveryKind.POSTED, Delivery.subject_id == card.id)
        .order_by(col(Delivery.id).desc())
        .limit(1)
    )
    state = found.first()
    ended = state in (DeliveryState.FAILED, DeliveryState.UNKNOWN)
    return DeliveryState(state) if ended and state is not None else None


async def _owe_again(work: Work, room: Room, card: RoomPost) -> None:
    card.revision += 1
    await deliveries.owe(
        work,
        kind=DeliveryKind.POSTED,
        subject_id=card.id or 0,
        to=room,
        key=f"{DeliveryKind.POSTED}:{card.creation_id}:{room.id}:{card.revision}",
    )


async def _amend(work: Work, post: RoomPost) -> None:
    """Owe that a post shows what the feed says now; what others wrote in a room stays theirs."""
    if post.born_here:
        return
    room = await work.db.get_one(Room, post.room_id)
    if room.gone_at is not None or await _amended_anyway(work, post):
        return
    post.revision += 1
    await deliveries.owe(
        work,
        kind=DeliveryKind.AMENDED,
        subject_id=post.id or 0,
        to=room,
        key=f"{DeliveryKind.AMENDED}:{post.id}:{post.revision}",
    )


async def _amended_anyway(work: Work, post: RoomPost) -> bool:
    """Whether a change is owed that nobody has begun to show: it will show this one too."""
    found = await work.db.exec(
        select(Delivery.id)
        .where(
            Delivery.kind == DeliveryKind.AMENDED,
            Delivery.subject_id == post.id,
            Delivery.state == DeliveryState.PENDING,
        )
        .with_for_update(key_share=True)
    )
    return found.first() is not None


async def _posts(work: Work, where: object, *, cards: bool = True) -> list[RoomPost]:
    wanted = select(RoomPost).where(where).with_for_update(key_share=True)  # type: ignore[arg-type]  # a comparison of columns
    if cards:
        wanted = wanted.where(col(RoomPost.comment_id).is_(None))
    return list(await work.db.exec(wanted))
