import asyncio
from datetime import timedelta

import pytest
from sqlmodel import select

from feed_core.errors import BudgetSpent
from feed_core.models.ledger import ModelCall
from feed_core.services import ledger
from feed_core.store import Store
from tests.fakes.clock import FixedClock
from tests.fakes.community import join

pytestmark = pytest.mark.anywhere


async def reserve(
    store: Store, member_id: int, tokens: int, *, daily: int = 100, daily_all: int = 1_000
) -> int:
    async with store.work() as work:
        return await ledger.reserve(
            work,
            member_id=member_id,
            purpose="turn",
            model="m",
            tokens=tokens,
            daily=daily,
            daily_all=daily_all,
        )


async def settle(store: Store, entry_id: int, tokens_in: int, tokens_out: int) -> None:
    async with store.work() as work:
        await ledger.settle(
            work, entry_id=entry_id, model="n", tokens_in=tokens_in, tokens_out=tokens_out, micros=7
        )


async def entries(store: Store) -> list[ModelCall]:
    async with store.read() as view:
        return list(await view.db.exec(select(ModelCall)))


async def test_a_member_spends_their_budget_to_the_last_token_and_no_more(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    ben, _ = await join(store, "Ben")
    await reserve(store, ana, 60)
    await reserve(store, ana, 40)

    with pytest.raises(BudgetSpent):
        await reserve(store, ana, 1)

    await reserve(store, ben, 100)  # another's budget is their own
    assert len(await entries(store)) == 3


async def test_all_members_together_spend_the_budget_of_the_installation(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    ben, _ = await join(store, "Ben")
    await reserve(store, ana, 90, daily_all=150)

    with pytest.raises(BudgetSpent):
        await reserve(store, ben, 61, daily_all=150)

    await reserve(store, ben, 60, daily_all=150)


async def test_what_was_reserved_counts_until_the_truth_takes_its_place(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    entry_id = await reserve(store, ana, 100)
    with pytest.raises(BudgetSpent):
        await reserve(store, ana, 50)

    await settle(store, entry_id, 20, 30)

    await reserve(store, ana, 50)
    (settled, _) = await entries(store)
    assert (settled.tokens_in, settled.tokens_out, settled.micros) == (20, 30, 7)
    assert (settled.model, settled.settled) == ("n", True)


async def test_a_call_that_took_more_than_reserved_counts_as_what_it_took(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    await settle(store, await reserve(store, ana, 10), 90, 90)

    with pytest.raises(BudgetSpent):
        await reserve(store, ana, 1)


async def test_the_budget_fills_up_again_within_a_day(store: Store, clock: FixedClock) -> None:
    ana, _ = await join(store, "Ana")
    await reserve(store, ana, 100)
    clock.go_on(timedelta(hours=23, minutes=59))
    with pytest.raises(BudgetSpent):
        await reserve(store, ana, 1)

    clock.go_on(timedelta(minutes=1))

    await reserve(store, ana, 100)


async def test_calls_made_at_once_cannot_overspend_together(store: Store) -> None:
    ana, _ = await join(store, "Ana")

    ends = await asyncio.gather(
        *(reserve(store, ana, 30) for _ in range(8)), return_exceptions=True
    )

    assert [type(it) for it in ends].count(int) == 3
    assert sum(it.tokens_in for it in await entries(store)) == 90
