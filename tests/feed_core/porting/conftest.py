"""A feed with something of everything in it, and an empty one beside it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from feed_core.bus import Bus
from feed_core.media import MediaShelf
from feed_core.porting import exporting
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
    return feed_kinds([memories()])


@pytest.fixture
async def feed(
    tmp_path: Path, clock: FixedClock, bus: Bus, kinds: list[Kind]
) -> AsyncIterator[Feed]:
    """Twenty rows of every kind."""
    async for it in _open(tmp_path / "full", clock, bus):
        await furnish(it.store, it.shelf, kinds)
        yield it


@pytest.fixture
async def empty(tmp_path: Path, clock: FixedClock, bus: Bus) -> AsyncIterator[Feed]:
    async for it in _open(tmp_path / "empty", clock, bus):
        yield it


@pytest.fixture
async def exported(feed: Feed, kinds: list[Kind], tmp_path: Path) -> tuple[Path, Manifest]:
    """The full feed, exported: the folder and its manifest."""
    folder = tmp_path / "out"
    return folder, await exporting.export(feed.store, feed.shelf, folder, kinds, silent)


def silent(_: Step) -> None:
    """Shows no progress."""


async def _open(folder: Path, clock: FixedClock, bus: Bus) -> AsyncIterator[Feed]:
    folder.mkdir()
    store = opened(folder, clock, bus)
    yield Feed(store, MediaShelf(folder / "media"), folder)
    await store.close()
