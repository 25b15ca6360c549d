from datetime import UTC, datetime, time, timedelta

import pytest
from sqlmodel import col, select

from feed_core.because import Because
from feed_core.events import DeliveryOwed, Event
from feed_core.models.creations import Creation
from feed_core.models.deliveries import Delivery
from feed_core.models.digests import Digest, DigestSchedule, Section
from feed_core.services import digest_claims, digest_hours, digests, publishing
from feed_core.services.digest_choice import Chosen
from feed_core.services.reasons import Reason
from feed_core.states import DeliveryState, DigestState, Permission
from feed_core.store import Store
from tests.fakes.clock import FixedClock
from tests.fakes.community import chosen_for, daily, join, publish, standing_in, window

pytestmark = pytest.mark.anywhere

EVENING = datetime(2026, 11, 22, 18, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(EVENING)


async def claim(store: Store) -> int:
    async with store.work() as work:
        return await digest_claims.claim_due(work)


async def rows(store: Store) -> list[Digest]:
    async with store.read() as view:
        return list(await view.db.exec(select(Digest).order_by(col(Digest.id))))


async def owed(store: Store) -> list[Delivery]:
    async with store.read() as view:
        return list(await view.db.exec(select(Delivery).order_by(col(Delivery.id))))


async def compose(store: Store, digest_id: int) -> Digest:
    live = await window(store)
    async with store.read() as view:
        items = await chosen_for(view, digest_id, window=live)
    async with store.work() as work:
        return await digests.compose(work, digest_id, items)


async def shown(store: Store, digest_id: int) -> list[str]:
    async with store.read() as view:
        items = await standing_in(view, digest_id)
    return [it.creation.title for it in items]


async def test_an_hour_is_claimed_once_and_the_next_day_again(
    store: Store, clock: FixedClock
) -> None:
    ana, account = await join(store, "ana")
    first = await daily(store, ana, account)
    assert first.astimezone(UTC).replace(second=0, microsecond=0) == datetime(
        2026, 11, 23, 6, 30, tzinfo=UTC
    )

    assert await claim(store) == 0
    clock.go_to(first)
    assert await claim(store) == 1
    assert await claim(store) == 0
    clock.go_to(first + timedelta(days=1))
    assert await claim(store) == 1

    assert [it.slot for it in await rows(store)] == ["2026-11-23T07:30", "2026-11-24T07:30"]
    assert {it.state for it in await rows(store)} == {DigestState.DUE}


async def test_a_second_claim_of_the_same_hour_changes_nothing(
    store: Store, clock: FixedClock
) -> None:
    ana, account = await join(store, "ana")
    first = await daily(store, ana, account)
    clock.go_to(first)
    await claim(store)

    async with store.work() as work:  # as if the first claim had never moved the hour on
        row = await work.db.get_one(DigestSchedule, ana)
        row.next_run_at = first
    assert await claim(store) == 1

    assert len(await rows(store)) == 1


@pytest.mark.once
async def test_a_run_missed_by_less_than_the_grace_is_made_up_for(
    store: Store, clock: FixedClock
) -> None:
    ana, account = await join(store, "ana")
    first = await daily(store, ana, account)

    clock.go_to(first + digest_hours.GRACE)
    await claim(store)

    assert [it.slot for it in await rows(store)] == ["2026-11-23T07:30"]


@pytest.mark.once
async def test_a_run_missed_by_more_is_skipped_and_the_next_one_comes(
    store: Store, clock: FixedClock
) -> None:
    ana, account = await join(store, "ana")
    first = await daily(store, ana, account)

    clock.go_to(first + timedelta(days=3) + digest_hours.GRACE + MINUTE)
    assert await claim(store) == 1
    assert await rows(store) == []

    async with store.read() as view:
        row = await digest_hours.find_schedule(view, ana)
    assert row is not None
    assert row.next_run_at == first + timedelta(days=4)


async def test_who_changes_the_hour_while_it_is_due_gets_one_at_the_new_hour(
    store: Store, clock: FixedClock
) -> None:
    ana, account = await join(store, "ana")
    first = await daily(store, ana, account)

    clock.go_to(first + MINUTE)  # due, and no tick has come yet
    changed = await daily(store, ana, account, times=[time(9)])
    assert await claim(store) == 0
    clock.go_to(changed)
    await claim(store)

    assert [it.slot for it in await rows(store)] == ["2026-11-23T09:00"]


async def test_who_changes_the_zone_after_the_digest_came_gets_no_second_one_for_that_hour(
    store: Store, clock: FixedClock
) -> None:
    ana, account = await join(store, "ana")
    clock.go_to(await daily(store, ana, account))
    await claim(store)

    clock.go_to(await daily(store, ana, account, zone="America/New_York"))
    assert clock.now().date() == datetime(2026, 11, 23).date()
    assert await claim(store) == 1

    assert [it.slot for it in await rows(store)] == ["2026-11-23T07:30"]


async def test_who_turns_it_off_while_it_is_due_gets_none(store: Store, clock: FixedClock) -> None:
    ana, account = await join(store, "ana")
    clock.go_to(await daily(store, ana, account))

    async with store.work() as work:
        assert await digest_hours.stop(work, member_id=ana)

    assert await claim(store) == 0
    assert await rows(store) == []


async def test_a_zone_that_is_gone_holds_up_nobody_and_counts_as_utc(
    store: Store, clock: FixedClock
) -> None:
    ana, hers = await join(store, "ana")
    ben, his = await join(store, "ben")
    await daily(store, ana, hers)
    clock.go_to(max(await daily(store, ben, his), await daily(store, ana, hers)))
    async with store.work() as work:
        (await work.db.get_one(DigestSchedule, ana)).zone = "Europe/Atlantis"

    assert await claim(store) == 2
    assert await claim(store) == 0

    assert {it.member_id for it in await rows(store)} == {ana, ben}


async def test_a_claim_takes_as_many_as_it_is_told_and_the_longest_due_first(
    store: Store, clock: FixedClock
) -> None:
    people = [await join(store, f"member{n}") for n in range(7)]
    hours = {member: await daily(store, member, account) for member, account in people}
    clock.go_to(max(hours.values()))

    async with store.work() as work:
        assert await digest_claims.claim_due(work, limit=5) == 5
    assert {it.member_id for it in await rows(store)} == set(
        sorted(hours, key=hours.__getitem__)[:5]
    )
    async with store.work() as work:
        assert await digest_claims.claim_due(work, limit=5) == 2


async def test_a_digest_is_composed_and_owed_once(
    store: Store, clock: FixedClock, told: list[Event]
) -> None:
    ana, account = await join(store, "ana")
    ben, _ = await join(store, "ben")
    await publish(store, ben, "Rain on the tin roof")
    clock.go_to(await daily(store, ana, account))
    await claim(store)
    told.clear()

    first = await compose(store, 1)
    again = await compose(store, 1)

    assert first.state is again.state is DigestState.COMPOSED
    assert [(it.key, it.platform, it.state) for it in await owed(store)] == [
        ("digest:1:0", "recording", DeliveryState.PENDING)
    ]
    assert told == [DeliveryOwed(delivery_id=1)]
    assert await shown(store, 1) == ["Rain on the tin roof"]


async def test_nothing_new_makes_an_empty_digest_that_is_not_sent(
    store: Store, clock: FixedClock
) -> None:
    ana, account = await join(store, "ana")
    await publish(store, ana, "Her own")
    clock.go_to(await daily(store, ana, account))
    await claim(store)

    assert (await compose(store, 1)).state is DigestState.EMPTY

    assert await owed(store) == []


async def test_no_creation_comes_in_two_digests(store: Store, clock: FixedClock) -> None:
    ana, account = await join(store, "ana")
    ben, _ = await join(store, "ben")
    clock.go_to(await daily(store, ana, account))
    for n in range(7):
        await publish(store, ben, f"Piece {n}")
    seen = []

    for _ in range(3):
        async with store.work() as work:
            digest_id = await digests.ask_now(work, member_id=ana, zone="UTC")
        await compose(store, digest_id)
        seen.append(await shown(store, digest_id))

    assert [len(it) for it in seen] == [5, 2, 0]
    assert len({title for titles in seen for title in titles}) == 7


async def test_two_digests_composed_at_the_same_time_share_nothing(store: Store) -> None:
    ana, _ = await join(store, "ana")
    ben, _ = await join(store, "ben")
    piece = await publish(store, ben, "Rain on the tin roof")
    async with store.work() as work:
        asked = [await digests.ask_now(work, member_id=ana, zone="UTC") for _ in range(2)]

    live = await window(store)
    async with store.read() as view:
        chosen = [
            [it.creation_id for it in await chosen_for(view, id, window=live)] for id in asked
        ]
    assert chosen == [[piece], [piece]]
    for digest_id in asked:
        async with store.work() as work:
            await digests.compose(
                work, digest_id, [Chosen(Section.FOR_YOU, piece, Reason(Because.FRESH))]
            )

    assert [it.state for it in await rows(store)] == [DigestState.COMPOSED, DigestState.EMPTY]


async def test_what_members_made_themselves_may_be_shown_to_them_again(store: Store) -> None:
    ana, _ = await join(store, "ana")
    own = await publish(store, ana, "Her own")

    for _ in range(2):
        async with store.work() as work:
            digest_id = await digests.ask_now(work, member_id=ana, zone="UTC")
            await digests.compose(
                work, digest_id, [Chosen(Section.FOR_YOU, own, Reason(Because.OWN))]
            )
        assert await shown(store, digest_id) == ["Her own"]


async def test_a_digest_that_was_asked_for_is_owed_to_nobody_and_left_to_who_asked(
    store: Store,
) -> None:
    ana, _ = await join(store, "ana")
    ben, _ = await join(store, "ben")
    await publish(store, ben, "Rain on the tin roof")
    async with store.work() as work:
        digest_id = await digests.ask_now(work, member_id=ana, zone="UTC")

    async with store.read() as view:
        assert await digests.uncomposed(view) == []
    assert (await compose(store, digest_id)).state is DigestState.COMPOSED

    assert await owed(store) == []


async def test_what_cannot_be_composed_in_time_is_given_up(store: Store, clock: FixedClock) -> None:
    ana, account = await join(store, "ana")
    clock.go_to(await daily(store, ana, account))
    await claim(store)

    clock.go_on(digest_hours.GRACE)
    async with store.work() as work:
        assert await digests.give_up(work) == 0
    clock.go_on(MINUTE)
    async with store.work() as work:
        assert await digests.give_up(work) == 1

    assert [it.state for it in await rows(store)] == [DigestState.FAILED]
    assert (await compose(store, 1)).state is DigestState.FAILED


async def test_a_digest_composed_too_late_is_not_sent(store: Store, clock: FixedClock) -> None:
    ana, account = await join(store, "ana")
    ben, _ = await join(store, "ben")
    await publish(store, ben, "Rain on the tin roof")
    clock.go_to(await daily(store, ana, account))
    await claim(store)

    clock.go_on(digest_hours.GRACE + MINUTE)
    assert (await compose(store, 1)).state is DigestState.FAILED

    assert await owed(store) == []


@pytest.mark.once
async def test_what_its_maker_does_not_want_recommended_is_not_in_a_digest(store: Store) -> None:
    ana, _ = await join(store, "ana")
    ben, _ = await join(store, "ben")
    shy = await publish(store, ben, "Not for digests")
    async with store.work() as work:
        (await work.db.get_one(Creation, shy)).consent_recommend = Permission.NO
        digest_id = await digests.ask_now(work, member_id=ana, zone="UTC")

    assert (await compose(store, digest_id)).state is DigestState.EMPTY


async def test_what_was_withdrawn_since_is_left_out_of_what_is_shown(store: Store) -> None:
    ana, _ = await join(store, "ana")
    ben, _ = await join(store, "ben")
    await publish(store, ben, "Stays")
    gone = await publish(store, ben, "Goes")
    async with store.work() as work:
        digest_id = await digests.ask_now(work, member_id=ana, zone="UTC")
    await compose(store, digest_id)
    assert sorted(await shown(store, digest_id)) == ["Goes", "Stays"]

    async with store.work() as work:
        await publishing.withdraw(work, creation_id=gone, member_id=ben)

    assert await shown(store, digest_id) == ["Stays"]
