"""A link is undone: what was whose before is theirs again, and nothing is lost or doubled."""

from datetime import time, timedelta
from typing import Any

import pytest
from sqlmodel import SQLModel, select

from feed_core.events import AccountsLeft, Event
from feed_core.models.creations import Draft
from feed_core.models.curation import Follow, Followed, Opinion, Wanted
from feed_core.models.deliveries import Delivery
from feed_core.models.digests import Digest, DigestSchedule
from feed_core.models.ledger import Purse, Spending
from feed_core.models.members import AgentSettings, Identity, Link, Member
from feed_core.models.reactions import Reaction
from feed_core.services import (
    curation,
    deliveries,
    drafting,
    link_journal,
    linking,
    members,
    parting,
    reactions,
    unlinking,
)
from feed_core.services.curation import Subject
from feed_core.services.link_journal import UNDONE_WITHIN
from feed_core.services.parting import AccountNotFound, LastAccount
from feed_core.services.pieces import Piece
from feed_core.services.sight import Reader
from feed_core.services.unlinking import LinkNotUndone
from feed_core.states import DeliveryKind, DeliveryState, DigestState, DraftState
from feed_core.store import Store
from tests.fakes.clock import FixedClock
from tests.fakes.community import daily, join
from tests.feed_core.pieces import put
from tests.feed_core.tables import all_tables
from tests.feed_core.test_merging import due, furnish, merge

pytestmark = pytest.mark.anywhere

# What both have alike, or is of the time of the link, is told beside it.
LEFT_ALONE = {"link", "link_code", "stored_call", "proposal", "memory", "memory_settings"}


async def undo(store: Store, keep_id: int, gone_id: int) -> None:
    async with store.work() as work:
        await unlinking.undo(work, member_id=keep_id, gone_id=gone_id)


async def everything(store: Store) -> dict[str, set[tuple[Any, ...]]]:
    """All rows of all tables, but for those that a link lets run out."""
    async with store.read() as view:
        connection = await view.core()
        return {
            table.name: {
                tuple(str(it) for it in row) for row in await connection.execute(table.select())
            }
            for table in all_tables().sorted_tables
            if table.name not in LEFT_ALONE and not table.name.startswith("word")
        }


async def one(store: Store, table: type[SQLModel], key: object) -> Any:
    async with store.read() as view:
        return await view.db.get(table, key)


async def test_after_undo_all_is_as_it_was_before_the_link(store: Store, told: list[Event]) -> None:
    keep, _ = await join(store, "Ana")
    gone, _ = await join(store, "Ana on Telegram", platform="telegram")
    await furnish(store, gone, keep)
    before = await everything(store)

    await merge(store, keep, gone)
    assert await everything(store) != before
    await undo(store, keep, gone)

    assert told[-1] == AccountsLeft(keep, gone)
    after = await everything(store)
    differ = {it for it in before if before[it] != after[it]}
    assert differ <= {"seen", "caught_up", "digest_schedule", "name_change"}, {
        it: (before[it] - after[it], after[it] - before[it]) for it in differ
    }
    assert before["seen"] < after["seen"]  # the one who stays was shown it all the same
    assert before["caught_up"] < after["caught_up"]
    async with store.read() as view:
        assert not (await view.db.exec(select(Link))).all()


async def test_what_both_had_is_there_twice_again(store: Store) -> None:
    keep, _ = await join(store, "Ana")
    gone, _ = await join(store, "Ana on Telegram", platform="telegram")
    ben, _ = await join(store, "Ben")
    creation_id = await put(store, ben)
    for it in (keep, gone):
        await put(store, it)
    async with store.work() as work:
        for it in (keep, gone):
            await reactions.react(work, creation_id=creation_id, reader=Reader(it))
            await curation.save(work, creation_id=creation_id, reader=Reader(it))
            for subject in ("rain", "sea")[: 1 + (it == gone)]:
                tag = Subject(Followed.TAG, subject)
                await curation.follow(work, subject=tag, reader=Reader(it))
        for it, wanted in ((keep, Wanted.MORE), (gone, Wanted.LESS)):
            await curation.want(work, creation_id=creation_id, reader=Reader(it), wanted=wanted)
        for a, b in ((keep, gone), (ben, gone), (ben, keep)):
            of_them = Subject(Followed.MEMBER, str(b))
            await curation.follow(work, subject=of_them, reader=Reader(a))
    async with store.work() as work:
        (await work.db.get_one(Opinion, (gone, creation_id))).created_at += timedelta(minutes=1)
    before = await everything(store)

    await merge(store, keep, gone)
    assert (await one(store, Opinion, (keep, creation_id))).wanted is Wanted.LESS
    await undo(store, keep, gone)

    assert await everything(store) == before


