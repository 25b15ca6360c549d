"""The Telegram bridge: the real library over real HTTP, against a Bot API server on loopback."""

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import Literal

import pytest

from agents.answer import Card, Picture, Recording
from bridges.beforehand import Peek, Press
from bridges.protocol import Incoming, Part, Reply
from bridges.telegram import growing
from bridges.telegram.adapter import TelegramBridge
from bridges.telegram.sentences import (
    CANCEL_HINT,
    FILE_LOST,
    FILE_TOO_LARGE,
    NOT_READABLE,
    NOT_YOURS,
)
from bridges.uploads import Spoken, Upload
from feed_core.errors import ConfigurationError, Gone, Unavailable, Unknown
from tests.bridges.telegram_door import ACTS, ScriptedDoor, png, running, showing
from tests.fakes.recordings import recording
from tests.fakes.telegram import ANA, BEN, FakeTelegram, Person

TOKEN = "a1B2c3D4e5F6"

# The library's RetryAfter warns of its own attribute whenever it is made.
pytestmark = pytest.mark.filterwarnings("ignore:Deprecated since version v22.2")


@pytest.fixture
async def fake() -> FakeTelegram:
    fake = FakeTelegram()
    fake.start(ANA, BEN)
    return fake


@pytest.fixture
async def bridge(fake: FakeTelegram) -> AsyncIterator[TelegramBridge]:
    async with fake.serving() as url:
        yield TelegramBridge("1:test", ACTS, api_url=url)


async def test_a_message_reaches_jamfeed_and_its_answer_the_chat(
    fake: FakeTelegram, bridge: TelegramBridge
) -> None:
    door = ScriptedDoor()
    async with running(bridge, door):
        update = fake.say("hello")
        incoming = await door.next()
        heard = await fake.hears()

    assert incoming.update_id == str(update["update_id"])
    assert (incoming.text, incoming.call, incoming.token) == ("hello", None, None)
    assert (incoming.sender.id, incoming.sender.name) == ("42", "Ana")
    assert (incoming.place.platform, incoming.place.id) == ("telegram", "42")
    assert incoming.place.private
    assert heard.plain == "heard: hello"


@pytest.mark.parametrize(
    ("typed", "passed_on"),
    [
        ("/remix 1,2 as a haiku", "/remix 1,2 as a haiku"),
        ("/digest_now", "/digest now"),
        ("/Digest_Now@Jamfeed_Bot  please", "/digest now  please"),
        ("/create Rain:\nall night", "/create Rain:\nall night"),
        ("/digset_now", "/digset_now"),
        ("/start", "/start"),
        ("and/or", "and/or"),
    ],
)
async def test_a_command_comes_as_the_line_that_names_the_act(
    fake: FakeTelegram, bridge: TelegramBridge, typed: str, passed_on: str
) -> None:
    door = ScriptedDoor()
    async with running(bridge, door):
        fake.say(typed)
        assert (await door.next()).text == passed_on


async def test_updates_are_acknowledged_and_not_lost_when_the_bridge_starts_again(
    fake: FakeTelegram, bridge: TelegramBridge
) -> None:
    fake.say("before the first run")
    door = ScriptedDoor()
    async with running(bridge, door):
        assert (await door.next()).text == "before the first run"
        await fake.hears()
    assert fake.updates.pending == 0

    fake.say("between the runs")
    async with running(bridge, door):
        assert (await door.next()).text == "between the runs"
    assert fake.updates.pending == 0
    assert door.incoming.empty()


async def test_a_repeated_update_keeps_its_id(fake: FakeTelegram, bridge: TelegramBridge) -> None:
    door = ScriptedDoor()
    async with running(bridge, door):
        update = fake.say("once")
        first = await door.next()
        fake.repeat(update)
        assert (await door.next()).update_id == first.update_id


async def test_one_persons_messages_come_in_order_and_are_not_held_up_by_answers(
    fake: FakeTelegram, bridge: TelegramBridge
) -> None:
    release = asyncio.Event()

    async def slow(incoming: Incoming, reply: Reply) -> None:
        await release.wait()

    door = ScriptedDoor(slow)
    async with running(bridge, door):
        fake.say(photo=png(600, 600), caption="fetching takes longer")
        for number in range(10):
            fake.say(f"{number}")
        heard = [await door.next() for _ in range(11)]
        release.set()
    assert [it.text for it in heard] == ["fetching takes longer", *map(str, range(10))]
    assert len(door.answered) == 11


