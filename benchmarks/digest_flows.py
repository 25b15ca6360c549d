"""Workflows a second on PostgreSQL, taken from the queue by one process or by two."""

import asyncio
import multiprocessing
import time
from contextlib import suppress
from multiprocessing.synchronize import Event

from benchmarks.figures import Figures, anonymous_mb
from bridges.durable.engine import SCHEMA
from bridges.durable.jobs import Kind
from bridges.durable.work import Durable
from feed_core.holding import AdvisoryLocks
from tests.postgres import Postgres

LEAST = {1: 400, 2: 650}  # a second, by the number of processes
AT_ONCE = 5_000  # put in together
LOOK = 0.1  # seconds
WAITING = f"SELECT count(*) FROM {SCHEMA}.workflow_status WHERE status IN ('ENQUEUED', 'PENDING')"
PROCESSES = multiprocessing.get_context("spawn")


def work(
    url: str, models: bool, ready: Event, stop: Event, memory: "multiprocessing.Queue[float]"
) -> None:
    """A process that takes work and does nothing; tells its memory after a tenth and at the end."""
    asyncio.run(_work(url, models, ready, stop, memory))


async def _work(
    url: str, models: bool, ready: Event, stop: Event, memory: "multiprocessing.Queue[float]"
) -> None:
    done = 0

    async def compose(number: int) -> None:
        nonlocal done
        done += 1
        if done == AT_ONCE:
            memory.put(anonymous_mb())

    names = AdvisoryLocks(url)
    durable = Durable(url, {Kind.LEARNING: compose}, names=names, models=models)
    await durable.launch()
    ready.set()
    await asyncio.to_thread(stop.wait)
    memory.put(anonymous_mb())
    await durable.close()
    await names.close()


async def measure(server: Postgres, figures: Figures, *, count: int) -> None:
    """How many a second one process does, and two; and whether its memory grows."""
    for models in (False, True):
        for processes in LEAST:
            await _measure(server, figures, count, processes, models=models)


async def _measure(
    server: Postgres, figures: Figures, count: int, processes: int, *, models: bool
) -> None:
    database = server.migrated()
    url = server.url(database)
    stop, memory = PROCESSES.Event(), PROCESSES.Queue()
    ready = [PROCESSES.Event() for _ in range(processes)]
    names = AdvisoryLocks(url)
    asking = Durable(url, {}, names=names, works=False)
    await asking.launch()
    running = [PROCESSES.Process(target=work, args=(url, models, it, stop, memory)) for it in ready]
    for it in running:
        it.start()
    try:
        for event in ready:
            await asyncio.to_thread(event.wait)
        began = time.perf_counter()
        for first in range(0, count, AT_ONCE):
            await asking.enqueue(Kind.LEARNING, range(first, min(first + AT_ONCE, count)))
        while server.run(WAITING, database)[0][0]:
            await asyncio.sleep(LOOK)
        took = time.perf_counter() - began
    finally:
        stop.set()
        for it in running:
            await asyncio.to_thread(it.join)
        await asking.close()
        await names.close()
    what = (
        f"workflows{' with a step' if models else ''}, {processes} process{'es' * (processes > 1)}"
    )
    figures.tell(what, count / took, "per second", least=LEAST[processes])
    seen = []
    with suppress(Exception):
        while True:
            seen.append(memory.get(timeout=0.5))
    if processes == 1 and len(seen) > 1:
        figures.tell(
            f"{what}: memory at the end, of that after {AT_ONCE:,}", seen[-1] / seen[0], "times"
        )
    server.drop(database)
