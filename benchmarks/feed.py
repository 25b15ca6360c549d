"""A large feed measured: pages, threads, search, lineage, publishing, memory; on both databases.

`python -m benchmarks.feed [--creations 1000000] [--on sqlite] [--parts feed,publish] [--folder F]`.
A town of that size is made from a seed, with a hundredth as many members, five times as many
reactions and three tenths as many lineage edges. Each database is filled and measured in a process
of its own; in a named folder what was filled stays, and is measured as a copy. One JSON line for
each figure.
"""

import argparse
import asyncio
import multiprocessing
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np
import uvloop

from benchmarks import feed_reading, feed_search, feed_writing, porting
from benchmarks.figures import Figures, anonymous_mb
from benchmarks.filling import NOW, fill_postgres, fill_sqlite
from benchmarks.synthetic import Synthetic
from benchmarks.town import Size, found
from feed_core.bus import Bus
from feed_core.database import Place
from feed_core.migrating import migrate
from feed_core.services.live import Live
from feed_core.store import Store
from memory import heap
from tests.postgres import Postgres, serving

CREATIONS = 1_000_000
SMALL = 10_000  # from which on a page may take up to three times as long
DATABASES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
PARTS = ("feed", "growth", "threads", "search", "lineage", "publish", "import")
Told = TypeVar("Told")


class TownClock:
    """Goes on from the moment at which the town is looked at."""

    def __init__(self) -> None:
        self._began = time.monotonic()

    def now(self) -> datetime:
        """Now, there."""
        return NOW + timedelta(seconds=time.monotonic() - self._began)


@dataclass(frozen=True, slots=True)
class Filled:
    """A town in a database: what one process after the other has to know of it."""

    size: Size
    place: Place
    folder: Path  # holds `town.npz`, and vectors once they are made
    database: str = ""


def fill(filled: Filled) -> float:
    """Make the town and fill its database; in how many seconds."""
    began = time.perf_counter()
    town = found(filled.size)
    np.savez(filled.folder / "town.npz", topics=town.topics, lines=np.array(town.lines))
    if isinstance(filled.place, Path):
        fill_sqlite(filled.place, town)
    else:
        fill_postgres(filled.place, town)
    return time.perf_counter() - began


def measure(filled: Filled, parts: Collection[str], *, quiet: bool = False) -> dict[str, float]:
    """Figures of these parts, by name, in a process that is set up as the program is."""
    heap.settle()
    heap.keep()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(_measure(filled, parts, Figures("feed", filled.database, quiet)))


async def _measure(filled: Filled, parts: Collection[str], figures: Figures) -> dict[str, float]:
    town = np.load(filled.folder / "town.npz")
    bus = Bus()
    store = Store(filled.place, TownClock(), bus)
    live = Live(store, Synthetic(town["topics"]))
    bus.subscribe(live.hear)
    try:
        if "feed" in parts:
            await feed_reading.pages(store, live, figures)
            await feed_reading.scoring(store, live, figures)
        if "threads" in parts:
            await feed_reading.conversations(store, figures)
        if "lineage" in parts:
            await feed_reading.lineages(store, town["lines"].tolist(), figures)
        if "publish" in parts:
            await live.window()
            await feed_writing.publishes(store, filled.size, figures)
            await live.window()
        if "search" in parts:
            await feed_search.measure(store, filled.folder, figures)
        figures.tell("anonymous memory", anonymous_mb(), "MB", limit=1_200)
    finally:
        await live.close()
        await store.close()
    return figures.told