async def test_a_bug_while_a_message_is_passed_on_is_said(
    fake: FakeTelegram, bridge: TelegramBridge
) -> None:
    async def broken(incoming: Incoming, reply: Reply) -> None:
        raise RuntimeError("a secret")

    async with running(bridge, ScriptedDoor(broken)):
        fake.say("hello")
        heard = await fake.hears()
    assert "secret" not in heard.plain
    assert heard.plain


async def test_a_photo_comes_in_at_full_size_with_its_caption_as_text(
    fake: FakeTelegram, bridge: TelegramBridge
) -> None:
    door = ScriptedDoor()
    picture = png(400, 300)
    async with running(bridge, door):
        fake.say(photo=picture, caption="/create Teal")
        incoming = await door.next()
        fake.say(photo=picture)
        bare = await door.next()

    (upload,) = incoming.uploads
    assert (incoming.text, upload.content) == ("/create Teal", picture)
    assert upload.name.endswith(".jpg")
    assert (bare.text, len(bare.uploads)) == ("", 1)


async def test_a_picture_that_cannot_be_fetched_is_a_stated_reason(
    fake: FakeTelegram, bridge: TelegramBridge
) -> None:
    door = ScriptedDoor()
    async with running(bridge, door):
        fake.fail_next("getFile", status=400, description="Bad Request: file is too big")
        fake.say(photo=png(), caption="/create Teal")
        assert (await fake.hears()).plain == FILE_TOO_LARGE
        fake.say(document=bytes(20_000_001), name="film.mp4")
        assert (await fake.hears()).plain == FILE_TOO_LARGE
        fake.fail_next("getFile", status=500)
        fake.say(photo=png(), caption="/create Teal")
        assert (await fake.hears()).plain == FILE_LOST
        fake.say(document=b"not a picture")
        assert (await fake.hears()).plain == NOT_READABLE
        fake.say(document=b"%PDF-1.7", name="rain.pdf", caption="sum this up")
        assert (await fake.hears()).plain == NOT_READABLE
    assert door.incoming.empty()


async def test_a_text_file_comes_in_as_a_file_with_its_caption_as_the_wish(
    fake: FakeTelegram, bridge: TelegramBridge
) -> None:
    door = ScriptedDoor()
    async with running(bridge, door):
        fake.say(document=b"rain on tin", name="Rain.MD", caption="make a haiku of this")
        incoming = await door.next()
    assert incoming.text == "make a haiku of this"
    assert incoming.uploads == [Upload("Rain.MD", b"rain on tin")]


async def test_a_voice_note_says_who_spoke_it_where_that_is_somebody_else(
    fake: FakeTelegram, bridge: TelegramBridge
) -> None:
    content = recording("tone.opus.ogg")
    door = ScriptedDoor()
    async with running(bridge, door):
        fake.say(recording=("voice", content))
        (own,) = (await door.next()).uploads
        fake.say(recording=("voice", content), caption="/publish d1", forwarded_from=BEN)
        forwarded = await door.next()
        fake.say(recording=("video_note", recording("squares.mp4")))
        (round_one,) = (await door.next()).uploads
    assert (own.name, own.spoken) == ("voice note.ogg", Spoken(1))
    assert (forwarded.text, forwarded.uploads[0].spoken) == ("", Spoken(1, "Ben"))
    assert (round_one.name, round_one.spoken) == ("video note.mp4", Spoken(1))


async def test_a_card_with_a_picture_is_one_photo_with_its_buttons(
    fake: FakeTelegram, bridge: TelegramBridge
) -> None:
    picture = Picture(png(), "rain.png", "a teal field")
    card = Card("#4", "Rain <on> tin", "all night & day", "by Ana", ["#1", "#2"], picture=picture)
    buttons = [Press("Remix", TOKEN, "/remix 4"), Press("Like", "b" * 12, "/like 4")]
    async with running(bridge, ScriptedDoor(showing(Part(cards=[card], buttons=buttons)))):
        fake.say("/show 4")
        heard = await fake.hears()

    assert (heard.method, heard.photo) == ("sendPhoto", picture.content)
    assert heard.plain == "#4 Rain <on> tin\nall night & day\n\nby Ana\n← #1 · #2\n\na teal field"
    assert [entity.type for entity in heard.entities] == ["bold", "italic", "italic"]
    assert heard.buttons == (("Remix", f"act:{TOKEN}"), ("Like", f"act:{'b' * 12}"))
    assert len(fake.messages()) == 2


