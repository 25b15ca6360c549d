"""Bytes on disk, indexes included: what a member, a digest, a creation and a memory take.

`python -m benchmarks.sizes [count]`; on SQLite and PostgreSQL. One JSON line for each figure.
"""

import asyncio
import sys
import tempfile
from pathlib import Path

from sqlalchemy import text
from sqlmodel import col, select

from benchmarks.figures import Figures
from benchmarks.grown import ITEMS, NOW, REACTIONS, Community
from feed_core import bulk
from feed_core.bus import Bus
from feed_core.clock import SystemClock
from feed_core.database import Place
from feed_core.migrating import migrate
from feed_core.models.creations import Creation
from feed_core.services import likeness, searching
from feed_core.store import Store
from tests.postgres import serving

COUNT = 10_000
AT_A_TIME = 500


async def measure(name: str, place: Place, count: int) -> None:
    """Fill a new database, and tell what each kind of thing has added to it."""
    figures, store = Figures("sizes", name), Store(place, SystemClock(), Bus())
    made = Community(count)
    for told, tables in (
        ("a member", made.members()),
        (f"a creation with {REACTIONS} reactions", made.creations()),
        (f"a digest of {ITEMS}, sent", made.digests()),
        ("a memory, without its vector", made.memories()),
        ("a message and its answer", made.messages()),
    ):
        before = await size(store, place)
        for model, rows in tables:
            for start in range(0, len(rows), AT_A_TIME):
                async with store.work() as work:
                    await bulk.add(work, model, rows[start : start + AT_A_TIME])
        if told.startswith("a creation"):
            await let_be_found(store, count)
        figures.tell(told, (await size(store, place) - before) / count, "bytes")
    await store.close()


async def let_be_found(store: Store, count: int) -> None:
    """Put what search and the gate know creations by, as publishing does."""
    for start in range(0, count, AT_A_TIME):
        async with store.work() as work:
            numbers = col(Creation.id).between(start + 1, start + AT_A_TIME)
            found = (await work.db.exec(select(Creation).where(numbers))).all()
            await searching.put(work, *found, new=True)
            await likeness.put(work, *found)


async def size(store: Store, place: Place) -> int:
    """Bytes of the whole database."""
    asked = "SELECT pg_database_size(current_database())"
    if isinstance(place, Path):
        asked = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
    async with store.read() as view:
        return int(await (await view.core()).scalar(text(asked)) or 0)


async def main(count: int = COUNT) -> None:
    with tempfile.TemporaryDirectory() as folder, serving(safe=True) as postgres:
        places: dict[str, Place] = {
            "SQLite": Path(folder) / "jamfeed.db",
            "PostgreSQL": postgres.url(postgres.bare()),
        }
        for name, place in places.items():
            await asyncio.to_thread(migrate, place, now=NOW)
            await measure(name, place, count)


if __name__ == "__main__":
    asyncio.run(main(*map(int, sys.argv[1:2])))
