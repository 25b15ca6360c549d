import asyncio

import pytest
from sqlmodel import select

from feed_core.errors import CreationNotFound, CreationWithdrawn, EmptyText, TextTooLong
from feed_core.events import CommentPosted, Event, ReactionAdded
from feed_core.models.reactions import Comment
from feed_core.services import publishing, reactions
from feed_core.services.reactions import LONGEST_COMMENT
from feed_core.services.sight import Reader
from feed_core.states import Visibility
from feed_core.store import Store
from tests.fakes.community import join
from tests.feed_core.pieces import put


async def like(store: Store, creation_id: int, member_id: int) -> int:
    async with store.work() as work:
        return await reactions.like(work, creation_id=creation_id, reader=Reader(member_id))


async def unlike(store: Store, creation_id: int, member_id: int) -> int:
    async with store.work() as work:
        return await reactions.unlike(work, creation_id=creation_id, reader=Reader(member_id))


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


async def test_a_like_is_taken_back_and_may_come_again(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    ben, _ = await join(store, "Ben")
    creation_id = await put(store, ana)
    await like(store, creation_id, ana)
    await like(store, creation_id, ben)

    assert await unlike(store, creation_id, ben) == 1
    assert await unlike(store, creation_id, ben) == 1
    assert await like(store, creation_id, ben) == 2


async def test_a_comment_is_kept_without_the_white_space_around_it(
    store: Store, told: list[Event]
) -> None:
    ana, _ = await join(store, "Ana")
    creation_id = await put(store, ana)
    told.clear()
    async with store.work() as work:
        written = await reactions.comment(
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
            await reactions.comment(work, creation_id=creation_id, reader=Reader(ana), body=body)
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
        with pytest.raises(refusal):
            await unlike(store, creation_id, ben)
        with pytest.raises(refusal):
            async with store.work() as work:
                await reactions.comment(
                    work, creation_id=creation_id, reader=Reader(ben), body="oh"
                )
