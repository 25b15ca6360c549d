"""The bridge over HTTP and websocket: the real discord.py against a Discord on loopback."""

import asyncio
import io
import logging
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace

import pytest
from discord.asset import Asset
from discord.gateway import DiscordWebSocket
from discord.http import Route
from PIL import Image
from pydantic import JsonValue
from structlog.testing import capture_logs

from agents.act import Acts
from agents.acts.listing import all_acts
from agents.answer import Call, Card, Picture, Recording
from agents.forms import WORDS
from bridges.beforehand import Opened, Peek, Press
from bridges.discord.adapter import DiscordBridge
from bridges.discord.render import LARGEST_FILE
from bridges.protocol import Bridge, Door, Incoming, Part, Reply, Sender
from bridges.uploads import Spoken, Upload
from feed_core.errors import ConfigurationError, Gone, Unavailable, Unknown
from tests.bridges.discord_scripted import ACTS, FEWER, Script, ScriptedDoor, asking
from tests.fakes.discord import FakeDiscord, Urls
from tests.fakes.discord_events import Addressed
from tests.fakes.discord_rules import walk
from tests.fakes.recordings import recording

TOKEN = "abcdefghijkl"


@pytest.fixture
async def discord() -> AsyncIterator[FakeDiscord]:
    fake = FakeDiscord()
    async with fake.serving():
        yield fake


def urls(fake: FakeDiscord) -> Urls:
    origin = fake.world.origin
    return Urls(f"{origin}/api/v10", origin.replace("http", "ws") + "/gateway", f"{origin}/cdn")


def bridge_to(fake: FakeDiscord, *, token: str = "test.token", acts: Acts = ACTS) -> DiscordBridge:
    where = urls(fake)
    return DiscordBridge(token, acts, api_url=where.api, gateway_url=where.gateway)


@asynccontextmanager
async def running(bridge: Bridge, door: Door) -> AsyncIterator[None]:
    """Run the bridge until the end of the block; raise what ended it early."""
    ready = asyncio.Event()
    task = asyncio.create_task(bridge.run(door, ready.set))
    waiting = asyncio.create_task(ready.wait())
    try:
        await asyncio.wait({task, waiting}, timeout=10, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            task.result()
        assert ready.is_set()
        yield
    finally:
        waiting.cancel()
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def always(part: Part) -> Script:
    async def script(incoming: Incoming, reply: Reply) -> None:
        await reply.show(part)

    return script


def png() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8), "orange").save(buffer, "PNG")
    return buffer.getvalue()


async def test_a_private_message_is_answered_where_it_was_written(discord: FakeDiscord) -> None:
    door = ScriptedDoor()
    async with running(bridge_to(discord), door):
        asked = discord.dm("hello")
        answer = await discord.hears()

    assert answer.text == "Ana said hello"
    assert answer.reply_to is None
    assert discord.typing == []  # nobody had to wait
    (incoming,) = door.received
    assert (incoming.place.id, incoming.place.private) == (str(asked.channel.id), True)


async def test_a_mention_is_answered_as_a_reply_that_pings_nobody(discord: FakeDiscord) -> None:
    async with running(bridge_to(discord), ScriptedDoor()):
        discord.say("@everyone psst")
        asked = discord.say("hello @everyone", mention_bot=True)
        answer = await discord.hears()

    assert answer.reply_to is asked
    assert not answer.pings
    assert len(discord.sent) == 1


async def test_a_reply_that_cannot_be_read_is_told_what_mends_it(discord: FakeDiscord) -> None:
    door = ScriptedDoor()
    async with running(bridge_to(discord), door):
        discord.say("hello", mention_bot=True)
        answer = await discord.hears()
        asked = discord.say("and more", reply_to=answer)
        told = await discord.hears()

    assert [it.text for it in door.received] == ["hello"]
    assert "write it again with my name" in told.text
    assert told.reply_to is asked


