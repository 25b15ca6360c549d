"""The fake Telegram refuses, paces and fails as the real one does."""

from collections.abc import AsyncIterator

import httpx
import pytest
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
)
from telegram.constants import MessageEntityType
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    NetworkError,
    RetryAfter,
)

from tests.fakes.telegram import ANA, BEN, FakeTelegram
from tests.fakes.telegram_clients import application, keyboard, picture
from tests.fakes.telegram_limits import Pacing, Refused

# RetryAfter of PTB 22 warns about its own attribute whenever it is made.
pytestmark = pytest.mark.filterwarnings("ignore:Deprecated since version v22.2")


@pytest.fixture
async def fake() -> FakeTelegram:
    return FakeTelegram()


@pytest.fixture
async def bot(fake: FakeTelegram) -> AsyncIterator[Bot]:
    fake.start(ANA)
    async with fake.serving() as url, application(url).bot as bot:
        yield bot


@pytest.mark.parametrize(
    ("text", "mode", "reason"),
    [
        ("x" * 4097, None, "message is too long"),
        ("🌧" * 2049, None, "message is too long"),
        ("<b>" + "x" * 4097 + "</b>", "HTML", "message is too long"),
        ("", None, "message text is empty"),
        (" \n ", None, "message text is empty"),
        ("<b></b>", "HTML", "message text is empty"),
        ("a < b", "HTML", "can't parse entities: Unsupported start tag"),
        ("<b>bold", "HTML", "can't parse entities: Can't find end tag corresponding to start"),
        ("*x*", "Sideways", "unsupported parse_mode"),
    ],
)
async def test_a_text_that_telegram_would_not_take_is_refused(
    bot: Bot, text: str, mode: str | None, reason: str
) -> None:
    with pytest.raises(BadRequest, match=f"(?i)^{reason}"):
        await bot.send_message(42, text, parse_mode=mode)


async def test_the_limit_counts_what_people_read(bot: Bot) -> None:
    sent = await bot.send_message(42, "<b>" + "&lt;" * 4096 + "</b>", parse_mode="HTML")
    assert sent.text == "<" * 4096
    assert sent.entities[0].type == MessageEntityType.BOLD
    with pytest.raises(BadRequest, match=r"(?i)caption is too long"):
        await bot.send_photo(42, picture(), caption="x" * 1025)


async def test_buttons_are_checked(bot: Bot) -> None:
    await bot.send_message(42, "fits", reply_markup=keyboard(("ok", "é" * 32)))
    for label, data, reason in [("long", "é" * 33, r"(?i)button_data_invalid"), ("", "x", "empty")]:
        with pytest.raises(BadRequest, match=reason):
            await bot.send_message(42, "x", reply_markup=keyboard((label, data)))
    with pytest.raises(BadRequest, match="unallowed"):
        markup = InlineKeyboardMarkup([[InlineKeyboardButton("does nothing")]])
        await bot.send_message(42, "x", reply_markup=markup)


async def test_edits_are_refused_as_the_real_one_does(fake: FakeTelegram, bot: Bot) -> None:
    fake.say("mine")
    sent = await bot.send_message(
        42, "<b>one</b>", parse_mode="HTML", reply_markup=keyboard(("a", "b"))
    )
    photo = await bot.send_photo(42, picture(), caption="old")
    with pytest.raises(BadRequest, match="Message is not modified"):
        await sent.edit_text(
            "<strong>one</strong>", parse_mode="HTML", reply_markup=keyboard(("a", "b"))
        )
    with pytest.raises(BadRequest, match=r"(?i)message to edit not found"):
        await bot.edit_message_text("x", 42, 99)
    with pytest.raises(BadRequest, match=r"(?i)can't be edited"):
        await bot.edit_message_text("x", 42, 1)
    with pytest.raises(BadRequest, match=r"(?i)no text in the message"):
        await photo.edit_text("x")
    await sent.edit_reply_markup(None)
    await photo.edit_caption("new")
    await photo.edit_media(InputMediaPhoto(picture(10, 10), caption="newest"))
    shown = fake.messages()
    assert (shown[1].plain, shown[1].buttons) == ("one", ())
    assert (shown[2].plain, shown[2].photo) == ("newest", picture(10, 10))
    await sent.delete()
    assert [message.plain for message in fake.messages()] == ["mine", "newest"]
    assert [message.plain for message in fake.messages(deleted=True)] == ["one"]
    with pytest.raises(BadRequest, match=r"(?i)message to delete not found"):
        await sent.delete()


