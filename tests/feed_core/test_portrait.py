"""What is known of one member, and that nothing of it is kept in memory beyond its time."""

from collections.abc import Awaitable, Callable
from dataclasses import astuple

import pytest

from feed_core.models.curation import Wanted
from feed_core.services import curation, portrait, reactions
from feed_core.services.portrait import Album, Deeds
from feed_core.services.sight import Reader
from feed_core.store import Store, Work
from tests.fakes.community import join
from tests.feed_core.pieces import put, remark

pytestmark = pytest.mark.anywhere


async def test_an_album_keeps_deeds_until_they_change(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    ben, _ = await join(store, "Ben")
    rain, snow = await put(store, ben, "Rain"), await put(store, ben, "Snow")
    reader, album = Reader(ana), Album()

    async def known() -> Deeds:
        async with store.read() as view:
            kept = (await portrait.of(view, reader, album=album)).deeds
            again = (await portrait.of(view, reader, album=album)).deeds
            read = (await portrait.of(view, reader)).deeds
        assert again is kept
        assert [it.tolist() for it in astuple(kept)] == [it.tolist() for it in astuple(read)]
        return kept

    steps: list[Callable[[Work], Awaitable[object]]] = [
        lambda work: reactions.react(work, creation_id=rain, reader=reader),
        lambda work: reactions.react(work, creation_id=snow, reader=reader),
        lambda work: reactions.unreact(work, creation_id=rain, member_id=ana),
        lambda work: curation.save(work, creation_id=rain, reader=reader),
        lambda work: curation.unsave(work, creation_id=rain, member_id=ana),
        lambda work: remark(work, creation_id=rain, reader=reader, body="oh"),
        *(
            lambda work, it=it: curation.want(work, creation_id=rain, reader=reader, wanted=it)
            for it in Wanted
        ),
    ]
    before = await known()
    for step in steps:  # all of them at one moment of the clock
        async with store.work() as work:
            await step(work)
        after = await known()
        assert after is not before
        before = after
    await put(store, ana, "Mine")
    assert await known() is not before