async def test_only_intents_that_need_no_permission_are_asked_for(discord: FakeDiscord) -> None:
    discord.gateway.allowed_privileged = 0
    async with running(bridge_to(discord), ScriptedDoor()):
        assert discord.gateway.intents == 1 << 0 | 1 << 9 | 1 << 10 | 1 << 12


async def test_commands_are_synced_when_they_differ_and_only_then(discord: FakeDiscord) -> None:
    async with running(bridge_to(discord), ScriptedDoor()):
        assert discord.commands.syncs == 1
    async with running(bridge_to(discord), ScriptedDoor()):
        assert discord.commands.syncs == 1
    async with running(bridge_to(discord, acts=FEWER), ScriptedDoor()):
        assert discord.commands.syncs == 2


async def test_commands_have_names_in_other_languages_which_are_synced_too(
    discord: FakeDiscord,
) -> None:
    async with running(bridge_to(discord, acts=all_acts()), ScriptedDoor()):
        kept = discord.commands.kept[None]
    (remix,) = [it for it in kept if it["name"] == "remix"]
    (entry,) = [it for it in kept if it["name"] == "Remix this"]
    spanish = {"es-ES": "remezclar", "es-419": "remezclar"}
    assert remix["name_localizations"] == {"de": "remixen", **spanish, "ja": "リミックス"}
    assert entry["name_localizations"]["de"] == "Das hier remixen"
    (digest,) = [it for it in kept if it["name"] == "digest"]
    (when,) = [it for it in digest["options"] if it["name"] == "set"]
    assert digest["name_localizations"]["de"] == "auslese"
    assert when["name_localizations"]["de"] == "stellen"
    assert when["description_localizations"]["de"] == "Wähle, wann deine Auslese kommt"
    groups = [it.get("options") or [] for it in kept if it["type"] == 1]
    for locale in ("de", "es-ES", "ja"):
        for together in (kept, *groups):
            names = [
                (it["type"], (it.get("name_localizations") or {}).get(locale, it["name"]))
                for it in together
            ]
            assert len(set(names)) == len(names)

    del remix["name_localizations"]["de"]
    async with running(bridge_to(discord, acts=all_acts()), ScriptedDoor()):
        assert discord.commands.syncs == 2


async def test_what_moderators_do_is_shown_to_a_servers_moderators_alone(
    discord: FakeDiscord,
) -> None:
    for _ in range(2):
        async with running(bridge_to(discord, acts=all_acts()), ScriptedDoor()):
            assert discord.commands.syncs == 1

    hidden = [it for it in discord.commands.kept[None] if it["default_member_permissions"]]
    assert [it["name"] for it in hidden] == ["mod", "room"]
    for it in hidden:
        assert int(it["default_member_permissions"]) == 1 << 13
        assert (it["contexts"], it["integration_types"]) == ([0], [0])


async def test_commands_come_with_options_groups_and_files(discord: FakeDiscord) -> None:
    door = ScriptedDoor()
    async with running(bridge_to(discord), door):
        discord.slash("remix", {"sources": "1,2", "tone": "dry", "times": 3, "loud": True})
        discord.slash("digest", subcommand="now")
        discord.slash("create", {"words": "my cat", "file": ("cat.png", png())})
        first, second, third = await door.has(3)

    given: dict[str, JsonValue] = {"sources": "1,2", "tone": "dry", "times": 3, "loud": True}
    assert first.call == Call("remix", given)
    assert second.call == Call("digest now")
    assert third.call == Call("create", {"words": "my cat"})
    assert [(it.name, it.content) for it in third.uploads] == [("cat.png", png())]


async def test_an_answer_that_turns_private_leaves_nothing_in_the_room(
    discord: FakeDiscord,
) -> None:
    door = ScriptedDoor(always(Part("only for you", private=True)))
    async with running(bridge_to(discord), door):
        asked = discord.slash("show", {"creation": "1"})
        answer = await asked.followed_up()
        original = asked.original
        assert original is not None
        await discord.until(lambda: original.deleted, what="the promised answer taken away")

    assert answer.ephemeral and answer.text == "only for you"


