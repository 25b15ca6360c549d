"""Search and completion in a large feed: functions for a database that others filled.

`python -m benchmarks.feed_search FILE` measures in a SQLite database; vectors are seeded and mean
nothing, the embedder is measured apart. One JSON line for each figure.
"""

import asyncio
import json
import random
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import numpy as np
from sqlalchemy import func
from sqlmodel import col, select

from feed_core.bus import Bus
from feed_core.clock import SystemClock
from feed_core.models.creations import Creation
from feed_core.models.members import Member
from feed_core.models.tags import CreationTag
from feed_core.services import makers, searching, suggesting, tagging
from feed_core.services.nearest import Floats
from feed_core.services.sight import Reader
from feed_core.services.terms import terms
from feed_core.store import Store, View
from memory.matrix import Matrix

QUERIES = 1_000
TYPED = 300
ASKED = 100
DIMENSION = 384
KINDS = 2_000  # directions that the vectors gather around
PIECE = 50_000
READER = Reader(1)

Ask = Callable[[View, str], Awaitable[object]]


def tell(figure: str, value: float, unit: str, limit: float | None = None) -> None:
    """Print one figure."""
    line = {"benchmark": "feed", "figure": figure, "value": round(value, 2), "unit": unit}
    if limit is not None:
        line |= {"limit": limit, "met": value <= limit}
    print(json.dumps(line), flush=True)


def tell_times(figure: str, took: tuple[Sequence[float], float], limit: float) -> None:
    """Print the middle and the 95th percentile of times in milliseconds, and the mean of CPU."""
    times, cpu = took
    tell(f"{figure}, p50", float(np.percentile(times, 50)), "ms")
    tell(f"{figure}, p95", float(np.percentile(times, 95)), "ms", limit)
    tell(f"{figure}, CPU", cpu, "ms")


async def measure(store: Store, folder: Path) -> None:
    """All figures; `folder` is for the vectors."""
    titles = await some_titles(store)
    await words(store, titles)
    await completion(store, titles)
    await meaning(store, folder, titles)


async def some_titles(store: Store) -> list[str]:
    """Titles of creations drawn at random, so that a word comes as often as it is said."""
    rng = random.Random(7)
    async with store.read() as view:
        last = (await view.db.exec(select(func.max(Creation.id)))).one() or 0
        ids = [rng.randint(1, last) for _ in range(QUERIES)]
        found: list[str] = []
        for at in range(0, QUERIES, 500):
            wanted = select(Creation.title).where(col(Creation.id).in_(ids[at : at + 500]))
            found += [it for it in await view.db.exec(wanted) if terms(it)]
    return found


async def words(store: Store, titles: Sequence[str]) -> None:
    """Searches by one or two words of a title, as a member does them, without meaning."""

    async def ask(view: View, asked: str) -> object:
        return await searching.search(view, reader=READER, words=asked)

    rng = random.Random(8)
    asked = []
    for _ in range(QUERIES):
        said = terms(rng.choice(titles))
        asked.append(" ".join(rng.sample(said, min(len(said), rng.choice((1, 2))))))
    tell_times("word search", await _timed(store, asked, ask), 50)


async def completion(store: Store, titles: Sequence[str]) -> None:
    """Half-typed titles, numbers, makers and tags."""
    rng = random.Random(9)
    async with store.read() as view:
        names = list(await view.db.exec(select(Member.name).limit(5_000)))
        tags = list(await view.db.exec(select(CreationTag.tag).limit(5_000)))
        last = (await view.db.exec(select(func.max(Creation.id)))).one() or 0

    async def titled(view: View, typed: str) -> object:
        return await suggesting.suggestions(view, reader=READER, typed=typed, limit=25)

    async def made(view: View, typed: str) -> object:
        return await makers.suggestions(view, reader=READER, typed=typed, limit=25)

    async def tagged(view: View, typed: str) -> object:
        return await tagging.suggestions(view, reader=READER, typed=typed, limit=25)

    numbers = [str(rng.randint(1, last)) for _ in range(TYPED)]
    for figure, whole, ask in (
        ("half a title", titles, titled),
        ("half a number", numbers, titled),
        ("half a maker's name", names, made),
        ("half a tag", tags, tagged),
    ):
        if whole:
            typed = [_half(rng.choice(whole), rng) for _ in range(TYPED)]
            tell_times(f"completing {figure}", await _timed(store, typed, ask), 20)


