"""The personal feed: what it brings to whom, and that nothing comes back for nothing."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest

from feed_core.because import Because
from feed_core.bus import Bus
from feed_core.models.creations import Creation
from feed_core.models.curation import Followed, Wanted
from feed_core.models.members import Feed
from feed_core.services import audience, curation, personal, portrait, publishing, seen
from feed_core.services import reactions as feelings
from feed_core.services.curation import Subject
from feed_core.services.live import Live
from feed_core.services.personal import Page
from feed_core.services.recipes import FOR_YOU, SHIPPED, Recipe
from feed_core.services.sight import Reader
from feed_core.states import Permission, Visibility
from feed_core.store import Store
from tests.fakes.clock import FixedClock
from tests.fakes.community import join
from tests.fakes.meaning import FirstWords
from tests.feed_core.pieces import of, put, remark, room

pytestmark = pytest.mark.anywhere

STRICT = replace(FOR_YOU, explore=0.0)


@pytest.fixture
def live(store: Store, bus: Bus) -> Live:
    found = Live(store, FirstWords(store))
    bus.subscribe(found.hear)
    return found


class Feeds:
    """One community, and short ways to read its feeds."""

    def __init__(self, store: Store, live: Live, clock: FixedClock) -> None:
        self.store, self.live, self.clock = store, live, clock

    async def page(
        self,
        member_id: int,
        *,
        recipe: Recipe = STRICT,
        limit: int = 20,
        after_id: int | None = None,
        room_id: int | None = None,
    ) -> Page:
        window = await self.live.window()
        async with self.store.read() as view:
            return await personal.page(
                view,
                window,
                reader=Reader(member_id, room_id),
                recipe=recipe,
                limit=limit,
                after_id=after_id,
            )

    async def peek(self, member_id: int, recipe: Recipe = STRICT, limit: int = 20) -> list[int]:
        """The numbers of a page that nobody looks at."""
        return numbers(await self.page(member_id, recipe=recipe, limit=limit))

    async def look(
        self,
        member_id: int,
        *,
        recipe: Recipe = STRICT,
        limit: int = 20,
        after_id: int | None = None,
    ) -> list[int]:
        """The numbers of a page that its member then has seen; a moment passes."""
        page = await self.page(member_id, recipe=recipe, limit=limit, after_id=after_id)
        async with self.store.work() as work:
            await seen.note(work, numbers(page), member_id=member_id, anew=after_id is None)
        self.clock.go_on(timedelta(seconds=1))
        return numbers(page)

    async def like(self, member_id: int, *creations: int) -> None:
        async with self.store.work() as work:
            for it in creations:
                await feelings.react(work, creation_id=it, reader=Reader(member_id))

    async def want(self, member_id: int, creation_id: int, wanted: Wanted) -> None:
        async with self.store.work() as work:
            await curation.want(
                work, creation_id=creation_id, reader=Reader(member_id), wanted=wanted
            )

    async def follow(self, member_id: int, kind: Followed, value: int | str) -> None:
        async with self.store.work() as work:
            await curation.follow(work, subject=Subject(kind, str(value)), reader=Reader(member_id))

    async def comment(self, member_id: int, creation_id: int) -> None:
        async with self.store.work() as work:
            await remark(work, creation_id=creation_id, reader=Reader(member_id), body="oh")


def numbers(page: Page) -> list[int]:
    return [it.creation.id or 0 for it in page.items]


@pytest.fixture
def feeds(store: Store, live: Live, clock: FixedClock) -> Feeds:
    return Feeds(store, live, clock)


async def people(store: Store, count: int) -> list[int]:
    return [(await join(store, f"member {n}"))[0] for n in range(count)]


@pytest.mark.once
async def test_the_newest_comes_first_and_ones_own_last(feeds: Feeds) -> None:
    ana, *makers = await people(feeds.store, 4)
    made = []
    for maker in (*makers, ana):
        feeds.clock.go_on(timedelta(hours=1))
        made.append(await put(feeds.store, maker, f"Piece {maker}"))

    assert await feeds.peek(ana) == [made[2], made[1], made[0], made[3]]
    assert await feeds.peek(makers[0]) == [made[3], made[2], made[1], made[0]]


async def test_nothing_that_was_seen_comes_back_for_nothing(feeds: Feeds) -> None:
    ana, ben = await people(feeds.store, 2)
    first = await put(feeds.store, ben, "Rain")

    assert await feeds.look(ana) == [first]
    assert await feeds.look(ana) == []
    second = await put(feeds.store, ben, "Fog")
    assert await feeds.look(ana) == [second]
    assert await feeds.look(ana) == []


@pytest.mark.parametrize("what", ["comment", "remix", "edit", "reactions"])
@pytest.mark.once
async def test_what_was_seen_comes_back_when_something_happened_to_it(
    feeds: Feeds, what: str
) -> None:
    ana, ben, *others = await people(feeds.store, 5)
    piece, other = await put(feeds.store, ben, "Rain"), await put(feeds.store, ben, "Fog")
    assert set(await feeds.look(ana)) == {piece, other}
    extra: list[int] = []
    match what:
        case "comment":
            await feeds.comment(ben, piece)
        case "remix":
            extra = [await put(feeds.store, ben, "Rain again", sources=of(piece))]
        case "edit":
            async with feeds.store.work() as work:
                (await work.db.get_one(Creation, piece)).edited_at = work.now
            feeds.clock.go_on(timedelta(seconds=2))
        case _:
            await feeds.like(others[0], piece)
            await feeds.like(others[1], piece)
            assert await feeds.peek(ana) == []  # two are no news yet
            await feeds.like(others[2], piece)

    assert set(await feeds.look(ana)) == {piece, *extra}
    assert await feeds.look(ana) == []


@pytest.mark.once
async def test_what_one_does_oneself_brings_nothing_back(feeds: Feeds) -> None:
    ana, ben = await people(feeds.store, 2)
    piece = await put(feeds.store, ben, "Rain")
    await feeds.look(ana)
    await feeds.comment(ana, piece)
    await feeds.like(ana, piece)
    feeds.clock.go_on(timedelta(seconds=1))

    assert await feeds.peek(ana) == []
    unseen = await put(feeds.store, ben, "Fog")
    await feeds.like(ana, unseen)  # looked at by its number
    feeds.clock.go_on(timedelta(seconds=1))
    assert await feeds.peek(ana) == []
    await feeds.comment(ben, unseen)
    assert await feeds.peek(ana) == [unseen]


async def test_ones_own_edit_is_no_news_to_oneself(feeds: Feeds) -> None:
    ana, ben = await people(feeds.store, 2)
    piece = await put(feeds.store, ana, "Rain")
    assert (await feeds.look(ana), await feeds.look(ben)) == ([piece], [piece])
    async with feeds.store.work() as work:
        (await work.db.get_one(Creation, piece)).edited_at = work.now
    feeds.clock.go_on(timedelta(seconds=2))

    kinds = [[it.reason.kind for it in (await feeds.page(who)).items] for who in (ana, ben)]
    assert kinds == [[Because.OWN], [Because.EDITED]]


async def test_going_on_gives_nothing_twice_whatever_happens_meanwhile(feeds: Feeds) -> None:
    ana, ben, cem = await people(feeds.store, 3)
    pieces = [await put(feeds.store, it, f"Piece {n}") for n in range(6) for it in (ben, cem)]
    shown = page = await feeds.look(ana, recipe=FOR_YOU, limit=4)
    while page:
        for it in shown:
            await feeds.comment(ben, it)
        pieces.append(await put(feeds.store, ben, "In between")) if len(pieces) < 15 else None
        page = await feeds.look(ana, recipe=FOR_YOU, limit=4, after_id=page[-1])
        shown = shown + page

    assert sorted(shown) == pieces
    assert set(await feeds.peek(ana)) <= set(pieces)
    assert await feeds.peek(ana) != []  # a look that begins anew brings what was talked about


@pytest.mark.once
async def test_a_page_further_is_of_the_same_mix_until_its_reader_says_something(
    feeds: Feeds,
) -> None:
    ana, _ = await join(feeds.store, "Ana")
    ben, _ = await join(feeds.store, "Ben")
    pieces = [await put(feeds.store, ben, f"Piece {n}") for n in range(30)]

    async def left() -> int | None:
        window = await feeds.live.window()
        async with feeds.store.read() as view:
            member = await portrait.of(view, Reader(ana), album=window.album)
            mix = window.looks.find(member, STRICT, now=view.now)
        return None if mix is None else len(mix.pool.ids)

    assert await left() is None
    first = await feeds.look(ana, limit=2)
    assert await left() == 28
    async with feeds.store.work() as work:
        await publishing.withdraw(work, creation_id=pieces[0], member_id=ben)
    further = await feeds.look(ana, limit=2, after_id=first[-1])
    assert not set(first) & set(further) and pieces[0] not in further
    assert await left() is None  # a tenth is shown
    await feeds.look(ana, limit=2, after_id=further[-1])
    assert await left() is not None
    async with feeds.store.work() as work:
        await curation.save(work, creation_id=pieces[1], reader=Reader(ana))
    assert await left() is None


@pytest.mark.once
async def test_what_is_followed_comes_first(feeds: Feeds) -> None:
    ana, *makers = await people(feeds.store, 8)
    root = await put(feeds.store, makers[0], "Root")
    followed, tagged, grown = (
        await put(feeds.store, makers[1], "Maker"),
        await put(feeds.store, makers[2], "Tag", tags=["Sea"]),
        await put(feeds.store, makers[3], "Thread", sources=of(root)),
    )
    feeds.clock.go_on(timedelta(days=1))
    others = [await put(feeds.store, it, f"Other {it}") for it in makers[4:]]
    assert set((await feeds.peek(ana))[:3]) <= set(others)

    await feeds.follow(ana, Followed.MEMBER, makers[1])
    await feeds.follow(ana, Followed.TAG, "sea")
    await feeds.follow(ana, Followed.THREAD, root)

    assert set((await feeds.peek(ana))[:4]) == {followed, tagged, grown, root}
    assert set(await feeds.peek(ana, SHIPPED[Feed.FOLLOWING])) == {followed, tagged, grown, root}


@pytest.mark.once
async def test_what_was_made_of_ones_own_comes_first(feeds: Feeds) -> None:
    ana, *makers = await people(feeds.store, 5)
    own = await put(feeds.store, ana, "Own")
    remix = await put(feeds.store, makers[0], "Remix", sources=of(own))
    feeds.clock.go_on(timedelta(days=1))
    for it in makers[1:]:
        await put(feeds.store, it, f"Other {it}")

    assert (await feeds.peek(ana))[0] == remix


@pytest.mark.once
async def test_what_people_with_like_taste_reacted_to_comes_first(feeds: Feeds) -> None:
    ana, maker, *rest = await people(feeds.store, 16)
    crowd, makers = rest[:8], rest[8:]
    known, wanted, popular = [await put(feeds.store, maker, f"Piece {n}") for n in range(3)]
    for it in makers:
        await put(feeds.store, it, f"Other {it}")
    for it in crowd[:3]:
        await feeds.like(it, known, wanted)
    for it in crowd[3:]:
        await feeds.like(it, popular)
    recipe = replace(STRICT, quality=0)
    await feeds.like(ana, known)

    assert (await feeds.peek(ana, recipe))[0] == wanted


@pytest.mark.parametrize("wanted", Wanted)
@pytest.mark.once
async def test_more_less_and_hide_change_the_very_next_page(feeds: Feeds, wanted: Wanted) -> None:
    ana, *makers = await people(feeds.store, 9)
    rain = [await put(feeds.store, it, f"Rain {it}") for it in makers[:3]]
    fog = [await put(feeds.store, it, f"Fog {it}") for it in makers[3:6]]
    salt = [await put(feeds.store, it, f"Salt {it}") for it in makers[6:]]
    page = await feeds.look(ana, limit=3)
    asked = rain[0]
    if asked not in page:
        page = [asked, *page]
    await feeds.want(ana, asked, wanted)

    rest = await feeds.peek(ana)

    left = {*rain, *fog, *salt} - set(page)
    assert asked not in rest
    assert set(rest) == left
    alike = [it for it in rest if it in rain]
    match wanted:
        case Wanted.MORE:
            assert rest[: len(alike)] == alike
        case Wanted.LESS:
            assert rest[-len(alike) :] == alike
        case Wanted.HIDE:
            await feeds.comment(makers[0], asked)
            assert asked not in await feeds.peek(ana)


async def test_what_was_muted_stays_away_and_the_page_is_full(feeds: Feeds) -> None:
    ana, ben, cem, dora = await people(feeds.store, 4)
    root = await put(feeds.store, cem, "Root")
    await put(feeds.store, dora, "Grown", sources=of(root))
    for n in range(30):
        await put(feeds.store, ben, f"Muted {n}")
        await put(feeds.store, cem, f"A spider {n}")
        await put(feeds.store, dora, f"Tagged {n}", tags=["Sea"])
    good = [await put(feeds.store, it, f"Good {n}") for n in range(3) for it in (cem, dora)]
    for kind, value in (
        (Followed.MEMBER, str(ben)),
        (Followed.WORD, "spider"),
        (Followed.TAG, "sea"),
        (Followed.THREAD, str(root)),
    ):
        async with feeds.store.work() as work:
            await curation.mute(work, subject=Subject(kind, value), reader=Reader(ana))

    for recipe in (STRICT, FOR_YOU):
        assert set(await feeds.peek(ana, recipe, limit=5)) <= set(good)
        assert len(await feeds.peek(ana, recipe, limit=5)) == 5
    assert set(await feeds.peek(ana, limit=50)) == set(good)
    assert not (await feeds.page(ana, limit=6)).more


@pytest.mark.once
async def test_nobody_is_shown_what_they_may_not_see(feeds: Feeds) -> None:
    ana, ben = await people(feeds.store, 2)
    attic = await room(feeds.store)
    seen_by_all = await put(feeds.store, ben, "Open")
    secret = await put(feeds.store, ben, "Secret", visibility=Visibility.ONLY_ME)
    inside = await put(feeds.store, ben, "Inside", visibility=Visibility.ROOM, room_id=attic)
    gone = await put(feeds.store, ben, "Gone")
    assert set(await feeds.peek(ana)) == {seen_by_all, gone}
    async with feeds.store.work() as work:
        await publishing.withdraw(work, creation_id=gone, member_id=ben)

    assert await feeds.peek(ana) == [seen_by_all]
    there = await feeds.page(ana, room_id=attic)
    assert set(numbers(there)) == {seen_by_all, inside}
    assert set(await feeds.peek(ben)) == {seen_by_all, secret, inside}

    async with feeds.store.work() as work:
        await audience.show_to(
            work, creation_id=inside, member_id=ben, visibility=Visibility.EVERYONE
        )
    assert set(await feeds.peek(ana)) == {seen_by_all, inside}


async def test_what_may_not_be_recommended_is_in_no_feed_of_others(feeds: Feeds) -> None:
    ana, ben = await people(feeds.store, 2)
    piece = await put(feeds.store, ben, "Shy")
    await feeds.follow(ana, Followed.MEMBER, ben)
    assert await feeds.peek(ana) == [piece]
    async with feeds.store.work() as work:
        (await work.db.get_one(Creation, piece)).consent_recommend = Permission.NO

    for feed in Feed:
        assert await feeds.peek(ana, SHIPPED[feed]) == []
    assert await feeds.peek(ben) == [piece]


@pytest.mark.once
async def test_no_maker_and_no_thread_fills_a_page(feeds: Feeds) -> None:
    ana, ben, cem, *others = await people(feeds.store, 8)
    root = await put(feeds.store, cem, "Root")
    threads = {root: root}
    for n in range(8):
        await put(feeds.store, ben, f"Rain {n}")
        threads[await put(feeds.store, others[n % 5], f"Made of it {n}", sources=of(root))] = root
    for it in others:
        await put(feeds.store, it, f"Fog {it}")
    await feeds.follow(ana, Followed.MEMBER, ben)

    page = await feeds.page(ana, limit=16)

    makers = [it.creation.author_id for it in page.items]
    roots = [threads.get(it.creation.id or 0, -n) for n, it in enumerate(page.items)]
    assert longest_row(makers) <= 2
    assert longest_row(roots) <= 2


def longest_row(values: Sequence[int]) -> int:
    longest = length = 1
    for before, after in pairwise(values):
        length = length + 1 if before == after else 1
        longest = max(longest, length)
    return longest


@pytest.mark.once
async def test_jams_are_remixes_and_what_was_remixed(feeds: Feeds) -> None:
    ana, ben, cem = await people(feeds.store, 3)
    root, lone = await put(feeds.store, ben, "Root"), await put(feeds.store, ben, "Lone")
    remix = await put(feeds.store, cem, "Remix", sources=of(root))

    assert set(await feeds.peek(ana, SHIPPED[Feed.JAMS])) == {root, remix}
    assert lone in await feeds.peek(ana)


@pytest.mark.parametrize("feed", [Feed.LATEST, Feed.FOLLOWING])
@pytest.mark.once
async def test_a_feed_by_time_pages_by_number_and_may_repeat(feeds: Feeds, feed: Feed) -> None:
    ana, ben = await people(feeds.store, 2)
    pieces = [await put(feeds.store, ben, f"Piece {n}") for n in range(5)]
    await feeds.follow(ana, Followed.MEMBER, ben)
    recipe = SHIPPED[feed]

    assert await feeds.look(ana, recipe=recipe, limit=2) == pieces[:2:-1]
    await put(feeds.store, ben, "In between")
    assert await feeds.look(ana, recipe=recipe, limit=2, after_id=pieces[3]) == pieces[2:0:-1]
    last = await feeds.page(ana, recipe=recipe, limit=2, after_id=pieces[1])
    assert (numbers(last), last.more) == ([pieces[0]], False)
    assert (await feeds.look(ana, recipe=recipe, limit=3))[1:] == pieces[:2:-1]


@pytest.mark.once
async def test_a_share_of_places_goes_to_what_scores_would_not_have_shown(feeds: Feeds) -> None:
    ana, *makers = await people(feeds.store, 12)
    for n in range(8):
        for it in makers:
            await put(feeds.store, it, f"Piece {n}")
    strict, open_ = STRICT, replace(FOR_YOU, explore=0.5)

    best = set(await feeds.peek(ana, strict, limit=10))
    mixed = await feeds.peek(ana, open_, limit=10)

    assert len(set(mixed) - best) >= 4
    assert mixed == await feeds.peek(ana, open_, limit=10)
