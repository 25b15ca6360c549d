"""Finding one's way in Telegram: menus, links that start the bot, questions and leaving them."""

from collections.abc import AsyncIterator

import pytest

from agents.acts.listing import all_acts
from agents.doorways import Doorways
from bridges.beforehand import Peek, Press
from bridges.protocol import Part
from bridges.telegram import links
from bridges.telegram.adapter import TelegramBridge
from bridges.telegram.commands import menus, tappable
from bridges.telegram.sentences import AWAY, CANCELLED, NOTHING_ASKED
from tests.bridges.telegram_door import ACTS, ScriptedDoor, running, showing
from tests.fakes.telegram import ANA, BEN, FakeTelegram

TOKEN = "a1B2c3D4e5F6"
ASKS = Peek(private=False, question="What shall it say?")


@pytest.fixture
async def fake() -> FakeTelegram:
    fake = FakeTelegram()
    fake.start(ANA, BEN)
    return fake


@pytest.fixture
async def bridge(fake: FakeTelegram) -> AsyncIterator[TelegramBridge]:
    async with fake.serving() as url:
        yield TelegramBridge("1:test", ACTS, api_url=url)


async def test_each_kind_of_chat_has_a_short_menu_of_its_own(fake: FakeTelegram) -> None:
    async with fake.serving() as url:
        for _ in range(2):
            async with running(TelegramBridge("1:test", all_acts(), api_url=url), ScriptedDoor()):
                pass
        set_ = [it.params["scope"]["type"] for it in fake.requests if it.method == "setMyCommands"]

    def offered(scope: str, language: str = "") -> list[str]:
        return [name for name, _ in fake.commands(scope, language)]

    alone, together = offered("all_private_chats"), offered("all_group_chats")
    administrators = offered("all_chat_administrators")
    assert len(alone) == len(together) == 8
    assert alone == offered("default") == offered("all_private_chats", "es")
    assert administrators[:8] == together
    assert {"mod_queue", "mod_decide", "mod_log"} <= set(administrators[8:])
    assert ("help", "Erkläre alles, was du hier tun kannst") in fake.commands(
        "all_group_chats", "de"
    )
    assert len(set_) == 10  # the second start found them there


@pytest.mark.parametrize(
    ("payload", "meant"),
    [
        (TOKEN, ("", TOKEN)),
        ("show-12", ("/show 12", None)),
        ("show-1234567", ("/show 1234567", None)),  # as long as a token
        ("thread-4", ("/thread 4", None)),
        ("remix-4", ("/remix 4", None)),
        ("link-AB12-CD34", ("/link AB12-CD34", None)),
        ("link", ("/link", None)),
        ("jam-3", ("/jam show 3", None)),
        ("invite-AB2CD3EF4G", ("/start AB2CD3EF4G", None)),
        ("AB2CD3EF4G", ("/start AB2CD3EF4G", None)),  # typed
        ("something-of-old", ("/start", None)),
        ("", ("/start", None)),
    ],
)
async def test_a_start_link_leads_to_what_it_carries(
    fake: FakeTelegram, bridge: TelegramBridge, payload: str, meant: tuple[str, str | None]
) -> None:
    door = ScriptedDoor()
    async with running(bridge, door):
        fake.follow(links.to("jamfeed_bot", payload))
        incoming = await door.next()
    assert (incoming.text, incoming.token) == meant


async def test_a_bot_that_is_up_says_how_its_links_are_made(fake: FakeTelegram) -> None:
    doorways = Doorways()
    assert doorways.to("jam-3") == ""
    async with fake.serving() as url:
        bridge = TelegramBridge("1:test", ACTS, api_url=url, doorways=doorways)
        async with running(bridge, ScriptedDoor()):
            assert doorways.to("jam-3") == "https://t.me/jamfeed_bot?start=jam-3"


async def test_what_is_asked_may_be_answered_without_a_reply_but_only_next(
    fake: FakeTelegram, bridge: TelegramBridge
) -> None:
    part = Part("A draft", buttons=[Press("Edit", TOKEN, "/edit d1 …", asks=True), LIKE])
    door = ScriptedDoor(showing(part), peeks={TOKEN: ASKS})
    async with running(bridge, door):
        fake.say("hi")
        draft = await fake.hears()
        await door.next()
        fake.press(draft, "Edit")
        await fake.hears()
        fake.say("rain on glass")
        filled = await door.next()
        fake.say("and another thing")
        free = await door.next()
    assert (filled.token, filled.filled) == (TOKEN, "rain on glass")
    assert (free.token, free.text) == (None, "and another thing")


