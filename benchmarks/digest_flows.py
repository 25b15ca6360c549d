"""Workflows a second on PostgreSQL, taken from the queue by one process or by two."""

import asyncio
import multiprocessing
import time
from collections import Counter
from dataclasses import dataclass, field
from multiprocessing.synchronize import Event

from benchmarks.figures import Figures, anonymous_mb
from bridges.durable.engine import SCHEMA
from bridges.durable.jobs import Kind
from bridges.durable.work import Durable
from feed_core.holding import AdvisoryLocks
from tests.postgres import Postgres

LEAST = {1: 400, 2: 650}  # a second, by the number of processes
AT_ONCE = 5_000  # put in together
LOOK, ENDING = 0.1, 60.0  # seconds; the latter a process has to end
WAITING = f"SELECT count(*) FROM {SCHEMA}.workflow_status WHERE status IN ('ENQUEUED', 'PENDING')"
PROCESSES = multiprocessing.get_context("spawn")


@dataclass(slots=True)
class Worked:
    """What one process did."""

    numbers: list[int] = field(default_factory=list)
    early: float = 0.0  # MB, anonymous, after the first `AT_ONCE`
    late: float = 0.0  # MB, at the end


def work(
    url: str, models: bool, ready: Event, stop: Event, done: "multiprocessing.Queue[Worked]"
) -> None:
    """A process that takes work and does nothing; tells at the end what it took."""
    done.put(asyncio.run(_work(url, models, ready, stop)))


async def _work(url: str, models: bool, ready: Event, stop: Event) -> Worked:
    worked = Worked()

    async def compose(number: int) -> None:
        worked.numbers.append(number)
        if len(worked.numbers) == AT_ONCE:
            worked.early = anonymous_mb()

    names = AdvisoryLocks(url)
    durable = Durable(url, {Kind.LEARNING: compose}, names=names, models=models)
    await durable.launch()
    ready.set()
    await asyncio.to_thread(stop.wait)
    worked.late = anonymous_mb()
    await durable.close()
    await names.close()
    return worked


async def measure(server: Postgres, figures: Figures, *, count: int) -> None:
    """How many a second one process does, and two; and whether its memory grows."""
    for models in (False, True):
        for processes in LEAST:
            await flow(server, figures, count, processes, models=models)


async def flow(
    server: Postgres, figures: Figures, count: int, processes: int, *, models: bool
) -> None:
    """Let so many processes work off a queue of that length; whether each was done once."""
    database = server.migrated()
    url = server.url(database)
    stop, done = PROCESSES.Event(), PROCESSES.Queue()
    ready = [PROCESSES.Event() for _ in range(processes)]
    names = AdvisoryLocks(url)
    asking = Durable(url, {}, names=names, works=False)
    await asking.launch()
    running = [PROCESSES.Process(target=work, args=(url, models, it, stop, done)) for it in ready]
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
        each = [await asyncio.to_thread(done.get, timeout=ENDING) for _ in running]
        for it in running:
            await asyncio.to_thread(it.join)
        await asking.close()
        await names.close()
    what = (
        f"workflows{' with a step' if models else ''}, {processes} process{'es' * (processes > 1)}"
    )
    figures.tell(what, count / took, "per second", least=LEAST[processes])
    often = Counter(number for it in each for number in it.numbers)
    wrong = sum(often[number] != 1 for number in range(count))
    figures.tell(f"{what}: left out or done twice", wrong, "", limit=0)
    if processes == 1 and each[0].early:
        figures.tell(
            f"{what}: memory at the end, of that after {AT_ONCE:,}",
            each[0].late / each[0].early,
            "times",
        )
    server.drop(database)