async def test_several_pictures_are_one_album_and_the_keyboard_follows(
    fake: FakeTelegram, bridge: TelegramBridge
) -> None:
    buttons = [Press("Like", TOKEN, "/like 4")]
    named = (("#1", png(40)), ("#2", png(50)), ("#3", png(2100, 3000)), ("#4", png(60)))
    cards = [Card(it, "Rain", picture=Picture(of, "rain.png", "teal")) for it, of in named]
    pair = Part("New:", cards=[*cards, *cards[:1]], buttons=buttons)
    async with running(bridge, ScriptedDoor(showing(pair))):
        fake.say("/feed")
        shown = [await fake.hears() for _ in range(6)]

    assert [it.method for it in shown] == [
        *["sendMediaGroup"] * 2,
        "sendDocument",
        *["sendMediaGroup"] * 2,
        "sendMessage",
    ]
    assert [it.plain for it in shown[:3]] == ["#1 teal\n#2 teal", "", "#3 teal"]
    assert [it.photo for it in shown[:2]] == [png(40), png(50)]
    assert shown[-1].plain.startswith("New:") and shown[-1].buttons


async def test_a_picture_too_narrow_for_a_photo_comes_as_a_file(
    fake: FakeTelegram, bridge: TelegramBridge
) -> None:
    picture = Picture(png(2100, 100), "strip.png", "a strip")
    async with running(bridge, ScriptedDoor(showing(Part(pictures=[picture])))):
        fake.say("/lineage 4")
        heard = await fake.hears()
    assert (heard.method, heard.document, heard.plain) == (
        "sendDocument",
        picture.content,
        "a strip",
    )


@pytest.mark.parametrize(
    "picture",
    [
        Picture(png(1080, 4000), "lineage-4.png", "a lineage"),
        Picture(b"<svg xmlns='http://www.w3.org/2000/svg'/>", "lineage-4.svg", "a lineage"),
    ],
    ids=["tall", "svg"],
)
async def test_a_picture_that_a_photo_would_blur_comes_as_a_file(
    fake: FakeTelegram, bridge: TelegramBridge, picture: Picture
) -> None:
    async with running(bridge, ScriptedDoor(showing(Part(pictures=[picture])))):
        fake.say("/lineage 4")
        heard = await fake.hears()

    assert (heard.method, heard.document) == ("sendDocument", picture.content)


async def test_names_with_markup_are_shown_as_they_are(
    fake: FakeTelegram, bridge: TelegramBridge
) -> None:
    mallory = Person(7, "<b>&amp;</i> @ana_maria", "mallory")

    async def greet(incoming: Incoming, reply: Reply) -> None:
        await reply.show(Part(f"Hello {incoming.sender.name}, <a href='x'>"))

    async with running(bridge, ScriptedDoor(greet)):
        fake.say("hi", user=mallory)
        heard = await fake.hears(mallory.id)
    assert heard.plain.replace("\u2060", "") == "Hello <b>&amp;</i> @ana_maria, <a href='x'>"
    assert heard.entities == ()  # no formatting, and nobody is pinged


async def test_what_telegram_cannot_parse_comes_as_plain_text(
    fake: FakeTelegram, bridge: TelegramBridge
) -> None:
    reason = "Bad Request: can't parse entities: for a test"
    fake.fail_next("sendMessage", status=400, description=reason)
    card = Card("#4", "Rain & <tin>")
    async with running(bridge, ScriptedDoor(showing(Part(cards=[card])))):
        fake.say("/show 4")
        heard = await fake.hears()
    assert (heard.text, heard.parse_mode) == ("#4 Rain & <tin>", None)


async def test_a_press_is_passed_on_with_its_token_and_always_answered(
    fake: FakeTelegram, bridge: TelegramBridge
) -> None:
    part = Part("Press", buttons=[Press("Like", TOKEN, "/like 4")])
    door = ScriptedDoor(showing(part))
    async with running(bridge, door):
        fake.say("hi")
        message = await fake.hears()
        await door.next()
        fake.press(message, "Like", user=ANA)
        incoming = await door.next()
        await fake.hears()
    assert (incoming.token, incoming.text, incoming.place.id) == (TOKEN, "", "42")
    assert len(fake.callback_answers) == 1


