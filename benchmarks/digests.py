"""Digests measured: hours claimed, local days, ranking, composing, workflows; on both databases.

`python -m benchmarks.digests [--members 100000] [--on sqlite] [--parts claim,make,flows,days]`.
A tenth of the members are those of a town with ten times as many creations, who get digests. Each
database is filled and measured in a process of its own. One JSON line for each figure.
"""

import argparse
import asyncio
import gc
import multiprocessing
import os
import tempfile
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from benchmarks import digest_claiming, digest_days, digest_flows, digest_making
from benchmarks.figures import Figures
from benchmarks.filling import fill_postgres, fill_sqlite
from benchmarks.town import Size, found
from feed_core.database import Place
from feed_core.migrating import migrate
from tests.postgres import Postgres, serving

MEMBERS = 100_000
DATABASES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
PARTS = ("claim", "make", "flows", "days")


def claims(place: Place, database: str, members: int) -> None:
    """Figures of claiming."""
    figures = Figures("digests", database)
    gc.freeze()  # as the program does when it starts
    asyncio.run(digest_claiming.claims(place, figures, members=members))


def makes(place: Place, database: str, members: int) -> None:
    """Figures of ranking and composing, in a town."""
    with tempfile.TemporaryDirectory(prefix="jamfeed-digests-") as folder:
        town = found(Size(members=members, creations=10 * members))
        np.save(Path(folder) / "topics.npy", town.topics)
        fill_sqlite(place, town) if isinstance(place, Path) else fill_postgres(place, town)
        del town
        figures = Figures("digests", database)
        asyncio.run(digest_making.measure(place, Path(folder), figures, members))


def alone(work: Callable[..., None], *given: object) -> None:
    """Do this in a process of its own, which ends with it."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as process:
        process.submit(work, *given).result()


@dataclass(frozen=True, slots=True)
class Databases:
    """Makes new databases."""

    folder: Path
    server: Postgres | None

    def new(self, kind: str, *, bare: bool = False) -> Place:
        """One with tables, or one without."""
        if kind == "postgresql":
            assert self.server is not None
            return self.server.url(self.server.bare() if bare else self.server.migrated())
        path = Path(tempfile.mkdtemp(dir=self.folder)) / "jamfeed.db"
        if not bare:
            migrate(path, now=datetime(2026, 1, 1, tzinfo=UTC))
        return path


@contextmanager
def databases(kinds: Collection[str]) -> Iterator[Databases]:
    """A folder, and a server where it is asked for; PostgreSQL waits for its disk."""
    with tempfile.TemporaryDirectory(prefix="jamfeed-digests-") as folder, ExitStack() as stack:
        wanted = "postgresql" in kinds
        server = stack.enter_context(serving(safe=True)) if wanted else None
        yield Databases(Path(folder), server)


def main() -> None:
    asked = argparse.ArgumentParser(prog="benchmarks.digests", description=__doc__)
    asked.add_argument("--members", type=int, default=MEMBERS)
    asked.add_argument("--on", choices=DATABASES, help="one of the two databases alone")
    asked.add_argument("--parts", default=",".join(PARTS), help=f"some of {','.join(PARTS)}")
    given = asked.parse_args()
    parts = given.parts.split(",")
    if unknown := set(parts) - set(PARTS):
        asked.error(f"no such parts: {', '.join(sorted(unknown))}")
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the program itself does
    kinds = [given.on] if given.on else list(DATABASES)
    with databases(kinds) as make:
        for kind in kinds:
            if "claim" in parts:
                alone(claims, make.new(kind), DATABASES[kind], given.members)
            if "make" in parts:
                alone(makes, make.new(kind, bare=True), DATABASES[kind], given.members // 10)
        if "flows" in parts and make.server is not None:
            figures = Figures("digests", DATABASES["postgresql"])
            asyncio.run(digest_flows.measure(make.server, figures, count=given.members))
    if "days" in parts:
        digest_days.measure(Figures("digests"))


if __name__ == "__main__":
    main()
