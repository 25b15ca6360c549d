"""Telegram groups: when the bot is spoken to, and what stays between it and one member."""

import time
from collections.abc import AsyncIterator

import pytest

from bridges.beforehand import Peek, Press
from bridges.protocol import Incoming, Part, Reply
from bridges.telegram.adapter import TelegramBridge
from bridges.telegram.sentences import (
    CANCEL_HINT,
    CANCELLED,
    CANNOT_WRITE,
    SENT_PRIVATELY,
)
from tests.bridges.telegram_door import ACTS, ScriptedDoor, png, running, showing
from tests.fakes.telegram import ANA, BEN, FakeTelegram, Person

JAMS = -1005
TOKEN = "a1B2c3D4e5F6"
SECRET = Part("your drafts: d1", private=True)

pytestmark = pytest.mark.filterwarnings("ignore:Deprecated since version v22.2")


@pytest.fixture
async def fake() -> FakeTelegram:
    fake = FakeTelegram()
    fake.group(JAMS, "Jams")
    return fake


@pytest.fixture
async def bridge(fake: FakeTelegram) -> AsyncIterator[TelegramBridge]:
    async with fake.serving() as url:
        yield TelegramBridge("1:test", ACTS, api_url=url)


@pytest.mark.parametrize(
    ("typed", "passed_on"),
    [
        ("@jamfeed_bot show my feed", "show my feed"),
        ("@Jamfeed_Bot: show my feed", "show my feed"),
        ("hey @jamfeed_bot show my feed", "hey show my feed"),
        ("@jamfeed_bot /digest_now", "/digest now"),
        ("/digest_now@jamfeed_bot", "/digest now"),
        ("/feed", "/feed"),
    ],
)
async def test_the_bot_hears_who_speaks_to_it(
    fake: FakeTelegram, bridge: TelegramBridge, typed: str, passed_on: str
) -> None:
    door = ScriptedDoor()
    async with running(bridge, door):
        update = fake.say(typed, chat=JAMS)
        incoming = await door.next()
        heard = await fake.hears(JAMS)
    assert incoming.text == passed_on
    assert (incoming.place.id, incoming.place.private) == (str(JAMS), False)
    assert heard.reply_to == update["message"]["message_id"]


async def test_the_bot_passes_over_what_is_not_meant_for_it(
    fake: FakeTelegram, bridge: TelegramBridge
) -> None:
    other = Person(2, "Other", "other_bot", bot=True)
    door = ScriptedDoor()
    async with running(bridge, door):
        fake.say("how was your day?", chat=JAMS)
        fake.say("/feed@other_bot", chat=JAMS)
        fake.say("ask @jamfeed_bot_two or me@jamfeed_bot", chat=JAMS)
        fake.say(photo=png(), caption="look", chat=JAMS)
        fake.say("/feed", user=other, chat=JAMS)
        fake.say("/feed", user=other)
        fake.say("/feed", chat=JAMS, user=BEN)
        incoming = await door.next()
        await fake.hears(JAMS)
    assert incoming.sender.name == "Ben"
    assert door.incoming.empty()
    assert "getFile" not in [it.method for it in fake.requests]


async def test_a_channel_that_speaks_in_its_group_is_nobody(
    fake: FakeTelegram, bridge: TelegramBridge
) -> None:
    """https://core.telegram.org/bots/api#message: `sender_chat`, `is_automatic_forward`."""
    channel = {"id": -1009, "type": "channel", "title": "News"}
    told = {"date": int(time.time()), "sender_chat": channel, "text": "@jamfeed_bot /feed"}
    telegram = {"id": 777000, "is_bot": False, "first_name": "Telegram"}
    group = {"id": JAMS, "type": "supergroup", "title": "Jams"}
    door = ScriptedDoor()
    async with running(bridge, door):
        fake.updates.add("channel_post", {"message_id": 5, "chat": channel, **told})
        forwarded = {"from": telegram, "is_automatic_forward": True}
        fake.updates.add("message", {"message_id": 6, "chat": group, **forwarded, **told})
        fake.say("/feed", chat=JAMS)
        incoming = await door.next()
        await fake.hears(JAMS)
    assert incoming.sender.id == str(ANA.id)
    assert door.incoming.empty() and len(fake.sent) == 1


async def test_a_reply_to_what_the_bot_said_is_meant_for_it(
    fake: FakeTelegram, bridge: TelegramBridge
) -> None:
    door = ScriptedDoor()
    async with running(bridge, door):
        fake.say("/feed", chat=JAMS)
        said = await fake.hears(JAMS)
        await door.next()
        fake.say("and the next page?", chat=JAMS, user=BEN, reply_to=said)
        incoming = await door.next()
        await fake.hears(JAMS)
    assert (incoming.text, incoming.sender.name) == ("and the next page?", "Ben")


