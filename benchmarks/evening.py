"""A busy evening on a Discord of our own: what its members ask, and what came of it."""

import asyncio
import re
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from agents.answer import Call
from agents.turn import Place
from benchmarks.first import QUESTIONS
from benchmarks.thinking import Thinking
from bridges.app import open_app
from bridges.demo import Overheard
from bridges.protocol import Incoming, Sender
from bridges.settings import Settings
from feed_core.services import members
from tests.fakes.discord import Channel, FakeDiscord, Interaction, Message, User
from tests.fakes.openai import Reply, Request

AGENTS = """
personas: { muse: { name: Muse, voice: Warm and brief. } }
models: [{ name: "openai:stub", tools: true, context: 200000 }]
budget:
  member: { day: { tokens: null, money: null }, month: { tokens: null, money: null } }
  background: { day: { tokens: null, money: null }, month: { tokens: null, money: null } }
  all: { day: { tokens: null, money: null }, month: { tokens: null, money: null } }
join: open
messages_per_minute: 60
"""
MARK = re.compile(r"m\d+m")
THINKING = 2.0  # seconds of the model's stub
ROOMS = 50
COMMANDS: Sequence[tuple[str, dict[str, str]]] = (
    ("feed", {}),
    ("show", {"creation": "1"}),
    ("drafts", {}),
    ("create", {"words": "Rain: all night the same song in a new key"}),
)
PATIENCE = 60.0  # seconds after the last message until the last answer


@dataclass(frozen=True, slots=True)
class Load:
    """So many members, and so many messages and commands a second each, for so many seconds."""

    seconds: float = 300.0
    people: int = 1_000
    rate: float = 10.0
    breaks: bool = False  # the gateway drops in the middle, and tells some events twice


@dataclass(slots=True)
class Plain:
    """One message that was written, and how long the model took to answer it."""

    mark: str
    channel: Channel
    message: Message


class Slow(Thinking):
    """A model that answers what it was told, word by word, within two seconds."""

    def __init__(self) -> None:
        super().__init__(self._answer, self._note)
        self.took: dict[str, float] = {}  # seconds

    def _note(self, request: Request, seconds: float) -> None:
        mark = _mark(request)
        self.took[mark] = self.took.get(mark, 0.0) + seconds

    def _answer(self, request: Request) -> Reply:
        words = f"Rain taps the same song on every roof tonight {_mark(request)}"
        return Reply(words, pause=THINKING / (len(words.split()) + 3))


def _mark(request: Request) -> str:
    for message in reversed(request.messages):
        if found := MARK.findall(str(message.get("content"))):
            return str(found[-1])
    return ""


