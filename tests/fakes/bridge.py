"""A platform that keeps what it was sent."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bridges.protocol import Door, Part


@dataclass(frozen=True, slots=True)
class Arrival:
    """One message as people see it, and when it came, in the loop's seconds."""

    place: str
    text: str
    key: str
    at: float


class Roomless:
    """What a bridge has to have for rooms, where a test has none."""

    async def edit(
        self, place_id: str, message_id: str, part: Part | None, *, under: str | None = None
    ) -> None:
        raise AssertionError("nothing is changed")

    async def open_thread(self, place_id: str, name: str) -> str | None:
        return None


class RecordingBridge:
    """Takes whatever is sent; one that is `repeatable` shows a key once, like Discord a nonce.

    The first of `before` and of `after` are awaited once each, before and after a message arrives:
    they may raise, wait, or do anything else.
    """

    def __init__(self, platform: str = "recording", *, repeatable: bool = False) -> None:
        self.platform, self.repeatable = platform, repeatable
        self.arrivals: list[Arrival] = []
        self.edits: list[tuple[str, str, str]] = []
        self.calls = 0
        self.before: list[Callable[[], Awaitable[None]]] = []
        self.after: list[Callable[[], Awaitable[None]]] = []
        self.arrived = asyncio.Event()

    async def run(self, door: Door, ready: Callable[[], None]) -> None:
        ready()
        await asyncio.Event().wait()

    async def who(self) -> str:
        return f"jamfeed on {self.platform}"

    async def edit(
        self, place_id: str, message_id: str, part: Part | None, *, under: str | None = None
    ) -> None:
        self.edits.append((place_id, message_id, part.text if part else ""))

    async def open_thread(self, place_id: str, name: str) -> str | None:
        return None

    async def send(self, place_id: str, part: Part, *, key: str, under: str | None = None) -> str:
        self.calls += 1
        if self.before:
            await self.before.pop(0)()
        if not (self.repeatable and any(it.key == key for it in self.arrivals)):
            at = asyncio.get_running_loop().time()
            self.arrivals.append(Arrival(place_id, part.text, key, at))
        self.arrived.set()
        if self.after:
            await self.after.pop(0)()
        return f"m{len(self.arrivals)}"


def raising(error: Exception) -> Callable[[], Awaitable[None]]:
    """For `before` or `after`: the platform answers with this error."""

    async def fail() -> None:
        raise error

    return fail


async def never() -> None:
    """For `before` or `after`: the platform does not answer."""
    await asyncio.Event().wait()