async def test_a_topic_is_a_place_of_its_own(fake: FakeTelegram, bridge: TelegramBridge) -> None:
    door = ScriptedDoor()
    async with running(bridge, door):
        fake.say("/feed", chat=JAMS, topic=12)
        incoming = await door.next()
        heard = await fake.hears(JAMS)
    assert incoming.place.id == f"{JAMS}:12"
    assert heard.topic == 12


async def test_what_is_made_in_a_group_by_invitation_stays_there(
    fake: FakeTelegram, bridge: TelegramBridge
) -> None:
    door = ScriptedDoor()
    async with running(bridge, door):
        fake.say("/feed", chat=JAMS)
        assert not (await door.next()).place.open
        fake.say("/feed")
        assert (await door.next()).place.open


async def test_a_private_answer_goes_to_the_members_own_chat(
    fake: FakeTelegram, bridge: TelegramBridge
) -> None:
    fake.start(ANA)
    async with running(bridge, ScriptedDoor(showing(SECRET))):
        fake.say("/drafts", chat=JAMS)
        assert (await fake.hears(ANA.id)).plain == SECRET.text
        assert (await fake.hears(JAMS)).plain == SENT_PRIVATELY
    assert all(SECRET.text not in it.plain for it in fake.messages(JAMS))


async def test_who_never_wrote_to_the_bot_gets_a_private_answer_once_they_start_it(
    fake: FakeTelegram, bridge: TelegramBridge
) -> None:
    door = ScriptedDoor(showing(SECRET))
    async with running(bridge, door):
        fake.say("/drafts", chat=JAMS)
        note = await fake.hears(JAMS)
        await door.next()
        ((_, link),) = note.buttons
        door.script = showing(Part("hello"))
        fake.follow(link, user=BEN)
        assert (await fake.hears(BEN.id)).plain == "hello"
        await door.next()
        fake.follow(link)
        started = await door.next()
        assert [(await fake.hears(ANA.id)).plain for _ in range(2)] == ["hello", SECRET.text]
        fake.say("and again")
        assert (await fake.hears(ANA.id)).plain == "hello"
    assert (note.plain, link) == (CANNOT_WRITE, "https://t.me/jamfeed_bot?start=asked")
    assert (started.text, started.token) == ("/start", None)
    assert len(fake.messages(ANA.id)) == 5  # the secret came once
    assert len(fake.messages(BEN.id)) == 2


async def test_the_link_after_a_press_carries_the_button(
    fake: FakeTelegram, bridge: TelegramBridge
) -> None:
    fake.know(BEN)
    part = Part("A draft", buttons=[Press("Mine", TOKEN, "/drafts")])
    door = ScriptedDoor(showing(part))
    async with running(bridge, door):
        fake.say("/feed", chat=JAMS)
        message = await fake.hears(JAMS)
        await door.next()
        whole = Part(SECRET.text * 30, private=True)  # too long for the button's bubble
        door.script = showing(whole)
        fake.press(message, "Mine", user=BEN)
        await door.next()
        await fake.until(lambda: bool(fake.callback_answers))
        fake.follow(str(fake.callback_answers[0].url), user=BEN)
        started = await door.next()
        assert (await fake.hears(BEN.id)).plain == whole.text
    assert (started.token, started.sender.id) == (TOKEN, "43")
    assert len(fake.messages(JAMS)) == 2  # the room hears nothing of it


async def test_an_answer_that_comes_too_late_for_the_bubble_leaves_the_link_in_the_room(
    fake: FakeTelegram, bridge: TelegramBridge
) -> None:
    fake.know(BEN)

    async def late(incoming: Incoming, reply: Reply) -> None:
        if incoming.token:
            fake.expire_queries()
            await reply.show(SECRET)
        else:
            await reply.show(Part("A draft", buttons=[Press("Mine", TOKEN, "/drafts")]))

    async with running(bridge, ScriptedDoor(late)):
        fake.say("/feed", chat=JAMS)
        fake.press(await fake.hears(JAMS), "Mine", user=BEN)
        note = await fake.hears(JAMS)
    assert note.plain == CANNOT_WRITE
    assert note.buttons[0][1] == f"https://t.me/jamfeed_bot?start={TOKEN}"
    assert note.silent