@dataclass(slots=True)
class Evening:
    """What was asked on Discord, and what came of it."""

    discord: FakeDiscord
    model: Slow
    people: Sequence[User]
    plain: list[Plain] = field(default_factory=list)
    commands: list[Interaction] = field(default_factory=list)

    async def play(self, load: Load) -> None:
        """Let people write and command, evenly, whatever comes of it."""
        chance = Random(1)
        rooms = [self.discord.channel(f"room-{number}") for number in range(ROOMS)]
        began, pause = time.perf_counter(), 1 / load.rate / 2
        for number in range(round(load.seconds * load.rate * 2)):
            await asyncio.sleep(began + number * pause - time.perf_counter())
            person = self.people[number * 7 % len(self.people)]
            room = chance.choice(rooms) if chance.random() < 0.25 else None
            if number % 2:
                self.write(number, person, room)
            else:
                name, given = COMMANDS[number // 2 % len(COMMANDS)]
                place = room or self.discord.world.private(person)
                self.commands.append(self.discord.slash(name, given, user=person, channel=place))
            if load.breaks and number == round(load.seconds * load.rate):
                self.break_off()

    def write(self, number: int, person: User, room: Channel | None) -> None:
        """Let somebody say something that only a model can answer."""
        mark = f"m{number}m"
        words = f"{QUESTIONS[number % len(QUESTIONS)]} {mark}"
        if room is None:
            message = self.discord.dm(words, user=person)
        else:
            message = self.discord.say(words, user=person, channel=room, mention_bot=True)
        self.plain.append(Plain(mark, message.channel, message))

    def break_off(self) -> None:
        """Drop the gateway, and tell some of what was told before once more."""
        self.discord.gateway.drop()
        for it in self.plain[-5:]:
            self.discord.tell(it.message)
        for asked in self.commands[-5:]:
            self.discord.tell_again(asked)

    async def settle(self) -> None:
        """Wait until everything is answered, or nothing more comes."""
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                while self.answered < self.asked:
                    await asyncio.sleep(0.2)

    @property
    def asked(self) -> int:
        """How many messages and commands there were."""
        return len(self.plain) + len(self.commands)

    @property
    def answers(self) -> Counter[str]:
        """How often each message was answered."""
        ended = (it.text.split()[-1] for it in self.discord.sent if it.text)
        return Counter(it for it in ended if MARK.fullmatch(it))

    @property
    def answered(self) -> int:
        """How many were answered so far."""
        return len(self.answers) + sum(it.response is not None for it in self.commands)

    @property
    def once(self) -> int:
        """How many were answered once, by one message that nothing else stands beside."""
        answers = self.answers
        in_place = Counter(it.channel.id for it in self.discord.sent if it.asked is None)
        due = Counter(it.channel.id for it in self.plain)
        right = sum(answers[it.mark] == 1 for it in self.plain if in_place[it.channel.id])
        beside = sum((in_place - due).values())
        return right - beside + sum(it.response is not None for it in self.commands)

    @property
    def added(self) -> list[float]:
        """Milliseconds that each message took beyond what the model took."""
        shown = {it.text.split()[-1]: it.shown_at for it in self.discord.sent if it.text}
        return [
            (shown[it.mark] - it.message.sent_at - self.model.took[it.mark]) * 1000
            for it in self.plain
            if it.mark in shown and it.mark in self.model.took
        ]

    @property
    def acknowledged(self) -> list[float]:
        """Milliseconds until each command was acknowledged."""
        return [it.acknowledged_after * 1000 for it in self.commands if it.acknowledged_after]

    @property
    def commanded(self) -> list[float]:
        """Milliseconds until each command was answered."""
        return [
            (it.response.shown_at - it.at) * 1000 for it in self.commands if it.response is not None
        ]


async def settled(folder: Path, people: Sequence[User]) -> None:
    """Let all of them be members, before anything is measured."""
    (folder / "agents.yaml").write_text(AGENTS, encoding="utf-8")
    settings = Settings(home=folder / "home", agents=folder / "agents.yaml", model="offline")
    async with open_app(settings) as app:
        async with app.store.work() as work:
            for it in people:
                await members.join(
                    work,
                    platform="discord",
                    external_id=str(it.id),
                    name=it.name,
                    persona="muse",
                )
        first = Incoming(
            "first",
            Sender(str(people[0].id), people[0].name),
            Place("discord", "1", private=True),
            call=Call("create", {"words": "Rain on the tin roof: all night the same song"}),
        )
        await app.inbox.receive(first, Overheard())


@asynccontextmanager
async def evening(folder: Path, load: Load) -> AsyncIterator[tuple[Evening, dict[str, str]]]:
    """Discord and the model, and the environment in which Jamfeed finds them and its members."""
    discord, model = FakeDiscord(), Slow()
    for method, path in (("POST", r"^/channels/\d+/messages$"), ("PATCH", r"^/channels/\d+/mess")):
        discord.traffic.limit(method, path, 5, 5.0)
    people = [discord.world.user(f"member{number}") for number in range(load.people)]
    async with discord.serving() as urls, model.serving() as url:
        await settled(folder, people)
        yield (
            Evening(discord, model, people),
            {
                "JAMFEED_HOME": str(folder / "home"),
                "JAMFEED_AGENTS": str(folder / "agents.yaml"),
                "JAMFEED_DISCORD_TOKEN": discord.token,
                "JAMFEED_DISCORD_API_URL": urls.api,
                "JAMFEED_DISCORD_GATEWAY_URL": urls.gateway,
                "OPENAI_API_KEY": "none",
                "OPENAI_BASE_URL": f"{url}/v1",
            },
        )
