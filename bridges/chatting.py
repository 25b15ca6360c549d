"""`jamfeed chat`: one member at a terminal."""

import asyncio
import sys
import time
from collections.abc import Sequence

from rich.console import Console

from agents.answer import Call
from agents.quoting import Quoted
from agents.turn import Place
from bridges.app import App, open_app
from bridges.beforehand import Opened, Peek, Suggestion
from bridges.clockwork import TICK
from bridges.outbox import Outbox
from bridges.protocol import Happening, Incoming, Posted, Reply, Sender
from bridges.running import Renderer
from bridges.settings import Settings
from bridges.terminal.adapter import ROOM, TerminalBridge
from bridges.terminal.typing import piped, typed
from feed_core import worker
from feed_core.errors import ConfigurationError
from feed_core.events import Event
from feed_core.relay import OWN_ACCOUNT

LONGEST_NAME = 40


async def converse(settings: Settings, name: str) -> None:
    """Answer what one person types, until they are done.

    Raises:
        ConfigurationError: the name is none, or something of Jamfeed's cannot be used.
    """
    name = " ".join(name.split())
    if not 1 <= len(name) <= LONGEST_NAME:
        raise ConfigurationError("--as", f"a name has 1 to {LONGEST_NAME} characters", "write one")
    async with open_app(settings) as app, asyncio.TaskGroup() as tasks:
        bridge = _bridge(app, name)
        door = Tended(app, bridge, name)
        await door.open()
        if sys.stdin.isatty():  # a person types for a while first; a pipe may need none of it
            meanwhile = [tasks.create_task(it) for it in (_warm(app), door.keep_tending())]
            await bridge.run(door, lambda: None)
            for it in meanwhile:
                it.cancel()
        else:
            await bridge.run(door, lambda: None)
            await door.tend()


class Tended:
    """The door of one terminal, at which what is due is done, and what is owed here is shown."""

    def __init__(self, app: App, bridge: TerminalBridge, name: str) -> None:
        self._app = app
        self._outbox = Outbox(
            app.store,
            app.bus,
            [bridge],
            Renderer(app).render,
            lambda _: True,
            places={name, ROOM},
        )
        self._tending = asyncio.Lock()
        self._tended = 0.0  # when, on the monotonic clock
        self._happened = False  # something that may make something due
        app.bus.subscribe(self._hear)

    async def open(self) -> None:
        """Decide on what a stop left half sent, and show what is owed."""
        await self._outbox.recover()
        await self.tend()

    async def tend(self) -> None:
        """Do what is due now, and show what is owed."""
        async with self._tending:
            self._happened, self._tended = False, time.monotonic()
            await worker.move_on(self._app.store, self._app.parts.check)
            await self._app.learn()
            await self._outbox.step()

    async def keep_tending(self) -> None:
        """Tend again and again."""
        while True:
            await asyncio.sleep(TICK)
            await self.tend()

    async def receive(self, incoming: Incoming, reply: Reply) -> None:
        """Answer one line, then do and show what came due by it or meanwhile."""
        await self._app.inbox.receive(incoming, reply)
        if self._happened or time.monotonic() - self._tended > TICK:
            await self.tend()

    async def notice(self, happening: Happening) -> None:
        """Take in what nobody is answered for."""
        await self._app.inbox.notice(happening)

    async def posts(self, platform: str) -> Sequence[Posted]:
        """The cards that were posted lately in bound rooms."""
        return await self._app.inbox.posts(platform)

    async def suggest(
        self, sender: Sender, platform: str, call: Call, parameter: str
    ) -> Sequence[Suggestion]:
        """At most 25 offers for a parameter that is half typed."""
        return await self._app.inbox.suggest(sender, platform, call, parameter)

    async def form(
        self, sender: Sender, platform: str, wanted: Call | str, quoted: Quoted | None = None
    ) -> Opened | None:
        """The form that a call, or a button's token, opens."""
        return await self._app.inbox.form(sender, platform, wanted, quoted)

    async def peek(self, sender: Sender, platform: str, token: str) -> Peek | None:
        """What a button needs before it is pressed."""
        return await self._app.inbox.peek(sender, platform, token)

    async def listens(self, place: Place) -> bool:
        """Whether what people say to each other in this room may be read."""
        return await self._app.inbox.listens(place)

    async def spent(self, tokens: Sequence[str]) -> frozenset[str]:
        """Which of these buttons nobody can press any more."""
        return await self._app.inbox.spent(tokens)

    async def reachable(self, sender: Sender, place: Place, *, now: bool) -> None:
        """Note whether somebody can be written to."""
        await self._app.inbox.reachable(sender, place, now=now)

    async def _hear(self, event: Event) -> None:
        # That a line is answered, or something sent, makes nothing due.
        self._happened = self._happened or not isinstance(event, OWN_ACCOUNT)


async def _warm(app: App) -> None:
    await app.warm()
    await app.follow()


def _bridge(app: App, name: str) -> TerminalBridge:
    home = app.settings.home
    if sys.stdin.isatty():
        console = Console()
        console.print(f"Hello {name}. Talk to your agent, or type /help. Ctrl-D ends it.")
        lines = typed(app.desk.acts, home / "history")
    else:
        console = Console(color_system=None, force_terminal=False)
        lines = piped(sys.stdin.fileno())
    return TerminalBridge(name, lines, console, home / "pictures")
