"""How fast an agent recalls what many members told it, from a folder and from a Chroma server.

Vectors are seeded and synthetic, a hundred for each member.
"""

import asyncio
import multiprocessing
import time
from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from sqlalchemy import insert

from benchmarks.figures import Figures, anonymous_mb
from feed_core.bus import Bus
from feed_core.clock import SystemClock
from feed_core.migrating import migrate
from feed_core.models.members import Member
from feed_core.models.memories import Memory
from feed_core.store import Store
from memory.embedding import Embedder
from memory.index import AT_ONCE, Entry, Index
from memory.remembering import Memories
from memory.sharding import SHARD_MEMBERS
from tests.chroma import free_port, serving

EACH, ASKED, ROUNDS = 100, 200, 3
DIMENSION = Embedder.dimension
THINGS = [
    *("the kiln", "a haiku", "my sister Mio", "Lisbon", "the harbour", "oolong tea", "a red bike"),
    *("the choir", "rain", "a lino block", "peanuts", "the night train", "beekeeping", "chess"),
]
SAID = ["I love {}", "I dreamt of {}", "nothing calms me like {}", "I gave up {} in spring"]


@dataclass(frozen=True, slots=True)
class Ready:
    """What members ask."""

    memories: Memories
    index: Index
    store: Store
    embedder: Embedder


async def recall(folder: Path, figures: Figures, members: int) -> None:
    """Members with a hundred memories each ask about what they know, after a start."""
    written = multiprocessing.get_context("spawn").Process(
        target=_fill_apart, args=(folder, folder / "chroma", members)
    )
    written.start()  # what writing leaves behind in the heap is not what recall needs
    await asyncio.to_thread(written.join)
    if written.exitcode:
        raise RuntimeError(f"filling ended with {written.exitcode}")
    async with _opened(folder, folder / "chroma") as ready:
        taken = await _asking(ready, members)
        figures.tell("memories", members * EACH, "")
        figures.tell("recall, p50", float(np.percentile(taken, 50)), "ms", limit=12)
        figures.tell("recall, p95", float(np.percentile(taken, 95)), "ms", limit=25)
        figures.tell("anonymous memory", anonymous_mb(), "MB", limit=2.2 * 1024)


async def at_server(folder: Path, members: int) -> None:
    """The same members ask a folder and a server in turns, so that other load hits both alike."""
    (folder / "near").mkdir()
    (folder / "far").mkdir()
    figures = Figures("agents-server")
    with serving(folder / "server", free_port()) as url:
        places: list[tuple[Path, Path | str]] = [
            (folder / "near", folder / "near" / "chroma"),
            (folder / "far", url),
        ]
        for place, vectors in places:
            await _fill(place, vectors, members)
        async with _opened(*places[0]) as near, _opened(*places[1]) as far:
            taken: dict[str, list[float]] = {"a folder": [], "a server": []}
            for seed in range(ROUNDS):
                taken["a folder"] += await _asking(near, members, seed)
                taken["a server"] += await _asking(far, members, seed)
    figures.tell("memories", members * EACH, "")
    for part in (50, 95):
        times = {name: float(np.percentile(it, part)) for name, it in taken.items()}
        for name, value in times.items():
            figures.tell(f"recall from {name}, p{part}", value, "ms")
        ratio = times["a server"] / times["a folder"]
        figures.tell(f"a server against a folder, p{part}", ratio, "times", limit=3)


def _fill_apart(folder: Path, vectors: Path, members: int) -> None:
    asyncio.run(_fill(folder, vectors, members))


async def _fill(folder: Path, vectors: Path | str, members: int) -> None:
    """So many members with a hundred memories each; their rows in the folder."""
    migrate(folder / "jamfeed.db", now=datetime.now(UTC))
    async with _opened(folder, vectors) as ready:
        owners = list(range(1, members + 1))
        async with ready.store.work() as work:
            now = work.now
            rows = [{"name": f"M{it}", "skeleton": f"m{it}", "created_at": now} for it in owners]
            await work.db.exec(insert(Member), params=rows)
        await write(ready.store, owners, EACH, indexed=True)
        await _index(ready.index, owners)


@asynccontextmanager
async def _opened(folder: Path, vectors: Path | str) -> AsyncIterator[Ready]:
    store = Store(folder / "jamfeed.db", SystemClock(), Bus())
    embedder = Embedder()
    index = Index(vectors, embedder=embedder.name, dimension=embedder.dimension)
    try:
        yield Ready(Memories(store, index, embedder), index, store, embedder)
    finally:
        await index.close()
        await store.close()


async def _asking(ready: Ready, members: int, seed: int = 5) -> list[float]:
    """Milliseconds of each of 200 questions to members drawn anew, after one in each shard."""
    rng = np.random.default_rng(seed)
    first = list(range(1, members + 1, SHARD_MEMBERS))
    taken = []
    for number, owner_id in enumerate([*first, *rng.integers(1, members + 1, ASKED).tolist()]):
        query = f"what about {THINGS[number % len(THINGS)]}?"
        ready.embedder.query_vector(query)  # once a turn, shared with the router: not counted
        took = await timed(ready.memories.recall(owner_id, query))
        if number >= len(first):
            taken.append(took)
    return taken


async def write(store: Store, owners: Sequence[int], each: int, *, indexed: bool) -> None:
    """Rows of so many memories for each of these members."""
    texts = [pattern.format(it) for it in THINGS for pattern in SAID]
    for owner_id in owners:
        async with store.work() as work:
            await work.db.exec(
                insert(Memory),
                params=[
                    {
                        "owner_id": owner_id,
                        "number": number,
                        "text": f"{texts[number % len(texts)]}, {number} times",
                        "source": "benchmark",
                        "indexed": indexed,
                        "created_at": work.now,
                    }
                    for number in range(1, each + 1)
                ],
            )


async def _index(index: Index, owners: Sequence[int]) -> None:
    """A seeded unit vector for each memory; ids follow the order of the rows."""
    rng = np.random.default_rng(7)
    for start in range(0, len(owners), AT_ONCE // EACH):
        some = owners[start : start + AT_ONCE // EACH]
        vectors = rng.standard_normal((len(some) * EACH, DIMENSION)).astype(np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        first = start * EACH + 1
        await index.put(
            [Entry(first + it, some[it // EACH], row) for it, row in enumerate(vectors)]
        )


async def timed(doing: Awaitable[object]) -> float:
    """Milliseconds."""
    began = time.perf_counter()
    await doing
    return (time.perf_counter() - began) * 1000
