import pytest

from feed_core.errors import CreationNotFound, CreationWithdrawn, EmptyText, TextTooLong
from feed_core.models.curation import Followed, Opinion, Wanted
from feed_core.services import curation, publishing
from feed_core.services.curation import Collection, MakerNotFound, OnlyOthers, Subject
from feed_core.services.sight import Reader
from feed_core.states import Visibility
from feed_core.store import Store
from tests.fakes.community import join
from tests.feed_core.pieces import put, room

pytestmark = pytest.mark.anywhere

RAIN = Subject(Followed.TAG, "rain")


async def save(store: Store, member_id: int, creation_id: int, collection: str = "") -> Collection:
    async with store.work() as work:
        return await curation.save(
            work, creation_id=creation_id, reader=Reader(member_id), collection=collection
        )


async def unsave(store: Store, member_id: int, creation_id: int, collection: str = "") -> list[str]:
    async with store.work() as work:
        return await curation.unsave(
            work, creation_id=creation_id, member_id=member_id, collection=collection
        )


async def collections(store: Store, reader: Reader) -> list[Collection]:
    async with store.read() as view:
        return await curation.collections(view, reader=reader)


async def kept(store: Store, reader: Reader, collection: str = "") -> list[int | None]:
    async with store.read() as view:
        found = await curation.kept_in(view, reader=reader, collection=collection)
    return [it.id for it in found]


async def follow(store: Store, member_id: int, subject: Subject) -> Subject:
    async with store.work() as work:
        return await curation.follow(work, subject=subject, reader=Reader(member_id))


async def mute(store: Store, member_id: int, subject: Subject) -> Subject:
    async with store.work() as work:
        return await curation.mute(work, subject=subject, reader=Reader(member_id))


async def test_a_creation_is_kept_once_in_each_collection_and_can_be_taken_out(
    store: Store,
) -> None:
    ana, _ = await join(store, "Ana")
    ben, _ = await join(store, "Ben")
    first, second = await put(store, ben), await put(store, ben)

    assert await save(store, ana, first) == Collection("saved", 1)
    assert await save(store, ana, first) == Collection("saved", 1)
    assert await save(store, ana, first, "Sea  Poems ") == Collection("sea poems", 1)
    assert await save(store, ana, second, "sea poems") == Collection("sea poems", 2)
    assert await collections(store, Reader(ana)) == [
        Collection("saved", 1),
        Collection("sea poems", 2),
    ]
    assert await kept(store, Reader(ana), "SEA POEMS") == [second, first]
    assert await collections(store, Reader(ben)) == []

    assert await unsave(store, ana, second, "saved") == []
    assert await unsave(store, ana, first) == ["saved", "sea poems"]
    assert await unsave(store, ana, first) == []
    assert await collections(store, Reader(ana)) == [Collection("sea poems", 1)]


