"""Twenty seconds of `make bench BENCH=delivery`: what was counted, never how long it took."""

from pathlib import Path

import pytest

from benchmarks.delivering import deliver
from benchmarks.delivery import IN_FLIGHT, NEAR

COUNT, KILLS = 300, 3


@pytest.mark.timeout(300)
async def test_killed_while_it_delivers_nothing_is_doubled_and_what_is_lost_is_told(
    tmp_path: Path,
) -> None:
    told = await deliver(tmp_path / "jamfeed.db", tmp_path, count=COUNT, away=NEAR, kills=KILLS)

    discord, telegram = told.outcomes["discord"], told.outcomes["telegram"]
    in_flight = [it["telegram"] for it in told.in_flight]
    assert discord.owed == telegram.owed == COUNT // 2
    assert (discord.doubled, discord.lost, discord.refused) == (0, 0, 0)
    assert (telegram.doubled, telegram.concealed, telegram.refused) == (0, 0, 0)
    assert len(in_flight) == KILLS
    assert max(in_flight) <= IN_FLIGHT
    assert telegram.lost <= sum(in_flight)
