"""Twenty seconds of `make bench BENCH=digests`: what was counted, never how long it took."""

import asyncio
from pathlib import Path

import numpy as np
import pytest

from benchmarks import digest_flows, digest_making
from benchmarks.figures import Figures
from benchmarks.filling import fill_postgres, fill_sqlite
from benchmarks.town import Size, found
from feed_core.database import Place
from tests.postgres import Postgres

MEMBERS, FLOWS = 130, 300


@pytest.mark.parametrize("database", ["SQLite", "PostgreSQL"])
async def test_a_towns_digests_of_one_minute_are_all_composed_and_owed_once(
    tmp_path: Path, postgres: Postgres, monkeypatch: pytest.MonkeyPatch, database: str
) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL"):  # what is set there is taken back
        monkeypatch.setenv(name, "")
    town = found(Size(members=MEMBERS, creations=10 * MEMBERS))
    np.save(tmp_path / "topics.npy", town.topics)
    place: Place
    if database == "SQLite":
        await asyncio.to_thread(fill_sqlite, place := tmp_path / "jamfeed.db", town)
    else:
        await asyncio.to_thread(fill_postgres, place := postgres.url(postgres.bare()), town)
    figures = Figures("digests", database, quiet=True)

    await digest_making.measure(place, tmp_path, figures, MEMBERS)

    assert figures.told["digests composed and in the outbox"] == MEMBERS
    assert figures.told["owed of those with something in them"] == 1
    assert figures.told["owed twice"] == 0
    assert 0 < figures.told["model calls for all of them"] < MEMBERS


@pytest.mark.parametrize(("processes", "models"), [(1, True), (2, False)])
async def test_work_in_the_queue_is_done_once(
    postgres: Postgres, processes: int, *, models: bool
) -> None:
    figures = Figures("digests", "PostgreSQL", quiet=True)

    await digest_flows.flow(postgres, figures, FLOWS, processes, models=models)

    wrong = {name: it for name, it in figures.told.items() if "twice" in name}
    assert set(wrong.values()) == {0}
