"""A busy evening on Discord: a thousand members, their agents' model taking its time.

Everything is real but Discord's and the model's servers, which run in this process; Jamfeed is a
process of its own. `make bench BENCH=discord` takes five minutes.
"""

import argparse
import asyncio
import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks.evening import Load, evening
from benchmarks.figures import Figures
from benchmarks.first import anonymous_mb, cpu_seconds, jamfeed, said


async def soak(load: Load) -> None:
    """Play one evening and tell its figures."""
    figures = Figures("discord")
    with tempfile.TemporaryDirectory() as folder:
        async with (
            evening(Path(folder), load) as (told, environment),
            jamfeed("run", **environment) as process,
        ):
            assert process.stdout is not None
            await said(process.stdout, "warm")
            pid = process.pid
            memory: dict[str, float] = {}

            async def look() -> None:
                await asyncio.sleep(min(60.0, load.seconds / 5))
                memory["early"] = anonymous_mb(pid)

            looking = asyncio.create_task(look())
            before, began = cpu_seconds(pid), time.perf_counter()
            await told.play(load)
            await told.settle()
            await looking
            took, cpu = time.perf_counter() - began, cpu_seconds(pid) - before
            late = anonymous_mb(pid)
        tell = figures.tell
        tell("messages and commands", told.asked, "")
        tell("answered exactly once", told.once, "", least=told.asked)
        tell("answered a second", told.answered / took, "")
        tell("a message adds, p50", float(np.percentile(told.added, 50)), "ms")
        tell("a message adds, p95", float(np.percentile(told.added, 95)), "ms", limit=50)
        tell("a command is answered, p95", float(np.percentile(told.commanded, 95)), "ms")
        tell(
            "a command is acknowledged, p99",
            float(np.percentile(told.acknowledged, 99)),
            "ms",
            limit=1000,
        )
        tell("refused as too many", told.discord.traffic.too_many, "", limit=0)
        tell("requests in the busiest second", told.discord.traffic.busiest_second, "", limit=50)
        tell("CPU of one answer", cpu / told.answered * 1000, "ms")
        tell("anonymous memory after the first minute", memory["early"], "MB")
        tell("growth since", (late / memory["early"] - 1) * 100, "%", limit=5)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=300.0)
    parser.add_argument("--rate", type=float, default=10.0, help="messages a second, and commands")
    given = parser.parse_args()
    asyncio.run(soak(Load(seconds=given.seconds, rate=given.rate)))


if __name__ == "__main__":
    main()
