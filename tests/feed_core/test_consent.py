"""What makers allow: their defaults, changes from now on, and what comes down to remixes."""

import asyncio
import tempfile
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import select

from feed_core.bus import Bus
from feed_core.errors import CreationNotFound, NotYours, RemixNotAllowed
from feed_core.models.consent import ConsentChange
from feed_core.models.creations import Creation
from feed_core.services import consent, digests, inheritance, publishing, threads, timeline
from feed_core.services.consent import HOUSE, OnlyRemixAsks
from feed_core.services.remixing import AskFirst
from feed_core.services.sight import Reader
from feed_core.states import Outcome, Permission, Purpose
from feed_core.store import Store
from tests.fakes.clock import FixedClock
from tests.fakes.community import chosen_for, join, opened, standing_in, window
from tests.feed_core.pieces import of, put
from tests.feed_core.test_merging import NOW

pytestmark = pytest.mark.anywhere

YES, ASK, NO = Permission.YES, Permission.ASK, Permission.NO


async def change(
    store: Store,
    creation_id: int,
    member_id: int,
    permission: Permission,
    purpose: Purpose = Purpose.REMIX,
) -> None:
    async with store.work() as work:
        await consent.change(
            work,
            creation_id=creation_id,
            member_id=member_id,
            purpose=purpose,
            permission=permission,
        )


async def default(store: Store, member_id: int, purpose: Purpose, permission: Permission) -> bool:
    async with store.work() as work:
        return await consent.set_default(
            work, member_id=member_id, purpose=purpose, permission=permission
        )


async def row(store: Store, creation_id: int) -> Creation:
    async with store.read() as view:
        return await view.db.get_one(Creation, creation_id)


async def remix_of(store: Store, *creation_ids: int) -> list[Permission]:
    return [(await row(store, it)).consent_remix for it in creation_ids]


async def test_everything_is_allowed_but_training_until_the_maker_says_otherwise(
    store: Store,
) -> None:
    ana, _ = await join(store, "Ana")

    made = await row(store, await put(store, ana))

    assert consent.own(made) == consent.holding(made) == HOUSE
    assert HOUSE[Purpose.TRAIN] is NO