async def test_an_app_used_in_the_chat_of_two_people_is_not_alone_with_one(
    discord: FakeDiscord,
) -> None:
    door = ScriptedDoor(always(Part("only for you", private=True)))
    async with running(bridge_to(discord), door):
        with discord.gateway.reordered():
            theirs = discord.world.private(discord.person("ana"))
            asked = discord.slash("show", {"creation": "1"}, channel=theirs)
            asked.payload["context"] = 2
        answer = await asked.followed_up()

    assert not door.received[0].place.private
    assert answer.ephemeral


async def test_a_button_that_asks_works_through_two_restarts(discord: FakeDiscord) -> None:
    edit = Press("Edit", TOKEN, "/edit d1", private=True, opens=True)
    door = ScriptedDoor(always(Part("a draft", buttons=[edit])))
    door.forms = {TOKEN: Opened(asking("New words?", value="Rain"), TOKEN)}
    async with running(bridge_to(discord), door):
        shown = (await discord.slash("show", {"creation": "1"}).answered()).response
    assert shown is not None
    async with running(bridge_to(discord), door):
        asked = await discord.press(shown, "Edit").answered()
    async with running(bridge_to(discord), door):
        door.script = always(Part("changed"))
        sent = await discord.submit_modal(asked, {"filled": "Snow"}).answered()

    assert (door.received[-1].token, door.received[-1].form) == (TOKEN, {WORDS: "Snow"})
    assert sent.response is not None and sent.response.ephemeral
    assert sent.response.text == "changed"


async def test_an_interaction_acknowledged_too_late_is_answered_as_a_message(
    discord: FakeDiscord,
) -> None:
    door = ScriptedDoor(always(Part("here it is")))
    async with running(bridge_to(discord), door):
        discord.slash("show", {"creation": "1"})
        discord.clock.advance(4)
        answer = await discord.hears(discord.home)

    assert answer.text == "here it is"
    assert answer.asked is None


async def test_a_private_act_acknowledged_too_late_is_still_answered_in_private(
    discord: FakeDiscord,
) -> None:
    door = ScriptedDoor(always(Part("you love rain")))
    async with running(bridge_to(discord), door):
        discord.slash("memory")
        discord.clock.advance(4)
        told = await discord.hears(discord.home)

    assert told.text == "Sent to you privately."
    assert [it.text for it in discord.sent if it.channel is not discord.home] == ["you love rain"]


async def test_a_growing_answer_to_a_command_is_one_message(discord: FakeDiscord) -> None:
    async def grow(incoming: Incoming, reply: Reply) -> None:
        while not asked.response:
            await reply.stream("Rain on")
            await asyncio.sleep(0.01)
        await reply.show(Part("Rain on the tin roof"))

    async with running(bridge_to(discord), ScriptedDoor(grow)):
        asked = discord.slash("show", {"creation": "1"})
        await discord.until(
            lambda: asked.response is not None and asked.response.text.endswith("roof"),
            what="the end",
        )

    assert len(discord.sent) == 1
    assert asked.original is not None and not asked.original.deleted


async def test_a_growing_answer_is_edited_at_most_once_a_second(discord: FakeDiscord) -> None:
    async def grow(incoming: Incoming, reply: Reply) -> None:
        words = ""
        for number in range(30):
            words += f"word{number} "
            await reply.stream(words)
            await asyncio.sleep(0.05)
        await reply.show(Part(words + "end"))

    async with running(bridge_to(discord), ScriptedDoor(grow)):
        discord.dm("write")
        answer = await discord.hears()
        await discord.until(lambda: answer.text.endswith("end"), what="the end")

    assert len(discord.sent) == 1
    assert len(answer.history) == 1  # shown at 1 s, whole at 1.5 s
    assert answer.text.startswith("word0 word1")


async def test_a_picture_goes_out_with_what_it_shows_in_words(discord: FakeDiscord) -> None:
    picture = Picture(png(), "Regen über Köln.png", "an orange square")
    door = ScriptedDoor(always(Part("look", pictures=[picture])))
    async with running(bridge_to(discord), door):
        discord.dm("paint")
        answer = await discord.hears()

    (file,) = answer.files
    assert (file.data, file.alt) == (png(), "an orange square")


