"""Digests on their way to people on Discord and Telegram, in peace and with processes killed.

Everything is real but the two platforms, which are strict servers in this process; Jamfeed is a
process of its own, or three. `make bench BENCH=delivery` takes six minutes for 10,000 digests on
each platform in peace, and a quarter of an hour each for 10,000 with a hundred kills, of one
process and of three; `--count`, `--kills` and `--only` make it less.
"""

import argparse
import asyncio
import tempfile
from pathlib import Path

from benchmarks.delivering import Told, deliver
from benchmarks.figures import Figures
from tests.chroma import free_port
from tests.chroma import serving as serving_chroma
from tests.postgres import serving as serving_postgres

COUNT, KILLS = 10_000, 100
PER_SECOND = {"telegram": (30, 0.90), "discord": (50, 0.85)}  # the limit, and how much is used
NEAR, FAR = 0.02, 0.5  # seconds at most, each way, to a platform
IN_FLIGHT, MOST_LOST = 20, 3.0
ROLES = ("discord", "telegram", "worker")


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
    figures.tell("the two servers stood still, at most", told.stall * 1000, "ms")


async def one_killed(figures: Figures, count: int, kills: int) -> None:
    """Tell what is lost and doubled where one process is killed again and again."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        told = await deliver(home / "jamfeed.db", home, count=count, away=FAR, kills=kills)
    tell_killed(figures, "one process", told)


async def some_killed(figures: Figures, count: int, kills: int) -> None:
    """The same where any of three processes on PostgreSQL is killed."""
    with (
        tempfile.TemporaryDirectory() as folder,
        serving_postgres(safe=True) as postgres,
        serving_chroma(Path(folder) / "chroma", free_port()) as chroma,
    ):
        database = postgres.url(postgres.bare())
        told = await deliver(
            database,
            Path(folder) / "home",
            count=count,
            away=FAR,
            kills=kills,
            roles=ROLES,
            environment={"JAMFEED_DATABASE_URL": database, "JAMFEED_CHROMA_URL": chroma},
        )
    tell_killed(figures, "three roles", told)


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
    parser.add_argument("--count", type=int, default=COUNT, help="digests of each run")
    parser.add_argument("--kills", type=int, default=KILLS)
    parser.add_argument("--only", choices=("peace", "one", "roles"))
    given = parser.parse_args()
    figures = Figures("delivery")
    if given.only in (None, "peace"):
        asyncio.run(in_peace(figures, given.count))
    if given.only in (None, "one"):
        asyncio.run(one_killed(figures, given.count, given.kills))
    if given.only in (None, "roles"):
        asyncio.run(some_killed(figures, given.count, given.kills))


if __name__ == "__main__":
    main()
