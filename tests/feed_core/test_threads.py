import asyncio
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import col, select

from feed_core.errors import CreationNotFound, CreationWithdrawn
from feed_core.models.curation import Followed
from feed_core.models.threads import ThreadEntry
from feed_core.services import belonging, commenting, curation, publishing, threads
from feed_core.services.belonging import MOST_THREADS
from feed_core.services.curation import Subject
from feed_core.services.sight import Reader
from feed_core.services.threads import BATCH, Cursor, EntryKind, Page
from feed_core.states import CreationState, Outcome, Visibility
from feed_core.store import Store
from tests.fakes.clock import FixedClock
from tests.fakes.community import join
from tests.feed_core.pieces import of, put, remark

pytestmark = pytest.mark.anywhere


async def say(store: Store, member_id: int, creation_id: int, body: str = "oh") -> int:
    async with store.work() as work:
        said = await remark(work, creation_id=creation_id, reader=Reader(member_id), body=body)
    assert said.id is not None
    return said.id


async def page(
    store: Store, root: int, reader: Reader, cursor: Cursor | None = None, limit: int = 3
) -> Page:
    async with store.read() as view:
        return await threads.page(view, root, reader=reader, cursor=cursor, limit=limit)


def told(found: Page) -> list[str]:
    return [f"{it.kind[0]}{it.id}" for it in found.entries]


async def read(store: Store, root: int, reader: Reader, limit: int = 3) -> list[str]:
    """The whole thread, page by page, and back again."""
    found = await page(store, root, reader, limit=limit)
    pages = [found]
    while found.next is not None:
        found = await page(store, root, reader, found.next, limit)
        pages.append(found)
    forwards = [told(it) for it in pages]
    while found.previous is not None:
        found = await page(store, root, reader, found.previous, limit)
        pages.pop()
        assert told(found) == told(pages[-1])
    assert len(pages) == 1
    return [it for entries in forwards for it in entries]


async def test_a_thread_holds_comments_and_remixes_of_every_depth_in_order(
    store: Store, clock: FixedClock
) -> None:
    ana, _ = await join(store, "Ana")
    ben, _ = await join(store, "Ben")
    root, other = await put(store, ana), await put(store, ana)
    expected = []
    made = [root]
    for n in range(4):
        clock.go_on(timedelta(minutes=1))
        expected.append(f"c{await say(store, ben, root)}")
        clock.go_on(timedelta(minutes=1))
        made.append(await put(store, ben, sources=of(made[-1], other)))
        expected.append(f"r{made[-1]}")
        await say(store, ben, made[-1], f"in the thread of {n}, not of its root")
    await say(store, ben, other)

    found = await page(store, root, Reader(ana), limit=20)

    assert found.root.id == root
    assert told(found) == expected
    assert [it.depth for it in found.entries if it.remix] == [1, 2, 3, 4]
    assert found.previous is found.next is None
    for limit in (1, 2, 3, 7, 8):
        assert await read(store, root, Reader(ana), limit) == expected
    below = await page(store, made[2], Reader(ana), limit=20)
    assert [(it.id, it.depth) for it in below.entries if it.remix] == [(made[3], 1), (made[4], 2)]


