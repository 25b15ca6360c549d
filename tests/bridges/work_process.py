"""A worker that takes what is to be composed or read and never ends it, until it is killed."""

import asyncio
from collections.abc import Sequence

from bridges.durable.jobs import Kind
from bridges.durable.work import Durable
from feed_core.holding import AdvisoryLocks


async def go(database: str) -> None:
    begun = {it: asyncio.Event() for it in (7, 8, 9)}

    async def compose(number: int, *_: int) -> None:
        begun[number].set()
        await asyncio.Event().wait()

    work = dict.fromkeys(Kind, compose)
    durable = Durable(database, work, names=AdvisoryLocks(database))
    await durable.begin([7])
    asked = durable.compose(8), durable.read(9, state="as it stands", by=(1, 0))
    asking = [asyncio.create_task(it) for it in asked]
    for it in begun.values():
        await it.wait()
    print("begun", flush=True)
    await asyncio.wait(asking)


def main(arguments: Sequence[str]) -> None:
    """Arguments: the database."""
    asyncio.run(go(arguments[0]))