async def meaning(store: Store, folder: Path, titles: Sequence[str]) -> None:
    """The nearest of all by meaning, and a search of words and meaning together."""
    async with store.read() as view:
        last = (await view.db.exec(select(func.max(Creation.id)))).one() or 0
    rng = np.random.default_rng(10)
    kinds = _unit(rng.standard_normal((KINDS, DIMENSION), dtype=np.float32))
    matrix = Matrix(folder / "vectors", embedder="synthetic", dimension=DIMENSION)
    matrix.open()
    began = time.perf_counter()
    for first in range(1, last + 1, PIECE):
        numbers = range(first, min(first + PIECE, last + 1))
        noise = _unit(rng.standard_normal((len(numbers), DIMENSION), dtype=np.float32))
        rows = _unit(kinds[rng.integers(KINDS, size=len(numbers))] + noise)
        matrix.put(numbers, rows, [1] * len(numbers))
    tell("vectors written", last / (time.perf_counter() - began), "per second")
    asked = [kinds[it] for it in rng.integers(KINDS, size=ASKED)]
    near, cpu, found = [], [], []
    for vector in [asked[0], *asked]:  # the first warms up
        began, worked = time.perf_counter(), time.thread_time()
        found.append(list(matrix.near(vector, 100)))
        near.append((time.perf_counter() - began) * 1000)
        cpu.append((time.thread_time() - worked) * 1000)
    tell("nearest by meaning, p50", float(np.percentile(near[1:], 50)), "ms")
    tell("nearest by meaning, p95", float(np.percentile(near[1:], 95)), "ms")
    tell("nearest by meaning, CPU", float(np.median(cpu[1:])), "ms")
    both = []
    for vector, words_ in zip(asked, titles, strict=False):
        began = time.perf_counter()
        ids = list(await asyncio.to_thread(matrix.near, vector, 100))
        async with store.read() as view:
            await searching.search(view, reader=READER, words=words_, near=ids)
        both.append((time.perf_counter() - began) * 1000)
    tell("search by words and meaning, p50", float(np.percentile(both, 50)), "ms")
    tell("search by words and meaning, p95", float(np.percentile(both, 95)), "ms")
    tell("recall of the true ten nearest", _recall(matrix, asked[:10], last), "of 1")
    tell("anonymous memory of search", _anonymous_mb(), "MB", 1_200)
    matrix.close()


def _recall(matrix: Matrix, asked: Sequence[Floats], last: int) -> float:
    """How many of the ten nearest by comparing everything are found."""
    best: list[list[tuple[float, int]]] = [[] for _ in asked]
    for first in range(1, last + 1, PIECE):
        numbers = np.arange(first, min(first + PIECE, last + 1), dtype=np.int64)
        scores = matrix.rows(numbers) @ np.stack(asked).T
        for it, column in zip(best, scores.T, strict=True):
            top = np.argsort(-column)[:10]
            it += [(float(column[place]), int(numbers[place])) for place in top]
    hits = 0
    for vector, it in zip(asked, best, strict=True):
        true = {number for _, number in sorted(it, reverse=True)[:10]}
        hits += len(true & set(matrix.near(vector, 10)))
    return hits / (10 * len(asked))


async def _timed(store: Store, asked: Sequence[str], ask: Ask) -> tuple[Sequence[float], float]:
    """How long each takes in milliseconds, after a few that warm up, and its CPU on average."""
    times = []
    async with store.read() as view:
        for it in asked[:20]:
            await ask(view, it)
    worked = time.process_time()
    for it in asked:
        began = time.perf_counter()
        async with store.read() as view:
            await ask(view, it)
        times.append((time.perf_counter() - began) * 1000)
    return times, (time.process_time() - worked) * 1000 / len(asked)


def _half(whole: str, rng: random.Random) -> str:
    return whole[: rng.randint(1, max(1, min(6, len(whole))))]


def _unit(rows: Floats) -> Floats:
    unit: Floats = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return unit


def _anonymous_mb() -> float:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("RssAnon:"):
            return int(line.split()[1]) / 1024
    raise LookupError("RssAnon")


async def main(file: Path) -> None:
    store = Store(file, SystemClock(), Bus())
    try:
        with tempfile.TemporaryDirectory(prefix="jamfeed-vectors-") as folder:
            await measure(store, Path(folder))
    finally:
        await store.close()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
