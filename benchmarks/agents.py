"""What an agent adds to a model's time, how fast it recalls, and what its embedder does.

`python -m benchmarks.agents` keeps 100 memories of each of 1,000 members, with `--full` of 10,000;
their vectors are seeded and synthetic. The model's server answers at once, in a process of its own.
"""

import argparse
import asyncio
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from sqlalchemy import insert
from sqlmodel import col, select

from agents.answer import Call
from agents.turn import Place
from benchmarks.figures import Figures, anonymous_mb
from benchmarks.first import QUESTIONS, bare
from bridges.app import open_app
from bridges.protocol import Incoming, Part, Sender
from bridges.settings import Settings
from feed_core.bus import Bus
from feed_core.clock import SystemClock
from feed_core.migrating import migrate
from feed_core.models.members import Member
from feed_core.models.memories import Memory
from feed_core.store import Store
from memory.embedding import Embedder
from memory.index import Entry, Index
from memory.remembering import Memories

SERVER = """
import asyncio
from tests.fakes.openai import FakeOpenAI

async def main():
    async with FakeOpenAI().serving() as url:
        print(url, flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""
WARM_UP = 12
ACTS = 100
OWN, EACH, MEMBERS, ALL_MEMBERS = 1_000, 100, 1_000, 10_000
ASKED = 200
SHORT_TEXTS = 2_000
DIMENSION = 384
ROOT = Path(__file__).parent.parent
THINGS = [
    *("the kiln", "a haiku", "my sister Mio", "Lisbon", "the harbour", "oolong tea", "a red bike"),
    *("the choir", "rain", "a lino block", "peanuts", "the night train", "beekeeping", "chess"),
]
SAID = ["I love {}", "I dreamt of {}", "nothing calms me like {}", "I gave up {} in spring"]


@dataclass(slots=True)
class Way:
    """The way back to one message, which goes nowhere."""

    async def stream(self, text: str) -> None:
        """Words so far."""

    async def show(self, part: Part) -> None:
        """A part of the answer."""


@asynccontextmanager
async def model() -> AsyncIterator[str]:
    """The URL of a model's server."""
    server = await asyncio.create_subprocess_exec(
        sys.executable, "-c", SERVER, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    try:
        assert server.stdout is not None
        yield (await server.stdout.readline()).decode().strip()
    finally:
        server.terminate()
        await server.wait()


async def turns(folder: Path, figures: Figures) -> None:
    """A member with a thousand memories talks, and names acts."""
    async with model() as url:
        os.environ |= {"OPENAI_API_KEY": "none", "OPENAI_BASE_URL": f"{url}/v1"}
        async with open_app(Settings(home=folder)) as app:
            await app.parts.memories.warm()
            await app.talk.warm()
            lines = iter(range(1_000_000))

            async def said(text: str, call: Call | None = None) -> None:
                place = Place("terminal", "ana", private=True)
                number = str(next(lines))
                await app.inbox.receive(
                    Incoming(number, Sender("ana", "Ana"), place, text=text, call=call), Way()
                )

            await said("", Call("create", {"words": "Rain: all night the same song"}))
            async with app.store.read() as view:
                owner_id = (await view.db.exec(select(col(Member.id)))).one() or 0
            await _write(app.store, [owner_id], OWN, indexed=False)
            await app.parts.memories.warm()
            for line in QUESTIONS[:WARM_UP]:
                await said(line)
            before = await bare(url)
            taken = [await _timed(said(line)) for line in QUESTIONS[WARM_UP:]]
            alone = (before + await bare(url)) / 2
            figures.tell("the same call by bare langchain-openai, p50", alone, "ms")
            added = np.array(taken) - alone
            figures.tell("a turn adds, p50", float(np.percentile(added, 50)), "ms", limit=22)
            figures.tell("a turn adds, p95", float(np.percentile(added, 95)), "ms", limit=45)
            for _ in range(WARM_UP):
                await said("", Call("show", {"creation": "1"}))
            acts = [await _timed(said("", Call("show", {"creation": "1"}))) for _ in range(ACTS)]
            figures.tell("a named act, p50", float(np.percentile(acts, 50)), "ms", limit=12)
            figures.tell("a named act, p95", float(np.percentile(acts, 95)), "ms", limit=25)


async def recall(folder: Path, figures: Figures, members: int) -> None:
    """Members with a hundred memories each ask about what they know."""
    place = folder / "jamfeed.db"
    migrate(place, now=datetime.now(UTC))
    store = Store(place, SystemClock(), Bus())
    embedder = Embedder()
    index = Index(folder / "chroma", embedder=embedder.name, dimension=embedder.dimension)
    memories = Memories(store, index, embedder)
    try:
        owners = list(range(1, members + 1))
        async with store.work() as work:
            now = work.now
            rows = [{"name": f"M{it}", "skeleton": f"m{it}", "created_at": now} for it in owners]
            await work.db.exec(insert(Member), params=rows)
        await _write(store, owners, EACH, indexed=True)
        await _index(index, owners)
        rng = np.random.default_rng(5)
        taken = []
        for number in range(WARM_UP + ASKED):
            query = f"what about {THINGS[number % len(THINGS)]}?"
            embedder.query_vector(query)  # once a turn, shared with the router: not counted here
            owner_id = int(rng.integers(1, members + 1))
            took = await _timed(memories.recall(owner_id, query))
            if number >= WARM_UP:
                taken.append(took)
        figures.tell("memories", members * EACH, "")
        figures.tell("recall, p50", float(np.percentile(taken, 50)), "ms", limit=12)
        figures.tell("recall, p95", float(np.percentile(taken, 95)), "ms", limit=25)
        figures.tell("anonymous memory", anonymous_mb(), "MB", limit=2.2 * 1024)
    finally:
        await index.close()
        await store.close()


async def _write(store: Store, owners: Sequence[int], each: int, *, indexed: bool) -> None:
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
    for place, owner_id in enumerate(owners):
        vectors = rng.standard_normal((EACH, DIMENSION)).astype(np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        first = place * EACH + 1
        await index.put([Entry(first + it, owner_id, vectors[it]) for it in range(EACH)])


async def _timed(doing: Awaitable[object]) -> float:
    """Milliseconds."""
    began = time.perf_counter()
    await doing
    return (time.perf_counter() - began) * 1000


def embedding(figures: Figures) -> None:
    """Short texts, as people type them."""
    embedder = Embedder()
    embedder.load()
    texts = [
        f"{pattern.format(thing)}, number {number}"
        for number, (pattern, thing) in enumerate(
            [(SAID[it % len(SAID)], THINGS[it % len(THINGS)]) for it in range(SHORT_TEXTS)]
        )
    ]
    embedder.vectors(texts[:64])
    began = time.process_time()
    embedder.vectors(texts)
    took = time.process_time() - began
    figures.tell("short texts embedded a CPU second", len(texts) / took, "", least=350)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--full", action="store_true", help="a million memories")
    asked.add_argument("--folder", type=Path, help="where the files go; else a temporary one")
    options = asked.parse_args()
    figures = Figures("agents")
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        embedding(figures)
        members = ALL_MEMBERS if options.full else MEMBERS
        (Path(folder) / "recall").mkdir()
        asyncio.run(recall(Path(folder) / "recall", figures, members))
        asyncio.run(turns(Path(folder) / "turns", figures))


if __name__ == "__main__":
    main()
