"""What an agent adds to a model's time, how fast it recalls, and what its embedder does.

`python -m benchmarks.agents` keeps 100 memories of each of 1,000 members, with `--full` of 10,000;
their vectors are seeded and synthetic. The model's server answers at once, in a process of its own.
With `--server` it only asks those members' memories in a folder and at a Chroma server on this
machine in turn, and tells how many times as long the server takes.
"""

import argparse
import asyncio
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sqlmodel import col, select

from agents.answer import Call
from agents.turn import Place
from benchmarks.figures import Figures
from benchmarks.first import QUESTIONS, bare
from benchmarks.recalling import SAID, THINGS, at_server, recall, timed, write
from bridges.app import open_app
from bridges.protocol import Incoming, Part, Sender
from bridges.settings import Settings
from feed_core.models.members import Member
from memory import heap
from memory.embedding import Embedder

SERVER = """
import asyncio
from tests.fakes.openai import FakeOpenAI

async def main():
    async with FakeOpenAI().serving() as url:
        print(url, flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""
WARM_UP, ACTS = 12, 100
OWN, MEMBERS, ALL_MEMBERS = 1_000, 1_000, 10_000
SHORT_TEXTS = 2_000
ROOT = Path(__file__).parent.parent


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
            await write(app.store, [owner_id], OWN, indexed=False)
            await app.parts.memories.warm()
            for line in QUESTIONS[:WARM_UP]:
                await said(line)
            before = await bare(url)
            taken = [await timed(said(line)) for line in QUESTIONS[WARM_UP:]]
            alone = (before + await bare(url)) / 2
            figures.tell("the same call by bare langchain-openai, p50", alone, "ms")
            added = np.array(taken) - alone
            figures.tell("a turn adds, p50", float(np.percentile(added, 50)), "ms", limit=22)
            figures.tell("a turn adds, p95", float(np.percentile(added, 95)), "ms", limit=45)
            for _ in range(WARM_UP):
                await said("", Call("show", {"creation": "1"}))
            acts = [await timed(said("", Call("show", {"creation": "1"}))) for _ in range(ACTS)]
            figures.tell("a named act, p50", float(np.percentile(acts, 50)), "ms", limit=12)
            figures.tell("a named act, p95", float(np.percentile(acts, 95)), "ms", limit=25)


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
    asked.add_argument("--server", action="store_true", help="a folder against a Chroma server")
    asked.add_argument("--members", type=int, help="with a hundred memories each; else 1,000")
    asked.add_argument("--folder", type=Path, help="where the files go; else a temporary one")
    options = asked.parse_args()
    figures = Figures("agents-full" if options.full else "agents")
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        members = options.members or (ALL_MEMBERS if options.full else MEMBERS)
        if options.server:
            asyncio.run(at_server(Path(folder), members))
            return
        heap.settle()  # as a start does
        (Path(folder) / "recall").mkdir()
        asyncio.run(recall(Path(folder) / "recall", figures, members))
        embedding(figures)
        asyncio.run(turns(Path(folder) / "turns", figures))


if __name__ == "__main__":
    main()
