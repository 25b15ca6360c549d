"""A Jamfeed that does nothing but digests, and can kill itself at a chosen point of one."""

import asyncio
import os
import signal
from collections.abc import Callable, Sequence
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from sqlmodel import select

from agents.compose import Composer
from bridges.clockwork import Clockwork
from bridges.durable.jobs import Kind
from bridges.durable.work import Durable
from bridges.outbox import Outbox
from bridges.protocol import Door, Part
from feed_core.bus import Bus
from feed_core.models.deliveries import Delivery
from feed_core.models.digests import Digest
from feed_core.services import digest_batch, digest_claims, digests
from feed_core.services.live import Live
from feed_core.states import DeliveryState, DigestState
from feed_core.store import Store
from tests.fakes.bridge import Roomless
from tests.fakes.clock import FixedClock
from tests.fakes.community import Pass, chosen_for, opened
from tests.fakes.meaning import FirstWords

LIMIT = 30.0  # seconds
NONCE, NO_NONCE = "nonce", "nononce"  # two platforms: one knows a repeat by its key, one does not


class Point(StrEnum):
    """Where the process is killed, in the order in which a digest passes."""

    CLAIMING = "claiming"
    CLAIMED = "claimed"
    COMPOSING = "composing"
    HALF_COMPOSED = "half composed"  # one of a batch is written down, the others are not
    COMPOSED = "composed"
    RENDERED = "rendered"
    SENDING = "sending"
    ARRIVED = "arrived"
    NOWHERE = "nowhere"


class FileBridge(Roomless):
    """Everybody's mailbox is one file, which outlives the process."""

    def __init__(self, platform: str, folder: Path, point: Point) -> None:
        self.platform, self.repeatable = platform, platform == NONCE
        self._file, self._point = folder / f"{platform}.txt", point

    async def run(self, door: Door, ready: Callable[[], None]) -> None:
        raise AssertionError("nobody says anything")

    async def who(self) -> str:
        return self.platform

    async def send(self, place_id: str, part: Part, *, key: str, under: str | None = None) -> str:
        if self._point is Point.SENDING:
            die()
        if not (self.repeatable and any(key in it for it in arrivals(self._file))):
            with self._file.open("a") as mailbox:
                mailbox.write(f"{place_id} {part.text} {key}\n")
        if self._point is Point.ARRIVED:
            die()
        return key


def arrivals(file: Path) -> list[str]:
    """What has arrived, one line each."""
    return file.read_text().splitlines() if file.exists() else []


def die() -> None:
    """No goodbye."""
    os.kill(os.getpid(), signal.SIGKILL)


async def nothing() -> None:
    """No index follows here."""


async def go(folder: Path, moment: datetime, point: Point = Point.NOWHERE) -> None:
    """Compose and send all that is due at this moment."""
    bus = Bus()
    store = opened(folder, FixedClock(moment), bus)
    live = Live(store, FirstWords(store))
    bridges = [FileBridge(it, folder, point) for it in (NONCE, NO_NONCE)]

    async def composing(batch: int) -> None:
        if point in (Point.COMPOSING, Point.HALF_COMPOSED):
            window = await live.window()
            async with store.read() as view:
                digest_id = (await digest_batch.due(view, batch))[0]
                items = await chosen_for(view, digest_id, window=window)
            async with store.work() as work:
                await digests.compose(work, digest_id, items)
                if point is Point.COMPOSING:
                    die()
            die()
        await Composer(store, live).compose_batch(batch)
        if point is Point.COMPOSED:
            die()

    async def render(delivery: Delivery) -> Part:
        if point is Point.RENDERED:
            die()
        return Part(f"digest-{delivery.subject_id}")

    durable = Durable(folder / "durable.db", {Kind.DIGESTS: composing})
    outbox = Outbox(store, bus, bridges, render, lambda _: True)
    clockwork = Clockwork(store, Pass(), durable, outbox.nudge, nothing, nothing)
    try:
        await durable.launch()
        if point in (Point.CLAIMING, Point.CLAIMED):
            async with store.work() as work:
                await digest_claims.claim_due(work)
                if point is Point.CLAIMING:
                    die()
            die()
        sending = asyncio.create_task(outbox.run())
        async with asyncio.timeout(LIMIT):
            await clockwork.tick()
            while await unfinished(store):
                await asyncio.sleep(0.02)
                outbox.nudge()
            outbox.stop()
            await sending
    finally:
        await durable.close()
        await store.close()


async def unfinished(store: Store) -> bool:
    """Whether something is still to be composed or sent."""
    async with store.read() as view:
        due = await view.db.exec(select(Digest.id).where(Digest.state == DigestState.DUE))
        ended = (DeliveryState.SENT, DeliveryState.UNKNOWN, DeliveryState.FAILED)
        states = await view.db.exec(select(Delivery.state))
        return due.first() is not None or not all(it in ended for it in states)


def main(arguments: Sequence[str]) -> None:
    """Arguments: the folder, the moment, the point."""
    folder, moment, point = arguments
    asyncio.run(go(Path(folder), datetime.fromisoformat(moment), Point(point)))
