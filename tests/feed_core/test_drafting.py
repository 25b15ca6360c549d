import asyncio
from datetime import UTC, datetime

import pytest

from feed_core.errors import (
    DraftChanged,
    DraftDone,
    DraftNotFound,
    EmptyText,
    NoDraft,
    TextTooLong,
)
from feed_core.models.creations import Creation, Draft
from feed_core.services import authorship, drafting, publishing
from feed_core.services.pieces import Changes, Piece
from feed_core.states import Authorship, DraftState, Hand, Taken
from feed_core.store import Store
from tests.fakes.clock import FixedClock
from tests.fakes.community import join
from tests.feed_core.pieces import put

pytestmark = pytest.mark.anywhere

BY_HAND = [authorship.step(Hand.HUMAN, at=datetime(2026, 3, 14, 12, tzinfo=UTC))]


async def add(store: Store, owner_id: int, piece: Piece | None = None) -> Draft:
    async with store.work() as work:
        return await drafting.add(
            work, owner_id=owner_id, piece=piece or Piece("Rain", "Drip."), recipe={"act": "remix"}
        )


async def waiting(store: Store, owner_id: int) -> list[int]:
    async with store.read() as view:
        return [it.number for it in await drafting.waiting(view, owner_id=owner_id)]


async def find(store: Store, owner_id: int, number: int) -> Draft:
    async with store.read() as view:
        return await drafting.find(view, owner_id=owner_id, number=number)


async def publish(store: Store, draft: Draft) -> int:
    """What a tap on Publish does, from the draft as it was shown."""
    async with store.work() as work:
        begun = await publishing.begin(work, author_id=draft.owner_id, piece=drafting.piece(draft))
        assert draft.id is not None
        assert begun.creation_id is not None
        await drafting.claim(work, draft_id=draft.id, creation_id=begun.creation_id)
        return begun.creation_id


