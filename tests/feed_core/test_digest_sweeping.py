from datetime import timedelta

import pytest
from sqlmodel import col, select

from feed_core.because import Because
from feed_core.models.deliveries import Delivery
from feed_core.models.digests import Digest, DigestEntry, Section
from feed_core.services import deliveries, digest_sweeping, digests
from feed_core.services.digest_choice import Chosen
from feed_core.services.digest_sweeping import KEPT
from feed_core.services.reasons import Reason
from feed_core.states import DeliveryKind, DeliveryState, DigestState
from feed_core.store import Store
from tests.fakes.clock import FixedClock
from tests.fakes.community import identity, join, publish

pytestmark = pytest.mark.anywhere

DAY = timedelta(days=1)


async def test_old_digests_and_notices_go_but_the_last_one_and_what_is_owed_stay(
    store: Store, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digest_sweeping, "BATCH", 2)
    ana, account = await join(store, "Ana")
    rain = await publish(store, ana, "Rain")
    for number in range(1, 7):
        async with store.work() as work:
            digest = Digest(
                member_id=ana,
                local_date=work.now.date(),
                slot=f"{work.now:%Y-%m-%dT%H:%M}",
                identity_id=account,
                due_at=work.now,
            )
            work.db.add(digest)
            await work.db.flush()
            assert digest.id == number
            chosen = [Chosen(Section.FOR_YOU, rain, Reason(Because.OWN))]
            await digests.compose(work, number, chosen)
            await deliveries.claim(work, [number])
            await deliveries.sent(work, number, message_id=f"m{number}")
        clock.go_on(DAY)
    async with store.work() as work:
        (await work.db.get_one(Delivery, 2)).state = DeliveryState.SENDING
        (await work.db.get_one(Digest, 3)).state = DigestState.DUE
        to = await identity(store, account)
        await deliveries.owe(work, kind=DeliveryKind.SPENT, subject_id=ana, to=to, key="old")
        await deliveries.owe(work, kind=DeliveryKind.SPENT, subject_id=ana, to=to, key="owed")
        row = await work.db.exec(select(Delivery).where(Delivery.key == "old"))
        row.one().state = DeliveryState.UNKNOWN

    clock.go_on(KEPT - 2 * DAY)  # the fourth is as old as that now
    rounds = 0
    more = True
    while more:
        async with store.work() as work:
            more = await digest_sweeping.sweep(work)
        rounds += 1
    keys = [f"digest:{it}:0" for it in (2, 3, 5, 6)]
    assert await left(store) == ([2, 3, 5, 6], [*keys, "old", "owed"])
    assert rounds == 2

    clock.go_on(DAY * 365)
    async with store.work() as work:
        while await digest_sweeping.sweep(work):
            pass
    keys.remove("digest:5:0")
    assert await left(store) == ([2, 3, 6], [*keys, "owed"])
    async with store.read() as view:
        last = await digests.last(view, ana)
        assert last is not None and last.id == 6
        assert [it for it, _ in await digests.entries(view, 6)] == [1]


async def left(store: Store) -> tuple[list[int | None], list[str]]:
    """Digests, each with its entries and no others, and the keys of deliveries."""
    numbers = select(DigestEntry.digest_id).order_by(col(DigestEntry.digest_id))
    async with store.read() as view:
        rows = list(await view.db.exec(select(Digest.id).order_by(col(Digest.id))))
        assert list(await view.db.exec(numbers)) == rows
        return rows, list(await view.db.exec(select(Delivery.key).order_by(col(Delivery.key))))