async def test_what_happened_in_one_moment_keeps_one_order(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    root = await put(store, ana)
    remixes = [await put(store, ana, sources=of(root)) for _ in range(5)]
    said = [await say(store, ana, root) for _ in range(5)]
    expected = [*(f"c{it}" for it in said), *(f"r{it}" for it in remixes)]

    for limit in (1, 2, 3, 4, 5, 6, 10, 11):
        assert await read(store, root, Reader(ana), limit) == expected


async def test_pages_neither_skip_nor_repeat_while_others_write_and_take_back(
    store: Store, clock: FixedClock
) -> None:
    ana, _ = await join(store, "Ana")
    root = await put(store, ana)
    old = []
    for _ in range(12):
        clock.go_on(timedelta(seconds=1))
        old.append(await say(store, ana, root))

    found = await page(store, root, Reader(ana))
    seen = told(found)
    while found.next is not None:
        clock.go_on(timedelta(seconds=1))
        await put(store, ana, sources=of(root))
        last = found.entries[-1].comment
        async with store.work() as work:  # one that was just shown, and one that is to come
            for it in (last.id if last else None, old[-1]):
                await commenting.withdraw(work, comment_id=it or old[0], reader=Reader(ana))
        if len(seen) >= 12:
            break
        found = await page(store, root, Reader(ana), found.next)
        seen += told(found)

    comments = [it for it in seen if it.startswith("c")]
    assert comments == [f"c{it}" for it in old[:-1]]
    assert len(set(seen)) == len(seen)


async def test_a_remix_of_several_belongs_to_each_thread_once_by_the_shortest_way(
    store: Store,
) -> None:
    ana, _ = await join(store, "Ana")
    root = await put(store, ana)
    left, right = await put(store, ana, sources=of(root)), await put(store, ana, sources=of(root))
    both = await put(store, ana, sources=of(left, right, root))

    async with store.read() as view:
        rows = await view.db.exec(
            select(ThreadEntry.thread_id, ThreadEntry.depth)
            .where(ThreadEntry.creation_id == both)
            .order_by(col(ThreadEntry.thread_id))
        )
        assert list(rows) == [(root, 1), (left, 1), (right, 1)]


async def test_a_creation_joins_its_nearest_threads_when_there_are_too_many(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(belonging, "MOST_THREADS", 3)
    ana, _ = await join(store, "Ana")
    chain = [await put(store, ana)]
    for _ in range(5):
        chain.append(await put(store, ana, sources=of(chain[-1])))

    async with store.read() as view:
        rows = await view.db.exec(
            select(ThreadEntry.thread_id).where(ThreadEntry.creation_id == chain[-1])
        )
        assert sorted(rows) == chain[2:5]
    assert MOST_THREADS == 256


async def test_entries_made_anew_are_the_same(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    root = await put(store, ana)
    child = await put(store, ana, sources=of(root))
    await put(store, ana, sources=of(child, root))
    await put(store, ana, sources=of(child), outcome=Outcome.HOLD)
    async with store.work() as work:
        await publishing.withdraw(work, creation_id=child, member_id=ana)

    async def entries() -> list[tuple[int, int, int, datetime]]:
        async with store.read() as view:
            found = await view.db.exec(select(ThreadEntry))
            return sorted((it.thread_id, it.creation_id, it.depth, it.joined_at) for it in found)

    before = await entries()
    await belonging.rebuild(store)

    assert await entries() == before
    assert len(before) == 3


@pytest.mark.once
async def test_what_was_withdrawn_keeps_its_place_and_says_nothing(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    ben, _ = await join(store, "Ben")
    root = await put(store, ana)
    await say(store, ben, root)
    child = await put(store, ben, sources=of(root))
    grandchild = await put(store, ana, sources=of(child))
    async with store.work() as work:
        await publishing.withdraw(work, creation_id=child, member_id=ben)

    found = await page(store, root, Reader(ana))
    assert [it.remix.state for it in found.entries if it.remix] == [
        CreationState.WITHDRAWN,
        CreationState.PUBLISHED,
    ]
    async with store.work() as work:
        await publishing.withdraw(work, creation_id=root, member_id=ana)
    headless = await page(store, root, Reader(ben))
    assert told(headless) == [f"r{child}", f"r{grandchild}"]  # not what was said about it
    async with store.read() as view:
        with pytest.raises(CreationWithdrawn):
            await threads.whole(view, root, reader=Reader(ben))


async def test_what_cannot_be_seen_is_in_no_thread_and_has_none(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    ben, _ = await join(store, "Ben")
    root = await put(store, ana)
    secret = await put(store, ana, sources=of(root), visibility=Visibility.ONLY_ME)

    assert told(await page(store, root, Reader(ana))) == [f"r{secret}"]
    assert told(await page(store, root, Reader(ben))) == []
    for number in (secret, 4711):
        with pytest.raises(CreationNotFound):
            await page(store, number, Reader(ben))


@pytest.mark.once
async def test_muted_people_words_and_tags_are_left_out_and_pages_stay_full(store: Store) -> None:
    ana, ben, cem = [(await join(store, it))[0] for it in ("Ana", "Ben", "Cem")]
    root = await put(store, cem)
    await say(store, ben, root, "from somebody muted")
    await put(store, ben, sources=of(root))
    await put(store, cem, "A spider", sources=of(root))
    heard = []
    for n in range(BATCH + 5):
        await say(store, cem, root, f"a spider, number {n}")
        if n % 30 == 0:
            heard.append(f"c{await say(store, cem, root, 'a moth')}")
    own = await say(store, ana, root, "my own spider")
    async with store.work() as work:
        for subject in (
            Subject(Followed.MEMBER, str(ben)),
            Subject(Followed.WORD, "spider"),
            Subject(Followed.THREAD, str(root)),  # who opens it wants to see it
        ):
            await curation.mute(work, subject=subject, reader=Reader(ana))

    assert await read(store, root, Reader(ana)) == [*heard, f"c{own}"]
    async with store.read() as view:
        row = (await threads.page(view, root, reader=Reader(ana))).root
        last = await threads.last_said(view, row, reader=Reader(ana), limit=2)
    assert [f"c{it.id}" for it in last] == [heard[-1], f"c{own}"]


@given(
    st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1)),
    st.sampled_from(EntryKind),
    st.integers(1, 10**15),
    st.booleans(),
)
def test_a_cursor_is_read_as_it_was_written(
    at: datetime, kind: EntryKind, number: int, before: bool
) -> None:
    cursor = Cursor(at.replace(tzinfo=UTC), kind, number, before=before)
    assert Cursor.read(str(cursor)) == cursor


@pytest.mark.parametrize(
    "typed",
    [
        *("", "after", "after-1-x1", "after--1-c1", "after-1-c", "between-1-c1"),
        "before-99999999999999999999-c1",
        "after-1-c1; DROP TABLE comment",
    ],
)
def test_what_is_no_cursor_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="no place in a thread"):
        Cursor.read(typed)


async def test_a_cursor_of_another_thread_or_of_nothing_leads_on_by_its_moment(
    store: Store, clock: FixedClock
) -> None:
    ana, _ = await join(store, "Ana")
    root = await put(store, ana)
    numbers = []
    for _ in range(4):
        clock.go_on(timedelta(minutes=1))
        numbers.append(await say(store, ana, root))
    middle = clock.now() - timedelta(seconds=90)

    for kind in EntryKind:
        after = await page(store, root, Reader(ana), Cursor(middle, kind, 4711))
        before = await page(store, root, Reader(ana), Cursor(middle, kind, 4711, before=True))
        assert told(after) == [f"c{it}" for it in numbers[2:]]
        assert told(before) == [f"c{it}" for it in numbers[:2]]
    end = await page(store, root, Reader(ana), Cursor(clock.now(), EntryKind.REMIX, 1))
    assert (told(end), end.previous, end.next) == ([], None, None)


async def test_a_thread_can_be_read_by_many_while_it_grows(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    root = await put(store, ana)

    async def grow() -> None:
        for _ in range(10):
            await say(store, ana, root)
            await put(store, ana, sources=of(root))

    async def follow() -> None:
        for _ in range(5):
            entries = (await page(store, root, Reader(ana), limit=50)).entries
            assert all(one.order < other.order for one, other in pairwise(entries))

    await asyncio.gather(grow(), follow(), follow())
