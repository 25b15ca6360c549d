import asyncio
from datetime import timedelta

import pytest

from feed_core.services import link_codes, linking
from feed_core.services.link_codes import (
    LETTERS,
    LIFETIME,
    LOCKED_FOR,
    MOST_TRIES,
    AlreadyLinked,
    LinkCodeWrong,
    LinkLocked,
)
from feed_core.store import Store
from tests.fakes.clock import FixedClock
from tests.fakes.community import join

pytestmark = pytest.mark.anywhere


async def offer(store: Store, member_id: int) -> str:
    async with store.work() as work:
        return await link_codes.offer(work, member_id=member_id)


async def redeem(store: Store, code: str, member_id: int) -> int:
    async with store.work() as work:
        return await link_codes.redeem(work, code=code, member_id=member_id)


async def miss(store: Store, member_id: int) -> None:
    """What the act does when a wrong code is typed."""
    with pytest.raises(LinkCodeWrong):
        await redeem(store, "WRONG", member_id)
    async with store.work() as work:
        await link_codes.note_wrong(work, member_id=member_id)


async def locked(store: Store, member_id: int) -> int:
    async with store.read() as view:
        return await link_codes.locked_minutes(view, member_id=member_id)


@pytest.mark.once
async def test_a_code_leads_to_who_offered_it_however_it_is_typed(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    ben, _ = await join(store, "Ben")
    code = await offer(store, ana)

    assert len(code) == 8
    assert set(code) <= set(LETTERS)
    assert await redeem(store, f" {code.lower()}\n", ben) == ana


async def test_a_code_works_once_also_when_typed_twice_at_once(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    ben, _ = await join(store, "Ben")
    code = await offer(store, ana)

    ends = await asyncio.gather(
        *(redeem(store, code, ben) for _ in range(4)), return_exceptions=True
    )

    assert ends.count(ana) == 1
    assert [type(it) for it in ends].count(LinkCodeWrong) == 3


@pytest.mark.once
async def test_a_code_expires(store: Store, clock: FixedClock) -> None:
    ana, _ = await join(store, "Ana")
    ben, _ = await join(store, "Ben")
    code = await offer(store, ana)
    clock.go_on(LIFETIME)

    with pytest.raises(LinkCodeWrong):
        await redeem(store, code, ben)


@pytest.mark.once
async def test_a_new_code_takes_the_place_of_the_one_before(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    ben, _ = await join(store, "Ben")
    old, new = await offer(store, ana), await offer(store, ana)

    with pytest.raises(LinkCodeWrong):
        await redeem(store, old, ben)
    assert await redeem(store, new, ben) == ana


async def test_ones_own_code_is_not_used_up_by_oneself(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    ben, _ = await join(store, "Ben")
    code = await offer(store, ana)

    with pytest.raises(AlreadyLinked):
        await redeem(store, code, ana)

    assert await redeem(store, code, ben) == ana


@pytest.mark.once
async def test_after_five_wrong_codes_the_right_one_too_has_to_wait(
    store: Store, clock: FixedClock
) -> None:
    ana, _ = await join(store, "Ana")
    ben, _ = await join(store, "Ben")
    cem, _ = await join(store, "Cem")
    for _ in range(MOST_TRIES):
        assert await locked(store, ben) == 0
        await miss(store, ben)

    code = await offer(store, ana)
    with pytest.raises(LinkLocked) as refused:
        await redeem(store, code, ben)
    assert refused.value.minutes == 15
    assert await redeem(store, code, cem) == ana  # others are not locked


@pytest.mark.once
async def test_the_lock_lasts_as_long_as_it_says(store: Store, clock: FixedClock) -> None:
    ana, _ = await join(store, "Ana")
    ben, _ = await join(store, "Ben")
    for _ in range(MOST_TRIES):
        await miss(store, ben)
        clock.go_on(timedelta(minutes=3))  # the first is twelve minutes older than the last

    clock.go_on(timedelta(seconds=30))
    assert await locked(store, ben) == 12
    clock.go_on(timedelta(minutes=11, seconds=29))
    assert await locked(store, ben) == 1
    with pytest.raises(LinkLocked):
        await redeem(store, await offer(store, ana), ben)
    clock.go_on(timedelta(seconds=1))

    assert await redeem(store, await offer(store, ana), ben) == ana


@pytest.mark.once
async def test_wrong_codes_far_apart_lock_nobody_out(store: Store, clock: FixedClock) -> None:
    ben, _ = await join(store, "Ben")
    for _ in range(MOST_TRIES * 2):
        await miss(store, ben)
        clock.go_on(LOCKED_FOR)

    assert await locked(store, ben) == 0


async def test_two_who_type_each_others_codes_at_once_become_one(
    store: Store, clock: FixedClock
) -> None:
    ana, ben = [(await join(store, it))[0] for it in ("Ana", "Ben")]
    codes = [await offer(store, it) for it in (ana, ben)]

    async def link(code: str, member_id: int) -> None:
        async with store.work() as work:
            keep_id = await link_codes.redeem(work, code=code, member_id=member_id)
            await asyncio.sleep(0.2)  # so that the other one has come as far, if it can
            await linking.merge(work, keep_id=keep_id, gone_id=member_id)

    outcomes = await asyncio.gather(
        link(codes[0], ben), link(codes[1], ana), return_exceptions=True
    )
    assert sorted(type(it).__name__ for it in outcomes) == ["LinkCodeWrong", "NoneType"]