@pytest.mark.once
async def test_a_members_default_holds_for_what_they_make_from_then_on(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    ben, _ = await join(store, "Ben")
    before = await put(store, ana)

    assert await default(store, ana, Purpose.REMIX, ASK)
    assert not await default(store, ana, Purpose.REMIX, ASK)
    assert await default(store, ana, Purpose.TRAIN, YES)
    after = await row(store, await put(store, ana))

    assert (after.consent_remix, after.consent_train) == (ASK, YES)
    assert (await row(store, before)).consent_remix is YES
    assert (await row(store, await put(store, ben))).consent_remix is YES


async def test_every_change_is_written_down(store: Store, clock: FixedClock) -> None:
    ana, _ = await join(store, "Ana")
    rain = await put(store, ana)
    await default(store, ana, Purpose.QUOTE, NO)
    for permission in (ASK, ASK, NO, YES):
        clock.go_on(timedelta(days=1))
        await change(store, rain, ana, permission)

    async with store.read() as view:
        found = await consent.history(view, creation_id=rain)
        all_ = list(await view.db.exec(select(ConsentChange)))

    assert [(it.before, it.after) for it in found] == [(YES, ASK), (ASK, NO), (NO, YES)]
    assert [it.changed_at - clock.now() for it in found] == [
        timedelta(days=-it) for it in (3, 1, 0)
    ]
    assert {it.member_id for it in all_} == {ana}
    [(own)] = [it for it in all_ if it.creation_id is None]
    assert (own.purpose, own.before, own.after) == (Purpose.QUOTE, YES, NO)


@pytest.mark.once
async def test_only_the_maker_answers_and_only_remixes_are_asked_for(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    ben, _ = await join(store, "Ben")
    rain = await put(store, ana)
    stopped = await put(store, ana, outcome=Outcome.BLOCK)

    with pytest.raises(NotYours):
        await change(store, rain, ben, NO)
    for number in (4711, stopped):
        with pytest.raises(CreationNotFound):
            await change(store, number, ana, NO)
    for purpose in (Purpose.RECOMMEND, Purpose.QUOTE, Purpose.TRAIN):
        with pytest.raises(OnlyRemixAsks):
            await change(store, rain, ana, ASK, purpose)
        with pytest.raises(OnlyRemixAsks):
            await default(store, ana, purpose, ASK)
    async with store.read() as view:
        assert await consent.history(view, creation_id=rain) == []


async def test_a_stricter_answer_applies_from_then_on_to_all_that_was_made_of_it(
    store: Store,
) -> None:
    """Children stay; new remixes of them need what the first maker says now."""
    ana, _ = await join(store, "Ana")
    ben, _ = await join(store, "Ben")
    rain = await put(store, ana)
    child = await put(store, ben, sources=of(rain))
    grandchild = await put(store, ben, sources=of(child))
    apart = await put(store, ben)

    await change(store, rain, ana, NO)

    assert await remix_of(store, rain, child, grandchild, apart) == [NO, NO, NO, YES]
    async with store.read() as view:
        thread = await threads.whole(view, rain, reader=Reader(ben))
        assert [it.id for it in thread.remixes] == [child, grandchild]
        assert (await consent.bound_by(view, grandchild))[Purpose.REMIX] == [child]
        assert set(map(tuple, (await consent.bound_by(view, apart)).values())) == {()}
    for source in (rain, child, grandchild):
        with pytest.raises(RemixNotAllowed):
            await put(store, (await join(store, f"Cleo {source}"))[0], sources=of(source))


@pytest.mark.once
async def test_a_looser_answer_frees_what_it_had_bound_and_no_more(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    ben, _ = await join(store, "Ben")
    rain, sun = await put(store, ana), await put(store, ana)
    both = await put(store, ben, sources=of(rain, sun))
    shy = await put(store, ben, sources=of(rain))
    await change(store, shy, ben, ASK)
    await change(store, rain, ana, NO)
    await change(store, sun, ana, ASK)
    assert await remix_of(store, both, shy) == [NO, NO]

    await change(store, rain, ana, YES)
    assert await remix_of(store, both, shy) == [ASK, ASK]

    await change(store, sun, ana, YES)
    assert await remix_of(store, both, shy) == [YES, ASK]


async def test_the_maker_of_a_remix_can_be_stricter_only_than_what_came_down(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    ben, _ = await join(store, "Ben")
    rain = await put(store, ana)
    child = await put(store, ben, sources=of(rain))
    await change(store, rain, ana, NO, Purpose.QUOTE)

    await change(store, child, ben, NO, Purpose.QUOTE)
    await change(store, child, ben, YES, Purpose.QUOTE)

    made = await row(store, child)
    assert (made.own_quote, made.consent_quote) == (YES, NO)
    await change(store, child, ben, NO, Purpose.QUOTE)
    await change(store, rain, ana, YES, Purpose.QUOTE)
    assert (await row(store, child)).consent_quote is NO


@pytest.mark.once
async def test_what_was_taken_back_still_binds_and_can_still_be_answered_for(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    ben, _ = await join(store, "Ben")
    rain = await put(store, ana)
    child = await put(store, ben, sources=of(rain))
    async with store.work() as work:
        await publishing.withdraw(work, creation_id=rain, member_id=ana)
    assert await remix_of(store, child) == [YES]

    await change(store, rain, ana, ASK)

    assert await remix_of(store, child) == [ASK]
    with pytest.raises(AskFirst):
        await put(store, ana, sources=of(child))


async def test_what_is_not_to_be_recommended_is_in_no_feed_or_digest_of_others(
    store: Store, clock: FixedClock
) -> None:
    ana, _ = await join(store, "Ana")
    ben, _ = await join(store, "Ben")
    rain, sun = await put(store, ana), await put(store, ana, "Sun")
    await change(store, rain, ana, NO, Purpose.RECOMMEND)

    async with store.work() as work:
        digest_id = await digests.ask_now(work, member_id=ben, zone="UTC")
    live = await window(store)
    async with store.read() as view:
        for member, seen in ((ben, [sun]), (ana, [sun, rain])):
            found = await timeline.page(view, reader=Reader(member))
            assert [it.creation.id for it in found] == seen
        chosen = await chosen_for(view, digest_id, window=live)
        assert [it.creation_id for it in chosen] == [sun]
        assert (await threads.whole(view, rain, reader=Reader(ben))).root.id == rain
        assert rain in [
            number for number, _ in await timeline.suggestions(view, reader=Reader(ben), typed="")
        ]
    async with store.work() as work:
        await digests.compose(work, digest_id, chosen)
    await change(store, sun, ana, NO, Purpose.RECOMMEND)
    async with store.read() as view:
        assert await standing_in(view, digest_id) == []


Step = tuple[str, int, int, Permission]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["put", "remix", "change", "withdraw"]),
        st.integers(0, 99),
        st.integers(0, 99),
        st.sampled_from(list(Permission)),
    ),
    max_size=14,
)


@settings(max_examples=12, deadline=None)
@given(STEPS)
def test_what_holds_is_always_the_strictest_of_all_answers(steps: Sequence[Step]) -> None:
    asyncio.run(_held(steps))


async def _held(steps: Sequence[Step]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = opened(Path(folder), FixedClock(NOW), Bus())
        ana, _ = await join(store, "Ana")
        made: list[int] = []
        gone: set[int] = set()
        for what, one, other, permission in steps:
            if what == "put" or not made:
                made.append(await put(store, ana, remix=permission))
                continue
            first, second = made[one % len(made)], made[other % len(made)]
            if what == "remix" and not gone & {first, second}:
                made.append(await put(store, ana, sources=of(*{first, second})))
            elif what == "change":
                await change(store, first, ana, permission)
            elif what == "withdraw":
                gone.add(first)
                async with store.work() as work:
                    await publishing.withdraw(work, creation_id=first, member_id=ana)
        async with store.read() as view:
            for number in made:
                creation = await view.db.get_one(Creation, number)
                assert await inheritance.strictest(view, number) == consent.holding(creation)
        await store.close()
