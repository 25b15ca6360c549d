"""Twenty seconds of `make bench BENCH=discord`: what was counted, never how long it took."""

import asyncio
from contextlib import suppress
from pathlib import Path

import pytest

from benchmarks.evening import Load, evening
from bridges.serving import serve
from bridges.settings import load_settings

REPEATED = 40060  # "Interaction has already been acknowledged"


async def test_a_busy_evening_with_a_dropped_gateway_answers_everything_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    load = Load(seconds=20.0, people=40, rate=1.5, breaks=True)
    async with evening(tmp_path, load) as (told, environment):
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        running = asyncio.create_task(serve(load_settings()))
        try:
            await told.discord.until(lambda: told.discord.commands.syncs, what="ready", timeout=30)
            await told.discord.connected()
            await told.play(load)
            await told.settle()
        finally:
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running

    assert told.asked == told.answered == told.once == 60
    assert len(told.acknowledged) == len(told.commands)
    assert {it.code for asked in told.commands for it in asked.refused} <= {REPEATED}
    assert told.discord.gateway.resumes == 1
    assert told.discord.traffic.too_many == 0