async def test_what_was_let_go_of_since_does_not_come_back_and_what_is_new_stays(
    store: Store,
) -> None:
    keep, _ = await join(store, "Ana")
    gone, _ = await join(store, "Ana on Telegram", platform="telegram")
    ben, _ = await join(store, "Ben")
    liked, new = await put(store, ben), await put(store, ben)
    await put(store, gone)
    async with store.work() as work:
        await reactions.react(work, creation_id=liked, reader=Reader(gone))
        await curation.follow(work, subject=Subject(Followed.MEMBER, str(gone)), reader=Reader(ben))
        await drafting.add(work, owner_id=gone, piece=Piece("Rain"), recipe={})
        await drafting.add(work, owner_id=gone, piece=Piece("Sea"), recipe={})
    await merge(store, keep, gone)
    async with store.work() as work:
        await reactions.unreact(work, creation_id=liked, member_id=keep)
        await reactions.react(work, creation_id=new, reader=Reader(keep))
        of_them = Subject(Followed.MEMBER, str(keep))
        await curation.unfollow(work, subject=of_them, member_id=ben)
        await drafting.add(work, owner_id=keep, piece=Piece("Moth"), recipe={})
        sea = (await work.db.exec(select(Draft).where(Draft.title == "Sea"))).one()
        sea.state = DraftState.DROPPED

    await undo(store, keep, gone)

    async with store.read() as view:
        felt = (await view.db.exec(select(Reaction))).all()
        assert [(it.member_id, it.creation_id) for it in felt] == [(keep, new)]
        assert not (await view.db.exec(select(Follow))).all()
        drafts = (await view.db.exec(select(Draft).order_by(Draft.title))).all()
        owners = {it.title: it.owner_id for it in drafts}
    assert owners == {"Moth": keep, "Rain": gone, "Sea": keep}


@pytest.mark.parametrize("late", [UNDONE_WITHIN, UNDONE_WITHIN + timedelta(days=1)])
async def test_a_link_is_undone_once_in_time_and_by_its_member_alone(
    store: Store, clock: FixedClock, late: timedelta
) -> None:
    keep, _ = await join(store, "Ana")
    gone, _ = await join(store, "Ana on Telegram", platform="telegram")
    mallory, _ = await join(store, "Mallory")
    await merge(store, keep, gone)
    for stranger in (mallory, gone):
        with pytest.raises(LinkNotUndone):
            await undo(store, stranger, gone)
    await undo(store, keep, gone)
    with pytest.raises(LinkNotUndone):
        await undo(store, keep, gone)
    await merge(store, keep, gone)
    clock.go_on(late)
    with pytest.raises(LinkNotUndone):
        await undo(store, keep, gone)
    async with store.work() as work:
        await link_journal.forget(work)
    assert await one(store, Link, gone) is None


async def test_another_link_or_an_account_taken_off_ends_undo(store: Store) -> None:
    keep, first = await join(store, "Ana")
    gone, _ = await join(store, "Ana on Telegram", platform="telegram")
    third, _ = await join(store, "Ana at home", platform="terminal")
    await merge(store, keep, gone)
    await merge(store, third, keep)
    with pytest.raises(LinkNotUndone):
        await undo(store, keep, gone)
    async with store.work() as work:
        await parting.unlink(work, member_id=third, identity_id=first, persona="muse")
    with pytest.raises(LinkNotUndone):
        await undo(store, third, keep)


async def test_a_stop_in_the_middle_leaves_the_link_whole(store: Store) -> None:
    keep, _ = await join(store, "Ana")
    gone, _ = await join(store, "Ana on Telegram", platform="telegram")
    await furnish(store, gone, keep)
    await merge(store, keep, gone)
    linked = await everything(store)
    with pytest.raises(KeyboardInterrupt):
        async with store.work() as work:
            await unlinking.undo(work, member_id=keep, gone_id=gone)
            raise KeyboardInterrupt
    assert await everything(store) == linked
    await undo(store, keep, gone)


async def test_what_was_spent_is_nobodys_twice(store: Store) -> None:
    keep, _ = await join(store, "Ana")
    gone, _ = await join(store, "Ana on Telegram", platform="telegram")
    async with store.work() as work:
        period = f"{work.now:%Y-%m-%d}"
        for it, tokens in ((keep, 10), (gone, 5)):
            work.db.add(
                Spending(member_id=it, purse=Purse.MEMBER, period=period, tokens=tokens, micros=1)
            )
    await merge(store, keep, gone)
    async with store.work() as work:
        (await work.db.get_one(Spending, (keep, Purse.MEMBER, period))).tokens += 100
    await undo(store, keep, gone)
    assert (await one(store, Spending, (keep, Purse.MEMBER, period))).tokens == 110
    assert (await one(store, Spending, (gone, Purse.MEMBER, period))).tokens == 5


async def test_a_name_that_was_numbered_for_ones_own_other_account_becomes_plain(
    store: Store,
) -> None:
    gone, _ = await join(store, "Ana")
    keep, _ = await join(store, "Ana 2", platform="telegram")
    async with store.work() as work:
        (await work.db.get_one(Member, keep)).name = f"Ana {keep}"
    await merge(store, keep, gone)
    assert (await one(store, Member, keep)).name == "Ana"
    await undo(store, keep, gone)
    names = [(await one(store, Member, it)).name for it in (gone, keep)]
    assert names == ["Ana", f"Ana {keep}"]