@pytest.mark.parametrize(
    ("method", "call"),
    [
        ("sendMessage", {"chat_id": "", "text": "x"}),
        ("sendMessage", {"chat_id": "@nobody", "text": "x"}),
        ("sendMessage", {"chat_id": "42", "text": "x", "reply_markup": "{broken"}),
        ("sendMessage", {"chat_id": "42", "text": "x", "reply_markup": "[]"}),
        ("sendMessage", {"chat_id": "42", "text": "x", "entities": '[{"type": "bold"}]'}),
        ("sendMessage", {"chat_id": "42", "text": "x", "reply_parameters": '{"message_id": 9}'}),
        ("sendPhoto", {"chat_id": "42"}),
        ("sendPhoto", {"chat_id": "42", "photo": "no-such-file"}),
        ("sendMediaGroup", {"chat_id": "42", "media": "[1, 2]"}),
        ("editMessageText", {"chat_id": "42", "message_id": "one", "text": "x"}),
        ("setMyCommands", {"commands": "[1]"}),
        ("getUpdates", {"limit": "many"}),
    ],
)
async def test_a_malformed_call_is_a_bad_request(
    fake: FakeTelegram, method: str, call: dict[str, str]
) -> None:
    fake.start(ANA)
    async with fake.serving() as url, httpx.AsyncClient(base_url=f"{url}/bot1:test/") as http:
        answer = await http.post(method, data=call)
        no_json = await http.post(
            method, content=b"{", headers={"content-type": "application/json"}
        )
    assert (answer.status_code, answer.json()["error_code"]) == (400, 400)
    assert answer.json()["description"].startswith("Bad Request: ")
    assert no_json.status_code == 400
    assert fake.messages() == []


async def test_who_may_be_written_to(fake: FakeTelegram, bot: Bot) -> None:
    fake.say("in a group", user=BEN, chat=-1005)
    fake.know(BEN)
    for chat, error, reason in [
        (BEN.id, Forbidden, "bot can't initiate conversation with a user"),
        (777, BadRequest, "Chat not found"),
    ]:
        with pytest.raises(error, match=reason):
            await bot.send_message(chat, "hi")
    fake.block(ANA)
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(42, "hi")
    fake.unblock(ANA)
    await bot.send_message(42, "hi again")
    fake.kick(-1005)
    with pytest.raises(Forbidden, match="bot was kicked from the supergroup chat"):
        await bot.send_message(-1005, "hi")
    changes = [update.my_chat_member for update in await bot.get_updates(timeout=0)]
    assert [change.new_chat_member.status for change in changes if change] == [
        "kicked",
        "member",
        "kicked",
    ]


async def test_a_group_that_became_a_supergroup_names_its_new_id(
    fake: FakeTelegram, bot: Bot
) -> None:
    fake.group(-5, "Jam")
    await bot.send_message(-5, "before")
    fake.migrate(-5, -1009)
    with pytest.raises(ChatMigrated) as error:
        await bot.send_message(-5, "after")
    assert error.value.new_chat_id == -1009
    await bot.send_message(-1009, "after")
    with pytest.raises(BadRequest, match=r"(?i)thread not found"):
        await bot.send_message(-1009, "x", message_thread_id=3)
    await bot.leave_chat(-1009)
    with pytest.raises(Forbidden, match=r"(?i)not a member"):
        await bot.get_chat(-1009)


async def test_failures_come_when_asked_for(fake: FakeTelegram, bot: Bot) -> None:
    fake.fail_next("sendMessage", status=429, retry_after=7)
    with pytest.raises(RetryAfter) as limited:
        await bot.send_message(42, "one")
    assert limited.value._retry_after.total_seconds() == 7
    fake.fail_next("sendMessage", status=500, times=2, chat=42)
    for _ in range(2):
        with pytest.raises(NetworkError, match="Internal Server Error"):
            await bot.send_message(42, "two")
    fake.fail_next("*", status=502, taken=True)
    with pytest.raises(NetworkError, match="Bad Gateway"):
        await bot.send_message(42, "taken all the same")
    for drop in ("before", "after"):
        fake.fail_next("sendMessage", drop=drop)
        with pytest.raises(NetworkError):
            await bot.send_message(42, f"dropped {drop}")
    await bot.send_message(42, "fine")
    texts = [message.plain for message in fake.messages()]
    assert texts == ["taken all the same", "dropped after", "fine"]


async def test_the_pace_is_kept_by_chat_group_and_in_all() -> None:
    now = [0.0]
    pacing = Pacing(clock=lambda: now[0], burst=3)
    for _ in range(3):
        pacing.take(1, group=False)
    with pytest.raises(Refused, match="retry after 1"):
        pacing.take(1, group=False)
    now[0] = 1.0
    pacing.take(1, group=False)
    for chat in range(100, 129):
        pacing.take(chat, group=False)
    with pytest.raises(Refused, match="retry after 1"):
        pacing.take(200, group=False)
    for second in range(20):
        now[0] = 10.0 + second
        pacing.take(-1, group=True)
    now[0] = 40.0
    with pytest.raises(Refused, match="retry after 30"):
        pacing.take(-1, group=True)
    assert (pacing.exceeded, pacing.refused) == (3, 3)


async def test_the_pace_can_be_only_counted(fake: FakeTelegram, bot: Bot) -> None:
    fake.pacing.enforced = False
    for number in range(7):
        await bot.send_message(42, f"{number}")
    assert (fake.pacing.refused, len(fake.messages())) == (0, 7)
    assert fake.pacing.exceeded >= 1
    fake.pacing.enforced = True
    with pytest.raises(RetryAfter):
        await bot.send_message(42, "too fast")
