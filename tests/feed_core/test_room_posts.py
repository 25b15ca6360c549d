"""What bound rooms are owed, on every database."""

from datetime import timedelta

import pytest
from sqlmodel import col, select

from feed_core.models.creations import Creation
from feed_core.models.deliveries import Delivery
from feed_core.models.room_posts import RoomPost
from feed_core.models.rooms import Room
from feed_core.services import (
    binding,
    commenting,
    deliveries,
    leaving,
    members,
    outstanding,
    presence,
    publishing,
    room_posts,
)
from feed_core.services.gate import PASSED
from feed_core.services.outstanding import Owed
from feed_core.services.room_posts import Origin
from feed_core.services.sight import Reader
from feed_core.states import DeliveryKind, DeliveryState
from feed_core.store import Store, Work
from tests.fakes.clock import FixedClock
from tests.fakes.community import join
from tests.feed_core.pieces import put, remark

pytestmark = pytest.mark.anywhere


async def bound(work: Work, external_id: str, *, member_id: int) -> int:
    room = await members.room(
        work, platform="telegram", external_id=external_id, public=True, server_id=external_id
    )
    assert room.id is not None
    await binding.bind(work, room_id=room.id, member_id=member_id)
    return room.id


async def due(store: Store) -> list[Owed]:
    async with store.read() as view:
        return await outstanding.due(view, platform="telegram")


async def send(store: Store, owed: Owed, message_id: str = "") -> None:
    assert owed.delivery.id is not None
    async with store.work() as work:
        assert await deliveries.claim(work, [owed.delivery.id]) == [True]
    async with store.work() as work:
        await deliveries.sent(work, owed.delivery.id, message_id=message_id or owed.edits or "")


async def test_what_waits_for_a_card_is_due_when_that_stands_and_changes_are_told_together(
    store: Store,
) -> None:
    ana, _ = await join(store, "ana")
    async with store.work() as work:
        await bound(work, "-1", member_id=ana)
    creation_id = await put(store, ana)
    async with store.work() as work:
        await remark(work, creation_id=creation_id, reader=Reader(ana), body="oh")
        creation = await publishing.own(work, creation_id=creation_id, member_id=ana)
        await room_posts.follow(work, creation)
        await room_posts.follow(work, creation)
    (card,) = await due(store)
    await send(store, card, "7")
    changed, said = sorted(await due(store), key=lambda it: it.delivery.kind)

    assert card.delivery.kind == DeliveryKind.POSTED
    assert (changed.delivery.kind, changed.edits) == (DeliveryKind.AMENDED, "7")
    assert (said.delivery.kind, said.under) == (DeliveryKind.COMMENTED, "7")


async def test_a_card_that_may_have_been_sent_is_not_sent_again_and_nothing_waits_for_it(
    store: Store,
) -> None:
    ana, _ = await join(store, "ana")
    async with store.work() as work:
        await bound(work, "-1", member_id=ana)
    creation_id = await put(store, ana)
    (card,) = await due(store)
    assert card.delivery.id is not None
    async with store.work() as work:
        await remark(work, creation_id=creation_id, reader=Reader(ana), body="oh")
        await deliveries.claim(work, [card.delivery.id])
    async with store.work() as work:
        await deliveries.recover(work, platform="telegram", repeatable=False)
    async with store.work() as work:
        await publishing.withdraw(work, creation_id=creation_id, member_id=ana)
    async with store.read() as view:
        found = await view.db.exec(select(Delivery.state).order_by(col(Delivery.id)))

    assert await due(store) == []
    assert list(found) == [DeliveryState.UNKNOWN, DeliveryState.FAILED]


