"""Export and import of a whole feed: records a second and memory; one JSON line for each figure.

`python -m benchmarks.porting [creations]`; on SQLite and PostgreSQL, both on disk. The slowest
tenth tells whether an import goes on as fast as it began.
"""

import asyncio
import hashlib
import json
import multiprocessing
import os
import random
import sys
import tempfile
import time
from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from uuid import UUID

from benchmarks.first import anonymous_mb
from benchmarks.planted import FILLER, TOPICS
from feed_core.bus import Bus
from feed_core.clock import SystemClock
from feed_core.database import Place
from feed_core.media import MediaShelf
from feed_core.migrating import migrate
from feed_core.porting import checking, exporting, importing, layout, rows
from feed_core.porting.carried import feed_kinds
from feed_core.porting.kinds import Kind, Row
from feed_core.porting.layout import Manifest, Part, Stage
from feed_core.porting.progress import Step
from feed_core.states import CreationState
from feed_core.store import Store
from memory.porting import memories
from tests.fakes.feed_rows import Rows, keep_pictures
from tests.postgres import serving

CREATIONS = 20_000
TENTHS = 10
DATABASES = ("SQLite", "PostgreSQL")
SHARES = {  # of the number of creations, as in the feed's benchmark
    "member": 0.01,
    "identity": 0.01,
    "creation": 1.0,
    "edge": 0.3,
    "reaction": 5.0,
    "media": 0.05,
    "verdict": 1.0,
    "comment": 0.2,
    "bookmark": 0.1,
}
WORDS = [*TOPICS.split(), *FILLER.split()]
NEWEST = datetime(2026, 11, 1, tzinfo=UTC)


def tell(figure: str, value: float, unit: str, least: float | None = None) -> None:
    """Print one figure."""
    line: dict[str, object] = {"benchmark": "porting", "figure": figure, "value": round(value, 1)}
    line |= {"unit": unit, "load": round(os.getloadavg()[0], 1)}
    if least is not None:
        line |= {"least": least, "met": value >= least}
    print(json.dumps(line), flush=True)


def community(made: Rows, kind: Kind, count: int) -> Iterator[Row]:
    """Rows of one kind; creations say something, and most are old and published."""
    chance = random.Random(count)
    for row in made.of(kind, count):
        if kind.name == "creation":
            row |= {
                "uid": UUID(int=chance.getrandbits(128)),
                "title": " ".join(chance.choices(WORDS, k=5)),
                "body": " ".join(chance.choices(WORDS, k=60)),
                "tags": chance.choices(WORDS, k=2),
                "steps": [],
                "state": CreationState.PUBLISHED,
                "created_at": NEWEST - timedelta(minutes=int(row["id"])),
            }
        yield row


def plant(folder: Path, creations: int) -> None:
    """An export of a community that never was."""
    pictures = keep_pictures(MediaShelf(folder / "media"), max(20, min(1_000, creations // 20)))
    made = Rows(random.Random(7), pictures)
    manifest = Manifest(taken_at=datetime.now(UTC), stage=Stage.COMPLETE)
    for kind in feed_kinds(memories()):
        wanted = max(20, int(creations * SHARES.get(kind.name, 0)))
        count, found = 0, hashlib.sha256()
        path = layout.lines_of(folder, kind.name)
        with path.open("wb") as file:
            for row in community(made, kind, len(pictures) if kind.name == "media" else wanted):
                line = kind.write(row)
                found.update(line)
                file.write(line)
                count += 1
        manifest.records.append(
            Part(
                kind=kind.name,
                rows=count,
                bytes=path.stat().st_size,
                sha256=found.hexdigest(),
                columns=kind.names,
            )
        )
    layout.write_manifest(folder, manifest)


async def measure(name: str, place: Place, folder: Path, kinds: list[Kind], home: Path) -> None:
    """Check, import and export once."""
    manifest = layout.read_manifest(folder)
    counts = {it.kind: it.rows for it in manifest.records}
    total = sum(counts.values())
    await asyncio.to_thread(migrate, place, now=datetime.now(UTC))
    store = Store(place, SystemClock(), Bus())
    shelf = MediaShelf(home / "media")
    began: dict[str, float] = {}
    ended: dict[str, float] = {}
    passed: dict[str, list[float]] = {}  # when each tenth of it was in
    most = before = anonymous_mb(os.getpid())

    def watch(step: Step) -> None:
        nonlocal most
        began.setdefault(f"{step.doing} {step.what}", time.perf_counter())
        ended[f"{step.doing} {step.what}"] = time.perf_counter()
        tenths = passed.setdefault(f"{step.doing} {step.what}", [])
        if step.done * TENTHS >= step.of * (len(tenths) + 1):
            tenths.append(time.perf_counter())
        most = max(most, anonymous_mb(os.getpid()))

    start = time.perf_counter()
    problems = await checking.check(store, folder, manifest, kinds, watch)
    assert problems.count == 0, problems.first
    tell(f"checked, {name}", total / (time.perf_counter() - start), "records/s")
    start = time.perf_counter()
    await importing.bring_in(store, shelf, folder, manifest, kinds, watch)
    tell(f"imported, {name}", total / (time.perf_counter() - start), "records/s")
    first = began["add creation"]
    # The first batch is told when it is in, so it does not count.
    taken = ended["add creation"] - first + ended["add edge"] - began["add edge"]
    taken += ended["add media"] - began["add media"]
    done = counts["creation"] - rows.AT_A_TIME
    tell(f"creations with words, edges and media rows, {name}", done / taken, "creations/s", 300)
    for kind in ("creation", "reaction"):
        tenths = passed[f"add {kind}"]
        longest = max(after - before for before, after in pairwise(tenths))
        slowest = counts[kind] / TENTHS / longest
        least = 300 if kind == "creation" else None
        tell(f"{kind}s alone, the slowest tenth, {name}", slowest, f"{kind}s/s", least)
    tell(f"memory that it took, {name}", most - before, "MB")
    start = time.perf_counter()
    await exporting.export(store, shelf, home / "out", kinds, watch)
    tell(f"exported, {name}", total / (time.perf_counter() - start), "records/s")
    same = all(
        layout.lines_of(folder, it.name).read_bytes()
        == layout.lines_of(home / "out", it.name).read_bytes()
        for it in kinds
    )
    tell(f"the same lines again, {name}", float(same), "", 1)
    await store.close()


async def main(creations: int = CREATIONS, on: Collection[str] = DATABASES) -> None:
    """Plant an export in a process of its own, then bring it in here and out again."""
    kinds = feed_kinds(memories())
    with tempfile.TemporaryDirectory() as name, serving(safe=True) as postgres:
        folder = Path(name)
        (folder / "feed").mkdir()
        planting = multiprocessing.get_context("spawn").Process(
            target=plant, args=(folder / "feed", creations)
        )
        planting.start()
        planting.join()
        places: dict[str, Place] = {
            "SQLite": folder / "jamfeed.db",
            "PostgreSQL": postgres.url(postgres.bare()),
        }
        for kind in on:
            await measure(kind, places[kind], folder / "feed", kinds, folder / kind)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if sys.argv[1:] else CREATIONS))
