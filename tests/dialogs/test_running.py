"""`jamfeed run` and `jamfeed doctor` as an operator meets them."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.dialogs.command import ROOT, command
from tests.fakes.discord import FakeDiscord
from tests.fakes.openai import FakeOpenAI
from tests.fakes.telegram import FakeTelegram

TELEGRAM_TOKEN = "123456789:AAFakeCanaryFakeCanaryFakeCanary012"
DISCORD_TOKEN = "fake.canary.discord-token"
KEY = "sk-fake-canary-fake-canary-0123"
WARM = 30.0


@asynccontextmanager
async def running(
    *arguments: str, environment: Mapping[str, str]
) -> AsyncIterator[asyncio.subprocess.Process]:
    """The command with its output in one pipe; killed at the end if it is still there."""
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("JAMFEED_", "OPENAI_"))
    }
    process = await asyncio.create_subprocess_exec(
        *command(*arguments),
        cwd=ROOT,
        env={**inherited, **environment},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        limit=2**20,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def read_until(process: asyncio.subprocess.Process, word: str) -> str:
    assert process.stdout is not None
    read = ""
    async with asyncio.timeout(WARM):
        while word not in read:
            line = (await process.stdout.readline()).decode()
            assert line, f"it ended before it said {word!r}: {read}"
            read += line
    return read


async def test_nothing_secret_and_nothing_said_is_in_the_log_even_at_debug(tmp_path: Path) -> None:
    telegram = FakeTelegram(TELEGRAM_TOKEN, paced=False)
    discord, model = FakeDiscord(DISCORD_TOKEN), FakeOpenAI()
    async with (
        telegram.serving() as telegram_url,
        discord.serving() as urls,
        model.serving() as model_url,
    ):
        environment = {
            "JAMFEED_HOME": str(tmp_path),
            "JAMFEED_LOG_LEVEL": "DEBUG",
            "JAMFEED_TELEGRAM_TOKEN": TELEGRAM_TOKEN,
            "JAMFEED_TELEGRAM_API_URL": telegram_url,
            "JAMFEED_DISCORD_TOKEN": DISCORD_TOKEN,
            "JAMFEED_DISCORD_API_URL": urls.api,
            "JAMFEED_DISCORD_GATEWAY_URL": urls.gateway,
            "OPENAI_API_KEY": KEY,
            "OPENAI_BASE_URL": f"{model_url}/v1",
        }
        async with running("run", environment=environment) as process:
            log = await read_until(process, "ready")
            telegram.say("what would a marmalade canary say to the fog, do you think?")
            await telegram.hears(timeout=WARM)
            telegram.fail_next("sendMessage", status=500)
            telegram.say("/create Marmalade: canary words")
            await telegram.until(lambda: "#1" in "".join(it.plain for it in telegram.sent))
            process.send_signal(signal.SIGTERM)
            rest, _ = await asyncio.wait_for(process.communicate(), WARM)
        log += rest.decode()

    assert process.returncode == 0
    for secret in (TELEGRAM_TOKEN, DISCORD_TOKEN, KEY, "marmalade", "Marmalade"):
        assert secret not in log


@pytest.mark.parametrize("platform", ["TELEGRAM", "DISCORD"])
async def test_a_refused_token_is_told_and_exits_2(tmp_path: Path, platform: str) -> None:
    telegram, discord = FakeTelegram(TELEGRAM_TOKEN), FakeDiscord(DISCORD_TOKEN)
    async with telegram.serving() as telegram_url, discord.serving() as urls:
        environment = {
            "JAMFEED_HOME": str(tmp_path),
            "JAMFEED_MODEL": "offline",
            f"JAMFEED_{platform}_TOKEN": "987654321:AAWrongWrongWrongWrongWrongWrong01",
            "JAMFEED_TELEGRAM_API_URL": telegram_url,
            "JAMFEED_DISCORD_API_URL": urls.api,
            "JAMFEED_DISCORD_GATEWAY_URL": urls.gateway,
        }
        async with running("run", environment=environment) as process:
            out, _ = await asyncio.wait_for(process.communicate(), WARM)

    assert process.returncode == 2
    assert f"JAMFEED_{platform}_TOKEN" in out.decode()
    assert "Traceback" not in out.decode()
    assert "Wrong" not in out.decode()


async def test_without_any_token_it_says_so_and_runs_until_stopped(tmp_path: Path) -> None:
    environment = {"JAMFEED_HOME": str(tmp_path), "JAMFEED_MODEL": "offline"}
    async with running("run", environment=environment) as process:
        said = await read_until(process, "ready")
        process.send_signal(signal.SIGINT)
        await asyncio.wait_for(process.communicate(), WARM)

    assert process.returncode == 0
    assert "JAMFEED_TELEGRAM_TOKEN" in said


async def test_the_doctor_finds_all_well_and_names_the_bots(tmp_path: Path) -> None:
    telegram, discord, model = (
        FakeTelegram(TELEGRAM_TOKEN),
        FakeDiscord(DISCORD_TOKEN),
        FakeOpenAI(),
    )
    async with (
        telegram.serving() as telegram_url,
        discord.serving() as urls,
        model.serving() as model_url,
    ):
        environment = {
            "JAMFEED_HOME": str(tmp_path),
            "JAMFEED_TELEGRAM_TOKEN": TELEGRAM_TOKEN,
            "JAMFEED_TELEGRAM_API_URL": telegram_url,
            "JAMFEED_DISCORD_TOKEN": DISCORD_TOKEN,
            "JAMFEED_DISCORD_API_URL": urls.api,
            "JAMFEED_DISCORD_GATEWAY_URL": urls.gateway,
            "OPENAI_API_KEY": KEY,
            "OPENAI_BASE_URL": f"{model_url}/v1",
        }
        async with running("doctor", environment=environment) as process:
            out, _ = await asyncio.wait_for(process.communicate(), WARM)

    told = out.decode()
    assert process.returncode == 0, told
    assert "All is well" in told
    assert "@jamfeed_bot" in told
    assert told.count("ok ") == 7


async def test_the_doctor_says_what_does_not_answer_and_how_to_mend_it(tmp_path: Path) -> None:
    environment = {
        "JAMFEED_HOME": str(tmp_path),
        "JAMFEED_MODEL": "offline",
        "JAMFEED_TELEGRAM_TOKEN": TELEGRAM_TOKEN,
        "JAMFEED_TELEGRAM_API_URL": "http://127.0.0.1:9",
    }
    async with running("doctor", environment=environment) as process:
        out, _ = await asyncio.wait_for(process.communicate(), WARM)

    assert process.returncode == 1
    assert "FAIL telegram" in out.decode()
    assert TELEGRAM_TOKEN not in out.decode()