def alone(work: Callable[..., Told], *given: object, **named: object) -> Told:
    """What comes of this in a process of its own, which ends with it."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as process:
        return process.submit(work, *given, **named).result()


@contextmanager
def sqlite(folder: Path, size: Size, figures: Figures) -> Iterator[Place]:
    """A copy of the town in a file, which is filled where there is none yet."""
    whole, new, copy = (folder / f"{it}.db" for it in ("town", "new", "copy"))
    if not whole.exists():
        new.unlink(missing_ok=True)
        figures.tell("filled in", alone(fill, Filled(size, new, folder)), "s")
        new.rename(whole)
    migrate(whole, now=NOW)  # it may be older than the code
    shutil.copyfile(whole, copy)
    try:
        yield copy
    finally:
        for it in folder.glob("copy.db*"):
            it.unlink()


@contextmanager
def postgresql(server: Postgres, folder: Path, size: Size, figures: Figures) -> Iterator[Place]:
    """A copy of the town in a database of this server, which is filled where there is none yet."""
    whole, new, copy = (f"{it}_{size.creations}" for it in ("town", "new", "copy"))
    if not server.run(f"SELECT 1 FROM pg_database WHERE datname = '{whole}'"):
        server.drop(new)
        server.run(f"CREATE DATABASE {new}")
        figures.tell("filled in", alone(fill, Filled(size, server.url(new), folder)), "s")
        server.run(f"ALTER DATABASE {new} RENAME TO {whole}")
    migrate(server.url(whole), now=NOW)  # it may be older than the code
    server.drop(copy)
    server.run(f"CREATE DATABASE {copy} TEMPLATE {whole} STRATEGY FILE_COPY")
    try:
        yield server.url(copy)
    finally:
        server.drop(copy)


def run(
    place: Callable[[Path, Size, Figures], AbstractContextManager[Place]],
    folder: Path,
    creations: int,
    parts: Collection[str],
    database: str,
) -> None:
    """Measure one database, and then how much quicker a small feed is."""
    figures = Figures("feed", database)
    told: list[dict[str, float]] = []
    for count in (creations, SMALL) if "growth" in parts else (creations,):
        town = folder / str(count)
        town.mkdir(parents=True, exist_ok=True)
        size = Size(members=max(100, count // 100), creations=count)
        small = bool(told)
        with place(town, size, Figures("feed", database, quiet=small)) as at:
            filled = Filled(size, at, town, database)
            told.append(alone(measure, filled, ["feed"] if small else parts, quiet=small))
    if "growth" in parts and "feed" in parts:
        for figure in (f"feed page of {feed_reading.PAGE}, {it}" for it in ("CPU", "p50", "p95")):
            figures.tell(
                f"{figure}, beside {SMALL:,} creations",
                told[0][figure] / told[1][figure],
                "times",
                limit=3,
            )


def main() -> None:
    asked = argparse.ArgumentParser(prog="benchmarks.feed", description=__doc__.partition("\n")[0])
    asked.add_argument("--creations", type=int, default=CREATIONS)
    asked.add_argument("--on", choices=DATABASES, help="one of the two databases alone")
    asked.add_argument("--parts", default=",".join(PARTS), help=f"some of {','.join(PARTS)}")
    asked.add_argument(
        "--count", type=int, default=porting.CREATIONS, help="creations that an import brings in"
    )
    asked.add_argument("--folder", type=Path, help="keeps what was filled for the next time")
    given = asked.parse_args()
    parts = given.parts.split(",")
    if unknown := set(parts) - set(PARTS):
        asked.error(f"no such parts: {', '.join(sorted(unknown))}")
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the program itself does
    with tempfile.TemporaryDirectory(prefix="jamfeed-town-") as new:
        folder = given.folder or Path(new)
        folder.mkdir(parents=True, exist_ok=True)
        databases = (given.on,) if given.on else tuple(DATABASES)
        for kind in databases if set(parts) - {"import"} else ():
            if kind == "sqlite":
                run(sqlite, folder, given.creations, parts, DATABASES[kind])
            else:
                with serving(safe=True, folder=folder) as server:
                    run(
                        partial(postgresql, server), folder, given.creations, parts, DATABASES[kind]
                    )
    if "import" in parts:
        on = [DATABASES[it] for it in databases]
        asyncio.run(porting.main(min(given.creations, given.count), on))


if __name__ == "__main__":
    main()
