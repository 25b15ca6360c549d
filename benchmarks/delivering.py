"""Digests on their way through real processes to two strict servers, and what became of them."""

import asyncio
import gc
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from sqlmodel import col, func, select

from benchmarks.digest_claiming import watched
from benchmarks.first import cpu_seconds, jamfeed
from benchmarks.owed import owe
from feed_core.bus import Bus
from feed_core.clock import SystemClock
from feed_core.database import Place
from feed_core.models.deliveries import Delivery
from feed_core.models.members import Identity
from feed_core.states import DeliveryState
from feed_core.store import Store
from tests.fakes.discord import FakeDiscord
from tests.fakes.telegram import FakeTelegram, Person

ALL = "all"
STUCK = 900.0  # seconds until the next kill


class Platforms:
    """Discord and Telegram, everybody who is written to there, and what arrived."""

    def __init__(self, count: int, away: float) -> None:
        self.telegram, self.discord = FakeTelegram(), FakeDiscord()
        self._chance, self._away = Random(count), away
        people = [Person(1000 + it, f"Reader {it}") for it in range(count // 2)]
        self.telegram.start(*people)
        world = self.discord.world
        homes = [world.private(world.user(f"reader{it}")) for it in range(count - count // 2)]
        self.homes = {
            "telegram": [str(it.id) for it in people],
            "discord": [str(it.id) for it in homes],
        }

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[dict[str, str]]:
        """Yield the environment in which Jamfeed finds them."""

        def away() -> float:
            return self._chance.uniform(0, self._away)

        async with (
            self.telegram.serving(away=away) as telegram_url,
            self.discord.serving(away=away) as urls,
        ):
            yield {
                "JAMFEED_TELEGRAM_TOKEN": "1:test",
                "JAMFEED_TELEGRAM_API_URL": telegram_url,
                "JAMFEED_DISCORD_TOKEN": self.discord.token,
                "JAMFEED_DISCORD_API_URL": urls.api,
                "JAMFEED_DISCORD_GATEWAY_URL": urls.gateway,
                "JAMFEED_MODEL": "offline",
            }

    @property
    def count(self) -> int:
        """How many messages have arrived."""
        return len(self.telegram.sent) + len(self.discord.sent)

    @property
    def arrivals(self) -> dict[str, list[tuple[str, float]]]:
        """By platform, where each message arrived and when, in order."""
        return {
            "telegram": [(str(it.chat_id), it.at) for it in self.telegram.sent],
            "discord": [(str(it.channel.id), it.sent_at) for it in self.discord.sent],
        }

    @property
    def refused(self) -> dict[str, int]:
        """How many requests were refused as too many."""
        return {
            "telegram": self.telegram.pacing.exceeded,
            "discord": self.discord.traffic.too_many,
        }


@dataclass(slots=True)
class Outcome:
    """What became of the deliveries of one platform: its server's log beside our rows."""

    owed: int
    doubled: int = 0
    lost: int = 0  # owed, and never arrived
    concealed: int = 0  # lost, and not listed as unknown
    untrue: int = 0  # told as sent, and never arrived
    per_second: float = 0.0
    refused: int = 0


@dataclass(slots=True)
class Told:
    """All of one run; `in_flight`: half sent at each kill, by platform."""

    outcomes: dict[str, Outcome]
    in_flight: list[Counter[str]] = field(default_factory=list)
    cpu: float = 0.0  # ms of each delivery of the last three quarters, where nothing was killed
    stall: float = 0.0  # seconds, the longest in which the two servers took nothing


async def deliver(
    place: Place,
    home: Path,
    *,
    count: int,
    away: float,
    kills: int = 0,
    roles: Sequence[str] = (ALL,),
    environment: Mapping[str, str] | None = None,
) -> Told:
    """Deliver so many digests from a new database, and compare what was done with what was told.

    So many times one of its processes is killed, by chance and at a random moment.
    """
    platforms = Platforms(count, away)
    await owe(place, platforms.homes)
    store = Store(place, SystemClock(), Bus())
    try:
        async with AsyncExitStack() as leaving:
            leaving.enter_context(uncollected())
            seen = await leaving.enter_async_context(watched())
            served = await leaving.enter_async_context(platforms.serving())
            told = {**served, **(environment or {}), "JAMFEED_HOME": str(home)}
            running = Running(told, platforms, store, leaving)
            for role in roles:
                await running.start(role)
            in_flight = []
            for number in range(kills):
                # What is half sent has arrived, is lost, or is one with what arrived.
                left = await owed_now(store, DeliveryState.PENDING)
                share = running.chance.uniform(0, 2) * left / (kills - number)
                in_flight.append(await running.kill_after(min(share, max(left - 1, 0))))
            cpu = await running.until_settled()
        return Told(await compared(store, platforms), in_flight, cpu, seen.stall)
    finally:
        await store.close()


@contextmanager
def uncollected() -> Iterator[None]:
    """Collect no garbage meanwhile: a server that stands still for it counts what came as one."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


class Running:
    """Jamfeed at work, in one process or in several, by role."""

    def __init__(
        self,
        environment: Mapping[str, str],
        platforms: Platforms,
        store: Store,
        leaving: AsyncExitStack,
    ) -> None:
        self.chance = Random(7)
        self._environment, self._platforms, self._store = environment, platforms, store
        self._leaving = leaving
        self._processes: dict[str, asyncio.subprocess.Process] = {}

    async def start(self, role: str) -> None:
        """Start one process; it is ended when all is left."""
        self._processes[role] = await self._leaving.enter_async_context(
            jamfeed("run", "--role", role, **self._environment)
        )

    async def kill_after(self, more: float) -> Counter[str]:
        """Kill one at some moment after so many more arrivals, and start it again.

        Returns how many deliveries it left half sent, by platform.
        """
        await self._arrived(self._platforms.count + more)
        await asyncio.sleep(self.chance.uniform(0, 0.2))
        role = self.chance.choice(sorted(self._processes))
        self._processes[role].kill()
        await self._processes[role].wait()
        async with self._store.read() as view:
            found = await view.db.exec(
                select(Delivery.platform).where(Delivery.state == DeliveryState.SENDING)
            )
            left = Counter(it for it in found if role in (ALL, it))
        await self.start(role)
        return left

    async def until_settled(self) -> float:
        """Let it work until nothing is owed any more; ms of CPU of each of the last three quarters.

        What is loaded meanwhile belongs to a start.
        """
        first = self._platforms.count + await unsettled(self._store) // 4
        await self._arrived(first)
        before = self._cpu
        while await unsettled(self._store):
            await asyncio.sleep(0.5)
        return (self._cpu - before) / max(self._platforms.count - first, 1) * 1000

    @property
    def _cpu(self) -> float:
        return sum(cpu_seconds(it.pid) for it in self._processes.values())

    async def _arrived(self, count: float) -> None:
        async with asyncio.timeout(STUCK):
            while self._platforms.count < count and await unsettled(self._store):
                await asyncio.sleep(0.05)


async def unsettled(store: Store) -> int:
    """How many are still owed, or half sent."""
    return await owed_now(store, DeliveryState.PENDING, DeliveryState.SENDING)


async def owed_now(store: Store, *states: DeliveryState) -> int:
    """How many are in one of these states."""
    async with store.read() as view:
        found = await view.db.exec(select(func.count()).where(col(Delivery.state).in_(states)))
        return found.one()


async def compared(store: Store, platforms: Platforms) -> dict[str, Outcome]:
    """The servers' logs beside the rows."""
    outcomes = {}
    for platform, homes in platforms.homes.items():
        arrivals = platforms.arrivals[platform]
        got = Counter(home for home, _ in arrivals)
        async with store.read() as view:
            found = await view.db.exec(
                select(Identity.private_place, Delivery.state)
                .join(Identity, col(Identity.id) == col(Delivery.identity_id))
                .where(Delivery.platform == platform)
            )
            states = dict(found.all())
        lost = [it for it in homes if not got[it]]
        seconds = arrivals[-1][1] - arrivals[0][1]
        outcomes[platform] = Outcome(
            owed=len(homes),
            doubled=sum(got[it] > 1 for it in homes),
            lost=len(lost),
            concealed=sum(states[it] is not DeliveryState.UNKNOWN for it in lost),
            untrue=sum(states[it] is DeliveryState.SENT for it in lost),
            per_second=(len(arrivals) - 1) / seconds,
            refused=platforms.refused[platform],
        )
    return outcomes
