"""Publishing into a large feed by several at once, through the gate with its rules."""

import asyncio
import time
from collections import Counter
from collections.abc import Sequence

import numpy as np

from agents.policy import Moderation, gate
from benchmarks.figures import Figures
from benchmarks.town import Size, found, texts
from feed_core import worker
from feed_core.errors import JamfeedError
from feed_core.services import publishing
from feed_core.services.gate import Check, Content
from feed_core.services.pieces import Piece
from feed_core.states import Taken
from feed_core.store import Store

TASKS = 8
PUBLISHED = 2_000
JUDGED = 500
REMIXES = 0.3  # of them are made of something


async def publishes(store: Store, size: Size, figures: Figures) -> None:
    """As the act does it: stored, checked outside any transaction, let out."""
    pieces = _pieces(size)
    check = gate(Moderation(), store)
    ends: Counter[str] = Counter()
    took: list[float] = []

    async def work(mine: Sequence[tuple[int, Piece]]) -> None:
        for author_id, piece in mine:
            began = time.perf_counter()
            try:
                async with store.work() as work:
                    content = await publishing.begin(work, author_id=author_id, piece=piece)
                number = content.creation_id
                assert number is not None
                creation = await worker.check(store, check, number, content=content)
                ends[creation.state] += 1
            except JamfeedError as error:
                ends[error.code] += 1
            took.append((time.perf_counter() - began) * 1000)

    await work(pieces[: TASKS * 4])  # the first ones warm up
    ends.clear()
    took.clear()
    began, cpu = time.perf_counter(), time.process_time()
    async with asyncio.TaskGroup() as tasks:
        for task in range(TASKS):
            tasks.create_task(work(pieces[TASKS * 4 + task :: TASKS]))
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    done = ends.pop("published", 0)
    figures.tell(f"published by {TASKS} at once", done / seconds, "per second", least=150)
    figures.times(f"one of {TASKS} publishing at once", took, cpu=cpu * 1000 / len(took))
    figures.tell("publishing that failed", ends.pop("unavailable", 0), "of all", limit=0)
    figures.tell("stopped by the gate", sum(ends.values()), "of all")
    await rules(check, pieces[:JUDGED], figures)


async def rules(check: Check, pieces: Sequence[tuple[int, Piece]], figures: Figures) -> None:
    """What the gate's rules take for one creation, one after the other, what they ask included."""
    took = []
    worked = time.process_time()
    for author_id, piece in pieces:
        began = time.perf_counter()
        await check.decide(
            Content(
                author_id=author_id,
                title=piece.title,
                body=piece.body,
                media_hash=None,
                content_hash=piece.content_hash,
                tags=piece.tags,
            )
        )
        took.append((time.perf_counter() - began) * 1000)
    worked = time.process_time() - worked
    figures.times("rules of the gate, one creation", took, cpu=worked * 1000 / len(took))


def _pieces(size: Size) -> list[tuple[int, Piece]]:
    """Who publishes what: nobody so often that it is too much at once."""
    count = TASKS * 4 + min(PUBLISHED, 2 * size.members)
    rng = np.random.default_rng(12)
    authors = 1 + np.resize(rng.permutation(size.members), count)
    said = [it for piece in texts(found(Size(10, count)), seed=13) for it in piece]
    made: list[tuple[int, Piece]] = []
    for author_id, (title, body, tags) in zip(authors.tolist(), said, strict=True):
        remix = rng.random() < REMIXES
        source = size.creations - int(rng.integers(min(1_000, size.creations)))
        sources = {source: Taken.TEXT} if remix else {}
        made.append((author_id, Piece(title, body, tags=tags, sources=sources)))
    return made
