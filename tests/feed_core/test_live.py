"""The window on the live part of the feed stays true to the database."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import numpy as np
import pytest

from feed_core.bus import Bus
from feed_core.database import Place
from feed_core.models.creations import Creation
from feed_core.services import (
    arrivals,
    audience,
    consent,
    linking,
    live,
    publishing,
    reactions,
    window,
)
from feed_core.services.live import Live
from feed_core.services.sight import Reader
from feed_core.services.window import Window
from feed_core.states import Outcome, Permission, Purpose, Visibility
from feed_core.store import Store
from tests.fakes.clock import FixedClock
from tests.fakes.community import join
from tests.fakes.meaning import FirstWords
from tests.feed_core.pieces import of, put, remark, room

pytestmark = pytest.mark.anywhere


@pytest.fixture
async def here(store: Store, bus: Bus) -> AsyncIterator[Live]:
    """The window of this process."""
    found = Live(store, FirstWords(store))
    bus.subscribe(found.hear)
    yield found
    await found.close()


@pytest.fixture
async def elsewhere(place: Place, clock: FixedClock) -> AsyncIterator[Live]:
    """The window of another process, which hears nothing of this one."""
    other = Store(place, clock, Bus())
    found = Live(other, FirstWords(other))
    yield found
    await found.close()
    await other.close()


async def like(store: Store, creation_id: int, *members: int) -> None:
    async with store.work() as work:
        for it in members:
            await reactions.react(work, creation_id=creation_id, reader=Reader(it))


def same(one: Window, other: Window) -> None:
    """Both say the same of the same creations."""
    assert one.ids.tolist() == other.ids.tolist()
    for name in ("makers", "rooms", "roots", "published", "moved", "recommended", "jammed"):
        assert np.allclose(getattr(one, name), getattr(other, name)), name
    assert one.tag_numbers.keys() == other.tag_numbers.keys()


async def test_what_may_be_recommended_again_and_all_made_of_it_is_so_at_once(
    store: Store, here: Live
) -> None:
    ana, _ = await join(store, "Ana")
    rain = await put(store, ana, "Rain")
    await put(store, ana, "Song", sources=of(rain))
    for permission, recommended in ((Permission.NO, False), (Permission.YES, True)):
        async with store.work() as work:
            await consent.change(
                work,
                creation_id=rain,
                member_id=ana,
                purpose=Purpose.RECOMMEND,
                permission=permission,
            )
        assert (await here.window()).recommended.tolist() == [recommended, recommended]


async def test_an_empty_database_makes_an_empty_window(here: Live) -> None:
    found = await here.window()

    assert len(found.ids) == 0
    assert found.vectors.shape == (0, 64)


async def test_what_happens_here_is_seen_at_once_and_elsewhere_in_two_seconds(
    store: Store, here: Live, elsewhere: Live, clock: FixedClock
) -> None:
    ana, _ = await join(store, "Ana")
    first = await put(store, ana, "Rain")
    for it in (here, elsewhere):
        assert (await it.window()).ids.tolist() == [first]
    second = await put(store, ana, "Fog", sources=of(first), tags=["Sea"])
    await like(store, first, ana)

    assert (await here.window()).ids.tolist() == [first, second]
    assert (await here.window()).quality[0] > 0
    assert (await elsewhere.window()).ids.tolist() == [first]
    clock.go_on(live.EVERY)
    same(await elsewhere.window(), await here.window())
    assert (await elsewhere.window()).quality[0] > 0


async def test_what_was_followed_step_by_step_is_what_is_read_at_once(
    store: Store, here: Live, clock: FixedClock
) -> None:
    ana, _ = await join(store, "Ana")
    ben, _ = await join(store, "Ben")
    attic = await room(store)
    pieces = [await put(store, ana, "Rain")]
    await here.window()
    for n in range(4):
        clock.go_on(timedelta(minutes=1))
        pieces.append(
            await put(store, ben, f"Fog {n}", sources=of(pieces[-1]), tags=["Sea", f"t{n}"])
        )
        await here.window()
    inside = await put(store, ben, "Attic", visibility=Visibility.ROOM, room_id=attic)
    await put(store, ben, "Held", outcome=Outcome.HOLD)
    await put(store, ben, "Mine", visibility=Visibility.ONLY_ME)
    await here.window()
    async with store.work() as work:
        await audience.show_to(
            work, creation_id=inside, member_id=ben, visibility=Visibility.EVERYONE
        )
        (await work.db.get_one(Creation, pieces[0])).edited_at = clock.now()
        await remark(work, creation_id=pieces[1], reader=Reader(ana), body="oh")
    clock.go_on(live.EVERY)

    fresh = Live(store, FirstWords(store))
    found, read = await here.window(), await fresh.window()
    assert found.rooms.tolist() == [0, 0, 0, 0, 0, 0, -1]
    assert found.roots[:5].tolist() == [pieces[0]] * 5
    assert found.moved[0] > found.published[0]
    same(found, read)


async def test_what_was_held_and_published_later_comes_in_late(
    store: Store, here: Live, clock: FixedClock
) -> None:
    ana, _ = await join(store, "Ana")
    held = await put(store, ana, "Held", outcome=Outcome.HOLD)
    later = await put(store, ana, "Later")
    assert (await here.window()).ids.tolist() == [later]
    clock.go_on(timedelta(hours=5))
    async with store.work() as work:
        creation = await work.db.get_one(Creation, held)
        creation.state = type(creation.state).PUBLISHED
        creation.published_at = work.now
    clock.go_on(live.EVERY)

    found = await here.window()

    assert found.ids.tolist() == [later, held]
    assert found.here([held, later]).tolist() == [1, 0]


async def test_a_vector_that_comes_later_is_taken_in(store: Store, clock: FixedClock) -> None:
    meaning = FirstWords(store)
    found = Live(store, meaning)
    ana, _ = await join(store, "Ana")
    for title in ("Rain", "Fog", "Salt"):
        await put(store, ana, title)
    await found.window()
    meaning.away = True
    await put(store, ana, "Late")
    clock.go_on(live.EVERY)
    assert not (await found.window()).vectors[-1].any()
    meaning.away = False
    clock.go_on(live.EVERY)

    assert np.linalg.norm((await found.window()).vectors[-1]) == pytest.approx(1)


async def test_what_was_taken_back_leaves_with_the_next_loading(
    store: Store, here: Live, clock: FixedClock
) -> None:
    ana, _ = await join(store, "Ana")
    first, second = await put(store, ana, "Rain"), await put(store, ana, "Fog")
    await here.window()
    async with store.work() as work:
        await publishing.withdraw(work, creation_id=first, member_id=ana)
    clock.go_on(live.ANEW)
    await here.window()
    async with asyncio.timeout(10):
        while len((await here.window()).ids) > 1:
            await asyncio.sleep(0.01)

    assert (await here.window()).ids.tolist() == [second]


async def test_after_two_members_became_one_the_window_knows_one(store: Store, here: Live) -> None:
    ana, _ = await join(store, "Ana")
    ben, _ = await join(store, "Ben")
    piece = await put(store, ben, "Rain")
    await like(store, piece, ben)
    assert (await here.window()).makers.tolist() == [ben]
    async with store.work() as work:
        await linking.merge(work, keep_id=ana, gone_id=ben)

    found = await here.window()
    assert found.makers.tolist() == [ana]
    assert found.crowd.liked_by(ana).tolist() == [piece]


async def test_reactions_that_were_read_with_the_window_are_not_counted_once_more(
    store: Store, elsewhere: Live, clock: FixedClock
) -> None:
    ana, _ = await join(store, "Ana")
    ben, _ = await join(store, "Ben")
    pieces = [await put(store, ana, it) for it in ("Rain", "Snow")]
    await like(store, pieces[0], ben)
    counted = (await elsewhere.window()).crowd

    clock.go_on(live.EVERY)
    assert (await elsewhere.window()).crowd is counted, "nothing happened meanwhile"
    await like(store, pieces[1], ben)
    clock.go_on(live.EVERY)
    assert sorted((await elsewhere.window()).crowd.liked_by(ben).tolist()) == pieces


async def test_many_reactions_are_counted_while_others_look(
    store: Store, here: Live, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "SMALL", 0)
    ana, _ = await join(store, "Ana")
    piece = await put(store, ana, "Rain")
    await here.window()
    await like(store, piece, ana)
    async with asyncio.timeout(10):
        while not (await here.window()).quality[0]:
            clock.go_on(live.EVERY)
            await asyncio.sleep(0.01)

    assert (await here.window()).crowd.liked_by(ana).tolist() == [piece]


async def test_the_window_stays_small(
    store: Store, here: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(window, "MOST", 6)
    monkeypatch.setattr(window, "SPARE", 3)
    monkeypatch.setattr(arrivals, "MOST", 6)
    monkeypatch.setattr(arrivals, "REACTIONS", 5)
    ana, _ = await join(store, "Ana")
    pieces = []
    for n in range(20):
        pieces.append(await put(store, ana, f"Piece {n}", tags=[f"t{n}"]))
        await like(store, pieces[-1], ana)
        found = await here.window()
        assert len(found.ids) <= 9
        assert found.ids.tolist() == pieces[-len(found.ids) :]
        assert found.vectors.shape == (len(found.ids), 64)
        newest = found.tags.where([found.tag_numbers[f"t{n}"]])
        assert newest.tolist() == [len(found.ids) - 1]

    assert len(found.crowd.liked_by(ana)) <= 5
    read = await Live(store, FirstWords(store)).window()
    assert read.ids.tolist() == pieces[-6:]
