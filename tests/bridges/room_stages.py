"""A room on each platform, as those see it who stand in it; the same words for all of them."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from agents.acts.listing import all_acts
from agents.notices import notice
from agents.turn import Place
from bridges.discord.adapter import DiscordBridge
from bridges.outbox import Outbox
from bridges.pace import Pace
from bridges.protocol import Bridge, Part
from bridges.showing import part_of
from bridges.telegram.adapter import TelegramBridge
from feed_core.bus import Bus
from feed_core.models.deliveries import Delivery
from feed_core.models.members import Identity
from feed_core.services import binding, members
from feed_core.states import CreationKind, DeliveryKind
from tests.agents.world import World
from tests.bridges.telegram_door import running
from tests.fakes.discord import Channel, FakeDiscord
from tests.fakes.discord import Message as DiscordMessage
from tests.fakes.telegram import BEN, FakeTelegram, Sent

GROUP = -1001
QUICK = Pace(repeats=(0.0,))


@dataclass(frozen=True, slots=True)
class Seen:
    """A message of the bot as it stands in the room now; `message` is the platform's own."""

    text: str
    below: str | None
    message: Any


class Stage(Protocol):
    """One room with Ben in it, whom nobody knows yet."""

    bridge: Bridge
    place: Place

    def seen(self) -> list[Seen]: ...

    def reply(self, to: Any, text: str) -> Any: ...

    def react(self, to: Any, *emoji: str) -> None: ...

    def reword(self, said: Any, text: str) -> None: ...

    def repeat(self, said: Any) -> None: ...

    def expel(self) -> None: ...


class OnDiscord:
    """A text channel, or a forum."""

    def __init__(self, fake: FakeDiscord, bridge: Bridge, channel: Channel) -> None:
        self.fake, self.bridge, self.channel = fake, bridge, channel
        guild = channel.guild
        assert guild is not None
        self.place = Place(
            "discord",
            str(channel.id),
            private=False,
            name=channel.name,
            server_id=str(guild.id),
            server=guild.name,
        )

    def seen(self) -> list[Seen]:
        here = [
            it
            for it in self.fake.sent
            if not it.deleted and self.channel in (it.channel, it.channel.parent)
        ]
        return [Seen(it.text, _above(it), it) for it in here]

    def reply(self, to: DiscordMessage, text: str) -> DiscordMessage:
        return self.fake.say(text, user="ben", channel=to.channel, reply_to=to, ping=True)

    def react(self, to: DiscordMessage, *emoji: str) -> None:
        ben = self.fake.person("ben")
        had = [it for it, people in to.reactions.items() if ben in people]
        for it in set(had) - set(emoji):
            self.fake.unreact(to, it, user=ben)
        for it in set(emoji) - set(had):
            self.fake.react(to, it, user=ben)

    def reword(self, said: DiscordMessage, text: str) -> None:
        self.fake.edit(said, text)

    def repeat(self, said: DiscordMessage) -> None:
        self.fake.tell(said)

    def expel(self) -> None:
        self.channel.closed = True


def _above(message: DiscordMessage) -> str | None:
    if message.reply_to is not None:
        return str(message.reply_to.id)
    of_thread = message.channel.parent is not None and message.id != message.channel.id
    return str(message.channel.id) if of_thread else None


class OnTelegram:
    """A group."""

    def __init__(self, fake: FakeTelegram, bridge: Bridge) -> None:
        self.fake, self.bridge = fake, bridge
        self.place = Place(
            "telegram",
            str(GROUP),
            private=False,
            name="Jams",
            server_id=str(GROUP),
            server="Jams",
        )
        self._updates: dict[int, Any] = {}

    def seen(self) -> list[Seen]:
        bot = self.fake.world.bot
        here = [it for it in self.fake.messages(GROUP) if it.method != "say"]
        assert bot.bot
        return [Seen(it.plain, str(it.reply_to) if it.reply_to else None, it) for it in here]

    def reply(self, to: Sent, text: str) -> Any:
        return self.fake.say(text, user=BEN, chat=GROUP, reply_to=to)

    def react(self, to: Sent, *emoji: str) -> None:
        self.fake.react(to, *emoji, user=BEN)

    def reword(self, said: Any, text: str) -> None:
        self.fake.amend(said, text)

    def repeat(self, said: Any) -> None:
        self.fake.repeat(said)

    def expel(self) -> None:
        self.fake.kick(GROUP, user=BEN)


@dataclass(slots=True)
class Scene:
    """A stage, and the Jamfeed behind it, stepped by hand."""

    world: World
    stage: Stage
    outbox: Outbox
    room_id: int

    async def posted(self) -> list[Seen]:
        """What stands in the room when all that is owed was sent."""
        while await self.outbox.step():
            pass
        return self.stage.seen()

    async def until(self, condition: Callable[[], Any]) -> Any:
        """Wait until something the room did has come through."""
        async with asyncio.timeout(5):
            while not (found := await condition()):
                await asyncio.sleep(0.01)
        return found


@asynccontextmanager
async def scene(
    world: World,
    where: str,
    *,
    tags: Sequence[str] = (),
    kinds: Sequence[CreationKind] = (),
    listening: bool = False,
) -> AsyncIterator[Scene]:
    """A bound room on a platform ("telegram", "discord" or "forum"), served until the end."""
    async with _staged(where, world, listening) as stage:
        async with world.store.work() as work:
            room = await members.room(
                work,
                platform=stage.place.platform,
                external_id=stage.place.id,
                public=True,
                name=stage.place.name,
                server_id=stage.place.server_id,
                server=stage.place.server,
            )
            keeper, _ = await members.join(
                work,
                platform=stage.place.platform,
                external_id="1",
                name="Keeper",
                persona="muse",
            )
            assert room.id is not None
            assert keeper.id is not None
            await members.seen_in_private(work, identity_id=keeper.id, place_id="1")
            await binding.bind(
                work, room_id=room.id, member_id=keeper.member_id, tags=tags, kinds=kinds
            )
            await binding.listen(work, room_id=room.id, on=listening)

        async def render(delivery: Delivery) -> Part | None:
            answer = await notice(world.parts, DeliveryKind(delivery.kind), delivery.subject_id)
            if answer is None:
                return None
            reader_id = None
            if delivery.identity_id is not None:
                async with world.store.read() as view:
                    reader = await view.db.get_one(Identity, delivery.identity_id)
                    reader_id = reader.member_id
            return await part_of(world.desk, world.store, answer, asker_id=reader_id)

        platform = stage.place.platform
        outbox = Outbox(
            world.store, Bus(), [stage.bridge], render, lambda _: True, {platform: QUICK}
        )
        yield Scene(world, stage, outbox, room.id)


@asynccontextmanager
async def _staged(where: str, world: World, listening: bool) -> AsyncIterator[Stage]:
    if where == "telegram":
        telegram = FakeTelegram(paced=False, privacy=not listening)
        telegram.group(GROUP, "Jams")
        async with telegram.serving() as url:
            bridge = TelegramBridge("1:test", all_acts(), api_url=url)
            async with running(bridge, world.inbox):
                yield OnTelegram(telegram, bridge)
        return
    discord = FakeDiscord()
    channel = discord.home
    if where == "forum":
        channel = discord.channel("gallery", forum=True)
    async with discord.serving() as urls:
        on_discord = DiscordBridge(
            "test.token",
            all_acts(),
            api_url=urls.api,
            gateway_url=urls.gateway,
            listening=listening,
            apart=0.0,
        )
        async with running(on_discord, world.inbox):
            yield OnDiscord(discord, on_discord, channel)