@pytest.mark.once
async def test_drafts_are_numbered_for_each_member_alone(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    ben, _ = await join(store, "Ben")

    numbers = [(await add(store, it)).number for it in (ana, ana, ben, ana, ben)]

    assert numbers == [1, 2, 1, 3, 2]
    assert await waiting(store, ana) == [3, 2, 1]


async def test_drafts_made_at_once_get_different_numbers(store: Store) -> None:
    ana, _ = await join(store, "Ana")

    made = await asyncio.gather(*(add(store, ana) for _ in range(8)))

    assert sorted(it.number for it in made) == list(range(1, 9))


@pytest.mark.once
async def test_without_a_number_the_newest_open_draft_is_meant(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    async with store.read() as view:
        with pytest.raises(NoDraft):
            await drafting.get(view, owner_id=ana, number=None)
    for _ in range(2):
        await add(store, ana)
    async with store.work() as work:
        await drafting.drop(work, owner_id=ana, number=None)

    async with store.read() as view:
        assert (await drafting.get(view, owner_id=ana, number=None)).number == 1


async def test_nobody_reaches_another_members_draft(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    ben, _ = await join(store, "Ben")
    await add(store, ana)

    async with store.work() as work:
        with pytest.raises(DraftNotFound):
            await drafting.get(work, owner_id=ben, number=1)
        with pytest.raises(DraftNotFound):
            await drafting.edit(
                work, owner_id=ben, number=1, changes=Changes("Mine", ""), steps=BY_HAND
            )
        with pytest.raises(DraftNotFound):
            await drafting.drop(work, owner_id=ben, number=1)
        with pytest.raises(NoDraft):
            await drafting.drop(work, owner_id=ben, number=None)


@pytest.mark.once
async def test_an_edit_puts_in_the_members_words_and_records_their_hand(
    store: Store, clock: FixedClock
) -> None:
    ana, _ = await join(store, "Ana")
    made = [authorship.step(Hand.MAKER, with_="haiku", at=clock.now())]
    draft = await add(store, ana, Piece("Rain", "Drip.", steps=made, tainted=True))

    async with store.work() as work:
        await drafting.edit(
            work, owner_id=ana, number=1, changes=Changes("Storm", "Crash."), steps=BY_HAND
        )

    edited = await find(store, ana, 1)
    assert (edited.title, edited.body) == ("Storm", "Crash.")
    assert edited.content_hash == drafting.piece(edited).content_hash != draft.content_hash
    assert [it["by"] for it in edited.steps] == ["maker", "human"]
    assert authorship.computed(edited.steps) is Authorship.HUMAN_EDITED_AI
    assert edited.tainted  # others' words may still stand in it


@pytest.mark.once
async def test_an_edit_that_changes_nothing_is_nobodys_work(
    store: Store, clock: FixedClock
) -> None:
    ana, _ = await join(store, "Ana")
    made = [authorship.step(Hand.MAKER, with_="haiku", at=clock.now())]
    await add(store, ana, Piece("Rain", "Drip.", steps=made))

    async with store.work() as work:
        await drafting.edit(
            work, owner_id=ana, number=1, changes=Changes("Rain", "Drip."), steps=BY_HAND
        )

    assert authorship.computed((await find(store, ana, 1)).steps) is Authorship.AI


@pytest.mark.parametrize(
    ("title", "body", "refusal"),
    [
        ("", "words", EmptyText),
        ("\u200b", "words", EmptyText),
        ("a" * 201, "", TextTooLong),  # cut off silently, the end of the words would be lost
        ("a", "b" * 20_001, TextTooLong),
    ],
)
@pytest.mark.once
async def test_an_edit_that_could_not_be_shown_is_refused_and_changes_nothing(
    store: Store, title: str, body: str, refusal: type[Exception]
) -> None:
    ana, _ = await join(store, "Ana")
    await add(store, ana)

    with pytest.raises(refusal):
        async with store.work() as work:
            await drafting.edit(
                work, owner_id=ana, number=1, changes=Changes(title, body), steps=BY_HAND
            )

    assert (await find(store, ana, 1)).title == "Rain"


@pytest.mark.once
async def test_a_dropped_draft_can_be_taken_up_again(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    await add(store, ana)
    async with store.work() as work:
        await drafting.drop(work, owner_id=ana, number=1)
    with pytest.raises(DraftDone) as done:
        async with store.work() as work:
            await drafting.drop(work, owner_id=ana, number=1)
    assert (done.value.number, done.value.state) == (1, "dropped")
    assert await waiting(store, ana) == []

    for _ in range(2):  # pressed twice
        async with store.work() as work:
            await drafting.restore(work, owner_id=ana, number=1)

    assert await waiting(store, ana) == [1]
    assert (await find(store, ana, 1)).body == "Drip."


@pytest.mark.once
async def test_a_published_draft_is_not_taken_up_again(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    await publish(store, await add(store, ana))

    with pytest.raises(DraftDone):
        async with store.work() as work:
            await drafting.restore(work, owner_id=ana, number=1)


async def test_of_two_that_publish_one_draft_at_once_one_wins(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    draft = await add(store, ana)

    ends = await asyncio.gather(*(publish(store, draft) for _ in range(4)), return_exceptions=True)

    (won,) = [it for it in ends if isinstance(it, int)]
    assert [type(it) for it in ends if not isinstance(it, int)] == [DraftDone] * 3
    assert (await find(store, ana, 1)).creation_id == won
    async with store.read() as view:
        assert await view.db.get(Creation, won + 1) is None  # the losers left nothing behind


async def test_a_draft_edited_since_it_was_shown_is_not_published_and_not_lost(
    store: Store,
) -> None:
    ana, _ = await join(store, "Ana")
    shown = await add(store, ana)
    async with store.work() as work:
        await drafting.edit(
            work, owner_id=ana, number=1, changes=Changes("Storm", "Crash."), steps=BY_HAND
        )

    with pytest.raises(DraftChanged):
        await publish(store, shown)

    draft = await find(store, ana, 1)
    assert (draft.state, draft.title) == (DraftState.OPEN, "Storm")


@pytest.mark.once
async def test_a_draft_keeps_all_that_it_will_be_published_with(
    store: Store, clock: FixedClock
) -> None:
    ana, _ = await join(store, "Ana")
    source = await put(store, ana)
    piece = Piece(
        "Rain",
        "Drip.",
        tags=["rain"],
        link="https://example.org/",
        alt="drops",
        label="haiku",
        steps=[authorship.step(Hand.MODEL, with_="m", at=clock.now())],
        tainted=True,
        sources={source: Taken.STYLE},
    )

    await add(store, ana, piece)

    assert drafting.piece(await find(store, ana, 1)) == piece


async def test_a_draft_that_was_let_go_holds_no_words(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    draft = await add(store, ana, Piece("Rain", "Drip.", alt="drops"))
    await publish(store, draft)
    assert draft.id is not None
    async with store.work() as work:
        await drafting.let_go(work, draft_id=draft.id)

    left = await find(store, ana, 1)
    assert (left.title, left.body, left.alt, left.recipe) == ("", "", "", {})
