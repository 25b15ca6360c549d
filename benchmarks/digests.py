"""Digests measured: hours claimed, local days; on both databases.

`python -m benchmarks.digests [--members 100000] [--on sqlite] [--parts claim,days]`. Each database
is filled and measured in a process of its own. One JSON line for each figure.
"""

import argparse
import asyncio
import multiprocessing
import os
import tempfile
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import digest_claiming, digest_days
from benchmarks.figures import Figures
from feed_core.database import Place
from feed_core.migrating import migrate
from tests.postgres import serving

MEMBERS = 100_000
DATABASES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
PARTS = ("claim", "days")


def claims(place: Place, database: str, members: int) -> None:
    """Figures of claiming."""
    figures = Figures("digests", database)
    asyncio.run(digest_claiming.claims(place, figures, members=members))


def alone(work: Callable[..., None], *given: object) -> None:
    """Do this in a process of its own, which ends with it."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as process:
        process.submit(work, *given).result()


@contextmanager
def databases(kinds: Collection[str]) -> Iterator[dict[str, Callable[[], Place]]]:
    """Makers of new databases with tables, by kind; PostgreSQL waits for its disk."""
    with tempfile.TemporaryDirectory(prefix="jamfeed-digests-") as folder:

        def file() -> Place:
            path = Path(tempfile.mkdtemp(dir=folder)) / "jamfeed.db"
            migrate(path, now=datetime(2026, 1, 1, tzinfo=UTC))
            return path

        makers: dict[str, Callable[[], Place]] = {"sqlite": file}
        if "postgresql" not in kinds:
            yield makers
            return
        with serving(safe=True) as server:
            yield makers | {"postgresql": lambda: server.url(server.migrated())}


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
                alone(claims, make[kind](), DATABASES[kind], given.members)
    if "days" in parts:
        digest_days.measure(Figures("digests"))


if __name__ == "__main__":
    main()
