"""Brings the vectors of memories from one index into another, shard by shard."""

from itertools import groupby
from operator import itemgetter

import structlog
from sqlalchemy import func, update
from sqlmodel import col, select

from feed_core.errors import ConfigurationError, Unavailable
from feed_core.models.memories import Memory
from feed_core.porting.progress import Doing, Step, Tell
from feed_core.store import Store
from memory.index import Entry, Index
from memory.sharding import SHARD_MEMBERS

logger = structlog.get_logger(__name__)


async def is_empty(index: Index) -> bool:
    """Whether nothing stands in it.

    Raises:
        ConfigurationError: it is of another embedder, or cannot be read.
        Unavailable: the server does not answer.
    """
    return not any((await index.census()).values())


async def copy(store: Store, old: Index | None, new: Index, tell: Tell) -> tuple[int, int]:
    """Copy the vectors that the rows in `store` say there are: how many came, of how many.

    What a shard of the old index does not give is left out of the new one, and its rows are
    marked: it is made anew from the database once a Jamfeed runs. Whole shards that an earlier
    run has copied stay.

    Raises:
        Unavailable: the new index does not answer.
    """
    shard_of = col(Memory.owner_id) // SHARD_MEMBERS
    async with store.read() as view:
        counted = select(shard_of, func.count()).where(col(Memory.indexed)).group_by(shard_of)
        said = dict((await view.db.exec(counted)).all())
    there, total, done = await new.census(), sum(said.values()), 0
    for shard in sorted(there.keys() | said.keys()):
        if there.get(shard, 0) != said.get(shard, 0):
            await new.drop_shard(shard)
            if old is not None and shard in said:
                await _copy_shard(store, old, new, shard)
        done += said.get(shard, 0)
        tell(Step(Doing.VECTORS, "memories", done, total))
    there, came = await new.census(), 0
    for shard in said:
        if there.get(shard, 0) == said[shard]:
            came += said[shard]
            continue
        await new.drop_shard(shard)
        first = shard * SHARD_MEMBERS
        async with store.work() as work:
            await work.db.exec(
                update(Memory)
                .where(col(Memory.owner_id).between(first, first + SHARD_MEMBERS - 1))
                .values(indexed=False)
            )
    return came, total


async def _copy_shard(store: Store, old: Index, new: Index, shard: int) -> None:
    first = shard * SHARD_MEMBERS
    async with store.read() as view:
        mine = select(Memory.owner_id, Memory.id).where(
            col(Memory.indexed), col(Memory.owner_id).between(first, first + SHARD_MEMBERS - 1)
        )
        found = (await view.db.exec(mine.order_by(col(Memory.owner_id), col(Memory.id)))).all()
    for owner_id, rows in groupby(found, itemgetter(0)):
        wanted = [number for _, number in rows if number is not None]
        try:
            vectors = await old.vectors(owner_id, wanted)
        except (ConfigurationError, Unavailable):  # it is damaged: the rows are the truth
            logger.warning("vectors_not_read", shard=shard, exc_info=True)
            return
        await new.put([Entry(it, owner_id, vector) for it, vector in vectors.items()])
