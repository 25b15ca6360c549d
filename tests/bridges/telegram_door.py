"""What the Telegram bridge meets in its tests: a scripted Jamfeed and a few acts."""

import asyncio
import io
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Annotated

from PIL import Image

from agents.act import Acts, Effect, act
from agents.answer import Answer, Call
from agents.parameters import Doc
from agents.quoting import Quoted
from agents.references import CreationRef
from agents.turn import Place, Turn
from bridges.beforehand import Opened, Peek, Suggestion
from bridges.protocol import Bridge, Door, Happening, Incoming, Part, Posted, Reply, Sender
from feed_core.errors import Unavailable

Script = Callable[[Incoming, Reply], Awaitable[None]]


@act("digest now", effect=Effect.READ, examples=["what is new?"], private=True)
async def digest_now(turn: Turn) -> Answer:
    """Show what your digest would hold."""
    return Answer()


@act("remix", effect=Effect.OWN, examples=["remix 1 as a haiku"])
async def remix(
    turn: Turn,
    sources: Annotated[list[CreationRef], Doc("what to build on")],
    how: Annotated[str, Doc("what to change")] = "",
) -> Answer:
    """Draft something new from other people's creations."""
    return Answer()


@act("feed", effect=Effect.READ, examples=["show my feed"])
async def feed(turn: Turn) -> Answer:
    """Show what others have made."""
    return Answer()


ACTS = Acts([digest_now, remix, feed])


class ScriptedDoor:
    """Keeps what comes in and answers as its script says; by default it repeats the words."""

    def __init__(
        self, script: Script | None = None, *, peeks: Mapping[str, Peek] | None = None
    ) -> None:
        self.script = script
        self.peeks = peeks or {}
        self.incoming: asyncio.Queue[Incoming] = asyncio.Queue()
        self.answered: list[str] = []
        self.noticed: list[Happening] = []
        self.used: frozenset[str] = frozenset()
        self.reached: list[tuple[str, bool]] = []
        self.raised: list[Unavailable] = []

    async def receive(self, incoming: Incoming, reply: Reply) -> None:
        self.incoming.put_nowait(incoming)
        try:
            if self.script is None:
                await reply.show(Part(f"heard: {incoming.text or incoming.token}"))
            else:
                await self.script(incoming, reply)
        except Unavailable as error:
            self.raised.append(error)
        self.answered.append(incoming.update_id)

    async def notice(self, happening: Happening) -> None:
        self.noticed.append(happening)

    async def posts(self, platform: str) -> Sequence[Posted]:
        return ()

    async def suggest(
        self, sender: Sender, platform: str, call: Call, parameter: str
    ) -> Sequence[Suggestion]:
        return []

    async def form(
        self, sender: Sender, platform: str, wanted: Call | str, quoted: Quoted | None = None
    ) -> Opened | None:
        return None

    async def peek(self, sender: Sender, platform: str, token: str) -> Peek | None:
        return self.peeks.get(token)

    async def listens(self, place: Place) -> bool:
        return False

    async def spent(self, tokens: Sequence[str]) -> frozenset[str]:
        return self.used & set(tokens)

    async def reachable(self, sender: Sender, place: Place, *, now: bool) -> None:
        self.reached.append((sender.id, now))

    async def next(self) -> Incoming:
        """What comes in next."""
        async with asyncio.timeout(5):
            return await self.incoming.get()


def showing(part: Part) -> Script:
    """A script that answers everything with the same part."""

    async def show(incoming: Incoming, reply: Reply) -> None:
        await reply.show(part)

    return show


@asynccontextmanager
async def running(bridge: Bridge, door: Door) -> AsyncIterator[asyncio.Task[None]]:
    """The bridge at work; stopped on the way out."""
    ready = asyncio.Event()
    task = asyncio.create_task(bridge.run(door, ready.set))
    waiting = asyncio.create_task(ready.wait())
    await asyncio.wait([task, waiting], timeout=5, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    try:
        yield task
    finally:
        if not task.cancelling():
            task.cancel()
        await asyncio.wait([task], timeout=10)
    if not task.cancelled():
        task.result()


def png(width: int = 40, height: int = 30) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(out, "PNG")
    return out.getvalue()
