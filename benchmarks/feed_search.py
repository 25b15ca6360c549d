"""Search and completion in a large feed, in a database that others filled.

Vectors are seeded and mean nothing; the embedder is measured apart.
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import numpy as np
from sqlalchemy import func
from sqlmodel import col, select

from benchmarks.figures import Figures
from feed_core.models.creations import Creation
from feed_core.models.members import Member
from feed_core.models.tags import CreationTag
from feed_core.services import makers, searching, tagging, timeline
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


async def measure(store: Store, folder: Path, figures: Figures) -> None:
    """All figures; `folder` is for the vectors, which are made where it has none yet."""
    titles = await some_titles(store)
    await words(store, titles, figures)
    await completion(store, titles, figures)
    await meaning(store, folder, titles, figures)


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


async def words(store: Store, titles: Sequence[str], figures: Figures) -> None:
    """Searches by one or two words of a title, as a member does them, without meaning."""

    async def ask(view: View, asked: str) -> object:
        return await searching.search(view, reader=READER, words=asked)

    rng = random.Random(8)
    asked = []
    for _ in range(QUERIES):
        said = terms(rng.choice(titles))
        asked.append(" ".join(rng.sample(said, min(len(said), rng.choice((1, 2))))))
    took, cpu = await _timed(store, asked, ask)
    figures.times("word search", took, limit=50, cpu=cpu)


async def completion(store: Store, titles: Sequence[str], figures: Figures) -> None:
    """Half-typed titles, numbers, makers and tags."""
    rng = random.Random(9)
    async with store.read() as view:
        names = list(await view.db.exec(select(Member.name).limit(5_000)))
        tags = list(await view.db.exec(select(CreationTag.tag).limit(5_000)))
        last = (await view.db.exec(select(func.max(Creation.id)))).one() or 0

    async def titled(view: View, typed: str) -> object:
        return await timeline.suggestions(view, reader=READER, typed=typed, limit=25)

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
            took, cpu = await _timed(store, typed, ask)
            figures.times(f"completing {figure}", took, limit=20, cpu=cpu)


async def meaning(store: Store, folder: Path, titles: Sequence[str], figures: Figures) -> None:
    """The nearest of all by meaning, and a search of words and meaning together."""
    async with store.read() as view:
        last = (await view.db.exec(select(func.max(Creation.id)))).one() or 0
    rng = np.random.default_rng(10)
    kinds = _unit(rng.standard_normal((KINDS, DIMENSION), dtype=np.float32))
    matrix = Matrix(folder / "vectors", embedder="synthetic", dimension=DIMENSION)
    matrix.open()
    if not len(matrix.stamps()):
        began = time.perf_counter()
        _write(matrix, kinds, last)
        figures.tell("vectors written", last / (time.perf_counter() - began), "per second")
    asked = [kinds[it] for it in rng.integers(KINDS, size=ASKED)]
    near, both = [], []
    worked = 0.0
    for vector in [asked[0], *asked]:  # the first warms up
        began, worked_before = time.perf_counter(), time.thread_time()
        matrix.near(vector, 100)
        near.append((time.perf_counter() - began) * 1000)
        worked += (time.thread_time() - worked_before) * 1000
    figures.times("nearest by meaning", near[1:], cpu=worked / len(near))
    for vector, words_ in zip(asked, titles, strict=False):
        began = time.perf_counter()
        ids = list(await asyncio.to_thread(matrix.near, vector, 100))
        async with store.read() as view:
            await searching.search(view, reader=READER, words=words_, near=ids)
        both.append((time.perf_counter() - began) * 1000)
    figures.times("search by words and meaning", both)
    figures.tell("recall of the true ten nearest", _recall(matrix, asked[:10], last), "of 1")
    matrix.close()


def _write(matrix: Matrix, kinds: Floats, last: int) -> None:
    """A vector for each creation, near one of the kinds."""
    rng = np.random.default_rng(11)
    for first in range(1, last + 1, PIECE):
        numbers = range(first, min(first + PIECE, last + 1))
        noise = _unit(rng.standard_normal((len(numbers), DIMENSION), dtype=np.float32))
        rows = _unit(kinds[rng.integers(KINDS, size=len(numbers))] + noise)
        matrix.put(numbers, rows, [1] * len(numbers))


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
