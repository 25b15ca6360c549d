import asyncio

import pytest
from sqlmodel import col, select

from feed_core.errors import (
    CreationNotFound,
    CreationWithdrawn,
    EmptyText,
    TextTooLong,
)
from feed_core.events import CommentPosted, Event, ReactionAdded
from feed_core.models.reactions import Comment
from feed_core.services import commenting, publishing, reactions, threads, timeline
from feed_core.services.commenting import LONGEST_COMMENT, CommentNotFound, NotYourComment
from feed_core.services.sight import Reader
from feed_core.states import CommentState, ReactionKind, Visibility
from feed_core.store import Store
from tests.fakes.community import join
from tests.feed_core.pieces import put, remark

pytestmark = pytest.mark.anywhere


async def like(store: Store, creation_id: int, member_id: int) -> int:
    async with store.work() as work:
        return await reactions.react(work, creation_id=creation_id, reader=Reader(member_id))


async def unlike(store: Store, creation_id: int, member_id: int) -> list[ReactionKind]:
    async with store.work() as work:
        return await reactions.unreact(work, creation_id=creation_id, member_id=member_id)


async def test_liking_twice_counts_once_and_is_told_once(store: Store, told: list[Event]) -> None:
    ana, _ = await join(store, "Ana")
    ben, _ = await join(store, "Ben")
    creation_id = await put(store, ana)
    told.clear()

    counts = [await like(store, creation_id, it) for it in (ben, ben, ana)]

    assert counts == [1, 1, 2]
    assert told == [ReactionAdded(creation_id, ben), ReactionAdded(creation_id, ana)]


async def test_liking_at_once_counts_once(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    creation_id = await put(store, ana)

    counts = await asyncio.gather(*(like(store, creation_id, ana) for _ in range(6)))

    assert counts == [1] * 6


@pytest.mark.once
async def test_a_like_is_taken_back_and_may_come_again(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    ben, _ = await join(store, "Ben")
    creation_id = await put(store, ana)
    await like(store, creation_id, ana)
    await like(store, creation_id, ben)

    assert await unlike(store, creation_id, ben) == [ReactionKind.LIKE]
    assert await unlike(store, creation_id, ben) == []
    assert await like(store, creation_id, ben) == 2


async def test_one_member_may_feel_several_things_and_take_each_back_alone(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    ben, _ = await join(store, "Ben")
    creation_id = await put(store, ana)
    async with store.work() as work:
        for member_id in (ana, ben):
            for kind in (ReactionKind.SPARK, ReactionKind.LIKE):
                await reactions.react(
                    work, creation_id=creation_id, reader=Reader(member_id), kind=kind
                )
        gone = await reactions.unreact(
            work, creation_id=creation_id, member_id=ben, kind=ReactionKind.LIKE
        )
        felt = await reactions.counts(work, [creation_id, creation_id + 1])
        items = await timeline.page(work, reader=Reader(ben))

    assert gone == [ReactionKind.LIKE]
    assert felt == {creation_id: {ReactionKind.LIKE: 1, ReactionKind.SPARK: 2}}
    assert items[0].likes == 2  # people, not reactions
    assert items[0].reactions == felt[creation_id]


async def test_a_comment_goes_by_its_author_or_by_whoever_made_what_it_is_about(
    store: Store,
) -> None:
    ana, ben, cem = [(await join(store, it))[0] for it in ("Ana", "Ben", "Cem")]
    creation_id = await put(store, ana)
    async with store.work() as work:
        said = [
            await remark(work, creation_id=creation_id, reader=Reader(ben), body=f"remark {n}")
            for n in range(3)
        ]
    numbers = [it.id or 0 for it in said]

    with pytest.raises(NotYourComment):
        async with store.work() as work:
            await commenting.withdraw(work, comment_id=numbers[0], reader=Reader(cem))
    for number, member_id in ((numbers[0], ben), (numbers[1], ana), (numbers[1], ana)):
        async with store.work() as work:
            await commenting.withdraw(work, comment_id=number, reader=Reader(member_id))

    async with store.read() as view:
        rows = list(await view.db.exec(select(Comment).order_by(col(Comment.id))))
        items = await timeline.page(view, reader=Reader(ana))
        thread = await threads.whole(view, creation_id, reader=Reader(ana))
        own = await commenting.own(view, author_id=ben)
    assert [(it.state, it.body) for it in rows] == [
        (CommentState.WITHDRAWN, ""),
        (CommentState.WITHDRAWN, ""),
        (CommentState.PUBLISHED, "remark 2"),
    ]
    assert items[0].comments == 1
    assert [it.id for it in thread.comments] == [it.id for it in own] == numbers[2:]


@pytest.mark.once
async def test_who_cannot_see_a_comment_is_not_told_that_it_is_there(store: Store) -> None:
    ana, ben = [(await join(store, it))[0] for it in ("Ana", "Ben")]
    creation_id = await put(store, ana, visibility=Visibility.ONLY_ME)
    async with store.work() as work:
        said = await remark(
            work, creation_id=creation_id, reader=Reader(ana), body="a note to myself"
        )

    for number in (said.id or 0, 4711):
        with pytest.raises(CommentNotFound):
            async with store.work() as work:
                await commenting.withdraw(work, comment_id=number, reader=Reader(ben))


@pytest.mark.once
async def test_a_comment_is_kept_without_the_white_space_around_it(
    store: Store, told: list[Event]
) -> None:
    ana, _ = await join(store, "Ana")
    creation_id = await put(store, ana)
    told.clear()
    async with store.work() as work:
        written = await remark(
            work, creation_id=creation_id, reader=Reader(ana), body=" lovely \n", tainted=True
        )

    assert (written.body, written.tainted) == ("lovely", True)
    assert written.id is not None
    assert told == [CommentPosted(written.id, creation_id, ana)]


@pytest.mark.parametrize(
    ("body", "refusal"),
    [
        ("", EmptyText),
        (" \n ", EmptyText),
        ("\u200b\u2060", EmptyText),
        ("a" * (LONGEST_COMMENT + 1), TextTooLong),
        ("a" * 100_000, TextTooLong),
    ],
)
async def test_a_comment_that_cannot_be_shown_is_refused(
    store: Store, body: str, refusal: type[Exception]
) -> None:
    ana, _ = await join(store, "Ana")
    creation_id = await put(store, ana)

    with pytest.raises(refusal):
        async with store.work() as work:
            await remark(work, creation_id=creation_id, reader=Reader(ana), body=body)
    async with store.read() as view:
        assert list(await view.db.exec(select(Comment))) == []


async def test_what_cannot_be_seen_can_be_neither_liked_nor_spoken_about(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    ben, _ = await join(store, "Ben")
    hidden = await put(store, ana, visibility=Visibility.ONLY_ME)
    gone = await put(store, ana)
    async with store.work() as work:
        await publishing.withdraw(work, creation_id=gone, member_id=ana)

    for creation_id, refusal in ((hidden, CreationNotFound), (gone, CreationWithdrawn)):
        with pytest.raises(refusal):
            await like(store, creation_id, ben)
        assert await unlike(store, creation_id, ben) == []
        with pytest.raises(refusal):
            async with store.work() as work:
                await remark(work, creation_id=creation_id, reader=Reader(ben), body="oh")
