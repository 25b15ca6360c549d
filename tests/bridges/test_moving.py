"""A feed moves from the data folder into PostgreSQL and a Chroma server, and is the same there."""

import asyncio
import hashlib
import shutil
import sqlite3
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text, update
from sqlmodel import select

from agents.wording import sentence
from bridges import porting
from bridges.folder import DATABASE, data_folder
from bridges.moving import move
from bridges.settings import Settings
from bridges.sharing import INDEX
from feed_core.bus import Bus
from feed_core.errors import JamfeedError
from feed_core.holding import AdvisoryLocks
from feed_core.media import MediaShelf
from feed_core.models.creations import Creation
from feed_core.models.ledger import Spending
from feed_core.models.members import Member
from feed_core.models.memories import Memory
from feed_core.models.porting import FeedImport
from feed_core.porting import importing
from feed_core.porting.carried import all_kinds
from feed_core.porting.progress import Doing, Step
from feed_core.services import searching
from feed_core.services.sight import Reader
from feed_core.store import Store
from memory.embedding import Embedder
from memory.index import Index
from memory.indexing import index_some
from memory.porting import whole_memories
from memory.shelf import Shelf
from tests.chroma import free_port, serving
from tests.fakes.clock import FixedClock
from tests.fakes.community import join, opened, publish
from tests.fakes.feed_rows import furnish
from tests.postgres import Postgres

