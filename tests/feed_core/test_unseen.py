"""What is held or blocked is seen nowhere by others, whatever was done with it before."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from feed_core.bus import Bus
from feed_core.errors import CreationNotFound
from feed_core.models.creations import Creation
from feed_core.models.curation import Followed
from feed_core.services import (
    cases,
    curation,
    digests,
    inheritance,
    lineage,
    moderation,
    personal,
    reactions,
    remixing,
    reporting,
    searching,
    tagging,
    threads,
    timeline,
)
from feed_core.services.curation import Subject
from feed_core.services.live import Live
from feed_core.services.moderation import Ruling
from feed_core.services.recipes import SHIPPED
from feed_core.services.reporting import Brigade
from feed_core.services.searching import Only
from feed_core.services.sight import Reader, see
from feed_core.states import CreationState, Outcome
from feed_core.store import Store, View
from tests.fakes.clock import FixedClock
from tests.fakes.community import chosen_for, join
from tests.fakes.meaning import FirstWords
from tests.feed_core.pieces import of, put, remark

WEATHER = Only(tag="weather")
pytestmark = pytest.mark.anywhere


@pytest.fixture
def live(store: Store, bus: Bus) -> Live:
    found = Live(store, FirstWords(store))
    bus.subscribe(found.hear)
    return found


async def stopped_at_once(store: Store, author_id: int, mo: int, state: CreationState) -> int:
    """One that never was seen."""
    outcome = Outcome.HOLD if state is CreationState.HELD else Outcome.BLOCK
    return await put(store, author_id, "Storm", outcome=outcome)


async def stopped_later(store: Store, author_id: int, mo: int, state: CreationState) -> int:
    """One that was seen, liked, saved, followed, commented on, remixed and reported before."""
    creation_id = await put(store, author_id, "Storm")
    async with store.work() as work:
        creation = await work.db.get_one(Creation, creation_id)
        creation.tags = ["weather"]
        await searching.put(work, creation)
        reader = Reader(mo)
        await reactions.react(work, creation_id=creation_id, reader=reader)
        await curation.save(work, creation_id=creation_id, reader=reader)
        thread = Subject(Followed.THREAD, str(creation_id))
        await curation.follow(work, subject=thread, reader=reader)
        await curation.follow(work, subject=Subject(Followed.MEMBER, str(author_id)), reader=reader)
        await remark(work, creation_id=creation_id, reader=reader, body="how loud")
    await put(store, mo, "Calm", sources=of(creation_id))
    if state is CreationState.HELD:
        async with store.work() as work:
            await reporting.of_creation(
                work,
                creation_id=creation_id,
                reader=Reader(mo),
                reason="rude",
                brigade=Brigade(hold_at=1),
            )
    else:
        async with store.work() as work:
            case = await cases.open_creation(work, creation_id)
            await moderation.decide(
                work, case=case, ruling=Ruling.BLOCK, why="rude", moderator_id=mo
            )
    return creation_id


@pytest.mark.parametrize("state", [CreationState.HELD, CreationState.BLOCKED])
@pytest.mark.parametrize("stop", [stopped_at_once, stopped_later])
async def test_it_is_nowhere(
    store: Store,
    clock: FixedClock,
    live: Live,
    state: CreationState,
    stop: Callable[[Store, int, int, CreationState], Awaitable[int]],
) -> None:
    ana, mo = (await join(store, "Ana"))[0], (await join(store, "Mo"))[0]
    async with store.work() as work:
        digest_id = await digests.ask_now(work, member_id=mo, zone="UTC")
    await live.window()
    creation_id = await stop(store, ana, mo, state)
    clock.go_on(timedelta(minutes=1))
    window = await live.window()
    async with store.read() as view:
        assert (await view.db.get_one(Creation, creation_id)).state is state
        for reader in (Reader(mo), Reader(ana)):
            shown = await everywhere(view, reader, ana)
            for recipe in SHIPPED.values():
                page = await personal.page(view, window, reader=reader, recipe=recipe, limit=20)
                shown |= {it.creation.id for it in page.items}
                shown |= {parent for it in page.items for parent in it.parents}
            assert creation_id not in shown
        chosen = await chosen_for(view, digest_id, window=window)
        assert creation_id not in {it.creation_id for it in chosen}
        for look in (see, lineage.family, threads.whole, threads.page, inheritance.credit):
            with pytest.raises(CreationNotFound):
                await look(view, creation_id, reader=Reader(mo))
        with pytest.raises(CreationNotFound):
            await remixing.require_open(view, creation_id, reader=Reader(mo))
        assert await tagging.suggestions(view, reader=Reader(mo), typed="weat", limit=5) == []


async def everywhere(view: View, reader: Reader, author_id: int) -> set[int | None]:
    """All that lists of every kind show this reader."""
    items = await timeline.page(view, reader=reader, limit=50)
    items += await timeline.made_by(view, author_id=author_id, reader=reader)
    found = [
        *await curation.kept_in(view, reader=reader, collection="saved"),
        *(await searching.search(view, reader=reader, words="storm")).creations,
        *(await searching.search(view, reader=reader, words="", only=WEATHER)).creations,
        *(await searching.search(view, reader=reader, words="x", near=[1, 2, 3])).creations,
    ]
    offered = await timeline.suggestions(view, reader=reader, typed="")
    offered += await timeline.suggestions(view, reader=reader, typed="sto")
    shown = {it.creation.id for it in items} | {it.id for it in found}
    shown |= {number for number, _ in offered} | {parent for it in items for parent in it.parents}
    return shown