async def test_a_moved_chat_keeps_its_row_whoever_spoke_there_first(
    store: Store, clock: FixedClock
) -> None:
    ana, _ = await join(store, "ana")
    async with store.work() as work:
        room_id = await bound(work, "-1", member_id=ana)
    await put(store, ana)
    (card,) = await due(store)
    await send(store, card, "7")
    async with store.work() as work:
        twin = await members.room(work, platform="telegram", external_id="-100", public=True)
        topic = await members.room(
            work, platform="telegram", external_id="-1:5", public=True, server_id="-1"
        )
        assert twin.id is not None
    async with store.work() as work:
        await presence.moved(work, platform="telegram", before="-1", after="-100")
    async with store.work() as work:
        await presence.lost(work, room_id)
    clock.go_on(timedelta(days=8))
    async with store.work() as work:
        assert await presence.forget(work) == 1
    async with store.read() as view:
        rooms = {it.id: it.external_id for it in (await view.db.exec(select(Room))).all()}
        left = (await view.db.exec(select(RoomPost))).all()

    assert rooms == {room_id: "-100", topic.id: "-100:5"}
    assert left == []


async def test_messages_of_a_moved_chat_are_numbered_from_the_beginning(store: Store) -> None:
    ana, _ = await join(store, "ana")
    async with store.work() as work:
        room_id = await bound(work, "-1", member_id=ana)
    rain = await put(store, ana)
    (card,) = await due(store)
    await send(store, card, "7")
    await put(store, ana, "Moth")
    async with store.work() as work:
        await remark(work, creation_id=rain, reader=Reader(ana), body="oh")
    async with store.work() as work:
        await presence.moved(work, platform="telegram", before="-1", after="-100")

    (moth,) = await due(store)  # and nothing below a message of another number
    await send(store, moth, "7")
    async with store.read() as view:
        found = await room_posts.under(
            view, platform="telegram", place_id="-100", message_ids=["7"]
        )
        assert found is not None
        assert (found[0].creation_id, found[1].id) == (rain + 1, room_id)
    async with store.work() as work:
        await room_posts.follow(work, await work.db.get_one(Creation, rain))
    (again,) = await due(store)
    assert (again.delivery.kind, again.edits) == (DeliveryKind.POSTED, None)
    await send(store, again, "8")


async def test_one_message_of_a_room_says_one_comment(store: Store) -> None:
    ana, _ = await join(store, "ana")
    async with store.work() as work:
        room_id = await bound(work, "-1", member_id=ana)
    creation_id = await put(store, ana)
    content = commenting.content(creation_id=creation_id, author_id=ana, body="oh")
    numbers = set()
    for _ in range(2):
        async with store.work() as work:
            said = await commenting.comment(
                work,
                reader=Reader(ana),
                checked=content,
                decision=PASSED,
                origin=Origin(room_id, "9"),
            )
            numbers.add(said.id)
    async with store.read() as view:
        owed = await view.db.exec(
            select(Delivery.id).where(Delivery.kind == DeliveryKind.COMMENTED)
        )
        assert list(owed) == []
    assert len(numbers) == 1


async def test_of_a_room_that_is_left_all_that_was_sent_goes_and_nothing_more_is_owed(
    store: Store,
) -> None:
    ana, _ = await join(store, "ana")
    async with store.work() as work:
        room_id = await bound(work, "-1", member_id=ana)
    creation_id = await put(store, ana)
    (card,) = await due(store)
    await send(store, card, "7")
    async with store.work() as work:
        await remark(work, creation_id=creation_id, reader=Reader(ana), body="oh")
    (said,) = await due(store)
    await send(store, said, "8")
    await put(store, ana)
    assert len(await due(store)) == 1  # on its way
    async with store.work() as work:
        assert await leaving.leave(work, room_id=room_id) == 2
    await put(store, ana)

    going = await due(store)
    assert {(it.edits, it.under) for it in going} == {("7", None), ("8", "7")}
    async with store.work() as work:
        assert await leaving.forget(work) == 0
    for it in going:
        await send(store, it)
    async with store.work() as work:
        assert await leaving.forget(work) == 1
    async with store.read() as view:
        assert (await view.db.exec(select(RoomPost))).all() == []
    assert await due(store) == []
