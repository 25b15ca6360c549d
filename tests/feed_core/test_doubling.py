"""The same publish twice."""

import asyncio
from datetime import timedelta

import pytest
from sqlmodel import select

from feed_core import worker
from feed_core.errors import Held
from feed_core.models.creations import Creation
from feed_core.services import doubling, drafting, publishing
from feed_core.services.doubling import PublishedAlready
from feed_core.services.gate import PASSED, Content, Decision
from feed_core.services.pieces import Piece
from feed_core.states import Outcome, Visibility
from feed_core.store import Store
from tests.fakes.clock import FixedClock
from tests.fakes.community import join

pytestmark = pytest.mark.anywhere

RAIN = Piece("Rain", "on the tin roof")


class Says:
    """A gate that decides this, once others had their turn."""

    def __init__(self, decision: Decision) -> None:
        self._decision = decision

    async def decide(self, content: Content) -> Decision:
        await asyncio.sleep(0)
        return self._decision


async def put(
    store: Store,
    author_id: int,
    piece: Piece = RAIN,
    *,
    decision: Decision = PASSED,
    visibility: Visibility = Visibility.EVERYONE,
    draft_id: int | None = None,
) -> int:
    """As a member publishes; what another settled meanwhile is refused like what is there."""
    async with store.work() as work:
        begun = await doubling.require_new(
            work, author_id=author_id, piece=piece, visibility=visibility, room_id=None
        )
        await asyncio.sleep(0.01)  # others ask meanwhile whether it is new
        if begun is not None:
            content = await publishing.content(work, begun)
        else:
            content = await publishing.begin(
                work, author_id=author_id, piece=piece, visibility=visibility
            )
        number = content.creation_id
        assert number is not None
        if draft_id is not None:
            await drafting.claim(work, draft_id=draft_id, creation_id=number)
    if await worker.finish(store, Says(decision), content):
        return number
    return await put(store, author_id, piece, decision=decision, visibility=visibility)


async def test_of_the_same_published_at_once_one_is_there(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    results = await asyncio.gather(*(put(store, ana) for _ in range(4)), return_exceptions=True)
    (number,) = [it for it in results if isinstance(it, int)]
    told = [it.creation_id for it in results if isinstance(it, PublishedAlready)]
    assert told == [number] * 3
    async with store.read() as view:
        assert len(list(await view.db.exec(select(Creation)))) == 1


async def test_other_words_other_makers_and_other_readers_are_not_the_same(store: Store) -> None:
    (ana, _), (ben, _) = await join(store, "Ana"), await join(store, "Ben")
    await put(store, ana)
    await put(store, ana, Piece("Rain", "on the tin roof."))
    await put(store, ana, visibility=Visibility.ONLY_ME)
    await put(store, ben)
    with pytest.raises(PublishedAlready):
        await put(store, ben)


async def test_what_was_taken_back_or_is_half_a_day_old_may_come_again(
    store: Store, clock: FixedClock
) -> None:
    ana, _ = await join(store, "Ana")
    first = await put(store, ana)
    async with store.work() as work:
        await publishing.withdraw(work, creation_id=first, member_id=ana)
    second = await put(store, ana)
    clock.go_on(timedelta(hours=11))
    with pytest.raises(PublishedAlready) as refused:
        await put(store, ana)
    assert refused.value.creation_id == second
    clock.go_on(timedelta(hours=1))
    assert await put(store, ana) > second


async def test_what_waits_for_a_moderator_waits_once_and_what_is_blocked_is_judged_anew(
    store: Store,
) -> None:
    ana, _ = await join(store, "Ana")
    held = await put(store, ana, decision=Decision(Outcome.HOLD, "words", "tin"))
    with pytest.raises(Held) as refused:
        await put(store, ana)
    assert refused.value.creation_id == held
    song = Piece("Song")
    blocked = await put(store, ana, song, decision=Decision(Outcome.BLOCK, "words", "song"))
    assert await put(store, ana, song) > blocked
