import asyncio
from datetime import timedelta

import pytest

from feed_core.models.conversation import Inbox
from feed_core.services import inbox
from feed_core.states import InboxState
from feed_core.store import Store
from tests.fakes.clock import FixedClock

pytestmark = pytest.mark.anywhere


async def receive(store: Store, update_id: str = "1", platform: str = "telegram") -> int | None:
    async with store.work() as work:
        return await inbox.receive(
            work, platform=platform, update_id=update_id, payload={"text": "hello"}
        )


async def row(store: Store, inbox_id: int) -> Inbox:
    async with store.read() as view:
        return await view.db.get_one(Inbox, inbox_id)


async def test_an_update_is_taken_in_once_however_often_it_comes(store: Store) -> None:
    noted = await asyncio.gather(*(receive(store) for _ in range(6)))

    assert len([it for it in noted if it is not None]) == 1
    assert await receive(store) is None
    assert await receive(store, platform="discord") is not None


@pytest.mark.parametrize("end", [InboxState.ANSWERED, InboxState.FAILED])
async def test_a_message_that_ended_is_done_and_its_words_are_gone(
    store: Store, end: InboxState
) -> None:
    inbox_id = await receive(store)
    assert inbox_id is not None
    async with store.work() as work:
        await inbox.finish(work, inbox_id, state=end)

    done = await row(store, inbox_id)
    assert (done.state, done.payload) == (end, {})
    assert done.finished_at is not None
    assert await receive(store) is None


async def test_what_a_stop_left_unanswered_is_found_in_order(
    store: Store, clock: FixedClock
) -> None:
    first, second, third = [await receive(store, it) for it in "123"]
    await receive(store, "4", platform="discord")
    assert first is not None
    assert second is not None
    async with store.work() as work:
        await inbox.finish(work, first, state=InboxState.ANSWERED)
        await inbox.acted(work, second)

    clock.go_on(timedelta(seconds=1))
    restarted = clock.now()
    await receive(store, "5")  # this one is being answered
    async with store.read() as view:
        left = await inbox.unfinished(view, platform="telegram", before=restarted)

    assert [(it.id, it.acted) for it in left] == [(second, True), (third, False)]
    assert left[0].payload == {"text": "hello"}


async def test_what_was_said_below_something_and_deleted_is_marked_until_it_is_taken_in(
    store: Store,
) -> None:
    below = {"text": "hello", "under": {"place_id": "7", "message_ids": ["1"]}}
    async with store.work() as work:
        rows = [
            await inbox.receive(
                work, platform="discord", update_id=it, payload=below | {"message_id": it}
            )
            for it in "234"
        ]
        assert rows[2] is not None
        await inbox.finish(work, rows[2], state=InboxState.ANSWERED)
        await inbox.deleted(work, platform="discord", place_id="7", message_ids=["3", "4"])
        await inbox.deleted(work, platform="discord", place_id="8", message_ids=["2"])

    marked = [(await row(store, it)).payload.get("gone", False) for it in rows if it is not None]
    assert marked == [False, True, False]
