"""A feed with something of everything in it, and an empty one beside it."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from feed_core.bus import Bus
from feed_core.media import MediaShelf
from feed_core.porting import exporting, layout
from feed_core.porting.carried import feed_kinds
from feed_core.porting.kinds import Kind
from feed_core.porting.layout import Manifest
from feed_core.porting.progress import Step
from feed_core.store import Store
from memory.porting import memories
from tests.fakes.clock import FixedClock
from tests.fakes.community import opened
from tests.fakes.feed_rows import furnish


@dataclass(frozen=True)
class Feed:
    """A database and its media."""

    store: Store
    shelf: MediaShelf
    folder: Path


@pytest.fixture
def kinds() -> list[Kind]:
    return feed_kinds(memories())


@pytest.fixture(scope="session")
def full(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twenty rows of every kind and their media, to be copied."""
    folder = tmp_path_factory.mktemp("full")

    async def fill() -> None:
        store = opened(folder, FixedClock(datetime(2026, 3, 14, 12, tzinfo=UTC)), Bus())
        await furnish(store, MediaShelf(folder / "media"), feed_kinds(memories()))
        await store.close()

    asyncio.run(fill())
    return folder


@pytest.fixture
async def feed(tmp_path: Path, clock: FixedClock, bus: Bus, full: Path) -> AsyncIterator[Feed]:
    """Twenty rows of every kind."""
    folder = tmp_path / "full"
    shutil.copytree(full, folder)
    store = opened(folder, clock, bus)
    yield Feed(store, MediaShelf(folder / "media"), folder)
    await store.close()


@pytest.fixture
async def empty(store: Store, tmp_path: Path) -> Feed:
    """Nothing in it; in tests marked `anywhere` on PostgreSQL too."""
    return Feed(store, MediaShelf(tmp_path / "empty" / "media"), tmp_path / "empty")


@pytest.fixture(scope="session")
def written(full: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The full feed's export, to be copied."""
    folder = tmp_path_factory.mktemp("written") / "out"

    async def write() -> None:
        store = opened(full, FixedClock(datetime(2026, 3, 14, 12, tzinfo=UTC)), Bus())
        shelf, kinds = MediaShelf(full / "media"), feed_kinds(memories())
        await exporting.export(store, shelf, folder, kinds, silent)
        await store.close()

    asyncio.run(write())
    return folder


@pytest.fixture
def exported(written: Path, tmp_path: Path) -> tuple[Path, Manifest]:
    """The full feed, exported: the folder and its manifest."""
    folder = shutil.copytree(written, tmp_path / "out")
    return folder, layout.read_manifest(folder)


def silent(_: Step) -> None:
    """Shows no progress."""
