"""The outbox: what is owed to whom, and how far it has come."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import ColumnElement, Integer, String, Update, bindparam, func, or_, update
from sqlmodel import col, select

from feed_core.events import DeliveryOwed, DeliverySettled
from feed_core.models.columns import UtcDateTime
from feed_core.models.deliveries import Delivery
from feed_core.models.digests import Digest
from feed_core.models.members import Identity
from feed_core.models.room_posts import RoomPost
from feed_core.models.rooms import Room
from feed_core.prepared import among
from feed_core.services import members, quiet
from feed_core.services.once import insert
from feed_core.services.outstanding import POSTS
from feed_core.states import (
    DELIVERY_MOVES,
    DIGEST_MOVES,
    DeliveryKind,
    DeliveryState,
    DigestState,
    move,
)
from feed_core.store import Work

MOST_ATTEMPTS = 12  # with the pauses below: a platform may be away for almost three hours
FIRST_PAUSE = timedelta(seconds=5)
# Others wait for where these stand, or follow them there.
SHOWN = (DeliveryKind.POSTED, DeliveryKind.COMMENTED, DeliveryKind.SHARED)
REPEATABLE_FOR = timedelta(minutes=2)  # Discord compares nonces of "the past few minutes" only
STOPPED = "stopped while sending"


async def owe(
    work: Work,
    *,
    kind: DeliveryKind,
    subject_id: int,
    to: Identity | Room,
    key: str = "",
    due_at: datetime | None = None,
) -> None:
    """Owe an account or a room one message; a second time under the same key changes nothing.

    Its text is made when it is sent, from the subject as it is then. A member's quiet hours go by
    before it is sent to them. A room that was left is owed nothing but that something goes away.
    """
    if isinstance(to, Room) and to.left_at is not None and kind is not DeliveryKind.REMOVED:
        return
    due_at = due_at or work.now
    if isinstance(to, Identity):
        due_at = await quiet.after(work, to.member_id, moment=due_at)
    key = key or f"{kind}:{subject_id}:0"
    delivery = Delivery(
        key=key,
        identity_id=to.id if isinstance(to, Identity) else None,
        room_id=to.id if isinstance(to, Room) else None,
        platform=to.platform,
        kind=kind,
        subject_id=subject_id,
        due_at=due_at,
    )
    owed = await work.db.exec(
        insert(work, Delivery)
        .values(delivery.model_dump(exclude={"id"}))
        .on_conflict_do_nothing(index_elements=["key"])
        .returning(col(Delivery.id))
    )
    for delivery_id in owed.scalars():
        work.record(DeliveryOwed(delivery_id=delivery_id))


async def tell(
    work: Work,
    *,
    member_id: int,
    kind: DeliveryKind,
    subject_id: int,
    near: str = "",
    key: str = "",
) -> bool:
    """Owe a member one message, where they are written to in private.

    `near` is the platform on which they would look for it; under one `key` it is owed once. False
    when they can be written to nowhere.
    """
    account = await members.private_account(work, member_id, near=near)
    if account is None:
        return False
    await owe(work, kind=kind, subject_id=subject_id, to=account, key=key)
    return True


async def recover(work: Work, *, platform: str, repeatable: bool) -> int:
    """Decide on what a stop left half sent; returns how many there were.

    Where a repeat is still harmless it is owed again, until `claim` finds it harmless no longer;
    all else stays unknown and is never resent.
    """
    half_sent = (col(Delivery.platform) == platform, col(Delivery.state) == DeliveryState.SENDING)
    lost = {"state": DeliveryState.UNKNOWN, "problem": STOPPED}
    edits = col(Delivery.kind).in_((DeliveryKind.AMENDED, DeliveryKind.REMOVED))  # harmless
    count = await _set(work, *half_sent, edits, values={"state": DeliveryState.PENDING})
    if repeatable:
        first = func.coalesce(Delivery.half_sent_at, Delivery.due_at)
        again = {"state": DeliveryState.PENDING, "half_sent_at": first}
        count += await _set(work, *half_sent, first > work.now - REPEATABLE_FOR, values=again)
    posts = (col(Delivery.kind).in_((DeliveryKind.POSTED, DeliveryKind.COMMENTED)), *half_sent)
    for post_id in (await work.db.exec(select(Delivery.subject_id).where(*posts))).all():
        await _end_what_waits(work, post_id)
    return count + await _set(work, *half_sent, values=lost)


async def claim(work: Work, delivery_ids: Sequence[int]) -> list[bool]:
    """Mark deliveries as being sent; of each, whether it was still owed.

    Their `due_at` says from then on when they were taken, so that `recover` knows how old a
    half-sent one is. One that a stop left half sent, and whose platform was away for so long since
    then that a repeat may be a second message, is unknown and owed no more.
    """
    given = {"ids": delivery_ids, "now": work.now, "since": work.now - REPEATABLE_FOR}
    claimed = {number for (number,) in await work.ask(_claim(), given)}
    if len(claimed) < len(delivery_ids):
        too_old = await work.db.exec(
            select(Delivery.id).where(
                col(Delivery.id).in_(delivery_ids),
                col(Delivery.state) == DeliveryState.PENDING,
                col(Delivery.half_sent_at) <= given["since"],
            )
        )
        for it in too_old.all():
            if it is not None:
                await ended(work, it, state=DeliveryState.UNKNOWN, problem=STOPPED)
    return [it in claimed for it in delivery_ids]


async def put_off(work: Work, delivery_id: int, *, until: datetime) -> None:
    """Let one that is owed wait: its member wants to be left alone until then."""
    delivery = await work.hold(Delivery, delivery_id)
    if delivery.state is DeliveryState.PENDING:
        delivery.due_at = until


async def arrived(work: Work, found: Sequence[tuple[Delivery, str]]) -> None:
    """These that were being sent arrived, each as the message of this id: as `sent`, for many."""
    plain = [(it, message_id) for it, message_id in found if it.kind not in SHOWN]
    given = [{"number": it.id, "message": message_id, "now": work.now} for it, message_id in plain]
    await work.write(_sent(), *given)
    for it, _ in plain:
        _record(work, it, DeliveryState.SENT)
    for it, message_id in found:
        if it.kind in SHOWN and it.id is not None:
            await sent(work, it.id, message_id=message_id)


async def sent(work: Work, delivery_id: int, *, message_id: str) -> None:
    """It arrived."""
    delivery = await work.hold(Delivery, delivery_id)
    delivery.state = move(DELIVERY_MOVES, delivery.state, DeliveryState.SENT)
    delivery.message_id, delivery.sent_at, delivery.problem = message_id, work.now, ""
    _record(work, delivery, delivery.state)
    if delivery.kind in (DeliveryKind.POSTED, DeliveryKind.COMMENTED):
        post = await work.hold_if_any(RoomPost, delivery.subject_id)
        if post is not None:
            post.message_id = message_id
    elif delivery.kind == DeliveryKind.SHARED and delivery.room_id is not None:
        await _stands(work, delivery.subject_id, delivery.room_id, message_id)


async def not_taken(work: Work, delivery_id: int, *, problem: str) -> None:
    """The platform took nothing: try later, longer apart each time, then give up.

    What stood in a digest that is given up may come again.
    """
    delivery = await work.hold(Delivery, delivery_id)
    delivery.problem = problem
    if delivery.attempts >= MOST_ATTEMPTS:
        await ended(work, delivery_id, state=DeliveryState.FAILED, problem=problem)
        if delivery.kind == DeliveryKind.DIGEST and (
            digest := await work.hold_if_any(Digest, delivery.subject_id)
        ):
            digest.state = move(DIGEST_MOVES, digest.state, DigestState.FAILED)
        return
    delivery.state = move(DELIVERY_MOVES, delivery.state, DeliveryState.PENDING)
    due_at = work.now + FIRST_PAUSE * 2 ** (delivery.attempts - 1)
    if delivery.identity_id is not None:
        account = await work.db.get_one(Identity, delivery.identity_id)
        due_at = await quiet.after(work, account.member_id, moment=due_at)
    delivery.due_at = due_at
    _record(work, delivery, delivery.state)


async def ended(work: Work, delivery_id: int, *, state: DeliveryState, problem: str) -> None:
    """It failed for good, or nobody knows; what waited for it fails too."""
    delivery = await work.hold(Delivery, delivery_id)
    delivery.state = move(DELIVERY_MOVES, delivery.state, state)
    delivery.problem = problem
    _record(work, delivery, delivery.state)
    if delivery.kind in (DeliveryKind.POSTED, DeliveryKind.COMMENTED):
        await _end_what_waits(work, delivery.subject_id)


@cache
def _claim() -> Update:
    return (
        update(Delivery)
        .where(
            among(col(Delivery.id), "ids", Integer()),
            col(Delivery.state) == DeliveryState.PENDING,
            or_(
                col(Delivery.half_sent_at).is_(None),
                col(Delivery.half_sent_at) > bindparam("since", type_=UtcDateTime),
            ),
        )
        .values(
            state=DeliveryState.SENDING,
            attempts=col(Delivery.attempts) + 1,
            due_at=bindparam("now", type_=UtcDateTime),
        )
        .returning(col(Delivery.id))
    )


@cache
def _sent() -> Update:
    number = bindparam("number", type_=Integer)
    return (
        update(Delivery)
        .where(col(Delivery.id) == number, col(Delivery.state) == DeliveryState.SENDING)
        .values(
            state=DeliveryState.SENT,
            message_id=bindparam("message", type_=String),
            sent_at=bindparam("now", type_=UtcDateTime),
            problem="",
        )
    )


def _record(work: Work, delivery: Delivery, state: DeliveryState) -> None:
    assert delivery.id is not None
    work.record(DeliverySettled(delivery.id, delivery.platform, state))


async def _stands(work: Work, creation_id: int, room_id: int, message_id: str) -> None:
    """What was shared in a room follows its maker too, unless another card there does."""
    post = RoomPost(
        creation_id=creation_id, room_id=room_id, message_id=message_id, created_at=work.now
    )
    await work.db.exec(
        insert(work, RoomPost).values(post.model_dump(exclude={"id"})).on_conflict_do_nothing()
    )


async def _end_what_waits(work: Work, post_id: int) -> None:
    """Fail what cannot be shown without a post: its changes, and what is said about it."""
    post = await work.db.get(RoomPost, post_id)
    if post is None:
        return
    about = select(RoomPost.id).where(
        RoomPost.creation_id == post.creation_id, RoomPost.room_id == post.room_id
    )
    if post.comment_id is not None:
        about = about.where(RoomPost.id == post_id)
    await _set(
        work,
        col(Delivery.kind).in_(POSTS),
        col(Delivery.state) == DeliveryState.PENDING,
        col(Delivery.subject_id).in_(about),
        values={"state": DeliveryState.FAILED, "problem": "it stands nowhere"},
    )


async def _set(work: Work, *which: ColumnElement[bool], values: Mapping[str, object]) -> int:
    found = await work.db.exec(
        update(Delivery).where(*which).values(values).returning(col(Delivery.id))
    )
    return len(found.all())
