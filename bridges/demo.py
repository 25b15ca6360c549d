"""`jamfeed demo`: the three scenes, played by the real thing; only its pictures are kept."""

import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from rich.console import Console

from agents.turn import Place
from bridges.app import App, open_app
from bridges.clockwork import Clockwork
from bridges.outbox import Outbox
from bridges.protocol import Door, Incoming, Part, Sender
from bridges.running import Renderer
from bridges.settings import Settings
from bridges.terminal.adapter import Printed
from bridges.terminal.render import render
from feed_core.services import digest_hours, digests

BEFORE = (
    ("ana", "/create Rain on the tin roof: all night the same song in a new key"),
    ("ben", "/create The gutter: a drum for nobody"),
    ("mio", "/create Umbrella: it remembers\nevery sky it closed against"),
    ("ben", "/comment 1 It sounds like my grandmother's kitchen. She counted the drops aloud."),
    ("mio", "/comment 1 The new key is the one that was lost."),
    ("ben", "/remix 1 thread as a haiku"),
    ("ben", "/publish"),
)
CHAT = (
    "hello",
    "show me my feed",
    "remember that I love haiku",
    "paint rain on a tin roof",
    "/publish d1",
)
THREAD = ("summarise the thread of 1", "remix thread 1 as a cento", "/publish d2", "/lineage 6")
DIGEST = ("/digest set 7:30 every day Europe/Lisbon",)


async def play(told: Settings) -> None:
    """Play the scenes as plain text; needs no key, no token and no question."""
    with tempfile.TemporaryDirectory(prefix="jamfeed-demo-") as folder:
        clock = StageClock()
        settings = Settings(home=Path(folder), agents=told.agents, model="offline")
        async with open_app(settings, clock) as app:
            await Stage(app, clock, told.home / "demo").play()


class StageClock:
    """The machine's clock, which the stage hand may move forward."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def now(self) -> datetime:
        """Now on stage, with the zone UTC."""
        return datetime.now(UTC) + self._ahead

    def move_to(self, moment: datetime) -> None:
        """Let it be this moment."""
        self._ahead = moment - datetime.now(UTC)


class Stage:
    """Members speak, their agents answer; only the platforms are played by this terminal."""

    def __init__(self, app: App, clock: StageClock, pictures: Path) -> None:
        self._app, self._clock, self._pictures = app, clock, pictures
        self._console = Console(highlight=False)

    async def play(self) -> None:
        """All scenes, one after the other."""
        self._say("Jamfeed, played offline: no key, no token, no language model.")
        self._say("Everything below is done by the real feed, memory, agents and scheduler.")
        for name, line in BEFORE:
            await self._line("discord", name, line, quietly=True)
        self._scene("1", "Ana chats with her agent in Discord")
        for line in CHAT:
            await self._line("discord", "ana", line)
        self._scene("2", "Ana asks her agent to remix a thread")
        for line in THREAD:
            await self._line("discord", "ana", line)
        self._scene("3", "Ben's digest arrives in Telegram")
        await self._link("ben")
        for line in DIGEST:
            await self._line("telegram", "ben", line)
        await self._next_digest()
        self._say(f"\nThe pictures are kept in {self._pictures}.")
        self._say("That was Jamfeed. Talk to your own agent:  .venv/bin/jamfeed chat --as YOU")

    async def _line(self, platform: str, name: str, line: str, *, quietly: bool = False) -> None:
        if not quietly:
            self._console.print(f"\n{name} › {line}", style="bold", markup=False, soft_wrap=True)
        incoming = Incoming(
            update_id=uuid4().hex,
            sender=Sender(name, name.capitalize()),
            place=Place(platform, name, private=True),
            text=line,
        )
        console = Console(quiet=True) if quietly else self._console
        await self._app.inbox.receive(incoming, Printed(console, self._pictures))

    async def _link(self, name: str) -> None:
        """Join the member's Telegram account to the one on Discord, as they would."""
        seen = Overheard()
        await self._app.inbox.receive(
            Incoming(uuid4().hex, Sender(name, name), Place("discord", name, True), "/link"), seen
        )
        code = seen.text.partition("/link ")[2].split()[0]
        await self._line("telegram", name, f"/link {code}")

    async def _next_digest(self) -> None:
        app = self._app
        async with app.store.read() as view:
            due = await digest_hours.next_due(view)
        assert due is not None
        self._say(f"\n… the clock moves on to {due:%A, %H:%M} UTC …\n")
        self._clock.move_to(due + timedelta(seconds=1))
        phone = Phone("telegram", self._console, self._pictures)
        outbox = Outbox(app.store, app.bus, [phone], Renderer(app).render, lambda _: True)
        clockwork = Clockwork(
            app.store, app.parts.check, app.durable, outbox.nudge, app.follow, app.sweep
        )
        await clockwork.tick()
        async with app.store.read() as view:
            waiting = await digests.uncomposed(view)
        for digest_id in waiting:
            await app.durable.compose(digest_id)
        await outbox.step()

    def _scene(self, number: str, title: str) -> None:
        self._say(f"\n━━ Scene {number} · {title} ━━")

    def _say(self, text: str) -> None:
        self._console.print(text, style="italic", markup=False, soft_wrap=True)


class Phone:
    """A platform on stage: shows what is sent to it."""

    repeatable = False

    def __init__(self, platform: str, console: Console, pictures: Path) -> None:
        self.platform = platform
        self._console, self._pictures = console, pictures

    async def run(self, door: Door, ready: Callable[[], None]) -> None:
        """Nobody types here: the stage hand passes on what members say."""
        ready()

    async def who(self) -> str:
        """Nobody in particular."""
        return "the stage"

    async def send(self, place_id: str, part: Part, *, key: str, under: str | None = None) -> str:
        """Show it."""
        self._console.print(f"[{self.platform} → {place_id}]", style="bold", markup=False)
        self._console.print(render(part, self._pictures), soft_wrap=True)
        return key

    async def edit(
        self, place_id: str, message_id: str, part: Part | None, *, under: str | None = None
    ) -> None:
        """Show it anew: what was shown cannot be changed."""
        if part is not None:
            await self.send(place_id, part, key=message_id)

    async def open_thread(self, place_id: str, name: str) -> str | None:
        """There are no threads."""
        return None


class Overheard:
    """Keeps an answer instead of showing it."""

    def __init__(self) -> None:
        self.text = ""

    async def stream(self, text: str) -> None:
        """Nothing is shown before the end."""

    async def show(self, part: Part) -> None:
        """Keep the words."""
        self.text = part.text
