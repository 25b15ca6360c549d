"""Digests on their way to people on Discord and Telegram, in peace and with processes killed.

Everything is real but the two platforms, which are strict servers in this process; Jamfeed is a
process of its own. `make bench BENCH=delivery` takes six minutes for 10,000 digests in peace and
about twenty for 10,000 with a hundred kills; `--count`, `--kills` and `--only` make it less.
"""

import argparse
import asyncio
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from sqlmodel import col, func, select

from benchmarks.figures import Figures
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

COUNT, KILLS = 10_000, 100
PER_SECOND = {"telegram": (30, 0.90), "discord": (50, 0.85)}  # the limit, and how much is used
NEAR, FAR = 0.02, 0.5  # seconds at most, each way, to a platform
IN_FLIGHT, MOST_LOST = 20, 3.0
STUCK = 120.0  # seconds without any arrival


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


async def deliver(
    place: Place,
    home: Path,
    *,
    count: int,
    away: float,
    kills: int = 0,
    roles: Sequence[str] = ("all",),
    environment: dict[str, str] | None = None,
) -> Told:
    """Deliver so many digests from a new database, and compare what was done with what was told."""
    platforms = Platforms(count, away)
    await owe(place, platforms.homes)
    store = Store(place, SystemClock(), Bus())
    try:
        async with platforms.serving() as served:
            running = Running(
                {**served, **(environment or {}), "JAMFEED_HOME": str(home)}, roles, platforms
            )
            in_flight = []
            for number in range(kills):
                left = count - platforms.count
                share = running.chance.uniform(0, 2) * left / (kills - number)
                await running.kill_after(min(share, max(left - 1, 0)))
                in_flight.append(await half_sent(store))
            cpu = await running.until_settled(store)
        return Told(await compared(store, platforms), in_flight, cpu)
    finally:
        await store.close()


class Running:
    """Jamfeed at work, in one process or in several."""

    def __init__(
        self, environment: dict[str, str], roles: Sequence[str], platforms: Platforms
    ) -> None:
        self.chance = Random(7)
        self._environment, self._roles, self._platforms = environment, roles, platforms

    async def kill_after(self, more: float) -> None:
        """Kill it at some moment after so many more messages have arrived."""
        async with self._started() as processes:
            await self._arrived(self._platforms.count + more)
            await asyncio.sleep(self.chance.uniform(0, 0.2))
            for it in processes:
                it.kill()
                await it.wait()

    async def until_settled(self, store: Store) -> float:
        """Let it work until nothing is owed any more; ms of CPU of each of the last three quarters.

        What is loaded meanwhile belongs to a start.
        """
        async with self._started() as processes:
            first = self._platforms.count + await unsettled(store) // 4
            await self._arrived(first)
            before = sum(cpu_seconds(it.pid) for it in processes)
            while await unsettled(store):
                await asyncio.sleep(0.5)
            took = sum(cpu_seconds(it.pid) for it in processes) - before
            return took / max(self._platforms.count - first, 1) * 1000

    @asynccontextmanager
    async def _started(self) -> AsyncIterator[list[asyncio.subprocess.Process]]:
        async with jamfeed("run", **self._environment) as process:
            yield [process]

    async def _arrived(self, count: float) -> None:
        before, patience = -1, 0.0
        while self._platforms.count < count:
            patience = patience + 0.02 if before == self._platforms.count else 0.0
            if patience > STUCK:
                raise TimeoutError("nothing arrives any more")
            before = self._platforms.count
            await asyncio.sleep(0.02)


async def unsettled(store: Store) -> int:
    """How many are still owed, or half sent."""
    async with store.read() as view:
        open_ = (DeliveryState.PENDING, DeliveryState.SENDING)
        found = await view.db.exec(select(func.count()).where(col(Delivery.state).in_(open_)))
        return found.one()


async def half_sent(store: Store) -> Counter[str]:
    """How many are half sent on each platform."""
    async with store.read() as view:
        found = await view.db.exec(
            select(Delivery.platform).where(Delivery.state == DeliveryState.SENDING)
        )
        return Counter(found.all())


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


async def in_peace(figures: Figures, count: int) -> None:
    """Tell how fast they go where nothing happens."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        told = await deliver(home / "jamfeed.db", home, count=count * 2, away=NEAR)
    for platform, it in told.outcomes.items():
        most, share = PER_SECOND[platform]
        figures.tell(f"digests, {platform}", it.owed, "")
        figures.tell(f"a second, {platform}", it.per_second, "", least=most * share)
        figures.tell(f"refused as too many, {platform}", it.refused, "", limit=0)
        figures.tell(f"lost or doubled, {platform}", it.lost + it.doubled, "", limit=0)
    figures.tell("CPU of one delivery", told.cpu, "ms")


async def killed(figures: Figures, count: int, kills: int) -> None:
    """Tell what is lost and doubled where it is killed again and again."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        told = await deliver(home / "jamfeed.db", home, count=count, away=FAR, kills=kills)
    tell_killed(figures, "one process", told)


def tell_killed(figures: Figures, what: str, told: Told) -> None:
    """Tell one run with kills."""
    figures.tell(f"{what}: kills", len(told.in_flight), "")
    for platform, it in told.outcomes.items():
        flying = [in_flight[platform] for in_flight in told.in_flight]
        named = f"{what}, {platform}"
        figures.tell(f"{named}: digests", it.owed, "")
        figures.tell(f"{named}: in flight at a kill, at most", max(flying), "", limit=IN_FLIGHT)
        figures.tell(f"{named}: in flight at a kill, mean", sum(flying) / len(flying), "")
        figures.tell(f"{named}: doubled", it.doubled, "", limit=0)
        if platform == "discord":
            figures.tell(f"{named}: lost", it.lost, "", limit=0)
            continue
        figures.tell(f"{named}: lost", it.lost, "", limit=sum(flying))
        figures.tell(f"{named}: lost at a kill, mean", it.lost / len(flying), "", limit=MOST_LOST)
        figures.tell(f"{named}: lost and not told as unknown", it.concealed, "", limit=0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=COUNT, help="digests on each platform")
    parser.add_argument("--kills", type=int, default=KILLS)
    parser.add_argument("--only", choices=("peace", "kills"))
    given = parser.parse_args()
    figures = Figures("delivery")
    if given.only != "kills":
        asyncio.run(in_peace(figures, given.count))
    if given.only != "peace":
        asyncio.run(killed(figures, given.count, given.kills))


if __name__ == "__main__":
    main()
