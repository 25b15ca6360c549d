from collections.abc import Sequence
from datetime import timedelta

import pytest

from feed_core.models.creations import Creation
from feed_core.models.curation import Followed, Mute
from feed_core.services import consent, publishing, searching, timeline
from feed_core.services.searching import EVERYTHING, Found, Only
from feed_core.services.sight import Reader
from feed_core.states import Authorship, CreationKind, Outcome, Permission, Purpose, Visibility
from feed_core.store import Store
from tests.fakes.clock import FixedClock
from tests.fakes.community import join
from tests.feed_core.pieces import flood, put, room

pytestmark = pytest.mark.anywhere


async def search(
    store: Store,
    reader: Reader,
    words: str = "rain",
    only: Only = EVERYTHING,
    *,
    near: Sequence[int] = (),
    limit: int = 5,
    skip: int = 0,
) -> Found:
    async with store.read() as view:
        return await searching.search(
            view, reader=reader, words=words, only=only, near=near, limit=limit, skip=skip
        )


async def ids(
    store: Store, reader: Reader, words: str = "rain", only: Only = EVERYTHING
) -> set[int | None]:
    return {it.id for it in (await search(store, reader, words, only, limit=50)).creations}


async def test_what_is_published_is_found_until_it_is_taken_back(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    rain = await put(store, ana, "Rain")
    await put(store, ana, "Rain held", outcome=Outcome.HOLD)
    await put(store, ana, "Rain blocked", outcome=Outcome.BLOCK)
    assert await ids(store, Reader(ana)) == {rain}

    async with store.work() as work:
        await publishing.withdraw(work, creation_id=rain, member_id=ana)

    assert await ids(store, Reader(ana)) == set()
    assert await ids(store, Reader(ana), "about") == set()


async def test_what_a_reader_may_not_see_never_appears(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    ben, _ = await join(store, "Ben")
    attic = await room(store)
    open_one = await put(store, ana, "Rain")
    own = await put(store, ana, "Rain for me", visibility=Visibility.ONLY_ME)
    there = await put(store, ana, "Rain up here", visibility=Visibility.ROOM, room_id=attic)

    assert await ids(store, Reader(ben)) == {open_one}
    assert await ids(store, Reader(ben, attic)) == {open_one, there}
    assert await ids(store, Reader(ana)) == {open_one, own, there}
    async with store.read() as view:
        for typed in ("rain", str(own), f"#{there}", ""):
            offered = await timeline.suggestions(view, reader=Reader(ben), typed=typed)
            assert {it for it, _ in offered} <= {open_one}


@pytest.mark.parametrize(
    ("kind", "subject"),
    [(Followed.MEMBER, "2"), (Followed.WORD, "thunder"), (Followed.TAG, "loud")],
)
async def test_what_a_reader_muted_never_appears(
    store: Store, kind: Followed, subject: str
) -> None:
    ana, _ = await join(store, "Ana")
    ben, _ = await join(store, "Ben")
    assert ben == 2
    mine = await put(store, ana, "Rain")
    theirs = await put(store, ben, "Rain and thunder")
    async with store.work() as work:
        (await work.db.get_one(Creation, theirs)).tags = ["loud"]
    assert await ids(store, Reader(ana)) == {mine, theirs}
    async with store.work() as work:
        work.db.add(Mute(member_id=ana, kind=kind, subject=subject, created_at=work.now))

    assert await ids(store, Reader(ana)) == {mine}


async def test_a_search_can_be_narrowed(store: Store, clock: FixedClock) -> None:
    ana, _ = await join(store, "Ana")
    ben, _ = await join(store, "Ben")
    reader = Reader(ana)
    began = clock.now()
    old = await put(store, ana, "Rain")
    clock.go_on(timedelta(hours=1))
    new = await put(store, ben, "Rain again")
    async with store.work() as work:
        painted = await work.db.get_one(Creation, new)
        painted.kind, painted.authorship = CreationKind.IMAGE, Authorship.AI
        painted.tags = ["Sea Side"]
        await searching.put(work, painted)

    assert await ids(store, reader, only=Only(kind=CreationKind.IMAGE)) == {new}
    assert await ids(store, reader, only=Only(kind=CreationKind.TEXT)) == {old}
    assert await ids(store, reader, only=Only(maker_id=ana)) == {old}
    assert await ids(store, reader, only=Only(authorship=Authorship.HUMAN)) == {old}
    assert await ids(store, reader, only=Only(tag="sea side")) == {new}
    assert await ids(store, reader, only=Only(tag="sea")) == set()
    assert await ids(store, reader, only=Only(since=clock.now())) == {new}
    assert await ids(store, reader, only=Only(until=clock.now())) == {old}
    assert await ids(store, reader, only=Only(since=began, until=began)) == set()


async def test_where_nothing_holds_all_words_some_will_do(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    rain = await put(store, ana, "Rain")

    both = await search(store, Reader(ana), "rain about")
    some = await search(store, Reader(ana), "rain elephants")

    assert ([it.id for it in both.creations], both.loose) == ([rain], False)
    assert ([it.id for it in some.creations], some.loose) == ([rain], True)
    assert await search(store, Reader(ana), "elephants") == Found([])
    assert await search(store, Reader(ana), "… !") == Found([])


async def test_pages_follow_each_other(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    made = [await put(store, ana, "Rain") for _ in range(5)]
    pages = [await search(store, Reader(ana), limit=2, skip=it) for it in (0, 2, 4, 6)]

    assert [it.id for page in pages for it in page.creations] == made[::-1]
    assert [it.more for it in pages] == [True, True, False, False]


async def test_what_comes_near_in_meaning_is_fused_in(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    rain = await put(store, ana, "Rain")
    again = await put(store, ana, "Rain again, and rain")
    drizzle = await put(store, ana, "Drizzle")

    both = await search(store, Reader(ana), near=[drizzle, rain])
    none = await search(store, Reader(ana), "precipitation", near=[drizzle])

    assert [it.id for it in both.creations] == [rain, drizzle, again]
    assert not both.loose
    assert ([it.id for it in none.creations], none.loose) == ([drizzle], True)


async def test_meaning_leads_to_nothing_that_a_reader_may_not_see_or_does_not_want(
    store: Store,
) -> None:
    ana, _ = await join(store, "Ana")
    ben, _ = await join(store, "Ben")
    attic = await room(store)
    open_one = await put(store, ana, "Drizzle")
    hidden = [
        await put(store, ana, "Drizzle for me", visibility=Visibility.ONLY_ME),
        await put(store, ana, "Drizzle up here", visibility=Visibility.ROOM, room_id=attic),
        await put(store, ana, "Drizzle held", outcome=Outcome.HOLD),
        await put(store, ana, "Drizzle and thunder"),
    ]
    gone = await put(store, ana, "Drizzle gone")
    async with store.work() as work:
        await publishing.withdraw(work, creation_id=gone, member_id=ana)
        work.db.add(Mute(member_id=ben, kind=Followed.WORD, subject="thunder", created_at=work.now))
    near = [gone, *hidden, 999, open_one]

    found = await search(store, Reader(ben), "precipitation", near=near)
    async with store.read() as view:
        alike = await searching.alike(view, reader=Reader(ben), near=near)

    assert [it.id for it in found.creations] == [open_one]
    assert [it.id for it in alike.creations] == [open_one]


async def test_what_is_not_to_be_recommended_is_found_and_is_not_more_of_anything(
    store: Store,
) -> None:
    ana, _ = await join(store, "Ana")
    ben, _ = await join(store, "Ben")
    shy, open_one = await put(store, ana, "Drizzle"), await put(store, ana, "Drizzle")
    async with store.work() as work:
        await consent.change(
            work,
            creation_id=shy,
            member_id=ana,
            purpose=Purpose.RECOMMEND,
            permission=Permission.NO,
        )

    for reader, more in ((Reader(ben), [open_one]), (Reader(ana), [shy, open_one])):
        found = await search(store, reader, "drizzle", near=[shy, open_one])
        async with store.read() as view:
            alike = await searching.alike(view, reader=reader, near=[shy, open_one])
        assert [it.id for it in found.creations] == [open_one, shy]
        assert [it.id for it in alike.creations] == more


async def test_pages_of_words_and_meaning_follow_each_other(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    made = [await put(store, ana, f"Rain {it}") for it in range(7)]
    near = [made[0], made[6], await put(store, ana, "Drizzle"), made[3]]
    pages = [await search(store, Reader(ana), near=near, limit=3, skip=it) for it in (0, 3, 6)]
    whole = await search(store, Reader(ana), near=near, limit=20)

    shown = [it.id for page in pages for it in page.creations]
    assert shown == [it.id for it in whole.creations]
    assert sorted(shown, key=lambda it: it or 0) == sorted([*made, near[2]])


async def test_without_words_all_that_was_narrowed_to_is_found(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    ben, _ = await join(store, "Ben")
    made = [await put(store, ana, f"Rain {it}") for it in range(3)]
    await put(store, ben, "Snow")
    async with store.work() as work:
        work.db.add(Mute(member_id=ben, kind=Followed.WORD, subject="1", created_at=work.now))

    hers = await search(store, Reader(ana), "", Only(maker_id=ana), limit=2)
    older = await search(store, Reader(ana), " ", Only(maker_id=ana), limit=2, skip=2)
    his = await search(store, Reader(ben), "", Only(maker_id=ana))

    assert ([it.id for it in hers.creations], hers.more) == (made[:0:-1], True)
    assert ([it.id for it in older.creations], older.more) == (made[:1], False)
    assert [it.id for it in his.creations] == [made[2], made[0]]
    assert await search(store, Reader(ana), "") == Found([])
    assert await search(store, Reader(ana), "…", Only(maker_id=ana)) == Found([])


async def test_what_many_may_not_see_hides_nothing_from_those_who_may(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    ben, _ = await join(store, "Ben")
    rain = await put(store, ana, "Rain")
    await flood(store, ben, searching.FIRST_LOOK + 50, Visibility.ONLY_ME)

    assert await ids(store, Reader(ana)) == {rain}


async def test_an_index_made_anew_finds_the_same(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    kept = [await put(store, ana, f"Rain {it}") for it in range(3)]
    gone = await put(store, ana, "Rain gone")
    async with store.work() as work:
        await publishing.withdraw(work, creation_id=gone, member_id=ana)
    await put(store, ana, "Rain held", outcome=Outcome.HOLD)
    before = await search(store, Reader(ana))

    await searching.rebuild(store)

    after = await search(store, Reader(ana))
    assert [it.id for it in after.creations] == [it.id for it in before.creations]
    assert {it.id for it in after.creations} == set(kept)
    assert await ids(store, Reader(ana), "held") == set()