async def test_a_file_that_discord_does_not_hand_out_is_asked_for_again(
    discord: FakeDiscord,
) -> None:
    door = ScriptedDoor()
    async with running(bridge_to(discord), door):
        asked = discord.slash("create", {"words": "my cat", "file": ("cat.png", png())})
        discord.world.files.clear()
        await asked.answered()

    assert door.received == []
    assert asked.response is not None
    assert "does not answer right now" in asked.response.text


async def test_files_that_are_too_large_are_not_fetched(discord: FakeDiscord) -> None:
    door = ScriptedDoor()
    async with running(bridge_to(discord), door):
        discord.dm("look", attachments=[("a.png", bytes(9 << 20))] * 3)
        answer = await discord.hears()

    assert answer.text == "That file is larger than 25 MB."
    assert door.received == []


async def test_fifty_files_are_not_fetched(discord: FakeDiscord) -> None:
    door = ScriptedDoor()
    async with running(bridge_to(discord), door):
        discord.dm("look", attachments=[(f"{number}.png", b"x") for number in range(50)])
        answer = await discord.hears()

    assert answer.text == "Those are 50 files; I take up to 10 with one message."
    assert door.received == []


async def test_one_persons_messages_stay_in_order_while_others_go_ahead(
    discord: FakeDiscord,
) -> None:
    go_on = asyncio.Event()

    async def slow(incoming: Incoming, reply: Reply) -> None:
        if incoming.text == "first":
            await go_on.wait()
        await reply.show(Part(incoming.text))

    door = ScriptedDoor(slow)
    async with running(bridge_to(discord), door):
        discord.dm("first", user="ana")
        await door.has(1)
        discord.dm("second", user="ana")
        discord.dm("other", user="ben")
        assert (await discord.hears()).text == "other"
        go_on.set()
        assert [(await discord.hears()).text, (await discord.hears()).text] == ["first", "second"]


async def test_a_repeat_under_the_same_key_posts_nothing_new(discord: FakeDiscord) -> None:
    bridge = bridge_to(discord)
    async with running(bridge, ScriptedDoor()):
        first = await bridge.send(str(discord.home.id), Part("your digest"), key="digest-1")
        again = await bridge.send(str(discord.home.id), Part("your digest"), key="digest-1")

    assert first == again == str(discord.sent[0].id)
    assert len(discord.sent) == 1


async def test_what_is_owed_is_one_message_even_when_it_is_long(discord: FakeDiscord) -> None:
    bridge = bridge_to(discord)
    async with running(bridge, ScriptedDoor()):
        await bridge.send(str(discord.home.id), Part("word " * 2000), key="long")

    (message,) = discord.sent
    assert message.text.endswith("…") and len(message.text) > 2000


async def test_how_a_delivery_failed_says_whether_it_may_have_arrived(
    discord: FakeDiscord,
) -> None:
    bridge = bridge_to(discord)
    home = str(discord.home.id)
    async with running(bridge, ScriptedDoor()):

        async def attempt(place: str = home) -> type[BaseException]:
            with pytest.raises(Unavailable) as caught:
                await bridge.send(place, Part("hello"), key="k")
            return type(caught.value)

        discord.traffic.fail(503, "POST", "/messages")
        assert await attempt() is Unavailable
        discord.traffic.cut("POST", "/messages")
        assert await attempt() is Unknown
        discord.traffic.cut("POST", "/messages", accepted=True)
        assert await attempt() is Unknown
        assert await attempt("12345") is Gone
        discord.home.closed = True
        assert await attempt() is Gone
    assert await attempt() is Unavailable  # the bridge is not running


