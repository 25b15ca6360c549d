"""Several processes on one feed: each has its part, any may die, and the database may go away."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import time, timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from agents import own_data_words as words
from bridges.roles import Role, require, role_of
from bridges.settings import Settings
from feed_core.bus import Bus
from feed_core.clock import SystemClock
from feed_core.errors import ConfigurationError
from feed_core.models.digests import DigestSchedule
from feed_core.models.members import Identity
from feed_core.store import Store
from tests.chroma import free_port
from tests.chroma import serving as serving_chroma
from tests.dialogs.command import ROOT, command
from tests.dialogs.test_terminal import jamfeed
from tests.fakes.community import daily, join, publish
from tests.fakes.telegram import FakeTelegram
from tests.postgres import serving

DATABASE = "postgresql://jam@127.0.0.1:9/feed"
TOKEN = "123456789:AAFakeFakeFakeFakeFakeFakeFakeFake012"
PATIENT = 60.0  # seconds that no step should need


class Process:
    """One `jamfeed run` with a role, and what it said."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.said = ""
        self._more = asyncio.Condition()
        self._reading = asyncio.create_task(self._read())

    async def says(self, words: str, *, after: int = 0) -> int:
        """Wait until it has said this; returns how much it had said by then."""
        async with asyncio.timeout(PATIENT), self._more:
            await self._more.wait_for(lambda: words in self.said[after:] or self._reading.done())
        assert words in self.said[after:], self.said
        return len(self.said)

    async def ends(self, number: signal.Signals) -> int:
        """Send it this signal, and wait for its end."""
        # Whoever stands for a process cannot pass SIGKILL on, and has another word for it.
        self.process.send_signal(signal.SIGUSR1 if number is signal.SIGKILL else number)
        await asyncio.wait_for(self._reading, PATIENT)
        return await self.process.wait()

    async def _read(self) -> None:
        assert self.process.stdout is not None
        while line := await self.process.stdout.readline():
            async with self._more:
                self.said += line.decode()
                self._more.notify_all()


