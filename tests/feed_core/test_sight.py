"""Whatever stands in the database, every way to look at it shows what may be seen and no more."""

import asyncio
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from feed_core.bus import Bus
from feed_core.errors import Blocked, CreationNotFound, CreationWithdrawn, Held
from feed_core.models.creations import Creation, Edge
from feed_core.models.members import Member
from feed_core.models.rooms import Room
from feed_core.services import belonging, lineage, threads, timeline
from feed_core.services.sight import Reader, see
from feed_core.states import CreationState, Visibility
from feed_core.store import Store, View
from tests.fakes.clock import FixedClock
from tests.fakes.community import opened

NOW = datetime(2026, 3, 14, 12, tzinfo=UTC)
MEMBERS, ROOMS = (1, 2, 3), (1, 2)
NEVER_SHOWN = {CreationState.CHECKING, CreationState.HELD, CreationState.BLOCKED}


@dataclass(frozen=True)
class Made:
    """A creation as a plain value; `parents` point back in the list that it stands in."""

    author: int
    state: CreationState
    visibility: Visibility
    room: int | None
    parents: frozenset[int]

    def open_to(self, reader: Reader) -> bool:
        if self.visibility is Visibility.EVERYONE or self.author == reader.member_id:
            return True
        in_a_room = self.visibility is Visibility.ROOM and self.room is not None
        return in_a_room and self.room == reader.room_id

    def seen_by(self, reader: Reader) -> bool:
        return self.state is CreationState.PUBLISHED and self.open_to(reader)

    def placed_for(self, reader: Reader) -> bool:
        return self.state not in NEVER_SHOWN and self.open_to(reader)


made = st.builds(
    Made,
    author=st.sampled_from(MEMBERS),
    state=st.sampled_from([*CreationState, CreationState.PUBLISHED, CreationState.PUBLISHED]),
    visibility=st.sampled_from(Visibility),
    room=st.sampled_from([None, *ROOMS]),
    parents=st.frozensets(st.integers(1, 4), max_size=3),
)
readers = st.builds(Reader, st.sampled_from([*MEMBERS, 99]), st.sampled_from([None, *ROOMS]))


@settings(max_examples=10, deadline=None)
@given(
    feed=st.lists(made, min_size=1, max_size=12),
    looking=st.lists(readers, min_size=2, max_size=2, unique=True),
)
def test_nothing_is_seen_that_may_not_be_seen_and_nothing_else_is_hidden(
    feed: list[Made], looking: list[Reader]
) -> None:
    asyncio.run(look(feed, looking))


async def look(feed: list[Made], looking: list[Reader]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = opened(Path(folder), FixedClock(NOW), Bus())
        try:
            await fill(store, feed)
            await belonging.rebuild(store)
            async with store.read() as view:
                for reader in looking:
                    await compare(view, dict(enumerate(feed, start=1)), reader)
        finally:
            await store.close()


async def compare(view: View, feed: dict[int, Made], reader: Reader) -> None:
    seen = [number for number, it in reversed(feed.items()) if it.seen_by(reader)]
    placed = {number for number, it in feed.items() if it.placed_for(reader)}
    parents = {
        child: {child - back for back in it.parents} & feed.keys() for child, it in feed.items()
    }

    pages: list[timeline.Item] = []
    while page := await timeline.page(
        view, reader=reader, limit=2, before_id=pages[-1].creation.id if pages else None
    ):
        pages += page
    assert [it.creation.id for it in pages] == seen
    for item in pages:
        assert item.creation.id is not None
        assert set(item.parents) == parents[item.creation.id] & placed
    offered = await timeline.suggestions(view, reader=reader, typed="")
    assert [number for number, _ in offered] == seen
    for author in MEMBERS:
        items = await timeline.made_by(view, author_id=author, reader=reader, limit=50)
        assert [it.creation.id for it in items] == [it for it in seen if feed[it].author == author]

    joined = threads_of(feed, parents)
    for number in feed:
        made_of_it = {it for it in feed if number in joined[it]}
        try:
            await see(view, number, reader=reader)
            thread = await threads.whole(view, number, reader=reader)
        except CreationWithdrawn:
            assert number in placed
            assert feed[number].state is CreationState.WITHDRAWN
        except (Held, Blocked):
            assert feed[number].author == reader.member_id
            assert feed[number].state in (CreationState.HELD, CreationState.BLOCKED)
            assert number not in seen
        except CreationNotFound:
            assert number not in placed
        else:
            assert number in seen
            assert {it.id for it in thread.remixes} == made_of_it & set(seen)
        try:
            family = await lineage.family(view, number, reader=reader)
        except CreationNotFound:
            assert number not in placed
        else:
            kin = reached(number, parents) | {it for it in feed if number in reached(it, parents)}
            assert {it.id for it in family.members} == kin & placed
            assert set(family.edges) == {
                (parent, child)
                for child in kin & placed
                for parent in parents[child] & kin & placed
            }


def reached(start: int, parents: dict[int, set[int]]) -> set[int]:
    """A creation and all that it was made from."""
    return {start}.union(*(reached(it, parents) for it in parents[start]))


def threads_of(feed: dict[int, Made], parents: dict[int, set[int]]) -> dict[int, set[int]]:
    """The threads that each creation joined when it was published, and so what it was made of."""
    joined: dict[int, set[int]] = {}
    for number, it in feed.items():
        shown = it.state not in NEVER_SHOWN
        own = parents[number] | set().union(*(joined[parent] for parent in parents[number]))
        joined[number] = own if shown else set()
    return joined


async def fill(store: Store, feed: list[Made]) -> None:
    async with store.work() as work:
        work.db.add_all(Member(id=it, name=f"m{it}", created_at=NOW) for it in MEMBERS)
        work.db.add_all(
            Room(id=it, platform="discord", external_id=str(it), created_at=NOW) for it in ROOMS
        )
        await work.db.flush()
        work.db.add_all(
            Creation(
                id=number,
                author_id=it.author,
                state=it.state,
                title=f"Rain {number}",
                visibility=it.visibility,
                room_id=it.room,
                content_hash="",
                created_at=NOW,
                published_at=None if it.state in NEVER_SHOWN else NOW + timedelta(minutes=number),
            )
            for number, it in enumerate(feed, start=1)
        )
        await work.db.flush()
        work.db.add_all(
            Edge(child_id=number, parent_id=number - back)
            for number, it in enumerate(feed, start=1)
            for back in it.parents
            if number > back
        )