async def test_cancel_takes_the_question_back_and_the_next_words_are_free(
    fake: FakeTelegram, bridge: TelegramBridge
) -> None:
    part = Part("A draft", buttons=[Press("Edit", TOKEN, "/edit d1 …", asks=True), LIKE])
    door = ScriptedDoor(showing(part), peeks={TOKEN: ASKS})
    async with running(bridge, door):
        fake.say("hi")
        draft = await fake.hears()
        await door.next()
        fake.press(draft, "Edit")
        question = await fake.hears()
        fake.say("/cancel")
        assert (await fake.hears()).plain == CANCELLED
        fake.say("/cancel@Jamfeed_Bot")
        assert (await fake.hears()).plain == NOTHING_ASKED
        fake.say("rain on glass")
        free = await door.next()
    assert [it.message_id for it in fake.messages(deleted=True)] == [question.message_id]
    assert (free.token, free.text) == (None, "rain on glass")


async def test_where_only_words_are_missing_they_are_asked_for_at_once(
    fake: FakeTelegram, bridge: TelegramBridge
) -> None:
    part = Part("/remember needs words.", buttons=[Press("Type it", TOKEN, "/remember …", True)])
    door = ScriptedDoor(showing(part))
    async with running(bridge, door):
        fake.say("/remember")
        question = await fake.hears()
        await door.next()
        fake.say("I love haiku", reply_to=question)
        filled = await door.next()
    assert question.plain.startswith("/remember needs words.")
    assert question.reply_markup is not None
    assert question.reply_markup["force_reply"]
    assert (filled.token, filled.filled) == (TOKEN, "I love haiku")


async def test_what_came_long_ago_gets_one_notice_and_what_is_fresh_an_answer(
    fake: FakeTelegram, bridge: TelegramBridge
) -> None:
    for words in ("/create old", "/publish d1", "are you there?"):
        fake.say(words, ago=3600)
    fake.say("just now", ago=30)
    door = ScriptedDoor()
    async with running(bridge, door):
        assert (await door.next()).text == "just now"
        notice, answer = await fake.hears(), await fake.hears()
    assert (notice.plain, answer.plain) == (AWAY, "heard: just now")
    assert door.incoming.empty()


async def test_who_blocks_the_bot_is_left_alone_until_they_come_back(
    fake: FakeTelegram, bridge: TelegramBridge
) -> None:
    door = ScriptedDoor()
    async with running(bridge, door):
        fake.block(ANA)
        fake.unblock(ANA)
        fake.kick(fake.group(-5, "Jams"))
        await fake.until(lambda: fake.updates.pending == 0 and len(door.reached) == 2)
    assert door.reached == [("42", False), ("42", True)]


def test_a_menu_is_in_one_language_from_top_to_bottom() -> None:
    of = {(scope.type, code): menu for scope, code, menu in menus(all_acts())}
    for (scope, code), menu in of.items():
        english = {it.description for it in of[scope, ""]}
        assert not code or english.isdisjoint(it.description for it in menu)


def test_commands_of_two_words_can_be_tapped() -> None:
    names = {"digest_now": "digest now", "feed": "feed"}
    said = "Try /digest now, /feed or http://x/digest now; /digest nowhere."
    assert (
        tappable(said, names) == "Try /digest_now, /feed or http://x/digest now; /digest nowhere."
    )


LIKE = Press("Like", "b" * 12, "/like 4")


async def test_a_new_bot_gets_texts_menus_and_a_picture_and_keeps_what_was_chosen(
    fake: FakeTelegram, bridge: TelegramBridge
) -> None:
    fake.profile["short_description", "de"] = "Unser Bot"
    await bridge.present()
    picture = fake.picture
    await bridge.present()
    bot = await bridge.looked_up()

    set_ = [it.method for it in fake.requests if it.method.startswith("setMy")]
    assert set_.count("setMyDescription") == 3
    assert set_.count("setMyShortDescription") == 2
    assert set_.count("setMyProfilePhoto") == 1
    assert fake.picture == picture
    assert fake.profile["short_description", "de"] == "Unser Bot"
    assert fake.commands()
    assert (bot.name, bot.lacks) == ("@jamfeed_bot", ())
    assert bot.links["write to it"] == "https://t.me/jamfeed_bot"
