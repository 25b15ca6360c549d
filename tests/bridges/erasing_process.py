"""A process that erases a member and stops forever in the middle of it."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from agents.own_data import OwnData
from bridges.durable.jobs import Kind
from bridges.durable.work import Durable
from feed_core.bus import Bus
from feed_core.clock import SystemClock
from feed_core.events import CreationWithdrawn, Event
from feed_core.media import MediaShelf
from feed_core.store import Store
from memory.embedding import Embedder
from memory.index import Index
from memory.remembering import Memories
from tests.fakes.community import opened

DONE = 3  # creations taken back before it stops


def joined(folder: Path, bus: Bus) -> tuple[Store, Memories, Durable]:
    """Who erases members in this folder, and what makes it last."""
    store = opened(folder, SystemClock(), bus)
    embedder = Embedder()
    index = Index(folder / "chroma", embedder=embedder.name, dimension=embedder.dimension)
    memories = Memories(store, index, embedder)
    own = OwnData(store, MediaShelf(folder / "media"), memories)
    durable = Durable(folder / "durable.db", {Kind.ERASE: own.erase}, models=False)
    return store, memories, durable


async def go(folder: Path) -> None:
    bus = Bus()
    taken_back = 0

    async def hear(event: Event) -> None:
        nonlocal taken_back
        if isinstance(event, CreationWithdrawn):
            taken_back += 1
            if taken_back == DONE:
                print("erasing", flush=True)
                await asyncio.Event().wait()

    bus.subscribe(hear)
    _, _, durable = joined(folder, bus)
    await durable.launch()
    await durable.see_done(Kind.ERASE, 1)


def main(arguments: Sequence[str]) -> None:
    """Arguments: the folder."""
    asyncio.run(go(Path(arguments[0])))
