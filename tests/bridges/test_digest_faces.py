"""A digest as it arrives in Telegram and on Discord, and what an answer to it means there."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from io import BytesIO

import pytest
from PIL import Image
from sqlmodel import col, select

from agents.acts.listing import all_acts
from agents.answer import Answer
from agents.digest_page import digest_answer
from agents.notices import notice
from agents.turn import Place, Turn
from bridges.discord.posting import Posting
from bridges.discord.quoting import shown_in
from bridges.outbox import Outbox
from bridges.protocol import Bridge, Door, Part
from bridges.showing import part_of
from bridges.telegram.adapter import TelegramBridge
from feed_core.bus import Bus
from feed_core.models.deliveries import Delivery
from feed_core.models.members import Identity
from feed_core.services import digest_claims, digest_hours, digests
from feed_core.states import DeliveryKind
from feed_core.store import View
from tests.agents.world import World
from tests.bridges.telegram_door import running
from tests.bridges.test_discord import texts
from tests.bridges.test_discord_whole import House, buttons, house
from tests.fakes.bridge import Roomless
from tests.fakes.telegram import FakeTelegram

__all__ = ["house"]  # a fixture

pytestmark = pytest.mark.filterwarnings("ignore:Deprecated since version v22.2")

SAID = ("like dust", "no, like ash", "like the wing of a letter", "make a jam of it")
MADE = (
    "Kettle: it *sings* before <b>anybody</b> asks & goes on #morning",
    "Umbrella: it remembers every street in which it was ever opened",
    "Toast: the colour of seven o'clock",
)


class Posted(Roomless):
    """The Discord bridge's way to post unasked, on a client that simcord runs."""

    platform, repeatable = "discord", True

    def __init__(self, house: House) -> None:
        self._posting = Posting(house.env.bot)

    async def run(self, door: Door, ready: Callable[[], None]) -> None:
        raise AssertionError("it runs already")

    async def who(self) -> str:
        return self.platform

    async def send(self, place_id: str, part: Part, *, key: str, under: str | None = None) -> str:
        return await self._posting.send(place_id, part, key=key, under=under)


async def member(world: World, platform: str) -> Turn:
    """Somebody who has written to the bot there already."""
    async with world.store.read() as view:
        found = await view.db.exec(select(Identity).where(col(Identity.private_place) != ""))
        account = found.one()
    place = Place(platform, account.private_place or "", private=True)
    return replace(await world.join("Guide"), member_id=account.member_id, place=place)


async def an_eventful_day(world: World, ana: Turn) -> None:
    """Something for each section of her digest, which is composed at its hour."""
    ben, cem = await world.join("Ben"), await world.join("Cem")
    await world.do(ana, "create", words="Rain: all night the same song in a new key")
    await world.do(ben, "create", words="Moth: a small grey prayer to the lamp")
    await world.do(ana, "comment", creation=2, words="so soft")
    told = await world.do(ana, "digest set", when="7:30 Europe/Berlin", cover="on")
    assert "A picture of what stands in it comes on top." in told.text
    await world.do(ana, "digest now")
    world.clock.go_on(timedelta(minutes=5))
    draft = await world.do(cem, "remix", sources=[1], how="as an erasure poem")
    await world.press(cem, draft, "Publish")
    await world.do(ben, "comment", creation=1, words="like a drum")
    for n, words in enumerate(SAID):
        await world.do((ben, cem)[n % 2], "comment", creation=2, words=words)
    for n, words in enumerate(MADE):
        await world.do((ben, cem)[n % 2], "create", words=words)
    async with world.store.read() as view:
        row = await digest_hours.find_schedule(view, ana.member_id)
        assert row is not None and row.next_run_at is not None
    world.clock.go_to(row.next_run_at)
    async with world.store.work() as work:
        await digest_claims.claim_due(work)
    async with world.store.read() as view:
        (digest_id,) = await digests.uncomposed(view)
    await world.parts.digester.compose(digest_id)


async def last_of(view: View, turn: Turn) -> int:
    digest = await digests.last(view, turn.member_id)
    assert digest is not None and digest.id is not None
    return digest.id


def part(answer: Answer) -> Part:
    return Part(answer.text, groups=answer.groups, pictures=answer.pictures)


async def shown(world: World, member_id: int, delivery: Delivery) -> Part | None:
    told = await notice(world.parts, DeliveryKind(delivery.kind), delivery.subject_id)
    assert told is not None
    return await part_of(world.desk, world.store, told, asker_id=member_id)


async def sent(world: World, bridge: Bridge, to: Turn) -> None:
    """Let the outbox send what is due there."""
    outbox = Outbox(
        world.store, Bus(), [bridge], partial(shown, world, to.member_id), lambda _: True
    )
    assert await outbox.step() == 1


async def test_in_telegram_a_reply_to_the_digest_means_its_numbers(world: World) -> None:
    fake = FakeTelegram()
    async with fake.serving() as url:
        bridge = TelegramBridge("1:test", all_acts(), api_url=url)
        async with running(bridge, world.inbox):
            fake.say("hello")
            await fake.hears()
            ana = await member(world, "telegram")
            await an_eventful_day(world, ana)
            await sent(world, bridge, ana)
            digest = await fake.hears()
            fake.say("remix 2", reply_to=digest)
            draft = await fake.hears()
            async with world.store.read() as view:
                told = await digest_answer(world.parts, await last_of(view, ana))
            long = replace(part(told), text=f"{told.text}\n{'More. ' * 200}")
            await bridge.send(ana.place.id, long, key="long")
            ahead, whole = await fake.hears(), await fake.hears()

    assert digest.photo is not None  # its cover, and the text below it
    with Image.open(BytesIO(digest.photo)) as drawn:
        assert drawn.width == 1200
    assert ahead.photo is not None and "Cover of this digest: “" in ahead.plain
    assert whole.photo is None and whole.plain.count("More.") == 200
    assert "\n\n2. Kettle\n#4 · Ben · made by hand · it is new\nit *sings*" in digest.plain
    assert "<b>2. Kettle</b>" in digest.text and "&lt;b&gt;anybody" in digest.text
    assert [label for label, _ in digest.buttons] == ["1", "2", "3", "4", "5", "6"]
    assert "← #4" in draft.plain


async def test_on_discord_a_reply_to_the_digest_means_its_numbers(house: House) -> None:
    await house.ana.send_dm("hello")
    world = house.world
    ana = await member(world, "discord")
    await an_eventful_day(world, ana)
    await sent(world, Posted(house), ana)
    channel = house.ana.user.dm_channel
    digest = channel.history()[-1]
    above = {"channel_id": str(channel.id), "message_id": str(digest.id)}
    await house.ana.send_dm("remix 2", reference=above)

    bot = house.env.bot
    read = await bot.get_partial_messageable(channel.id).fetch_message(digest.id)

    assert [it.filename for it in digest.attachments] == ["1-digest-2.jpg"]
    assert "\n\n2 · **Kettle** `#4`\n-# Ben · made by hand · it is new\n" in texts(digest)
    assert len(shown_in(read, read.author.id)) == 6
    assert buttons(digest) == ["1", "2", "3", "4", "5", "6"]
    assert "from #4" in texts(channel.history()[-1])
