"""A worker that takes what is to be composed and never ends it, until it is killed."""

import asyncio
from collections.abc import Sequence

from bridges.durable.jobs import Kind
from bridges.durable.work import Durable
from feed_core.holding import AdvisoryLocks


async def go(database: str) -> None:
    begun = {7: asyncio.Event(), 8: asyncio.Event()}

    async def compose(number: int) -> None:
        begun[number].set()
        await asyncio.Event().wait()

    work = {Kind.DIGEST: compose, Kind.DIGESTS: compose}
    durable = Durable(database, work, names=AdvisoryLocks(database))
    await durable.begin([7])
    asking = asyncio.create_task(durable.compose(8))
    for it in begun.values():
        await it.wait()
    print("begun", flush=True)
    await asking


def main(arguments: Sequence[str]) -> None:
    """Arguments: the database."""
    asyncio.run(go(arguments[0]))
