"""Twenty seconds of `make bench BENCH=delivery`: what was counted, never how long it took."""

from pathlib import Path

import pytest

from benchmarks.delivering import Told, deliver
from benchmarks.delivery import IN_FLIGHT, NEAR, ROLES
from tests.chroma import free_port, serving
from tests.postgres import Postgres

pytestmark = pytest.mark.timeout(300)


def check(told: Told, *, count: int, kills: int) -> None:
    """Nothing is doubled; what is lost is what Telegram was being told at a kill, and is listed."""
    discord, telegram = told.outcomes["discord"], told.outcomes["telegram"]
    in_flight = [it["telegram"] for it in told.in_flight]
    assert discord.owed == telegram.owed == count // 2
    assert (discord.doubled, discord.lost, discord.refused) == (0, 0, 0)
    assert (telegram.doubled, telegram.concealed, telegram.refused) == (0, 0, 0)
    assert len(in_flight) == kills
    assert max(in_flight) <= IN_FLIGHT
    assert telegram.lost <= sum(in_flight)


async def test_killed_while_it_delivers_nothing_is_doubled_and_what_is_lost_is_told(
    tmp_path: Path,
) -> None:
    told = await deliver(tmp_path / "jamfeed.db", tmp_path, count=200, away=NEAR, kills=2)

    check(told, count=200, kills=2)


async def test_so_it_is_where_any_of_three_roles_is_killed(
    tmp_path: Path, postgres: Postgres
) -> None:
    database = postgres.url(postgres.bare())
    with serving(tmp_path / "chroma", free_port()) as chroma:
        told = await deliver(
            database,
            tmp_path / "home",
            count=120,
            away=NEAR,
            kills=1,
            roles=ROLES,
            environment={"JAMFEED_DATABASE_URL": database, "JAMFEED_CHROMA_URL": chroma},
        )

    check(told, count=120, kills=1)
