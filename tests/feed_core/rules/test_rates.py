from datetime import timedelta

import pytest

from feed_core.models.moderation import Thing
from feed_core.services import naming
from feed_core.services.gate import PASSED, Decision, OneLook
from feed_core.services.rules.rates import Rate, Rates
from feed_core.services.sight import Reader
from feed_core.states import Outcome
from feed_core.store import Store
from tests.fakes.clock import FixedClock
from tests.fakes.community import join
from tests.feed_core.pieces import put, remark
from tests.feed_core.rules.contents import said

pytestmark = pytest.mark.anywhere


def rates(store: Store) -> OneLook:
    return OneLook(
        store,
        [
            Rates(
                publish=Rate(hour=2, day=3), comment=Rate(hour=1, day=0), rename=Rate(hour=2, day=9)
            )
        ],
    )


async def test_more_than_fits_into_an_hour_or_a_day_is_blocked(
    store: Store, clock: FixedClock
) -> None:
    ana, _ = await join(store, "Ana")
    content = said("Rain", author_id=ana)
    await put(store, ana)
    assert await rates(store).decide(content) == PASSED
    await put(store, ana)
    assert await rates(store).decide(content) == Decision(Outcome.BLOCK, "rate_hour", "2")

    clock.go_on(timedelta(hours=1))
    assert await rates(store).decide(content) == PASSED
    await put(store, ana)
    clock.go_on(timedelta(hours=1))
    assert await rates(store).decide(content) == Decision(Outcome.BLOCK, "rate_day", "3")
    clock.go_on(timedelta(days=1))
    assert await rates(store).decide(content) == PASSED


@pytest.mark.once
async def test_what_was_blocked_and_what_others_did_does_not_count(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    ben, _ = await join(store, "Ben")
    for _ in range(4):
        await put(store, ben)
        await put(store, ana, outcome=Outcome.BLOCK)

    assert await rates(store).decide(said("Rain", author_id=ana)) == PASSED


async def test_comments_are_counted_for_themselves_and_nothing_is_any_number(
    store: Store, clock: FixedClock
) -> None:
    ana, _ = await join(store, "Ana")
    creation_id = await put(store, ana)
    content = said(body="oh", author_id=ana, thing=Thing.COMMENT)
    for _ in range(5):
        assert await rates(store).decide(content) == PASSED
        async with store.work() as work:
            await remark(work, creation_id=creation_id, reader=Reader(ana), body="oh")
        assert (await rates(store).decide(content)).rule == "rate_hour"
        clock.go_on(timedelta(hours=1))


async def test_renames_are_counted_each_kind_for_itself_and_what_was_refused_is_not(
    store: Store, clock: FixedClock
) -> None:
    async def renamed(thing: Thing, name: str, outcome: Outcome) -> Decision:
        async with store.work() as work:
            change = await naming.begin(work, member_id=ana, thing=thing, name=name)
            assert change is not None
            assert change.id is not None
        async with store.read() as view:
            content = await naming.content(view, change.id)
        decision = await rates(store).decide(content)
        async with store.work() as work:
            await naming.settle(
                work, change_id=change.id, checked=content, decision=Decision(outcome)
            )
        return decision

    ana, _ = await join(store, "Ana")
    assert await renamed(Thing.MEMBER_NAME, "Bea", Outcome.BLOCK) == PASSED
    assert await renamed(Thing.MEMBER_NAME, "Cat", Outcome.PASS) == PASSED
    assert await renamed(Thing.MEMBER_NAME, "Dan", Outcome.HOLD) == PASSED
    assert (await renamed(Thing.MEMBER_NAME, "Eve", Outcome.PASS)).rule == "rate_hour"
    assert await renamed(Thing.AGENT_NAME, "Eve", Outcome.PASS) == PASSED
    clock.go_on(timedelta(hours=1))
    assert await renamed(Thing.MEMBER_NAME, "Fay", Outcome.PASS) == PASSED
