import pytest

from feed_core.because import Because
from feed_core.models.creations import Creation
from feed_core.models.curation import Followed, Wanted
from feed_core.services import curation, digests, timeline
from feed_core.services.curation import Subject
from feed_core.services.muting import BATCH, folded
from feed_core.services.reasons import Reason
from feed_core.services.sight import Reader, see
from feed_core.store import Store
from tests.fakes.community import chosen_for, join, standing_in, window
from tests.feed_core.pieces import of, put

pytestmark = pytest.mark.anywhere


async def mute(store: Store, member_id: int, kind: Followed, value: object) -> None:
    async with store.work() as work:
        await curation.mute(work, subject=Subject(kind, str(value)), reader=Reader(member_id))


async def follow(store: Store, member_id: int, kind: Followed, value: object) -> None:
    async with store.work() as work:
        await curation.follow(work, subject=Subject(kind, str(value)), reader=Reader(member_id))


async def hide(store: Store, member_id: int, creation_id: int) -> None:
    async with store.work() as work:
        await curation.want(
            work, creation_id=creation_id, reader=Reader(member_id), wanted=Wanted.HIDE
        )


async def tag(store: Store, creation_id: int, *tags: str) -> None:
    async with store.work() as work:
        (await work.db.get_one(Creation, creation_id)).tags = list(tags)


async def feed(store: Store, member_id: int, limit: int = 50) -> list[int | None]:
    async with store.read() as view:
        items = await timeline.page(view, reader=Reader(member_id), limit=limit)
    return [it.creation.id for it in items]


async def reason(store: Store, creation_id: int, member_id: int) -> Reason:
    async with store.read() as view:
        items = await timeline.page(view, reader=Reader(member_id), limit=50)
    return next(it.reason for it in items if it.creation.id == creation_id)


async def test_a_muted_maker_thread_tag_or_hidden_creation_is_not_in_the_feed(
    store: Store,
) -> None:
    ana, _ = await join(store, "Ana")
    ben, _ = await join(store, "Ben")
    cem, _ = await join(store, "Cem")
    bens = await put(store, ben)
    root = await put(store, cem)
    remix = await put(store, cem, sources=of(root))
    grandchild = await put(store, cem, sources=of(remix))
    tagged, hidden, other = [await put(store, cem) for _ in range(3)]
    await tag(store, tagged, "Politics", "sea")

    await mute(store, ana, Followed.MEMBER, ben)
    await mute(store, ana, Followed.THREAD, root)
    await mute(store, ana, Followed.TAG, "#politics")
    await hide(store, ana, hidden)

    assert await feed(store, ana) == [other]
    assert len(await feed(store, cem)) == 7  # nobody else sees less
    async with store.read() as view:  # who asks for one by its number gets it
        for it in (bens, root, grandchild, tagged, hidden):
            assert (await see(view, it, reader=Reader(ana))).id == it
        suggested = await timeline.suggestions(view, reader=Reader(ana), typed="")
    assert [it for it, _ in suggested] == [other]


@pytest.mark.parametrize(
    ("word", "title", "muted"),
    [
        ("spider", "A SPIDER, at last", True),
        ("spider", "Spiderweb", False),
        ("spiders", "spider", False),
        ("STRASSE", "Auf der Straße", True),
        ("ÖL", "öl auf Leinwand", True),
        ("football match", "the football  match!", True),
        ("c++", "I love C++", True),
        ("c++", "abc++", False),
        (".*", "anything", False),
        ("猫", "黒猫がいる", True),
        ("ｃａｔ", "my cat", True),
    ],
)
async def test_a_muted_word_is_found_whole_in_any_case(
    store: Store, word: str, title: str, muted: bool
) -> None:
    ana, _ = await join(store, "Ana")
    ben, _ = await join(store, "Ben")
    made = await put(store, ben, title)
    await mute(store, ana, Followed.WORD, word)

    assert await feed(store, ana) == ([] if muted else [made])