LARGE = 2**53 + 1


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with something of everything: rows, words and vectors; to be copied."""
    folder = tmp_path_factory.mktemp("full")
    asyncio.run(fill(folder))
    return folder


@pytest.fixture
def home(full: Path, tmp_path: Path) -> Path:
    return shutil.copytree(full, tmp_path / "home")


async def fill(folder: Path) -> None:
    store = opened(folder, FixedClock(datetime(2026, 3, 14, 12, tzinfo=UTC)), Bus())
    await furnish(store, MediaShelf(folder / "media"), all_kinds(whole_memories()))
    async with store.work() as work:
        await work.db.exec(update(FeedImport).values(ended_at=work.now))
        await work.db.exec(update(Memory).values(indexed=False))
        await work.db.exec(update(Spending).values(micros=LARGE))
        made = await work.db.get_one(Creation, 3)
        made.title, made.steps = "a\x00b \\u0000", [{"by": "hu\x00man"}]
    ana, _ = await join(store, "Ana")
    await publish(store, ana, "Regen über Zürich")
    shelf = Shelf(store, indexed(folder / "chroma"), Embedder())
    while await index_some(shelf):
        pass
    await shelf.index.close()
    await store.close()


@pytest.fixture
async def goal(postgres: Postgres, clock: FixedClock) -> AsyncIterator[str]:
    """An empty database."""
    name = postgres.bare()
    yield postgres.url(name)
    postgres.drop(name)


def indexed(place: Path | str) -> Index:
    embedder = Embedder()
    return Index(place, embedder=embedder.name, dimension=embedder.dimension)


async def refusal(home: Path, goal: str) -> str:
    with pytest.raises(JamfeedError) as refused:
        await move(Settings(home=home), goal, None)
    return sentence(refused.value)


class Stopped(Exception):
    """As if the process had been killed here."""


def stopping(monkeypatch: pytest.MonkeyPatch, doing: Doing, what: str) -> None:
    """Break off where this is done for the first time."""
    real = porting._Lines.tell

    def tell(lines: porting._Lines, step: Step) -> None:
        real(lines, step)
        if (step.doing, step.what) == (doing, what):
            raise Stopped

    monkeypatch.setattr(porting._Lines, "tell", tell)


async def test_it_is_the_same_there_however_often_it_is_broken_off(
    home: Path,
    goal: str,
    clock: FixedClock,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("feed_core.porting.rows.AT_A_TIME", 7)
    before = hashlib.sha256((home / DATABASE).read_bytes()).digest()
    with serving(tmp_path / "vectors", free_port()) as chroma:
        for doing, what in (
            (Doing.ADD, "creation"),
            (Doing.COMPARE, "member"),
            (Doing.VECTORS, "memories"),
        ):
            with monkeypatch.context() as patched:
                stopping(patched, doing, what)
                with pytest.raises(Stopped):
                    await move(Settings(home=home), goal, chroma)
        capsys.readouterr()
        assert await move(Settings(home=home), goal, chroma) == 0
        index = indexed(chroma)
        vectors = sum((await index.census()).values())
        await index.close()

    told = " ".join(capsys.readouterr().out.split())
    assert "A move into this database was broken off; it goes on from there." in told
    assert f"{vectors} vectors of memories came to the Chroma server." in told
    assert "put JAMFEED_DATABASE_URL and JAMFEED_CHROMA_URL into .env" in told
    assert hashlib.sha256((home / DATABASE).read_bytes()).digest() == before
    store = Store(goal, clock, Bus())
    async with store.read() as view:
        await importing.require_none(view)
        made = await view.db.get_one(Creation, 3)
        assert (made.title, made.steps) == ("ab \\u0000", [{"by": "human"}])
        assert set(await view.db.exec(select(Spending.micros))) == {LARGE}
        assert len((await view.db.exec(select(Memory).where(Memory.indexed))).all()) == vectors > 0
        hits = await searching.search(view, reader=Reader(21), words="zurich")
        assert [it.id for it in hits.creations] == [21]
    assert await publish(store, 21, "Next") == 22
    await store.close()
    assert "moved there before" in await refusal(home, goal)


async def test_what_cannot_be_moved_is_told_and_nothing_is_changed(
    home: Path, goal: str, postgres: Postgres, clock: FixedClock, capsys: pytest.CaptureFixture[str]
) -> None:
    name = goal.partition("?")[0].rpartition("/")[2]
    assert "there is no feed in it" in await refusal(home / "nothing", goal)
    running = AdvisoryLocks(goal)
    await running.take(INDEX)
    assert "a Jamfeed works on" in await refusal(home, goal)
    await running.close()
    assert "JAMFEED_DATABASE_URL" in await refusal(home, "mysql://there/feed")
    with data_folder(home):
        assert "is working in" in await refusal(home, goal)
    with sqlite3.connect(home / DATABASE) as opened:
        opened.execute("UPDATE comment SET creation_id = 99 WHERE id = 5")
        opened.execute("UPDATE model_call SET tokens_out = 3000000000 WHERE id = 2")
    assert await move(Settings(home=home), goal, None) == 1
    told = capsys.readouterr().err
    assert "comment 5: there is no creation that it could refer to" in told
    assert "model_call 2, tokens_out: Input should be less than 2147483648" in told
    assert postgres.run("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'", name) == [
        (0,)
    ]
    with sqlite3.connect(home / DATABASE) as opened:
        opened.execute("UPDATE alembic_version SET version_num = '0001'")
    assert "another version" in await refusal(home, goal)


async def test_a_database_with_another_feed_or_half_of_an_older_one_is_left_alone(
    home: Path, goal: str, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        stopping(patched, Doing.ADD, "member")
        with pytest.raises(Stopped):
            await move(Settings(home=home), goal, None)
    store = opened(home, clock, Bus())
    await join(store, "Ben")
    await store.close()
    assert "the feed here was used since" in await refusal(home, goal)
    there = Store(goal, clock, Bus())
    async with there.work() as work:
        await work.db.exec(update(FeedImport).values(ended_at=work.now))
        await work.db.exec(update(Member).values(name="Somebody"))
    assert "holds another feed" in await refusal(home, goal)
    async with there.work() as work:
        assert set(await work.db.exec(select(Member.name))) == {"Somebody"}
        await (await work.core()).execute(text("UPDATE alembic_version SET version_num = '9'"))
    await there.close()
    assert "another version" in await refusal(home, goal)
