import asyncio
from collections.abc import Callable, Sequence

import pytest

from agents.answer import Call
from agents.quoting import Quoted
from agents.turn import Place
from bridges.beforehand import Opened, Peek, Suggestion
from bridges.protocol import Door, Happening, Incoming, Part, Posted, Reply, Sender
from bridges.supervisor import FIRST_PAUSE, LONGEST_PAUSE, Supervisor, pause_after
from feed_core.errors import ConfigurationError, Unavailable
from tests.fakes.bridge import Roomless

PATIENT = 5.0  # seconds that no test should need


class ShutDoor:
    """A door that nobody comes to."""

    async def receive(self, incoming: Incoming, reply: Reply) -> None:
        raise AssertionError("nobody comes")

    async def notice(self, happening: Happening) -> None:
        return None

    async def posts(self, platform: str) -> Sequence[Posted]:
        return ()

    async def suggest(
        self, sender: Sender, platform: str, call: Call, parameter: str
    ) -> Sequence[Suggestion]:
        return ()

    async def form(
        self, sender: Sender, platform: str, wanted: Call | str, quoted: Quoted | None = None
    ) -> Opened | None:
        return None

    async def peek(self, sender: Sender, platform: str, token: str) -> Peek | None:
        return None

    async def listens(self, place: Place) -> bool:
        return False

    async def spent(self, tokens: Sequence[str]) -> frozenset[str]:
        return frozenset()

    async def reachable(self, sender: Sender, place: Place, *, now: bool) -> None:
        return None


class FallingBridge(Roomless):
    """Each run ends as the next of `ends` says: an error, None for by itself; then it stays up."""

    repeatable = False

    def __init__(self, platform: str, *ends: Exception | None, ready_first: bool = True) -> None:
        self.platform, self._ends, self._ready_first = platform, list(ends), ready_first
        self.doors: list[Door] = []
        self.left = 0
        self.settled = asyncio.Event()

    async def run(self, door: Door, ready: Callable[[], None]) -> None:
        self.doors.append(door)
        try:
            if self._ready_first or not self._ends:
                ready()
            if self._ends:
                if error := self._ends.pop(0):
                    raise error
                return
            self.settled.set()
            await asyncio.Event().wait()
        finally:
            self.left += 1

    async def who(self) -> str:
        return self.platform

    async def send(self, place_id: str, part: Part, *, key: str, under: str | None = None) -> str:
        raise AssertionError("nothing is sent")


class Pauses:
    """Waits for nothing and remembers for how long it should have."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)
        await asyncio.sleep(0)


async def test_one_that_falls_over_is_started_again_and_gets_the_door() -> None:
    bridge = FallingBridge("shaky", Unavailable("shaky"), ValueError("a bug"))
    steady = FallingBridge("steady")
    door, pauses = ShutDoor(), Pauses()
    supervisor = Supervisor([bridge, steady], door, pauses)

    running = asyncio.create_task(supervisor.run())
    async with asyncio.timeout(PATIENT):
        await bridge.settled.wait()
        assert supervisor.is_up("shaky")
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running

    assert bridge.doors == [door] * 3
    assert len(steady.doors) == 1
    assert (bridge.left, steady.left) == (3, 1)
    assert not supervisor.is_up("shaky")
    assert FIRST_PAUSE / 2 <= pauses.seconds[0] <= FIRST_PAUSE <= pauses.seconds[1]


async def test_a_refused_token_stops_everything() -> None:
    refused = ConfigurationError("JAMFEED_DISCORD_TOKEN", "Discord refused it")
    bridge, steady = FallingBridge("discord", refused, ready_first=False), FallingBridge("steady")
    supervisor = Supervisor([steady, bridge], ShutDoor(), Pauses())

    async with asyncio.timeout(PATIENT):
        with pytest.raises(ConfigurationError) as caught:
            await supervisor.run()

    assert caught.value is refused
    assert steady.left == 1


async def test_ready_waits_for_all_that_come_up_and_for_no_other() -> None:
    away = FallingBridge("away", *[Unavailable("away")] * 50, ready_first=False)
    steady = FallingBridge("steady")
    supervisor = Supervisor([away, steady], ShutDoor(), Pauses())
    waiting = asyncio.create_task(supervisor.ready())
    await asyncio.sleep(0)
    assert not waiting.done()

    running = asyncio.create_task(supervisor.run())
    async with asyncio.timeout(PATIENT):
        assert await waiting == {"steady"}
        await away.settled.wait()
        assert await supervisor.ready() == {"steady", "away"}
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running


async def test_bridges_that_end_by_themselves_end_the_run() -> None:
    bridge = FallingBridge("terminal", None)

    async with asyncio.timeout(PATIENT):
        await Supervisor([bridge], ShutDoor(), Pauses()).run()

    assert len(bridge.doors) == 1


def test_pauses_grow_to_a_minute_and_differ() -> None:
    for falls in range(1, 100):
        longest = min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** (falls - 1))
        assert longest / 2 <= pause_after(falls) <= longest
    assert len({pause_after(5) for _ in range(20)}) > 1
