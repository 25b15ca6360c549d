"""What the Discord tests talk to: a few acts, and a door that says what it is told to say."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from enum import StrEnum
from typing import Annotated

from agents.act import Acts, Effect, act
from agents.answer import Answer, Call
from agents.forms import WORDS, Field, Form
from agents.parameters import Doc
from agents.quoting import Quoted
from agents.references import CreationRef
from agents.turn import Place, Turn
from bridges.beforehand import Opened, Peek, Suggestion
from bridges.protocol import Happening, Incoming, Part, Posted, Reply, Sender

Script = Callable[[Incoming, Reply], Awaitable[None]]


class Tone(StrEnum):
    WARM = "warm"
    DRY = "dry"


@act("remix", effect=Effect.OWN, examples=["remix 1"])
async def remix(
    turn: Turn,
    sources: Annotated[list[CreationRef], Doc("creations to build on")],
    how: Annotated[str, Doc("what to make of it")] = "",
    tone: Annotated[Tone, Doc("how it sounds")] = Tone.WARM,
    times: Annotated[int, Doc("how many versions")] = 1,
    loud: Annotated[bool, Doc("tell everybody")] = False,
) -> Answer:
    """Draft something new from other people's creations."""
    raise NotImplementedError


@act("show", effect=Effect.READ, examples=["show 1"])
async def show(turn: Turn, creation: Annotated[CreationRef, Doc("which one")]) -> Answer:
    """Show one creation."""
    raise NotImplementedError


@act("create", effect=Effect.PUBLISH, files=True, examples=["post this"])
async def create(turn: Turn, words: Annotated[str, Doc("your words")]) -> Answer:
    """Publish something of your own."""
    raise NotImplementedError


@act("memory", effect=Effect.READ, private=True, examples=["what do you know of me?"])
async def memory(turn: Turn) -> Answer:
    """Show what your agent remembers."""
    raise NotImplementedError


@act("digest now", effect=Effect.OWN, examples=["my digest"])
async def digest_now(turn: Turn) -> Answer:
    """Compose your digest now."""
    raise NotImplementedError


@act("digest off", effect=Effect.OWN, private=True, examples=["no more digests"])
async def digest_off(turn: Turn) -> Answer:
    """Stop your digests."""
    raise NotImplementedError


ACTS = Acts([remix, show, create, memory, digest_now, digest_off])
FEWER = Acts([remix, show, create, memory, digest_now])


def asking(title: str, *, value: str = "") -> Form:
    return Form(title, [Field(WORDS, "Your words", long=True, required=True, value=value)])


async def echo(incoming: Incoming, reply: Reply) -> None:
    await reply.show(Part(f"{incoming.sender.name} said {incoming.text}"))


class ScriptedDoor:
    """Records what comes in and answers by its script."""

    def __init__(self, script: Script = echo) -> None:
        self.script = script
        self.received: list[Incoming] = []
        self.noticed: list[Happening] = []
        self.asked: list[tuple[Sender, str, Call, str]] = []
        self.suggestions: Sequence[Suggestion] = ()
        self.peeks: Mapping[str, Peek] = {}
        self.forms: Mapping[str, Opened] = {}
        self._more = asyncio.Condition()

    async def receive(self, incoming: Incoming, reply: Reply) -> None:
        async with self._more:
            self.received.append(incoming)
            self._more.notify_all()
        await self.script(incoming, reply)

    async def notice(self, happening: Happening) -> None:
        self.noticed.append(happening)

    async def posts(self, platform: str) -> Sequence[Posted]:
        return ()

    async def suggest(
        self, sender: Sender, platform: str, call: Call, parameter: str
    ) -> Sequence[Suggestion]:
        self.asked.append((sender, platform, call, parameter))
        return self.suggestions

    async def form(
        self, sender: Sender, platform: str, wanted: Call | str, quoted: Quoted | None = None
    ) -> Opened | None:
        return self.forms.get(wanted if isinstance(wanted, str) else wanted.act)

    async def peek(self, sender: Sender, platform: str, token: str) -> Peek | None:
        return self.peeks.get(token)

    async def listens(self, place: Place) -> bool:
        return False

    async def spent(self, tokens: Sequence[str]) -> frozenset[str]:
        return frozenset()

    async def reachable(self, sender: Sender, place: Place, *, now: bool) -> None:
        return None

    async def has(self, count: int, timeout: float = 5.0) -> list[Incoming]:
        """Wait until so many messages came in."""
        async with asyncio.timeout(timeout), self._more:
            await self._more.wait_for(lambda: len(self.received) >= count)
        return self.received