@pytest.mark.parametrize("reachable", [True, False])
async def test_a_short_answer_with_a_button_is_read_in_the_bubble_and_the_room_hears_nothing(
    fake: FakeTelegram, bridge: TelegramBridge, reachable: bool
) -> None:
    (fake.start if reachable else fake.know)(BEN)
    liked = Part("You like #4.", buttons=[Press("Undo", "u" * 12, "/unlike 4")], private=True)
    door = ScriptedDoor(showing(Part("#4", buttons=[Press("Like", TOKEN, "/like 4")])))
    async with running(bridge, door):
        fake.say("/show 4", chat=JAMS)
        card = await fake.hears(JAMS)
        door.script = showing(liked)
        fake.press(card, "Like", user=BEN)
        await fake.until(lambda: bool(fake.callback_answers))
    own = [(it.plain, it.silent, it.buttons[0][0]) for it in fake.messages(BEN.id)]
    assert own == ([("You like #4.", True, "Undo")] if reachable else [])
    assert [(it.text, it.url) for it in fake.callback_answers] == [("You like #4.", None)]
    assert len(fake.messages(JAMS)) == 2


async def test_a_question_in_a_group_names_whom_it_asks(
    fake: FakeTelegram, bridge: TelegramBridge
) -> None:
    peeks = {TOKEN: Peek(private=False, question="Which words?")}
    part = Part("#4", buttons=[Press("Comment", TOKEN, "/comment 4 …")])
    door = ScriptedDoor(showing(part), peeks=peeks)
    async with running(bridge, door):
        fake.say("/show 4", chat=JAMS)
        message = await fake.hears(JAMS)
        await door.next()
        fake.press(message, "Comment", user=BEN)
        question = await fake.hears(JAMS)
        fake.say("lovely", chat=JAMS, user=BEN, reply_to=question)
        filled = await door.next()
        await fake.hears(JAMS)
    assert question.plain == f"Ben: Which words?\n\n↳ {TOKEN} · {CANCEL_HINT}"
    assert question.entities[0].detail == "tg://user?id=43"
    assert (filled.token, filled.filled, filled.place.id) == (TOKEN, "lovely", str(JAMS))


async def test_a_question_in_a_group_is_answered_by_a_reply_alone_and_taken_back_by_cancel(
    fake: FakeTelegram, bridge: TelegramBridge
) -> None:
    part = Part("What is the jam about?", buttons=[Press("Type it", TOKEN, "/jam", asks=True)])
    door = ScriptedDoor(showing(part))
    async with running(bridge, door):
        fake.say("/jam_start", chat=JAMS)
        question = await fake.hears(JAMS)
        await door.next()
        door.script = None
        fake.say("/cancel", chat=JAMS)
        assert (await fake.hears(JAMS)).plain == CANCELLED
        assert question.message_id in [it.message_id for it in fake.messages(JAMS, deleted=True)]
        door.script = showing(part)
        fake.say("/jam_start", chat=JAMS)
        await fake.hears(JAMS)
        await door.next()
        fake.say("@jamfeed_bot what is new?", chat=JAMS)
        other = await door.next()
    assert (other.text, other.token) == ("what is new?", None)


async def test_a_private_question_is_asked_in_the_members_own_chat(
    fake: FakeTelegram, bridge: TelegramBridge
) -> None:
    fake.start(BEN)
    peeks = {TOKEN: Peek(private=True, question="What shall it say?", prefill="my draft")}
    part = Part("Press", buttons=[Press("Edit", TOKEN, "/edit d1 …")])
    door = ScriptedDoor(showing(part), peeks=peeks)
    async with running(bridge, door):
        fake.say("/feed", chat=JAMS)
        message = await fake.hears(JAMS)
        await door.next()
        fake.press(message, "Edit", user=BEN)
        question = await fake.hears(BEN.id)
        await fake.until(lambda: bool(fake.callback_answers))
        fake.say("better words", user=BEN)  # without a reply
        filled = await door.next()
        await fake.hears(BEN.id)
    assert "my draft" in question.plain
    assert [it.text for it in fake.callback_answers] == [SENT_PRIVATELY]
    assert (filled.token, filled.filled, filled.place.private) == (TOKEN, "better words", True)


async def test_a_topic_is_begun_in_a_forum_where_the_bot_may(
    fake: FakeTelegram, bridge: TelegramBridge
) -> None:
    forum = -1005
    async with running(bridge, ScriptedDoor()):
        assert await bridge.open_thread(str(forum), "Jam: rain") is None  # no forum
        fake.world.chats[forum].forum = True
        assert await bridge.open_thread(str(forum), "Jam: rain") is None  # not its to change
        fake.world.chats[forum].manages_topics = True
        place = await bridge.open_thread(str(forum), f"Jam: {'rain ' * 40}")
        assert place is not None and await bridge.open_thread(place, "Jam: sea") is None
        await bridge.send(place, Part("A jam has begun."), key="1")
    said = fake.messages(forum)[-1]
    assert (said.plain, place) == ("A jam has begun.", f"{forum}:{said.topic}")
