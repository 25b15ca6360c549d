import pytest

from feed_core.models.creations import Creation
from feed_core.models.curation import Followed, Mute
from feed_core.services import publishing, searching, tagging
from feed_core.services.sight import Reader
from feed_core.states import Visibility
from feed_core.store import Store
from tests.fakes.community import join
from tests.feed_core.pieces import put

pytestmark = pytest.mark.anywhere


async def tagged(store: Store, author_id: int, *tags: str, open_: bool = True) -> int:
    """A creation with these tags."""
    visibility = Visibility.EVERYONE if open_ else Visibility.ONLY_ME
    number = await put(store, author_id, visibility=visibility)
    async with store.work() as work:
        creation = await work.db.get_one(Creation, number)
        creation.tags = list(tags)
        await searching.put(work, creation)
    return number


async def offered(store: Store, member_id: int, typed: str = "", limit: int = 25) -> list[str]:
    async with store.read() as view:
        return await tagging.suggestions(view, reader=Reader(member_id), typed=typed, limit=limit)


async def test_tags_that_begin_so_are_offered_once_each(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    await tagged(store, ana, "Rain", "tin roof", "🌧")
    await tagged(store, ana, "#rain", "railway", "Réunion", "100%")

    assert await offered(store, ana, "ra") == ["railway", "rain"]
    assert await offered(store, ana, "#RAIN") == ["rain"]
    assert await offered(store, ana, "tin r") == ["tin roof"]
    assert await offered(store, ana, "ré") == ["réunion"]
    assert await offered(store, ana, "🌧") == ["🌧"]
    assert await offered(store, ana, "1%") == []
    assert len(await offered(store, ana)) == 6
    assert len(await offered(store, ana, limit=2)) == 2


async def test_a_tag_of_what_cannot_be_seen_is_not_offered(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    ben, _ = await join(store, "Ben")
    await tagged(store, ben, "secret", open_=False)
    gone = await tagged(store, ben, "gone")
    await tagged(store, ben, "loud")
    async with store.work() as work:
        await publishing.withdraw(work, creation_id=gone, member_id=ben)
    assert await offered(store, ana) == ["loud"]
    assert await offered(store, ben) == ["loud", "secret"]

    async with store.work() as work:
        work.db.add(
            Mute(member_id=ana, kind=Followed.MEMBER, subject=str(ben), created_at=work.now)
        )

    assert await offered(store, ana) == []


@pytest.mark.parametrize(
    "typed", ["%", "_", "\0", "x" * 100_000, "\ud83d", "' OR 1=1 --", "\u200b", "#", " "]
)
async def test_any_text_may_be_typed(store: Store, typed: str) -> None:
    ana, _ = await join(store, "Ana")
    await tagged(store, ana, "rain")

    assert set(await offered(store, ana, typed)) <= {"rain"}


@pytest.mark.once
async def test_tags_that_were_changed_lead_to_it_no_longer(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    number = await tagged(store, ana, "rain", "rain", "  ", "#")
    async with store.work() as work:
        creation = await work.db.get_one(Creation, number)
        creation.tags = ["snow"]
        await searching.put(work, creation)
    assert await offered(store, ana) == ["snow"]

    await searching.rebuild(store)

    assert await offered(store, ana) == ["snow"]
