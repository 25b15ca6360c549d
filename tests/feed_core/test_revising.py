import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import pytest
from sqlmodel import col, select

from feed_core import worker
from feed_core.errors import Blocked, CreationNotFound, CreationWithdrawn, EmptyText, NotYours
from feed_core.events import CreationEdited, Event
from feed_core.models.creations import Creation
from feed_core.models.revisions import Revision
from feed_core.services import authorship, publishing, revising, searching, versions
from feed_core.services.gate import Content, Decision
from feed_core.services.pieces import Changes
from feed_core.services.revising import EditDropped, EditHeld
from feed_core.services.sight import Reader
from feed_core.states import Authorship, Hand, Outcome, RevisionState
from feed_core.store import Store
from tests.fakes.clock import FixedClock
from tests.fakes.community import Pass, join
from tests.feed_core.pieces import put

pytestmark = pytest.mark.anywhere


@dataclass
class Says:
    """A gate that always says the same, after doing something else meanwhile."""

    outcome: Outcome
    meanwhile: Callable[[], Awaitable[None]] | None = None

    async def decide(self, content: Content) -> Decision:
        if self.meanwhile:
            await self.meanwhile()
        return Decision(self.outcome, rule="word", passage="rain")


async def begin(store: Store, creation_id: int, member_id: int, changes: Changes) -> int | None:
    async with store.work() as work:
        revision = await revising.begin(
            work,
            creation_id=creation_id,
            member_id=member_id,
            changes=changes,
            steps=[authorship.step(Hand.HUMAN, at=work.now)],
        )
        return revision.id if revision else None


async def edit(
    store: Store,
    creation_id: int,
    member_id: int,
    changes: Changes,
    outcome: Outcome = Outcome.PASS,
) -> int:
    number = await begin(store, creation_id, member_id, changes)
    assert number is not None
    await worker.check_edit(store, Says(outcome), number)
    return number


async def row(store: Store, creation_id: int) -> Creation:
    async with store.read() as view:
        return await view.db.get_one(Creation, creation_id)


async def rows(store: Store) -> list[Revision]:
    async with store.read() as view:
        return list(await view.db.exec(select(Revision).order_by(col(Revision.id))))


async def found(store: Store, word: str, member_id: int) -> list[int | None]:
    async with store.read() as view:
        hits = await searching.search(view, reader=Reader(member_id), words=word)
    return [it.id for it in hits.creations]


async def test_an_edit_is_seen_when_it_passed_and_the_first_version_is_kept(
    store: Store, told: list[Event], clock: FixedClock
) -> None:
    ana, _ = await join(store, "Ana")
    number = await put(store, ana, "Rain")
    before = await row(store, number)
    told.clear()
    changes = Changes("Hail", "Loud.", ["Storm"], "", None)
    revision = await begin(store, number, ana, changes)
    assert revision is not None
    assert (await row(store, number)).title == "Rain"  # others see the old words until then
    assert told == []

    await worker.check_edit(store, Pass(), revision)

    after = await row(store, number)
    assert (after.title, after.body, after.tags) == ("Hail", "Loud.", ["Storm"])
    assert after.edited_at == clock.now()
    assert after.content_hash != before.content_hash
    assert told == [CreationEdited(number, ana)]
    assert await found(store, "hail storm", ana) == [number]
    assert await found(store, "rain", ana) == []
    async with store.read() as view:
        kept = await versions.history(view, number, reader=Reader(ana + 1))
    assert [(it.title, it.body) for it in kept] == [
        ("Rain", "All about Rain."),
        ("Hail", "Loud."),
    ]
    assert kept[0].applied_at == before.published_at