@pytest.mark.once
async def test_ones_own_creations_are_never_muted(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    ben, _ = await join(store, "Ben")
    root = await put(store, ben, "Spider")
    own = await put(store, ana, "Spider", sources=of(root))
    await tag(store, own, "politics")
    await mute(store, ana, Followed.WORD, "spider")
    await mute(store, ana, Followed.TAG, "politics")
    await mute(store, ana, Followed.THREAD, root)
    await hide(store, ana, own)

    assert await feed(store, ana) == [own]


async def test_pages_stay_full_and_go_on_behind_much_that_is_muted(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    ben, _ = await join(store, "Ben")
    old = [await put(store, ben, "Rain") for _ in range(4)]
    for _ in range(BATCH + 5):
        await put(store, ben, "Spider")
    newest = await put(store, ben, "Rain")
    await mute(store, ana, Followed.WORD, "spider")

    async with store.read() as view:
        first = await timeline.page(view, reader=Reader(ana), limit=3)
        rest = await timeline.page(
            view, reader=Reader(ana), limit=3, before_id=first[-1].creation.id
        )
        suggested = await timeline.suggestions(view, reader=Reader(ana), typed="", limit=3)

    assert [it.creation.id for it in (*first, *rest)] == [newest, *reversed(old)]
    assert [it for it, _ in suggested] == [newest, old[3], old[2]]


@pytest.mark.once
async def test_what_is_muted_is_in_no_digest(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    ben, _ = await join(store, "Ben")
    await put(store, ben, "Spider")
    hidden, chosen, kept = [await put(store, ben, "Rain") for _ in range(3)]
    await mute(store, ana, Followed.WORD, "spider")
    await hide(store, ana, hidden)
    async with store.work() as work:
        digest_id = await digests.ask_now(work, member_id=ana, zone="UTC")
    live = await window(store)
    async with store.read() as view:
        items = await chosen_for(view, digest_id, window=live)
    assert {it.creation_id for it in items} == {chosen, kept}

    async with store.work() as work:
        await digests.compose(work, digest_id, items)
    await hide(store, ana, chosen)  # between the choice and the reading
    async with store.read() as view:
        shown = await standing_in(view, digest_id)
    assert [it.creation.id for it in shown] == [kept]


@pytest.mark.once
async def test_what_is_followed_is_said_as_the_reason(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    ben, _ = await join(store, "Ben")
    cem, _ = await join(store, "Cem")
    bens = await put(store, ben)
    root = await put(store, cem)
    middle = await put(store, cem, sources=of(root))
    leaf = await put(store, cem, sources=of(middle))
    tagged, own = await put(store, cem), await put(store, ana, sources=of(root))
    await tag(store, tagged, "Rain", "sea", "tin")

    assert await reason(store, bens, ana) == Reason(Because.FRESH)
    await follow(store, ana, Followed.MEMBER, ben)
    for it in (root, middle):
        await follow(store, ana, Followed.THREAD, it)
    for word in ("rain", "sea", "moon"):
        await follow(store, ana, Followed.TAG, word)

    assert await reason(store, bens, ana) == Reason(Because.FOLLOWED, ben, 1)
    assert await reason(store, root, ana) == Reason(Because.FOLLOWED_THREAD, root, 1)
    assert await reason(store, leaf, ana) == Reason(Because.FOLLOWED_THREAD, middle, 2)
    assert await reason(store, tagged, ana) == Reason(Because.FOLLOWED_TAG, None, 2, "rain")
    assert await reason(store, own, ana) == Reason(Because.OWN)
    assert await reason(store, leaf, ben) == Reason(Because.FRESH)


@pytest.mark.once
async def test_what_is_followed_comes_first_in_a_digest(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    ben, _ = await join(store, "Ben")
    cem, _ = await join(store, "Cem")
    followed = await put(store, ben)
    later = await put(store, cem)
    await follow(store, ana, Followed.MEMBER, ben)
    async with store.work() as work:
        digest_id = await digests.ask_now(work, member_id=ana, zone="UTC")

    live = await window(store)
    async with store.read() as view:
        items = await chosen_for(view, digest_id, window=live)

    assert [it.creation_id for it in items] == [followed, later]


def test_folding_makes_alike_what_looks_alike() -> None:
    assert folded("  Straße\u00a0\tÉCOLE ") == folded("STRASSE E\u0301cole")
