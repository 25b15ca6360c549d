"""Start, memory and answering time of one Jamfeed; one JSON line for each figure.

Everything is real but the platforms' and the model's servers, which answer at once on loopback.
"""

import asyncio
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.fakes.discord import FakeDiscord
from tests.fakes.openai import FakeOpenAI
from tests.fakes.telegram import FakeTelegram

ROOT = Path(__file__).parent.parent
JAMFEED = Path(sys.executable).parent / "jamfeed"
CREATURES = ["heron", "otter", "lamp", "kettle", "moth", "willow", "comet", "violin", "pebble"]
THINGS = ["fog", "thunder", "October", "Lisbon", "silence", "salt", "tin", "noon"]
QUESTIONS = [f"what would a {a} say to {b}, do you think?" for a in CREATURES for b in THINGS]
WARM_UP = 12
LIMIT = 60.0  # seconds for any one wait


def tell(figure: str, value: float, unit: str, limit: float | None = None) -> None:
    """Print one figure."""
    line = {"benchmark": "first", "figure": figure, "value": round(value, 2), "unit": unit}
    if limit is not None:
        line |= {"limit": limit, "met": value <= limit}
    print(json.dumps(line), flush=True)


def anonymous_mb(pid: int) -> float:
    """RssAnon of a process (proc(5)), in MB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("RssAnon:"):
            return int(line.split()[1]) / 1024
    raise LookupError("RssAnon")


def cpu_seconds(pid: int) -> float:
    """CPU that a process has used, in all its threads (proc(5))."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@asynccontextmanager
async def jamfeed(*arguments: str, **environment: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """The command, ended at the end."""
    inherited = {name: value for name, value in os.environ.items() if "JAMFEED" not in name}
    process = await asyncio.create_subprocess_exec(
        JAMFEED,
        *arguments,
        cwd=ROOT,
        env={**inherited, **environment},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
            await asyncio.wait_for(process.wait(), LIMIT)


async def answer(process: asyncio.subprocess.Process, line: str) -> float:
    """Type a line; milliseconds until its answer is there, which ends with an empty line."""
    assert process.stdin is not None
    assert process.stdout is not None
    began = time.perf_counter()
    process.stdin.write(f"{line}\n".encode())
    async with asyncio.timeout(LIMIT):
        while (await process.stdout.readline()).strip():
            pass
    return (time.perf_counter() - began) * 1000


async def bare(url: str) -> float:
    """Milliseconds of one streamed model call without Jamfeed, p50: what the machine can do."""
    from langchain.chat_models import init_chat_model

    model = init_chat_model("openai:gpt-5-mini", base_url=f"{url}/v1", api_key="none")
    taken = []
    for line in QUESTIONS[:WARM_UP]:
        began = time.perf_counter()
        async for _ in model.astream(line):
            pass
        taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken)


async def terminal(folder: Path) -> None:
    """From typed line to answer, with a model that answers at once, and with none."""
    model = FakeOpenAI()
    async with model.serving() as url:
        with_model = {"OPENAI_API_KEY": "none", "OPENAI_BASE_URL": f"{url}/v1"}
        home = str(folder / "model")
        async with jamfeed("chat", "--as", "ana", JAMFEED_HOME=home, **with_model) as chat:
            first = await answer(chat, "what do you think about the weather on Saturn?")
            tell("first answer of a cold terminal", first, "ms")
            for line in QUESTIONS[:WARM_UP]:
                await answer(chat, line)
            before = await bare(url)
            taken = [await answer(chat, line) for line in QUESTIONS[WARM_UP:]]
            tell(
                "the same call by bare langchain-openai, p50", (before + await bare(url)) / 2, "ms"
            )
            tell("typed line to answer, model, p50", statistics.median(taken), "ms", 25)
            tell("typed line to answer, model, p95", statistics.quantiles(taken, n=20)[-1], "ms")
    home = str(folder / "offline")
    offline = {"JAMFEED_MODEL": "offline", "JAMFEED_HOME": home}
    async with jamfeed("chat", "--as", "ana", **offline) as chat:
        for line in ("/create Rain: all night the same song", "hello", "remember that I like tea"):
            await answer(chat, line)
        lines = ("show me my feed", "what do you know about me?", "show me what I have made") * 10
        taken = [await answer(chat, line) for line in lines]
        tell("offline answer, p50", statistics.median(taken), "ms")
        tell("offline answer, slowest", max(taken), "ms", 300)


async def service(folder: Path) -> None:
    """Start and memory of `jamfeed run` with both bridges."""
    telegram, discord, model = FakeTelegram(), FakeDiscord(), FakeOpenAI()
    async with (
        telegram.serving() as telegram_url,
        discord.serving() as urls,
        model.serving() as url,
    ):
        environment = {
            "JAMFEED_HOME": str(folder / "run"),
            "JAMFEED_LOG_LEVEL": "INFO",
            "JAMFEED_TELEGRAM_TOKEN": "1:test",
            "JAMFEED_TELEGRAM_API_URL": telegram_url,
            "JAMFEED_DISCORD_TOKEN": "test.token",
            "JAMFEED_DISCORD_API_URL": urls.api,
            "JAMFEED_DISCORD_GATEWAY_URL": urls.gateway,
            "OPENAI_API_KEY": "none",
            "OPENAI_BASE_URL": f"{url}/v1",
        }
        began = time.perf_counter()
        async with jamfeed("run", **environment) as run:
            assert run.stdout is not None
            await said(run.stdout, "ready")
            tell("ready", time.perf_counter() - began, "s", 4)
            tell("anonymous memory at ready", anonymous_mb(run.pid), "MB", 150)
            await said(run.stdout, "warm")
            tell("warm", time.perf_counter() - began, "s", 10)
            tell("anonymous memory when warm", anonymous_mb(run.pid), "MB")
            began = time.perf_counter()
            telegram.say("what would a heron say to a cloud?")
            await telegram.hears(timeout=LIMIT)
            tell("first model turn in Telegram", (time.perf_counter() - began) * 1000, "ms")
            tell("anonymous memory after a model turn", anonymous_mb(run.pid), "MB", 380)


async def said(lines: asyncio.StreamReader, word: str) -> None:
    """Wait until a line says this."""
    async with asyncio.timeout(LIMIT):
        while word not in (line := (await lines.readline()).decode()):
            if not line:
                raise EOFError(f"it ended before it was {word}")


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        await service(Path(folder))
        await terminal(Path(folder))


if __name__ == "__main__":
    asyncio.run(main())
