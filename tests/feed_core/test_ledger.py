import asyncio
from datetime import timedelta

import pytest
from sqlmodel import select

from feed_core.models.ledger import ModelCall, Purse
from feed_core.services import ledger, linking
from feed_core.services.ledger import Amount, Budgets, BudgetSpent, Most, Period, Reserved
from feed_core.store import Store
from tests.fakes.clock import FixedClock
from tests.fakes.community import join

pytestmark = pytest.mark.anywhere

BUDGETS: Budgets = {
    (Purse.MEMBER, Period.DAY): Most(tokens=100, micros=1_000),
    (Purse.MEMBER, Period.MONTH): Most(tokens=250),
    (Purse.BACKGROUND, Period.DAY): Most(tokens=40),
    (Purse.ALL, Period.DAY): Most(tokens=150),
}


async def reserve(
    store: Store, member_id: int, tokens: int, micros: int = 0, *, background: bool = False
) -> Reserved:
    async with store.work() as work:
        return await ledger.reserve(
            work,
            member_id=member_id,
            purpose="turn",
            model="m",
            amount=Amount(tokens, micros),
            budgets=BUDGETS,
            background=background,
        )


async def settle(store: Store, reserved: Reserved, tokens_in: int, tokens_out: int) -> None:
    async with store.work() as work:
        await ledger.settle(
            work, reserved=reserved, model="n", tokens_in=tokens_in, tokens_out=tokens_out, micros=7
        )


async def entries(store: Store) -> list[ModelCall]:
    async with store.read() as view:
        return list(await view.db.exec(select(ModelCall)))


async def spent(store: Store, member_id: int, purse: Purse, period: Period) -> Amount:
    async with store.read() as view:
        return (await ledger.spent(view, member_id))[purse, period]


@pytest.mark.once
async def test_a_member_spends_their_budget_to_the_last_token_and_no_more(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    ben, _ = await join(store, "Ben")
    await reserve(store, ana, 60)
    await reserve(store, ana, 40)

    with pytest.raises(BudgetSpent) as refused:
        await reserve(store, ana, 1)

    assert refused.value.problem == "member_day"
    await reserve(store, ben, 50)  # another's budget is their own
    assert len(await entries(store)) == 3
    assert await spent(store, ana, Purse.MEMBER, Period.DAY) == Amount(100, 0)


@pytest.mark.parametrize(
    ("before", "asked", "how"), [(100, 1, ""), (99, 2, "_short"), (99, 101, "_small")]
)
@pytest.mark.once
async def test_what_is_spent_is_told_from_what_is_too_little(
    store: Store, before: int, asked: int, how: str
) -> None:
    ana, _ = await join(store, "Ana")
    await reserve(store, ana, before)

    with pytest.raises(BudgetSpent) as refused:
        await reserve(store, ana, asked)

    assert refused.value.problem == f"member_day{how}"
    assert refused.value.purse is Purse.MEMBER


@pytest.mark.once
async def test_all_members_together_spend_the_budget_of_the_installation(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    ben, _ = await join(store, "Ben")
    await reserve(store, ana, 90)

    with pytest.raises(BudgetSpent) as refused:
        await reserve(store, ben, 61)

    assert refused.value.problem == "all_day_short"
    await reserve(store, ben, 60)
    assert await spent(store, ana, Purse.ALL, Period.MONTH) == Amount(150, 0)


@pytest.mark.once
async def test_money_is_limited_as_tokens_are(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    await reserve(store, ana, 1, 999)

    with pytest.raises(BudgetSpent):
        await reserve(store, ana, 1, 2)

    assert await spent(store, ana, Purse.MEMBER, Period.MONTH) == Amount(1, 999)


async def test_what_nobody_asked_for_has_a_part_of_its_own(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    await reserve(store, ana, 50)
    await settle(store, await reserve(store, ana, 40, background=True), 10, 0)
    await reserve(store, ana, 30, background=True)

    with pytest.raises(BudgetSpent) as refused:
        await reserve(store, ana, 1, background=True)

    assert refused.value.problem == "background_day"
    await reserve(store, ana, 10)  # asked for, it is answered
    assert await spent(store, ana, Purse.BACKGROUND, Period.DAY) == Amount(40, 7)
    assert await spent(store, ana, Purse.MEMBER, Period.DAY) == Amount(100, 7)


async def test_what_was_reserved_counts_until_the_truth_takes_its_place(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    reserved = await reserve(store, ana, 100, 900)
    with pytest.raises(BudgetSpent):
        await reserve(store, ana, 50)

    await settle(store, reserved, 20, 30)

    assert await spent(store, ana, Purse.MEMBER, Period.DAY) == Amount(50, 7)
    await reserve(store, ana, 50)
    (settled, _) = await entries(store)
    assert (settled.tokens_in, settled.tokens_out, settled.micros) == (20, 30, 7)
    assert (settled.model, settled.settled) == ("n", True)


@pytest.mark.once
async def test_a_call_that_took_more_than_reserved_counts_as_what_it_took(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    await settle(store, await reserve(store, ana, 10), 90, 90)

    with pytest.raises(BudgetSpent):
        await reserve(store, ana, 1)


@pytest.mark.once
async def test_a_day_begins_anew_and_the_month_goes_on(store: Store, clock: FixedClock) -> None:
    ana, _ = await join(store, "Ana")
    for _ in range(2):
        last = await reserve(store, ana, 100)
        with pytest.raises(BudgetSpent, match="member_day"):
            await reserve(store, ana, 1)
        clock.go_on(timedelta(days=1))

    await settle(store, last, 60, 0)  # yesterday's call, known today
    assert await spent(store, ana, Purse.MEMBER, Period.DAY) == Amount()
    await reserve(store, ana, 90)
    with pytest.raises(BudgetSpent, match="member_month"):
        await reserve(store, ana, 1)
    clock.go_on(timedelta(days=31))
    await reserve(store, ana, 100)


async def test_calls_made_at_once_cannot_overspend_together(store: Store) -> None:
    ana, _ = await join(store, "Ana")

    ends = await asyncio.gather(
        *(reserve(store, ana, 30) for _ in range(8)), return_exceptions=True
    )

    assert [type(it) for it in ends].count(Reserved) == 3
    assert sum(it.tokens_in for it in await entries(store)) == 90


async def test_two_who_are_one_have_spent_what_both_have(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    ben, _ = await join(store, "Ben")
    await reserve(store, ana, 60, 5)
    await reserve(store, ben, 30, 6, background=True)

    async with store.work() as work:
        await linking.merge(work, keep_id=ana, gone_id=ben)

    assert await spent(store, ana, Purse.MEMBER, Period.DAY) == Amount(90, 11)
    assert await spent(store, ana, Purse.BACKGROUND, Period.MONTH) == Amount(30, 6)
    with pytest.raises(BudgetSpent):
        await reserve(store, ana, 11)
