import pytest

from feed_core.because import Because
from feed_core.services import publishing, reactions, timeline
from feed_core.services.reasons import Reason
from feed_core.services.sight import Reader
from feed_core.services.timeline import Item
from feed_core.states import Outcome
from feed_core.store import Store
from tests.fakes.community import join
from tests.feed_core.pieces import of, put, remark

pytestmark = pytest.mark.anywhere


async def like(store: Store, member_id: int, *creations: int) -> None:
    async with store.work() as work:
        for it in creations:
            await reactions.react(work, creation_id=it, reader=Reader(member_id))


async def page(
    store: Store, reader: Reader, *, limit: int = 5, before_id: int | None = None
) -> list[Item]:
    async with store.read() as view:
        return await timeline.page(view, reader=reader, limit=limit, before_id=before_id)


async def reason(store: Store, creation_id: int, member_id: int) -> Reason:
    items = await page(store, Reader(member_id), limit=50)
    return next(it.reason for it in items if it.creation.id == creation_id)


async def test_pages_neither_skip_nor_repeat_while_others_publish_and_take_back(
    store: Store,
) -> None:
    ana, _ = await join(store, "Ana")
    old = [await put(store, ana, f"Rain {n}") for n in range(10)]
    seen: list[int | None] = []
    before: int | None = None
    for turn in range(3):
        items = await page(store, Reader(ana), limit=3, before_id=before)
        seen += [it.creation.id for it in items]
        before = items[-1].creation.id
        await put(store, ana, "In between")
        async with store.work() as work:  # one that was shown, and one that was not yet
            await publishing.withdraw(work, creation_id=old[-1 - turn], member_id=ana)
            await publishing.withdraw(work, creation_id=old[0], member_id=ana)

    assert seen == sorted(old[1:], reverse=True)
    assert await page(store, Reader(ana), before_id=before) == []


@pytest.mark.once
async def test_what_waits_for_a_person_is_not_in_the_feed(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    await put(store, ana, outcome=Outcome.HOLD)
    await put(store, ana, outcome=Outcome.BLOCK)

    assert await page(store, Reader(ana)) == []


@pytest.mark.once
async def test_every_reason_is_true_and_can_be_counted(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    ben, _ = await join(store, "Ben")
    cem, _ = await join(store, "Cem")
    dora, _ = await join(store, "Dora")
    first, second, bens = [await put(store, it) for it in (ana, ana, ben)]
    remix = await put(store, ben, sources=of(first, second, bens))
    popular = await put(store, dora)
    await like(store, ana, bens)
    await like(store, ben, popular)

    assert await reason(store, first, ana) == Reason(Because.OWN)
    assert await reason(store, remix, ana) == Reason(Because.REMIX_OF_YOURS, first, 2)
    assert await reason(store, remix, cem) == Reason(Because.FRESH)
    assert await reason(store, bens, ana) == Reason(Because.MAKER_YOU_LIKE, ben, 1)
    assert await reason(store, popular, cem) == Reason(Because.FRESH)  # one like is not many
    await like(store, ana, popular)
    assert await reason(store, popular, cem) == Reason(Because.LIKED_BY_MANY, None, 2)
    assert await reason(store, popular, ana) == Reason(Because.MAKER_YOU_LIKE, dora, 1)


@pytest.mark.once
async def test_an_item_counts_likes_and_comments(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    ben, _ = await join(store, "Ben")
    quiet, loud = await put(store, ana), await put(store, ana)
    await like(store, ana, loud)
    await like(store, ben, loud)
    async with store.work() as work:
        for body in ("one", "two", "three"):
            await remark(work, creation_id=loud, reader=Reader(ben), body=body)

    items = {it.creation.id: (it.likes, it.comments) for it in await page(store, Reader(ana))}

    assert items == {quiet: (0, 0), loud: (2, 3)}


@pytest.mark.parametrize(
    ("typed", "titles"),
    [
        ("", ["50% rain", "Tin_roof", "Tin roof"]),
        ("#", ["50% rain", "Tin_roof", "Tin roof"]),
        ("tin", ["Tin_roof", "Tin roof"]),
        ("TIN R", ["Tin_roof", "Tin roof"]),
        ("%", ["50% rain"]),
        ("_", ["Tin_roof"]),
        ("1", ["Tin roof"]),
        ("#2", ["Tin_roof"]),
        ("9" * 40, []),
        ("'; DROP TABLE creation; --", []),
        ("²", ["Tin_roof"]),
        ("rain 5", ["50% rain"]),
        ("#rain", ["50% rain"]),
        ('"tin" OR *', []),
        ("\0", []),
    ],
)
async def test_half_typed_words_and_numbers_are_completed_literally(
    store: Store, typed: str, titles: list[str]
) -> None:
    ana, _ = await join(store, "Ana")
    for title in ("Tin roof", "Tin_roof", "50% rain"):
        await put(store, ana, title)

    async with store.read() as view:
        found = await timeline.suggestions(view, reader=Reader(ana), typed=typed)

    assert [title for _, title in found] == titles