async def test_a_delivery_is_not_taken_where_nobody_listens(discord: FakeDiscord) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        nowhere = f"http://127.0.0.1:{taken.getsockname()[1]}/api/v10"
        bridge = bridge_to(discord)
        async with running(bridge, ScriptedDoor()):
            Route.BASE = nowhere
            with pytest.raises(Unavailable) as caught:
                await bridge.send(str(discord.home.id), Part("hello"), key="k")
    assert type(caught.value) is Unavailable


async def test_a_refused_token_is_the_operators_to_mend(discord: FakeDiscord) -> None:
    with pytest.raises(ConfigurationError) as caught:
        async with running(bridge_to(discord, token="wrong"), ScriptedDoor()):
            pass

    assert caught.value.setting == "JAMFEED_DISCORD_TOKEN"
    assert caught.value.mend


async def test_who_the_bot_is_tells_a_good_token_from_a_bad_one(discord: FakeDiscord) -> None:
    assert await bridge_to(discord).who() == "@jamfeed"
    with pytest.raises(ConfigurationError):
        await bridge_to(discord, token="wrong").who()
    assert discord.gateway.identified == 0


async def test_no_log_holds_a_token_or_what_was_said(
    discord: FakeDiscord, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with capture_logs() as logs:
        async with running(bridge_to(discord), ScriptedDoor()):
            discord.dm("the canary sings")
            await discord.hears()
            asked = await discord.slash("create", {"words": "the canary sings"}).answered()

    written = f"{caplog.text} {logs}"
    for secret in ("canary", "test.token", asked.token):
        assert secret not in written


async def test_a_server_that_is_not_there_is_unavailable() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        nowhere = f"http://127.0.0.1:{taken.getsockname()[1]}/api/v10"
        with pytest.raises(Unavailable):
            await DiscordBridge("t", ACTS, api_url=nowhere).run(ScriptedDoor(), lambda: None)


async def test_a_malformed_event_ends_the_run_aloud_and_the_next_run_works(
    discord: FakeDiscord,
) -> None:
    def malformed() -> None:
        discord.gateway.dispatch("MESSAGE_CREATE", {"id": "1"}, Addressed(None))

    with capture_logs() as logs, pytest.raises(Unavailable):
        await run_until(discord, malformed)
    assert [it["event"] for it in logs] == ["discord_broke"]

    async with running(bridge_to(discord), ScriptedDoor()):
        discord.dm("still there?")
        assert (await discord.hears()).text == "Ana said still there?"


async def run_until(fake: FakeDiscord, happens: Callable[[], None]) -> None:
    """Run until the bridge ends by itself, of what happens once it is ready."""
    ready = asyncio.Event()
    task = asyncio.create_task(bridge_to(fake).run(ScriptedDoor(), ready.set))
    try:
        async with asyncio.timeout(10):
            await ready.wait()
            happens()
            await task
    finally:
        task.cancel()


async def test_a_dropped_connection_is_taken_up_again_and_nothing_is_lost(
    discord: FakeDiscord,
) -> None:
    calls = []
    door = ScriptedDoor()
    task = asyncio.create_task(bridge_to(discord).run(door, lambda: calls.append("ready")))
    await discord.connected()
    discord.gateway.reconnect()
    await discord.until(lambda: not discord.gateway.ready, what="hung up")
    discord.dm("while you were away")
    await door.has(1)
    task.cancel()
    await asyncio.wait({task})

    assert discord.gateway.resumes == 1
    assert calls == ["ready"]


async def test_a_stop_lets_an_answer_end_and_hangs_up_tidily(discord: FakeDiscord) -> None:
    go_on = asyncio.Event()

    async def slow(incoming: Incoming, reply: Reply) -> None:
        await go_on.wait()
        await reply.show(Part("in the end"))

    before = (Route.BASE, Asset.BASE, DiscordWebSocket.DEFAULT_GATEWAY)
    tasks = asyncio.all_tasks()
    door = ScriptedDoor(slow)
    async with running(bridge_to(discord), door):
        assert urls(discord).api == Route.BASE
        discord.dm("hello")
        await door.has(1)
        asyncio.get_running_loop().call_later(0.2, go_on.set)

    assert discord.sent[-1].text == "in the end"
    assert discord.gateway.closed_with == [1000]
    assert before == (Route.BASE, Asset.BASE, DiscordWebSocket.DEFAULT_GATEWAY)
    left = [it for it in asyncio.all_tasks() - tasks if "bridges/discord" in str(it)]
    assert left == []


async def test_a_repeated_event_is_passed_on_under_the_same_id(discord: FakeDiscord) -> None:
    door = ScriptedDoor()
    async with running(bridge_to(discord), door):
        message = discord.dm("hello")
        discord.tell(message)
        first, second = await door.has(2)

    assert first == second == replace(first, update_id=str(message.id))


@pytest.mark.parametrize(
    ("name", "type_", "component"),
    [("tone.mp3", "audio/mpeg", 13), ("squares.mp4", "video/mp4", 12)],
)
async def test_a_recording_goes_out_and_comes_in_whole(
    discord: FakeDiscord, name: str, type_: str, component: int
) -> None:
    content = recording(name)
    card = Card("#4", "Tone", recording=Recording(content, type_, name, "a tone of 440 Hz"))
    door = ScriptedDoor(always(Part(cards=[card])))
    async with running(bridge_to(discord), door):
        discord.slash("create", {"words": "Tone", "file": (name, content)})
        (incoming,) = await door.has(1)
        discord.dm("show 4")
        answer = await discord.hears()

    assert [(it.name, it.content) for it in incoming.uploads] == [(name, content)]
    (file,) = answer.files
    assert (file.data, file.alt) == (content, "a tone of 440 Hz")
    assert component in [it["type"] for it in walk(answer.components)]


async def test_a_recording_that_discord_does_not_take_is_told_of(discord: FakeDiscord) -> None:
    large = Recording(bytes(LARGEST_FILE + 1), "audio/wav", "long.wav", "an hour of rain")
    door = ScriptedDoor(always(Part(cards=[Card("#4", "Rain", recording=large)])))
    async with running(bridge_to(discord), door):
        discord.dm("show 4")
        answer = await discord.hears()

    assert list(answer.files) == []
    assert "an hour of rain (the file is too large to be sent here)" in answer.text


async def test_a_voice_message_is_spoken_and_a_forwarded_one_by_somebody_else(
    discord: FakeDiscord,
) -> None:
    content = recording("tone.opus.ogg")
    door = ScriptedDoor()
    async with running(bridge_to(discord), door):
        said = discord.speak(content, 2.4)
        await door.has(1)
        discord.forward(said)
        own, others = await door.has(2)

    assert own.uploads == [Upload("voice-message.ogg", content, spoken=Spoken(2))]
    assert (others.text, others.uploads[0].spoken) == ("", Spoken(2, "somebody"))


@pytest.mark.parametrize(("private", "opens"), [(True, False), (False, False), (True, True)])
async def test_a_press_is_acknowledged_before_anything_is_looked_up(
    discord: FakeDiscord, private: bool, opens: bool
) -> None:
    stalls = asyncio.Event()

    class Stalling(ScriptedDoor):
        async def peek(self, sender: Sender, platform: str, token: str) -> Peek | None:
            raise AssertionError("the id tells it")

        async def receive(self, incoming: Incoming, reply: Reply) -> None:
            if incoming.token:
                await stalls.wait()
            await super().receive(incoming, reply)

    press = Press("Do it", TOKEN, "/do", private=private, opens=opens)
    door = Stalling(always(Part("done", buttons=[press])))
    door.forms = {TOKEN: Opened(asking("New words?"), TOKEN, private=private)}
    async with running(bridge_to(discord), door):
        discord.dm("hello", user="ben")
        shown = (await discord.slash("show", {"creation": "1"}).answered()).response
        assert shown is not None
        pressed = await discord.press(shown, "Do it").acknowledged()
        if opens:
            pressed = await discord.submit_modal(pressed, {"filled": "Snow"}).acknowledged()
        assert pressed.ephemeral is private
        stalls.set()
        assert (await pressed.answered()).response is not None