async def test_every_version_is_kept_in_order(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    number = await put(store, ana, "one")
    for title in ("two", "three", "one"):
        await edit(store, number, ana, Changes(title))

    async with store.read() as view:
        kept = await versions.history(view, number, reader=Reader(ana))
    assert [it.title for it in kept] == ["one", "two", "three", "one"]


@pytest.mark.once
async def test_what_does_not_pass_changes_nothing_that_others_see(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    number = await put(store, ana, "Rain")

    held = await edit(store, number, ana, Changes("Hail"), Outcome.HOLD)
    async with store.read() as view:
        with pytest.raises(EditHeld):
            await revising.require_applied(view, held)
    blocked = await edit(store, number, ana, Changes("Hail"), Outcome.BLOCK)

    async with store.read() as view:
        with pytest.raises(Blocked):
            await revising.require_applied(view, blocked)
        with pytest.raises(EditDropped):  # the later one overtook it
            await revising.require_applied(view, held)
        assert len(await versions.history(view, number, reader=Reader(ana))) == 1
    assert (await row(store, number)).title == "Rain"
    assert (await row(store, number)).edited_at is None
    assert await found(store, "hail", ana) == []


@pytest.mark.once
async def test_a_verdict_on_other_words_than_the_stored_ones_holds_the_edit(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    number = await put(store, ana)
    revision = await begin(store, number, ana, Changes("Hail"))
    assert revision is not None
    other = Content(ana, "Snow", "", None, "another hash")

    async with store.work() as work:
        settled = await revising.settle(
            work, revision_id=revision, checked=other, decision=Decision(Outcome.PASS)
        )

    assert settled.state is RevisionState.HELD
    assert (await row(store, number)).title == "Rain"


@pytest.mark.once
async def test_a_second_edit_overtakes_one_that_is_being_checked(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    number = await put(store, ana)

    async def edit_again() -> None:
        await edit(store, number, ana, Changes("Snow"))

    first = await begin(store, number, ana, Changes("Hail"))
    assert first is not None
    await worker.check_edit(store, Says(Outcome.PASS, edit_again), first)

    assert (await row(store, number)).title == "Snow"
    assert [(it.state, it.title) for it in await rows(store)] == [
        (RevisionState.APPLIED, "Rain"),
        (RevisionState.DROPPED, ""),
        (RevisionState.APPLIED, "Snow"),
    ]


async def test_two_edits_at_once_leave_one_of_them_whole(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    number = await put(store, ana)

    async def one(word: str) -> None:
        revision = await begin(store, number, ana, Changes(word, word))
        await worker.check_edit(store, Pass(), revision or 0)

    await asyncio.gather(*(one(it) for it in ("Hail", "Snow", "Sleet")))

    after = await row(store, number)
    assert after.title == after.body != "Rain"
    assert [it.state for it in await rows(store)].count(RevisionState.CHECKING) == 0


async def test_withdrawing_while_an_edit_is_checked_leaves_nothing(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    number = await put(store, ana)
    await edit(store, number, ana, Changes("Hail"))

    async def withdraw() -> None:
        async with store.work() as work:
            await publishing.withdraw(work, creation_id=number, member_id=ana)

    revision = await begin(store, number, ana, Changes("Snow"))
    await worker.check_edit(store, Says(Outcome.PASS, withdraw), revision or 0)

    after = await row(store, number)
    assert (after.title, after.body, after.tags, after.link) == ("", "", [], "")
    for it in await rows(store):
        assert (it.title, it.body, it.tags, it.link, it.alt) == ("", "", [], "", "")
        assert it.state in (RevisionState.APPLIED, RevisionState.DROPPED)
    assert await found(store, "snow", ana) == await found(store, "hail", ana) == []
    async with store.read() as view:
        with pytest.raises(CreationWithdrawn):
            await versions.history(view, number, reader=Reader(ana))


async def test_an_edit_that_a_stop_left_is_checked_again(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    number = await put(store, ana)
    await begin(store, number, ana, Changes("Hail"))

    assert await worker.check_stuck(store, Pass()) == 1
    assert await worker.check_stuck(store, Pass()) == 0
    assert (await row(store, number)).title == "Hail"


async def test_an_edit_that_changes_nothing_is_none_and_ends_one_that_waits(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    number = await put(store, ana, "Rain")
    await edit(store, number, ana, Changes("Hail"), Outcome.HOLD)

    assert await begin(store, number, ana, Changes("Rain")) is None
    assert [it.state for it in await rows(store)] == [RevisionState.APPLIED, RevisionState.DROPPED]


@pytest.mark.once
async def test_only_its_maker_edits_what_is_published(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    ben, _ = await join(store, "Ben")
    number = await put(store, ana)
    held = await put(store, ana, outcome=Outcome.HOLD)

    with pytest.raises(NotYours):
        await begin(store, number, ben, Changes("Hail"))
    for missing in (held, 4711):
        with pytest.raises(CreationNotFound):
            await begin(store, missing, ana, Changes("Hail"))
    for empty in (Changes(" "), Changes("\u200b")):
        with pytest.raises(EmptyText):
            await begin(store, number, ana, empty)
    assert await rows(store) == []


async def test_an_edit_by_hand_of_what_a_model_made_is_told(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    number = await put(store, ana)
    async with store.work() as work:
        creation = await work.db.get_one(Creation, number)
        creation.steps = [authorship.step(Hand.MODEL, at=work.now)]
        creation.authorship = Authorship.AI
        creation.tainted = True

    await edit(store, number, ana, Changes("Hail"))

    after = await row(store, number)
    assert after.authorship is Authorship.HUMAN_EDITED_AI
    assert [it["by"] for it in after.steps] == [Hand.MODEL, Hand.HUMAN]
    async with store.read() as view:
        kept = await versions.history(view, number, reader=Reader(ana))
    assert [it.tainted for it in kept] == [True, False]