class Site:
    """Processes that are started one by one, and ended all together."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self.running: list[Process] = []

    async def start(self, role: str) -> Process:
        process = await asyncio.create_subprocess_exec(
            *command("run", "--role", role),
            cwd=ROOT,
            env={
                **{it: value for it, value in os.environ.items() if not it.startswith("JAMFEED_")},
                **self._environment,
            },
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        self.running.append(Process(process))
        return self.running[-1]


@asynccontextmanager
async def site(environment: Mapping[str, str]) -> AsyncIterator[Site]:
    made = Site(environment)
    try:
        yield made
    finally:
        for it in made.running:
            if it.process.returncode is None:
                await it.ends(signal.SIGKILL)


@pytest.mark.parametrize(
    ("role", "given", "named"),
    [
        ("scheduler", {"database_url": DATABASE}, "JAMFEED_CHROMA_URL"),
        (
            "telegram",
            {"database_url": DATABASE, "chroma_url": "http://c"},
            "JAMFEED_TELEGRAM_TOKEN",
        ),
        ("discord", {"database_url": DATABASE, "chroma_url": "http://c"}, "JAMFEED_DISCORD_TOKEN"),
    ],
)
def test_a_part_of_several_needs_what_all_share(
    role: str, given: Mapping[str, str], named: str
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        require(role_of(role), Settings.model_validate(given))

    assert caught.value.setting == named
    assert f"--role {role}" in caught.value.problem
    require(Role.ALL, Settings.model_validate(given))


def test_what_no_process_can_be_is_said_and_exits_2(tmp_path: Path) -> None:
    for role, named in (
        ("worker", "JAMFEED_DATABASE_URL"),
        ("painter", "all, discord, telegram, worker, scheduler"),
    ):
        done = jamfeed("run", "--role", role, home=tmp_path)

        assert done.returncode == 2
        assert named in done.stderr
        assert f"--role {role}" in done.stderr
        assert "Traceback" not in done.stderr


@pytest.mark.timeout(300)
async def test_any_process_may_die_and_the_database_may_go_away(tmp_path: Path) -> None:
    telegram, port = FakeTelegram(TOKEN, paced=False), free_port()
    with serving() as postgres, serving_chroma(tmp_path / "chroma", port) as chroma:
        database = postgres.url(postgres.bare())
        async with (
            telegram.serving() as telegram_url,
            site(
                {
                    "JAMFEED_HOME": str(tmp_path / "home"),
                    "JAMFEED_MODEL": "offline",
                    "JAMFEED_DATABASE_URL": database,
                    "JAMFEED_CHROMA_URL": chroma,
                    "JAMFEED_TELEGRAM_TOKEN": TOKEN,
                    "JAMFEED_TELEGRAM_API_URL": telegram_url,
                }
            ) as started,
        ):
            first = await started.start("telegram")
            await first.says("ready: telegram")
            second, scheduler, worker = [
                await started.start(it) for it in ("telegram", "scheduler", "worker")
            ]
            await second.says("Another process is this Telegram bot")
            await scheduler.says("ready: scheduler")
            await worker.says("warm")
            telegram.say("/create Rain: all night the same song in a new key")
            await telegram.until(lambda: "#1" in "".join(it.plain for it in telegram.sent), PATIENT)
            store = Store(database, SystemClock(), Bus())
            ana = await settle_in(store)

            await due(store, ana, minutes=60)
            await digest_arrives(telegram, 1)

            # The sender is killed; the other one takes over, also what was said meanwhile.
            assert await first.ends(signal.SIGKILL) == -signal.SIGKILL
            telegram.say("/show 1")
            await telegram.until(lambda: shown(telegram) == 1, PATIENT)
            # The scheduler is killed, and the worker; others do their part.
            for it in (scheduler, worker):
                await it.ends(signal.SIGKILL)
            await due(store, ana, minutes=40)
            scheduler, worker = [await started.start(it) for it in ("scheduler", "worker")]
            await digest_arrives(telegram, 2)

            # The database goes away: all say so, once, and go on when it is back.
            alive = (second, scheduler, worker)
            await worker.says("warm")
            marks = [len(it.said) for it in alive]
            postgres.stop()
            for it, mark in zip(alive, marks, strict=True):
                await it.says("database_away", after=mark)
            postgres.start()
            for it, mark in zip(alive, marks, strict=True):
                await it.says("database_back", after=mark)
            telegram.say("/show 1")
            await telegram.until(lambda: shown(telegram) == 2, PATIENT)
            await due(store, ana, minutes=20)
            await digest_arrives(telegram, 3)

            # What is one's own is handed out and erased, as durable work that any may go on with.
            telegram.say("/data_export")
            await telegram.until(lambda: any(it.document for it in telegram.sent), PATIENT)
            telegram.say("/data_erase erase")
            await telegram.until(lambda: words.ERASED in telegram.sent[-1].plain, PATIENT)
            async with store.read() as view:
                assert not (
                    await view.db.exec(select(Identity).where(Identity.member_id == ana))
                ).all()

            await store.close()
            for it, mark in zip(alive, marks, strict=True):
                assert await it.ends(signal.SIGTERM) == 0
                assert it.said[mark:].count("database_away") == 1
                assert "Traceback" not in it.said, it.said


def shown(telegram: FakeTelegram) -> int:
    return sum("all night the same song" in it.plain for it in telegram.sent[1:])


async def settle_in(store: Store) -> int:
    """Something to be told, and the number of the one member to tell it to."""
    async with store.read() as view:
        ana = (await view.db.exec(select(Identity))).one()
    assert ana.id is not None
    ben, _ = await join(store, "ben")
    for n in range(12):
        await publish(store, ben, f"Piece {n}")
    await daily(store, ana.member_id, ana.id, times=[time(7, 30)])
    return ana.member_id


async def due(store: Store, member_id: int, *, minutes: int) -> None:
    """Let a digest of the member be due now, that should have come so many minutes ago."""
    async with store.work() as work:
        row = await work.hold(DigestSchedule, member_id)
        row.next_run_at = work.now - timedelta(minutes=minutes)


async def digest_arrives(telegram: FakeTelegram, count: int) -> None:
    await telegram.until(lambda: sum("Piece" in it.plain for it in telegram.sent) >= count, PATIENT)