async def test_a_name_that_another_took_meanwhile_gets_a_number(store: Store) -> None:
    keep, _ = await join(store, "Ben")
    gone, _ = await join(store, "Ana", platform="telegram")
    await merge(store, keep, gone)
    await join(store, "Ana", platform="terminal")
    await undo(store, keep, gone)
    assert (await one(store, Member, gone)).name == f"Ana {gone}"


async def test_an_account_taken_off_begins_anew_and_all_stays(store: Store) -> None:
    ana, on_discord = await join(store, "Ana")
    also, on_telegram = await join(store, "Ana on Telegram", platform="telegram")
    await merge(store, ana, also)
    creation_id = await put(store, ana)
    async with store.work() as work:
        period = f"{work.now:%Y-%m-%d}"
        work.db.add(Spending(member_id=ana, purse=Purse.MEMBER, period=period, tokens=7))
    async with store.work() as work:
        new = await parting.unlink(work, member_id=ana, identity_id=on_telegram, persona="muse")
    assert new.id not in (ana, also)
    assert (await one(store, Identity, on_telegram)).member_id == new.id
    assert (await one(store, Identity, on_discord)).member_id == ana
    assert (await one(store, AgentSettings, new.id)).persona == "muse"
    assert (await one(store, Member, new.id)).name == f"member {new.id}"
    assert (await one(store, Spending, (new.id, Purse.MEMBER, period))).tokens == 7
    async with store.read() as view:
        known = await members.find_account(view, platform="telegram", external_id="Ana on Telegram")
    assert known is not None and known.member_id == new.id
    assert creation_id


async def test_nobody_takes_off_anothers_account_or_their_last(store: Store) -> None:
    ana, on_discord = await join(store, "Ana")
    mallory, own = await join(store, "Mallory")
    for account, refusal in (
        (on_discord, AccountNotFound),
        (9_999, AccountNotFound),
        (own, LastAccount),
    ):
        with pytest.raises(refusal):
            async with store.work() as work:
                await parting.unlink(work, member_id=mallory, identity_id=account, persona="muse")
    assert (await one(store, Identity, on_discord)).member_id == ana


@pytest.mark.parametrize("reachable", [True, False])
@pytest.mark.parametrize("undone", [True, False])
async def test_what_is_owed_to_a_member_never_reaches_an_account_that_left(
    store: Store, reachable: bool, undone: bool
) -> None:
    ana, on_discord = await join(store, "Ana")
    also, on_telegram = await join(store, "Ana on Telegram", platform="telegram")
    async with store.work() as work:
        (await work.db.get_one(Identity, on_discord)).reachable = reachable
    await merge(store, ana, also)
    await daily(store, ana, on_telegram, times=[time(8)])
    async with store.work() as work:
        digest = due(ana, "2026-03-14T08:00")
        digest.identity_id = on_telegram
        work.db.add(digest)
        account = await work.db.get_one(Identity, on_telegram)
        await deliveries.owe(work, kind=DeliveryKind.SPENT, subject_id=ana, to=account, key="k")
        (owed,) = (await work.db.exec(select(Delivery.id))).all()
    assert owed is not None
    async with store.work() as work:
        if undone:
            await unlinking.undo(work, member_id=ana, gone_id=also)
        else:
            await parting.unlink(work, member_id=ana, identity_id=on_telegram, persona="muse")
        assert await deliveries.claim(work, [owed]) == [False]
    async with store.read() as view:
        rows = (await view.db.exec(select(Delivery))).all()
        open_ones = [it for it in rows if it.state is DeliveryState.PENDING]
        coming = (await view.db.exec(select(Digest))).one()
        schedule = await view.db.get_one(DigestSchedule, ana)
    assert schedule.identity_id == on_discord
    if reachable:
        assert [(it.identity_id, it.platform, it.key) for it in open_ones] == [
            (on_discord, "recording", "k")
        ]
        assert (coming.state, coming.identity_id) == (DigestState.DUE, on_discord)
        assert schedule.next_run_at is not None
    else:
        assert not open_ones
        assert coming.state is DigestState.FAILED
        assert schedule.next_run_at is None


async def test_what_was_owed_to_an_account_before_it_was_linked_still_is(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    also, on_telegram = await join(store, "Ana on Telegram", platform="telegram")
    async with store.work() as work:
        account = await work.db.get_one(Identity, on_telegram)
        await deliveries.owe(work, kind=DeliveryKind.SPENT, subject_id=also, to=account)
    async with store.work() as work:
        await linking.merge(work, keep_id=ana, gone_id=also)
    await undo(store, ana, also)
    async with store.read() as view:
        owed = (await view.db.exec(select(Delivery))).one()
    assert (owed.state, owed.identity_id) == (DeliveryState.PENDING, on_telegram)