async def test_what_cannot_be_seen_cannot_be_kept_and_is_not_counted(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    ben, _ = await join(store, "Ben")
    attic = await room(store)
    secret = await put(store, ben, visibility=Visibility.ONLY_ME)
    inside = await put(store, ben, visibility=Visibility.ROOM, room_id=attic)
    gone = await put(store, ben)
    await save(store, ana, gone)
    async with store.work() as work:
        await curation.save(work, creation_id=inside, reader=Reader(ana, attic))
        await publishing.withdraw(work, creation_id=gone, member_id=ben)

    with pytest.raises(CreationNotFound):
        await save(store, ana, secret)
    with pytest.raises(CreationWithdrawn):
        await save(store, ana, gone)
    assert await collections(store, Reader(ana)) == [Collection("saved", 0)]
    assert await kept(store, Reader(ana)) == []
    assert await collections(store, Reader(ana, attic)) == [Collection("saved", 1)]
    assert await unsave(store, ana, gone) == ["saved"]  # the note of it can always be thrown away


async def test_a_collection_is_read_page_by_page(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    made = [await put(store, ana) for _ in range(5)]
    for it in made:
        await save(store, ana, it)

    async with store.read() as view:
        first = await curation.kept_in(view, reader=Reader(ana), collection="", limit=3)
        rest = await curation.kept_in(
            view, reader=Reader(ana), collection="", limit=3, before_id=first[-1].id
        )

    assert [it.id for it in (*first, *rest)] == sorted(made, reverse=True)


@pytest.mark.once
async def test_a_collection_with_an_endless_name_is_refused(store: Store) -> None:
    ana, _ = await join(store, "Ana")

    with pytest.raises(TextTooLong):
        await save(store, ana, await put(store, ana), "x" * 41)


async def test_following_twice_is_following_once(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    ben, _ = await join(store, "Ben")
    made = await put(store, ben)
    wanted = [Subject(Followed.MEMBER, str(ben)), RAIN, Subject(Followed.THREAD, str(made))]
    for it in (*wanted, *wanted, Subject(Followed.TAG, " #RAIN ")):
        await follow(store, ana, it)

    async with store.read() as view:
        assert set(await curation.follows(view, member_id=ana)) == set(wanted)
        assert len(await curation.follows(view, member_id=ana)) == 3
    async with store.work() as work:
        assert await curation.unfollow(work, subject=RAIN, member_id=ana)
        await work.db.flush()
        assert not await curation.unfollow(work, subject=RAIN, member_id=ana)


async def test_the_last_word_counts_between_following_and_muting(store: Store) -> None:
    ana, _ = await join(store, "Ana")

    await follow(store, ana, RAIN)
    await mute(store, ana, RAIN)
    async with store.read() as view:
        assert await curation.follows(view, member_id=ana) == []
        assert await curation.mutes(view, member_id=ana) == [RAIN]

    await follow(store, ana, RAIN)
    async with store.read() as view:
        assert await curation.follows(view, member_id=ana) == [RAIN]
        assert await curation.mutes(view, member_id=ana) == []


@pytest.mark.parametrize(
    ("subject", "refused"),
    [
        (Subject(Followed.MEMBER, "1"), OnlyOthers),
        (Subject(Followed.MEMBER, "2"), MakerNotFound),  # made nothing
        (Subject(Followed.MEMBER, "4711"), MakerNotFound),
        (Subject(Followed.THREAD, "4711"), CreationNotFound),
        (Subject(Followed.TAG, " # "), EmptyText),
        (Subject(Followed.TAG, "\u200b"), EmptyText),
        (Subject(Followed.TAG, "x" * 41), TextTooLong),
    ],
)
@pytest.mark.once
async def test_what_is_not_there_can_neither_be_followed_nor_muted(
    store: Store, subject: Subject, refused: type[Exception]
) -> None:
    ana, _ = await join(store, "Ana")
    await join(store, "Ben")
    await put(store, ana)

    with pytest.raises(refused):
        await follow(store, ana, subject)
    with pytest.raises(refused):
        await mute(store, ana, subject)
    async with store.read() as view:
        assert await curation.follows(view, member_id=ana) == []


async def test_what_was_said_last_of_a_creation_counts_and_can_be_taken_back(
    store: Store,
) -> None:
    ana, _ = await join(store, "Ana")
    ben, _ = await join(store, "Ben")
    made = await put(store, ben)
    for it in (Wanted.MORE, Wanted.LESS, Wanted.LESS):
        async with store.work() as work:
            await curation.want(work, creation_id=made, reader=Reader(ana), wanted=it)

    async with store.work() as work:
        row = await work.db.get_one(Opinion, (ana, made))
        assert row.wanted is Wanted.LESS
        earlier = await curation.want_no_more(
            work, creation_id=made, member_id=ana, wanted=Wanted.MORE
        )
        assert not earlier  # something else was said since
        assert await curation.want_no_more(
            work, creation_id=made, member_id=ana, wanted=Wanted.LESS
        )
    async with store.read() as view:
        assert await view.db.get(Opinion, (ana, made)) is None