async def test_a_press_is_answered_while_an_earlier_wish_still_takes_its_time(
    fake: FakeTelegram, bridge: TelegramBridge
) -> None:
    release = asyncio.Event()

    async def slow(incoming: Incoming, reply: Reply) -> None:
        if incoming.text == "slow":
            await release.wait()
        await reply.show(Part("Press", buttons=[Press("Like", TOKEN, "/like 4")]))

    door = ScriptedDoor(slow)
    async with running(bridge, door):
        fake.say("hi")
        message = await fake.hears()
        fake.say("slow")
        fake.press(message, "Like")
        await fake.until(lambda: len(fake.callback_answers) == 1)
        assert door.answered == [door.answered[0]]  # the first only
        release.set()
        await fake.hears()
        await fake.hears()


async def test_a_press_on_a_message_that_is_gone_still_counts(
    fake: FakeTelegram, bridge: TelegramBridge
) -> None:
    door = ScriptedDoor(showing(Part("Press", buttons=[Press("Like", TOKEN, "/like 4")])))
    async with running(bridge, door):
        fake.say("hi")
        message = await fake.hears()
        await door.next()
        fake.world.chats[ANA.id].posts[message.message_id].deleted = True
        fake.press(message, "Like")
        incoming = await door.next()
        await fake.hears()
    assert (incoming.token, incoming.place.id) == (TOKEN, "42")


async def test_a_button_with_a_blank_asks_and_the_reply_fills_it(
    fake: FakeTelegram, bridge: TelegramBridge
) -> None:
    edit = Peek(private=False, question="What shall it say?", prefill="rain < tin")
    door = ScriptedDoor(
        showing(Part("A draft", buttons=[Press("Edit", TOKEN, "/edit d1 …")])),
        peeks={TOKEN: edit},
    )
    async with running(bridge, door):
        fake.say("hi")
        draft = await fake.hears()
        await door.next()
        fake.press(draft, "Edit")
        question = await fake.hears()
        assert door.incoming.empty()
        assert len(fake.callback_answers) == 1

        fake.say("rain on glass", reply_to=question)
        filled = await door.next()
        await fake.hears()

        fake.say("/feed", reply_to=question)  # the client opens a reply by itself
        command = await door.next()
        await fake.hears()

    assert question.plain == f"What shall it say?\n\nrain < tin\n\n↳ {TOKEN} · {CANCEL_HINT}"
    assert question.reply_markup == {
        "force_reply": True,
        "selective": True,
        "input_field_placeholder": "What shall it say?",
    }
    assert (filled.token, filled.filled, filled.text) == (TOKEN, "rain on glass", "")
    assert (command.token, command.text) == (None, "/feed")


async def test_words_that_look_like_a_question_are_none(
    fake: FakeTelegram, bridge: TelegramBridge
) -> None:
    card = Card("#9", "Trap", f"What shall it say?\n\n↳ {TOKEN}")
    door = ScriptedDoor(showing(Part(cards=[card])))
    async with running(bridge, door):
        fake.say("/show 9")
        await door.next()
        fake.say("nice", reply_to=await fake.hears())
        incoming = await door.next()
        await fake.hears()
    assert (incoming.token, incoming.text) == (None, "nice")


async def test_a_start_link_presses_the_button_it_carries(
    fake: FakeTelegram, bridge: TelegramBridge
) -> None:
    door = ScriptedDoor(peeks={"q" * 12: Peek(private=True, question="Which words?")})
    async with running(bridge, door):
        fake.follow(f"https://t.me/jamfeed_bot?start={TOKEN}")
        assert (await door.next()).token == TOKEN
        await fake.hears()
        fake.follow(f"https://t.me/jamfeed_bot?start={'q' * 12}")
        assert (await fake.hears()).plain.startswith("Which words?")
        fake.follow("https://t.me/jamfeed_bot?start=jam-3")
        assert (await door.next()).text == "/jam show 3"


async def test_an_album_comes_as_one_message_with_its_words_and_keeps_its_place(
    fake: FakeTelegram, bridge: TelegramBridge
) -> None:
    door = ScriptedDoor()
    async with running(bridge, door):
        fake.say(photo=png(60), album="a")
        first = fake.say(photo=png(70), album="a", caption="/create The harbour")
        fake.repeat(first)
        fake.say(photo=png(80), album="b", user=BEN)
        fake.say("and then?")
        heard = [await door.next() for _ in range(3)]

    ben, album, then = sorted(heard, key=lambda it: (it.sender.id != str(BEN.id), it.update_id))
    assert (album.text, then.text) == ("/create The harbour", "and then?")
    assert heard.index(album) < heard.index(then)
    assert [it.content for it in album.uploads] == [png(60), png(70)]
    assert [it.content for it in ben.uploads] == [png(80)]


