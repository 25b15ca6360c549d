"""Emoji on a card in one's own chat with the bot count as what one feels about the creation."""

from sqlmodel import select

from agents.acts.listing import all_acts
from bridges.telegram.adapter import TelegramBridge
from feed_core.models.reactions import Reaction
from feed_core.models.shown_cards import ShownCard
from feed_core.services import shown_cards
from feed_core.services.shown_cards import KEPT
from tests.agents.world import World
from tests.bridges.telegram_door import running
from tests.fakes.telegram import ANA, FakeTelegram


async def felt(world: World) -> list[tuple[int, str]]:
    async with world.store.read() as view:
        found = await view.db.exec(select(Reaction).order_by("creation_id", "kind"))
        return [(it.creation_id, it.kind) for it in found]


async def test_emoji_on_a_card_in_a_private_chat_count_and_what_is_taken_back_does_not(
    world: World,
) -> None:
    mio = await world.join("Mio")
    for words in ("Rain: all night on the tin roof", "Moth: it asks the lamp for a dance"):
        await world.do(mio, "create", words=words)
    fake = FakeTelegram()
    async with fake.serving() as url:
        bridge = TelegramBridge("1:test", all_acts(), api_url=url)
        async with running(bridge, world.inbox):
            fake.start(ANA)
            fake.say("/show 1")
            card = await fake.hears()
            await said(fake)  # so what it shows is remembered
            fake.react(card, "👍", "🐳")  # what the whale says nobody knows
            await said(fake)
            assert await felt(world) == [(1, "like")]
            fake.react(card)
            await said(fake)
            assert await felt(world) == []
            fake.say("/feed latest")
            both = await fake.hears()
            await said(fake)
            fake.react(both, "👍")  # on which of the two?
            await said(fake)
            assert await felt(world) == []

    world.clock.go_on(KEPT * 2)
    async with world.store.work() as work:
        await shown_cards.forget(work)
        assert (await work.db.exec(select(ShownCard))).all() == []


async def said(fake: FakeTelegram) -> None:
    """Wait until what came before is taken in: an answer comes behind it."""
    fake.say("/help save")
    await fake.hears()
