"""The fake Telegram against the real python-telegram-bot and raw HTTP."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from aiohttp import web
from telegram import (
    Bot,
    BotCommand,
    ForceReply,
    InlineQueryResultArticle,
    InputMediaPhoto,
    InputTextMessageContent,
    Message,
    Update,
)
from telegram.error import (
    BadRequest,
    Conflict,
    InvalidToken,
)

from tests.fakes.telegram import ANA, BEN, FakeTelegram, Person
from tests.fakes.telegram_clients import application, keyboard, picture, polling

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


@pytest.fixture
async def http(fake: FakeTelegram) -> AsyncIterator[httpx.AsyncClient]:
    async with fake.serving() as url, httpx.AsyncClient(base_url=url) as client:
        yield client


async def test_a_polling_application_hears_people_and_is_heard(fake: FakeTelegram) -> None:
    async def echo(update: Update, bot: Bot) -> None:
        assert isinstance(update.message, Message)
        await update.message.reply_html(f"<b>{update.message.text}</b>", do_quote=True)

    async with fake.serving() as url, polling(url, echo):
        fake.say("hello")
        sent = await fake.hears()
        fake.say("hi from Ben", user=BEN)
        other = await fake.hears(BEN.id)

    assert (sent.method, sent.chat_id, sent.text) == ("sendMessage", 42, "<b>hello</b>")
    assert (sent.plain, sent.parse_mode, sent.reply_to) == ("hello", "HTML", 1)
    assert other.plain == "hi from Ben"
    assert [message.plain for message in fake.messages()] == ["hello", "hello"]


async def test_commands_and_mentions_carry_entities_in_utf16_units(fake: FakeTelegram) -> None:
    seen: asyncio.Queue[Message] = asyncio.Queue()

    async def keep(update: Update, bot: Bot) -> None:
        assert update.message is not None
        seen.put_nowait(update.message)

    async with fake.serving() as url, polling(url, keep):
        fake.say("/remix@jamfeed_bot 1,2")
        command = await asyncio.wait_for(seen.get(), 5)
        fake.say("🌧 @jamfeed_bot a#b", chat=-1001, topic=7)
        mention = await asyncio.wait_for(seen.get(), 5)

    assert [(e.type, e.offset, e.length) for e in command.entities] == [("bot_command", 0, 18)]
    assert mention.parse_entities() == {mention.entities[0]: "@jamfeed_bot"}
    assert mention.entities[0].offset == 3
    assert (mention.message_thread_id, mention.is_topic_message) == (7, True)
    assert (mention.chat.type, mention.chat.is_forum) == ("supergroup", True)


async def test_a_button_is_pressed_and_the_message_edited(fake: FakeTelegram) -> None:
    async def publish(update: Update, bot: Bot) -> None:
        if update.message is not None:
            markup = keyboard(("Publish", "p:1"), ("Drop", "d:1"))
            await update.message.reply_text("a draft", reply_markup=markup)
        elif (query := update.callback_query) is not None:
            assert query.data == "p:1"
            await query.answer("done", show_alert=True)
            await query.edit_message_text(f"published by {query.from_user.first_name}")

    async with fake.serving() as url, polling(url, publish):
        fake.say("draft")
        draft = await fake.hears()
        assert draft.buttons == (("Publish", "p:1"), ("Drop", "d:1"))
        fake.press(draft, "Publish")
        edited = await fake.hears()
        with pytest.raises(LookupError, match="no button 'Publish'"):
            fake.press(draft, "Publish")

    assert (edited.method, edited.message_id) == ("editMessageText", draft.message_id)
    assert (edited.plain, edited.buttons) == ("published by Ana", ())
    assert [(a.text, a.alert) for a in fake.callback_answers] == [("done", True)]
    assert fake.messages()[-1].plain == "published by Ana"


async def test_pictures_go_both_ways(fake: FakeTelegram) -> None:
    async def mirror(update: Update, bot: Bot) -> None:
        assert update.message is not None
        largest = update.message.photo[-1]
        content = bytes(await (await largest.get_file()).download_as_bytearray())
        assert (largest.width, largest.height) == (120, 100)
        await update.message.reply_photo(
            content, caption=f"<i>{update.message.caption}</i>", parse_mode="HTML"
        )
        await update.message.reply_photo(largest.file_id)

    async with fake.serving() as url, polling(url, mirror):
        fake.say(photo=picture(), caption="my cat")
        uploaded = await fake.hears()
        by_id = await fake.hears()

    assert (uploaded.method, uploaded.plain, uploaded.photo) == ("sendPhoto", "my cat", picture())
    assert by_id.photo == picture()


async def test_an_acknowledged_update_comes_back_only_when_repeated(fake: FakeTelegram) -> None:
    seen: list[int] = []

    async def count(update: Update, bot: Bot) -> None:
        seen.append(update.update_id)
        await bot.send_message(42, f"update {len(seen)}")

    async with fake.serving() as url, polling(url, count):
        first = fake.say("one")
        await fake.hears()
        fake.repeat(first)
        await fake.hears()
        fake.say("two")
        await fake.hears()

    assert seen == [first["update_id"], first["update_id"], first["update_id"] + 1]
    assert fake.updates.pending == 0


async def test_updates_stay_until_the_offset_passes_them(
    fake: FakeTelegram, http: httpx.AsyncClient
) -> None:
    ids = [fake.say(word)["update_id"] for word in ("a", "b", "c")]

    async def poll(**query: int) -> list[int]:
        answer = await http.get("/bot1:test/getUpdates", params=query)
        return [update["update_id"] for update in answer.json()["result"]]

    assert await poll(limit=2) == ids[:2]
    assert await poll(offset=ids[1]) == ids[1:]
    assert await poll(offset=-1) == ids[2:]
    assert await poll(offset=ids[2] + 1) == []


async def test_a_second_poller_ends_the_first_with_a_conflict(fake: FakeTelegram) -> None:
    async with fake.serving() as url, application(url).bot as one, application(url).bot as two:
        first = asyncio.create_task(one.get_updates(timeout=20))
        await fake.until(lambda: fake.requests[-1].method == "getUpdates")
        second = asyncio.create_task(two.get_updates(timeout=20))
        with pytest.raises(Conflict, match="terminated by other getUpdates request"):
            await first
        fake.say("still here")
        updates = await second
    assert [update.message.text for update in updates if update.message] == ["still here"]


async def test_only_allowed_updates_are_kept(fake: FakeTelegram, bot: Bot) -> None:
    await bot.get_updates(timeout=0, allowed_updates=["message_reaction"])
    fake.say("not wanted")
    answer = await bot.send_message(42, "like me")
    fake.react(fake.sent[-1], "🔥")
    updates = await bot.get_updates(timeout=0)
    assert [
        update.message_reaction.message_id for update in updates if update.message_reaction
    ] == [answer.message_id]
    assert len(updates) == 1


async def test_a_webhook_gets_updates_with_its_secret_until_it_takes_them(
    fake: FakeTelegram, bot: Bot
) -> None:
    got: list[tuple[str, str]] = []

    async def take(request: web.Request) -> web.Response:
        body = await request.json()
        secret = request.headers["X-Telegram-Bot-Api-Secret-Token"]
        got.append((secret, body["message"]["text"]))
        fake.updates.signal.fire()
        return web.Response(status=500 if len(got) == 1 else 200)

    app = web.Application()
    app.router.add_post("/hook", take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    await bot.set_webhook(f"http://127.0.0.1:{runner.addresses[0][1]}/hook", secret_token="s3cret")
    with pytest.raises(Conflict, match="while webhook is active"):
        await bot.get_updates()
    fake.say("knock")
    await fake.until(lambda: fake.updates.pending == 0)
    await runner.cleanup()

    assert got == [("s3cret", "knock")] * 2
    assert "500" in str((await bot.get_webhook_info()).last_error_message)
    await bot.delete_webhook()
    assert (await bot.get_webhook_info()).url == ""


async def test_a_wrong_token_and_an_unknown_method_are_refused(http: httpx.AsyncClient) -> None:
    wrong = await http.post("/bot2:other/getMe")
    unknown = await http.post("/bot1:test/flyToTheMoon")
    assert (wrong.status_code, wrong.json()["description"]) == (401, "Unauthorized")
    assert (unknown.status_code, unknown.json()) == (
        404,
        {"ok": False, "error_code": 404, "description": "Not Found"},
    )


async def test_the_library_reads_a_wrong_token_as_invalid(fake: FakeTelegram) -> None:
    async with fake.serving() as url:
        with pytest.raises(InvalidToken):
            async with application(url, "9:wrong").bot:
                pass


async def test_albums_documents_and_force_reply(fake: FakeTelegram, bot: Bot) -> None:
    fake.say("hello")
    album = await bot.send_media_group(
        42, [InputMediaPhoto(picture(), caption="both"), InputMediaPhoto(picture(9, 9))]
    )
    document = await bot.send_document(42, b"a file", filename="feed.json", caption="export")
    asked = await bot.send_message(
        42,
        "Which?",
        reply_markup=ForceReply(selective=True),
        reply_to_message_id=1,
        disable_notification=True,
    )
    assert album[0].media_group_id == album[1].media_group_id
    assert document.document is not None
    assert document.document.file_name == "feed.json"
    assert asked.reply_to_message is not None
    first, second, file, question = fake.sent
    assert (first.photo, second.photo, first.plain) == (picture(), picture(9, 9), "both")
    assert (file.document, file.photo, file.plain) == (b"a file", None, "export")
    assert (question.silent, question.reply_to) == (True, 1)
    assert question.reply_markup == {"force_reply": True, "selective": True}
    with pytest.raises(BadRequest, match=r"(?i)image_process_failed"):
        await bot.send_photo(42, b"not a picture")


async def test_the_bot_describes_itself(fake: FakeTelegram, bot: Bot) -> None:
    await bot.set_my_commands([BotCommand("feed", "Show the feed")])
    await bot.set_my_commands([("feed", "Zeig den Feed")], language_code="de")
    await bot.set_my_name("Jam")
    await bot.set_my_description("jams")
    await bot.set_my_short_description("jam")
    assert fake.commands() == [("feed", "Show the feed")]
    assert fake.commands(language="de") == [("feed", "Zeig den Feed")]
    assert (await bot.get_my_name()).name == "Jam"
    assert [command.command for command in await bot.get_my_commands()] == ["feed"]
    await bot.delete_my_commands()
    assert fake.commands() == []
    with pytest.raises(BadRequest, match=r"(?i)bot_command_invalid"):
        await bot.set_my_commands([("Feed", "x")])


async def test_queries_are_answered_once(fake: FakeTelegram, bot: Bot) -> None:
    result = InlineQueryResultArticle("1", "Rain", InputTextMessageContent("rain"))
    inline = fake.type_inline("rain")["inline_query"]["id"]
    await bot.answer_inline_query(inline, [result])
    sent = await bot.send_message(42, "press", reply_markup=keyboard(("go", "go")))
    press = fake.press(sent.message_id, "go", user=ANA)["callback_query"]["id"]
    fake.expire_queries()
    with pytest.raises(BadRequest, match=r"(?i)query is too old"):
        await bot.answer_callback_query(press)
    assert fake.inline_answers[0]["title"] == "Rain"


async def test_actions_drafts_reactions_and_links(fake: FakeTelegram, bot: Bot) -> None:
    said = fake.say("hello")
    await bot.send_chat_action(42, "typing")
    await bot.send_message_draft(42, 5, "<b>thin", parse_mode=None)
    await bot.set_message_reaction(42, said["message"]["message_id"], "👍")
    update = fake.follow("https://t.me/jamfeed_bot?start=abc", user=Person(50, "Eve"))
    assert fake.drafts == {(42, 5): "<b>thin"}
    assert fake.messages()[0].reactions == ("👍",)
    assert (update["message"]["text"], fake.requests[-3].method) == ("/start abc", "sendChatAction")
    edited = fake.amend(said, "hello again")
    assert edited["edited_message"]["text"] == "hello again"


async def test_privacy_mode_hides_what_is_not_for_the_bot() -> None:
    fake = FakeTelegram(privacy=True)
    fake.say("just chatting", chat=-1001)
    assert fake.updates.pending == 0
    fake.say("@jamfeed_bot hello", chat=-1001)
    assert fake.updates.pending == 1


async def test_hearing_nothing_says_what_the_bot_called(fake: FakeTelegram, bot: Bot) -> None:
    await bot.send_chat_action(42, "typing")
    with pytest.raises(TimeoutError, match="sendChatAction"):
        await fake.hears(timeout=0.01)


async def test_it_may_be_served_again_on_the_same_port(fake: FakeTelegram) -> None:
    async with fake.serving() as url:
        fake.say("before")
    async with fake.serving(int(url.rpartition(":")[2])) as again, httpx.AsyncClient() as client:
        assert again == url
        updates = await client.get(f"{url}/bot1:test/getUpdates")
    assert updates.json()["result"][0]["message"]["text"] == "before"
