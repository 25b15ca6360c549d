"""Pressed buttons in Telegram: short answers in the bubble, used-up buttons gone."""

from collections.abc import AsyncIterator

import pytest

from bridges.beforehand import Press
from bridges.protocol import Incoming, Part, Reply
from bridges.telegram.adapter import TelegramBridge
from tests.bridges.telegram_door import ACTS, ScriptedDoor, running
from tests.fakes.telegram import ANA, BEN, FakeTelegram

PUBLISH, LIKE = Press("Publish", "p" * 12, "/publish d1"), Press("Like", "b" * 12, "/like 4")


@pytest.fixture
async def fake() -> FakeTelegram:
    fake = FakeTelegram()
    fake.start(ANA, BEN)
    return fake


@pytest.fixture
async def bridge(fake: FakeTelegram) -> AsyncIterator[TelegramBridge]:
    async with fake.serving() as url:
        yield TelegramBridge("1:test", ACTS, api_url=url)


def answering(press: Part) -> ScriptedDoor:
    """A door that shows two buttons, and this to whoever presses one."""

    async def script(incoming: Incoming, reply: Reply) -> None:
        await reply.show(press if incoming.token else Part("A draft", buttons=[PUBLISH, LIKE]))

    return ScriptedDoor(script)


async def test_a_short_answer_to_a_press_stands_in_the_bubble(
    fake: FakeTelegram, bridge: TelegramBridge
) -> None:
    fake.group(-5, "Jams")
    async with running(bridge, answering(Part("You like #4.", private=True))):
        fake.say("/feed", chat=-5)
        shown = await fake.hears(-5)
        fake.press(shown, "Like", user=BEN)
        await fake.until(lambda: bool(fake.callback_answers))
    assert [(it.text, it.alert) for it in fake.callback_answers] == [("You like #4.", False)]
    assert len(fake.messages(-5)) == 2  # the room hears nothing of it
    assert fake.messages(BEN.id) == []


async def test_who_presses_anothers_button_is_told_so_by_an_alert(
    fake: FakeTelegram, bridge: TelegramBridge
) -> None:
    refusal = "That button is for somebody else. Ask me yourself, and you get one of your own."
    fake.group(-5, "Jams")
    async with running(bridge, answering(Part(refusal, private=True))):
        fake.say("/draft Rain", chat=-5)
        shown = await fake.hears(-5)
        fake.press(shown, "Publish", user=BEN)
        await fake.until(lambda: bool(fake.callback_answers))
    assert [(it.text, it.alert) for it in fake.callback_answers] == [(refusal, True)]
    assert fake.messages(-5)[-1].buttons  # they are still there for whom they are for


async def test_an_answer_that_comes_too_late_for_the_bubble_is_a_message(
    fake: FakeTelegram, bridge: TelegramBridge
) -> None:
    async def late(incoming: Incoming, reply: Reply) -> None:
        if incoming.token:
            fake.expire_queries()
            await reply.show(Part("You like #4."))
        else:
            await reply.show(Part("A card", buttons=[LIKE]))

    async with running(bridge, ScriptedDoor(late)):
        fake.say("/show 4")
        fake.press(await fake.hears(), "Like")
        assert (await fake.hears()).plain == "You like #4."


async def test_buttons_that_are_used_up_go_away(fake: FakeTelegram, bridge: TelegramBridge) -> None:
    door = answering(Part("#1 is published. " * 20))
    async with running(bridge, door):
        fake.say("/draft Rain")
        card = await fake.hears()
        door.used = frozenset({PUBLISH.token})
        fake.press(card, "Publish")
        edited = await fake.hears(method="editMessageReplyMarkup")
        assert edited.buttons == (("Like", f"act:{LIKE.token}"),)
        door.used = frozenset({PUBLISH.token, LIKE.token})
        fake.press(card, "Like")
        edited = await fake.hears(method="editMessageReplyMarkup")
    assert (edited.message_id, edited.buttons, edited.plain) == (card.message_id, (), "A draft")
