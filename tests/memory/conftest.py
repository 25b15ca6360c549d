from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from feed_core.bus import Bus
from feed_core.clock import SystemClock
from feed_core.database import Place
from feed_core.models.members import Member
from feed_core.store import Store
from memory.embedding import Embedder
from memory.index import Index
from memory.remembering import Memories

MakeMember = Callable[[], Awaitable[int]]


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    made = Embedder()
    made.load()
    return made


@pytest.fixture
async def store(place: Place) -> AsyncIterator[Store]:
    opened = Store(place, SystemClock(), Bus())
    yield opened
    await opened.close()


@pytest.fixture
async def index(tmp_path: Path, embedder: Embedder) -> AsyncIterator[Index]:
    made = Index(tmp_path / "index", embedder=embedder.name, dimension=embedder.dimension)
    yield made
    await made.close()


@pytest.fixture
def memories(store: Store, index: Index, embedder: Embedder) -> Memories:
    return Memories(store, index, embedder)


@pytest.fixture
def join(store: Store) -> MakeMember:
    """Makes a member and returns their id."""

    async def make() -> int:
        async with store.work() as work:
            member = Member(name="somebody", created_at=work.now)
            work.db.add(member)
            await work.db.flush()
            assert member.id is not None
            return member.id

    return make