async def seen(fake: FakeTelegram, text: str) -> None:
    """Wait until this stands in a chat, if not for long."""
    await fake.until(lambda: any(it.plain.startswith(text) for it in fake.sent))


async def test_the_bot_is_seen_typing_while_work_takes_long_and_not_when_it_is_over(
    fake: FakeTelegram, bridge: TelegramBridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(growing, "SOON", 0.05)
    monkeypatch.setattr(growing, "TYPING", 0.05)

    async def work(incoming: Incoming, reply: Reply) -> None:
        if incoming.text == "/paint":
            await fake.until(lambda: fake.requests[-1].method == "sendChatAction")
            await reply.show(Part("a picture"))

    door = ScriptedDoor(work)
    async with running(bridge, door):
        fake.say("/paint")
        assert (await fake.hears()).plain == "a picture"
        fake.say("what needs no answer", user=BEN)
        await fake.until(lambda: len(door.answered) == 2)
        await asyncio.sleep(0.1)
        before = len(fake.requests)
        await asyncio.sleep(0.3)
    assert "sendChatAction" not in [it.method for it in fake.requests[before:]]


async def test_an_answer_that_grows_is_one_message(
    fake: FakeTelegram, bridge: TelegramBridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(growing, "FIRST", 0.0)

    async def grow(incoming: Incoming, reply: Reply) -> None:
        await reply.stream("")
        await fake.until(lambda: fake.requests[-1].method == "sendChatAction")
        await reply.stream("It <is")
        await seen(fake, "It <is")
        await reply.stream("It <is skipped: too soon")
        await reply.stream("It <is raining")
        await seen(fake, "It <is raining")
        await reply.show(Part("It <is raining.", buttons=[Press("Like", TOKEN, "/like 1")]))

    async with running(bridge, ScriptedDoor(grow)):
        fake.say("tell me")
        shown = [await fake.hears() for _ in range(3)]

    assert [it.plain for it in shown] == ["It <is", "It <is raining", "It <is raining."]
    assert [it.method for it in shown] == ["sendMessage", "editMessageText", "editMessageText"]
    assert shown[-1].buttons == (("Like", f"act:{TOKEN}"),)
    assert [it.method for it in fake.requests].count("sendChatAction") == 1
    assert len(fake.messages()) == 2


@pytest.mark.parametrize("knows_drafts", [True, False])
async def test_an_answer_grows_as_a_draft_where_the_operator_wants_it_and_telegram_can(
    fake: FakeTelegram, knows_drafts: bool
) -> None:
    async def grow(incoming: Incoming, reply: Reply) -> None:
        await reply.stream("It is")
        await fake.until(lambda: bool(fake.drafts or len(fake.sent)))
        await reply.show(Part("It is raining."))

    if not knows_drafts:
        fake.fail_next("sendMessageDraft", status=400, description="method not found")
    async with fake.serving() as url:
        bridge = TelegramBridge("1:test", ACTS, api_url=url, drafts=True)
        async with running(bridge, ScriptedDoor(grow)):
            update = fake.say("tell me")
            await fake.until(lambda: fake.messages()[-1].plain == "It is raining.")
    assert fake.drafts == ({(ANA.id, update["update_id"]): "It is"} if knows_drafts else {})
    sent = [it.method for it in fake.sent]
    assert sent == (["sendMessage"] if knows_drafts else ["sendMessage", "editMessageText"])


async def test_an_answer_that_outgrows_a_message_shows_its_end_while_it_grows(
    fake: FakeTelegram, bridge: TelegramBridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(growing, "FIRST", 0.0)

    async def grow(incoming: Incoming, reply: Reply) -> None:
        await reply.stream("🐋" * 5000 + "the end")
        await seen(fake, "…🐋")
        await reply.show(Part("Whales."))

    async with running(bridge, ScriptedDoor(grow)):
        fake.say("tell me")
        grown, whole = await fake.hears(), await fake.hears()
    assert grown.plain.startswith("…🐋")
    assert grown.plain.endswith("the end")
    assert (whole.message_id, whole.plain) == (grown.message_id, "Whales.")


async def test_an_answer_with_a_picture_takes_the_place_of_what_had_grown(
    fake: FakeTelegram, bridge: TelegramBridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(growing, "FIRST", 0.0)

    async def grow(incoming: Incoming, reply: Reply) -> None:
        await reply.stream("I paint")
        await seen(fake, "I paint")
        await reply.show(Part("Here.", pictures=[Picture(png(), "a.png", "teal")]))

    async with running(bridge, ScriptedDoor(grow)):
        fake.say("/paint teal")
        await fake.hears(method="sendPhoto")
        await fake.until(lambda: bool(fake.messages(deleted=True)))
    assert [it.plain for it in fake.messages()] == ["/paint teal", "Here.\n\nteal"]


async def test_a_short_answer_is_sent_once_and_makes_its_sound(
    fake: FakeTelegram, bridge: TelegramBridge
) -> None:
    async def grow(incoming: Incoming, reply: Reply) -> None:
        await reply.stream("")
        await reply.stream("It is")
        await reply.stream("It is raining")
        await reply.show(Part("It is raining."))

    async with running(bridge, ScriptedDoor(grow)):
        fake.say("tell me")
        answer = await fake.hears()
    assert (answer.method, answer.plain) == ("sendMessage", "It is raining.")
    assert not answer.silent
    assert "sendChatAction" not in [it.method for it in fake.requests]  # nobody had to wait


async def test_a_growing_answer_survives_that_telegram_refuses_its_edits(
    fake: FakeTelegram, bridge: TelegramBridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(growing, "FIRST", 0.0)

    async def grow(incoming: Incoming, reply: Reply) -> None:
        await reply.stream("It is")
        await fake.until(lambda: fake.requests[-1].method == "sendMessage")
        await reply.show(Part("It is raining."))

    fake.fail_next("sendMessage", status=500)
    door = ScriptedDoor(grow)
    async with running(bridge, door):
        fake.say("tell me")
        assert (await fake.hears()).plain == "It is raining."
    assert door.raised == []


async def test_an_answer_waits_as_long_as_telegram_asks(
    fake: FakeTelegram, bridge: TelegramBridge
) -> None:
    fake.fail_next("sendMessage", status=429, retry_after=1)
    async with running(bridge, ScriptedDoor()):
        fake.say("hello")
        assert (await fake.hears()).plain == "heard: hello"


async def test_a_long_answer_comes_whole_in_several_messages(
    fake: FakeTelegram, bridge: TelegramBridge
) -> None:
    text = "🐋" * 2047 + "x👩‍👩‍👧 " + "whale song. " * 400
    part = Part(text, buttons=[Press("Like", TOKEN, "/like 1")])
    async with running(bridge, ScriptedDoor(showing(part))):
        fake.say("sing")
        shown = [await fake.hears() for _ in range(3)]
    assert "".join(it.plain for it in shown).replace(" ", "") == text.replace(" ", "")
    assert [bool(it.buttons) for it in shown] == [False, False, True]


async def test_a_message_is_sent_by_its_place_and_its_id_comes_back(
    fake: FakeTelegram, bridge: TelegramBridge
) -> None:
    fake.group(-1007, "Jams", forum=True, topics=[12])
    async with running(bridge, ScriptedDoor()):
        private = await bridge.send("42", Part("your digest"), key="k1")
        topic = await bridge.send("-1007:12", Part("a new jam"), key="k2")
        first, second = await fake.hears(), await fake.hears(-1007)
    assert (first.plain, str(first.message_id)) == ("your digest", private)
    assert (second.topic, str(second.message_id)) == (12, topic)


async def test_one_sending_is_one_message_however_long_the_part(
    fake: FakeTelegram, bridge: TelegramBridge
) -> None:
    card = Card("#4", "Rain", "drop " * 400, picture=Picture(png(), "a.png", "teal"))
    async with running(bridge, ScriptedDoor()):
        await bridge.send("42", Part(cards=[card]), key="k1")
        await bridge.send("42", Part("drop " * 2000), key="k2")
        shown = [await fake.hears(), await fake.hears()]
    assert [it.method for it in shown] == ["sendPhoto", "sendMessage"]
    assert all(it.plain.endswith("…") for it in shown)
    assert len(fake.messages()) == 2


async def test_a_failed_sending_says_whether_it_may_have_arrived(
    fake: FakeTelegram, bridge: TelegramBridge
) -> None:
    async def outcome() -> type[Exception]:
        with pytest.raises(Unavailable) as caught:
            await bridge.send("42", Part("your digest"), key="k")
        return caught.type

    with pytest.raises(Unavailable):
        await bridge.send("42", Part("before it runs"), key="k")
    async with running(bridge, ScriptedDoor()):
        fake.fail_next("sendMessage", status=429, retry_after=1)
        assert await outcome() is Unavailable
        fake.fail_next("sendMessage", status=502)
        assert await outcome() is Unavailable
        fake.fail_next("sendMessage", status=400, description="Bad Request: for a test")
        assert await outcome() is Unavailable
        fake.fail_next("sendMessage", drop="after")
        assert await outcome() is Unknown
        fake.fail_next("sendMessage", drop="before")  # nobody can tell from here
        assert await outcome() is Unknown
        reason = "Bad Request: not enough rights to send text messages to the chat"
        fake.fail_next("sendMessage", status=400, description=reason)
        assert await outcome() is Gone
        fake.block(ANA)
        assert await outcome() is Gone
        with pytest.raises(Gone):
            await bridge.send("99", Part("to a stranger"), key="k")
    assert [it.plain for it in fake.messages()] == ["your digest"]  # the one that was cut off


async def test_a_group_that_has_moved_is_still_reached(
    fake: FakeTelegram, bridge: TelegramBridge
) -> None:
    fake.group(-5, "Jams")
    fake.migrate(-5, -1005)
    async with running(bridge, ScriptedDoor()):
        await bridge.send("-5", Part("a new jam"), key="k")
        assert (await fake.hears(-1005)).plain == "a new jam"


async def test_a_server_that_is_not_there_took_nothing(fake: FakeTelegram) -> None:
    async with fake.serving() as url:
        pass  # now nobody listens there
    bridge = TelegramBridge("1:test", ACTS, api_url=url)
    with pytest.raises(Unavailable) as caught:
        await bridge.run(ScriptedDoor(), lambda: None)
    assert caught.type is Unavailable


async def test_the_bridge_ends_when_telegram_goes_away(
    fake: FakeTelegram, bridge: TelegramBridge
) -> None:
    fake.fail_next("getUpdates", status=502, times=2)
    with pytest.raises(Unavailable):
        async with running(bridge, ScriptedDoor()) as task:
            await asyncio.wait([task], timeout=10)


async def test_one_failed_poll_is_not_the_end(fake: FakeTelegram, bridge: TelegramBridge) -> None:
    fake.fail_next("getUpdates", status=502)
    async with running(bridge, ScriptedDoor()):
        fake.say("still there?")
        assert (await fake.hears()).plain == "heard: still there?"


async def test_an_update_that_cannot_be_read_stops_no_other_and_its_words_stay_out_of_the_log(
    fake: FakeTelegram, bridge: TelegramBridge, capfd: pytest.CaptureFixture[str]
) -> None:
    door = ScriptedDoor()
    async with running(bridge, door):
        fake.updates.add("message", {"text": "CANARY", "chat": {"a field": "of tomorrow"}})
        fake.say("still there?")
        assert (await fake.hears()).plain == "heard: still there?"
        fake.updates.add("message", {"text": "CANARY"})
        await fake.until(lambda: fake.updates.pending == 0)
    said = capfd.readouterr()
    assert "telegram_update_unreadable" in said.out + said.err
    assert "CANARY" not in said.out + said.err


async def test_a_refused_token_is_a_setting_to_mend_and_is_not_repeated(
    fake: FakeTelegram, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with fake.serving() as url:
        bridge = TelegramBridge("1:CANARY", ACTS, api_url=url)
        with pytest.raises(ConfigurationError) as caught:
            await bridge.run(ScriptedDoor(), lambda: None)
    assert caught.value.setting == "JAMFEED_TELEGRAM_TOKEN"
    assert "CANARY" not in caplog.text
    assert caught.value.__context__ is None  # what the library says holds the token


async def test_a_token_revoked_while_running_ends_the_bridge(
    fake: FakeTelegram, bridge: TelegramBridge
) -> None:
    fake.fail_next("getUpdates", status=401)
    with pytest.raises(ConfigurationError):
        async with running(bridge, ScriptedDoor()) as task:
            await asyncio.wait([task], timeout=5)


async def test_a_second_poller_is_said_in_one_line(
    fake: FakeTelegram, bridge: TelegramBridge, capsys: pytest.CaptureFixture[str]
) -> None:
    fake.fail_next("getUpdates", status=409)
    with pytest.raises(Unavailable):
        async with running(bridge, ScriptedDoor()) as task:
            await asyncio.wait([task], timeout=5)
    said = capsys.readouterr()
    assert "another program polls with the same token" in said.out + said.err
    assert "Traceback" not in said.out + said.err


async def test_stopping_lets_answers_finish_and_leaves_nothing_behind(
    fake: FakeTelegram, bridge: TelegramBridge
) -> None:
    before = asyncio.all_tasks()
    release = asyncio.Event()

    async def slow(incoming: Incoming, reply: Reply) -> None:
        await release.wait()
        await reply.show(Part("done"))

    door = ScriptedDoor(slow)
    async with running(bridge, door) as task:
        fake.say("slow")
        await door.next()
        task.cancel()
        release.set()

    assert (await fake.hears()).plain == "done"
    assert fake.updates.pending == 0
    left = {task for task in asyncio.all_tasks() - before if "telegram" in repr(task).lower()}
    assert left == set()


async def test_a_bridge_that_is_told_twice_to_stop_stops_at_once(
    fake: FakeTelegram, bridge: TelegramBridge
) -> None:
    before = asyncio.all_tasks()

    async def endless(incoming: Incoming, reply: Reply) -> None:
        await asyncio.Event().wait()

    door = ScriptedDoor(endless)
    async with running(bridge, door) as task:
        fake.say("endless")
        await door.next()
        task.cancel()
        await asyncio.sleep(0)  # it has begun to leave
        task.cancel()

    assert task.cancelled()
    assert door.answered == []
    left = {task for task in asyncio.all_tasks() - before if "telegram" in repr(task).lower()}
    assert left == set()


async def test_forwarded_words_are_not_taken_for_the_members_own(
    fake: FakeTelegram, bridge: TelegramBridge
) -> None:
    door = ScriptedDoor()
    async with running(bridge, door):
        fake.say("/publish d1", forwarded_from=BEN)
        assert (await fake.hears()).plain == NOT_YOURS
        fake.say("what I said before", forwarded_from=ANA)
        assert (await door.next()).text == "what I said before"
    assert door.incoming.empty()


async def test_nothing_that_is_said_and_no_token_stands_in_the_log(
    fake: FakeTelegram,
    bridge: TelegramBridge,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    async with running(bridge, ScriptedDoor()):
        fake.say("a secret wish")
        await fake.hears()
        fake.fail_next("sendMessage", status=500)
        with pytest.raises(Unavailable):
            await bridge.send("42", Part("a secret digest"), key="k")
    logged = caplog.text + capsys.readouterr().out
    assert "secret" not in logged
    assert "1:test" not in logged


@pytest.mark.parametrize(
    ("name", "type_", "method"),
    [
        ("tone.mp3", "audio/mpeg", "sendAudio"),
        ("tone.m4a", "audio/mp4", "sendAudio"),
        ("tone.opus.ogg", "audio/ogg", "sendVoice"),
        ("squares.mp4", "video/mp4", "sendVideo"),
        ("squares.mov", "video/quicktime", "sendDocument"),
        ("tone.flac", "audio/flac", "sendDocument"),
        ("squares.webm", "video/webm", "sendDocument"),
    ],
)
async def test_a_recording_is_played_where_telegram_plays_its_kind(
    fake: FakeTelegram, bridge: TelegramBridge, name: str, type_: str, method: str
) -> None:
    content = recording(name)
    card = Card("#4", "Tone", recording=Recording(content, type_, name, "a tone of 440 Hz"))
    buttons = [Press("Like", TOKEN, "/like 4")]
    async with running(bridge, ScriptedDoor(showing(Part(cards=[card], buttons=buttons)))):
        fake.say("/show 4")
        heard = await fake.hears()

    assert heard.method == method
    assert (heard.recording or heard.document) == content
    assert heard.plain == "#4 Tone\n\na tone of 440 Hz"
    assert heard.buttons == (("Like", f"act:{TOKEN}"),)


@pytest.mark.parametrize(
    ("kind", "name"),
    [("audio", "tone.mp3"), ("voice", "tone.opus.ogg"), ("video", "squares.mp4")],
)
async def test_a_recording_comes_in_as_people_send_it(
    fake: FakeTelegram,
    bridge: TelegramBridge,
    kind: Literal["audio", "voice", "video"],
    name: str,
) -> None:
    door = ScriptedDoor()
    async with running(bridge, door):
        fake.say(recording=(kind, recording(name)), caption="/create Tone")
        incoming = await door.next()

    (upload,) = incoming.uploads
    assert (incoming.text, upload.content) == ("/create Tone", recording(name))
