"""The bridge inside simcord: the real discord.py client against a simulated Discord."""

import asyncio
import io
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any

import discord
import pytest
import simcord
from PIL import Image
from pydantic import JsonValue
from simcord.components import walk_components
from structlog.testing import capture_logs

from agents.answer import Call, Card, Picture
from agents.forms import WORDS
from bridges.beforehand import Opened, Press, Suggestion
from bridges.discord.client import JamfeedClient
from bridges.discord.posting import Posting
from bridges.protocol import Incoming, Part, Reply
from feed_core.errors import Gone, Unavailable
from tests.bridges.discord_scripted import ACTS, Script, ScriptedDoor, asking

TOKEN = "abcdefghijkl"


@dataclass
class Stage:
    """One server with one channel, Ana in it, and the bot behind a scripted door."""

    env: simcord.Env
    door: ScriptedDoor
    ana: simcord.MemberActor
    channel: simcord.ChannelHandle

    @property
    def bot(self) -> discord.Client:
        return self.env.bot


def client(door: ScriptedDoor) -> JamfeedClient:
    return JamfeedClient(ACTS, door, lambda: None)


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    door = ScriptedDoor()
    env = simcord.Env(client(door))
    await env.start()
    try:
        channel = env.create_guild().create_text_channel("general")
        ana = env.guild.add_member(env.create_user("ana"))
        yield Stage(env, door, ana, channel)
        env.raise_errors()
    finally:
        await env.shutdown()


def texts(message: Any) -> str:
    """All that a message says."""
    return "\n".join(
        it["content"] for it in walk_components(components(message)) if it["type"] == 10
    )


def components(message: Any) -> list[dict[str, Any]]:
    assert message is not None
    if isinstance(message, discord.Message):
        return [it.to_dict() for it in message.components]  # type: ignore[misc]  # any component
    found: list[dict[str, Any]] = message.components
    return found


def said(channel: simcord.ChannelHandle) -> Iterator[str]:
    """What the bot said there, oldest first."""
    return (texts(it) for it in channel.history() if it.author.bot)


def always(part: Part) -> Script:
    async def script(incoming: Incoming, reply: Reply) -> None:
        await reply.show(part)

    return script


async def shown_to(stage: Stage) -> simcord.ResponseMessage:
    """The message that answers a command."""
    result = await stage.ana.slash(stage.channel, "show", creation="1")
    assert result.response is not None
    return result.response


def png() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8), "orange").save(buffer, "PNG")
    return buffer.getvalue()


async def test_a_slash_command_carries_its_options_as_typed_and_is_answered(stage: Stage) -> None:
    stage.door.script = always(Part("here it is"))

    result = await stage.ana.slash(
        stage.channel, "remix", sources="1, 2", how="as a haiku", tone="dry", times=2, loud=True
    )

    (incoming,) = stage.door.received
    given: dict[str, JsonValue] = {
        "sources": "1, 2",
        "how": "as a haiku",
        "tone": "dry",
        "times": 2,
        "loud": True,
    }
    assert incoming.call == Call("remix", given)
    assert incoming.sender.id == str(stage.ana.id)
    assert (incoming.place.id, incoming.place.private) == (str(stage.channel.id), False)
    assert texts(result.response) == "here it is"
    assert not result.ephemeral


async def test_names_of_two_words_are_groups(stage: Stage) -> None:
    await stage.ana.slash(stage.channel, "digest now")

    assert stage.door.received[0].call == Call("digest now")
    assert "digest off" in stage.ana.available_commands(stage.channel)


async def test_commands_can_be_installed_by_people_and_used_everywhere(stage: Stage) -> None:
    (sync,) = [it for it in stage.env.http_requests if it.method == "PUT"]
    assert isinstance(sync.json, list)
    assert [it["name"] for it in sync.json] == ["remix", "show", "create", "memory", "digest"]
    for command in sync.json:
        assert (command["contexts"], command["integration_types"]) == ([0, 1, 2], [0, 1])


async def test_a_second_start_does_not_sync_again(stage: Stage) -> None:
    def syncs() -> int:
        return sum(it.method == "PUT" for it in stage.env.http_requests)

    assert syncs() == 1

    await stage.env.restart_bot(client(stage.door))

    assert syncs() == 1


async def test_suggestions_for_a_list_complete_its_last_word(stage: Stage) -> None:
    stage.door.suggestions = [Suggestion("#12 Rain", "12"), Suggestion("#13 Gutter", "13")]

    offers = await stage.ana.autocomplete(stage.channel, "remix", "sources", "7, ra", how="short")

    assert [(it["name"], it["value"]) for it in offers] == [
        ("7, #12 Rain", "7, 12"),
        ("7, #13 Gutter", "7, 13"),
    ]
    ((sender, platform, call, parameter),) = stage.door.asked
    assert (sender.id, platform, parameter) == (str(stage.ana.id), "discord", "sources")
    assert call == Call("remix", {"sources": "ra", "how": "short"})


async def test_suggestions_keep_within_what_discord_takes(stage: Stage) -> None:
    long = [Suggestion("x" * 200, str(number)) for number in range(30)]
    stage.door.suggestions = [Suggestion("too long", "9" * 101), *long]

    offers = await stage.ana.autocomplete(stage.channel, "show", "creation", "two words")

    assert len(offers) == 25
    assert {len(it["name"]) for it in offers} == {100}
    assert stage.door.asked[0][2] == Call("show", {"creation": "two words"})


async def test_a_declared_private_act_is_answered_to_its_asker_alone(stage: Stage) -> None:
    stage.door.script = always(Part("you love rain"))

    result = await stage.ana.slash(stage.channel, "memory")

    assert result.ephemeral
    assert result.response is not None and result.response.ephemeral
    assert texts(result.response) == "you love rain"


async def test_in_a_private_chat_nothing_has_to_be_hidden(stage: Stage) -> None:
    stage.door.script = always(Part("you love rain", private=True))

    result = await stage.ana.user.slash("memory")

    assert not result.ephemeral
    assert texts(result.response) == "you love rain"


async def test_an_answer_that_turns_private_leaves_nothing_in_the_room(stage: Stage) -> None:
    stage.door.script = always(Part("only for you", private=True))

    result = await stage.ana.slash(stage.channel, "show", creation="1")

    assert result.response is None
    assert [(texts(it), it.ephemeral) for it in result.followups] == [("only for you", True)]


async def test_an_interaction_that_gets_no_answer_does_not_think_for_ever(stage: Stage) -> None:
    async def silent(incoming: Incoming, reply: Reply) -> None: ...

    stage.door.script = silent

    result = await stage.ana.slash(stage.channel, "show", creation="1")

    assert result.acknowledged
    assert result.response is None
    assert list(said(stage.channel)) == []


async def test_a_broken_door_is_answered_all_the_same(stage: Stage) -> None:
    async def broken(incoming: Incoming, reply: Reply) -> None:
        raise ZeroDivisionError

    stage.door.script = broken

    with capture_logs() as logs:
        result = await stage.ana.slash(stage.channel, "show", creation="1")

    (log,) = logs
    assert f"Something broke on my side (incident {log['incident']})" in texts(result.response)


async def test_after_fifteen_minutes_the_answer_comes_as_a_message(stage: Stage) -> None:
    late = asyncio.Event()

    async def slow(incoming: Incoming, reply: Reply) -> None:
        await asyncio.sleep(16 * 60)
        await reply.show(Part("at last"))
        late.set()

    stage.door.script = slow

    await stage.ana.slash(stage.channel, "show", creation="1")
    await stage.env.advance_time(16 * 60)

    assert late.is_set()
    assert list(said(stage.channel))[-1] == "at last"


async def test_a_private_chat_needs_no_name_and_is_private(stage: Stage) -> None:
    message = await stage.ana.send_dm("hello")

    (incoming,) = stage.door.received
    assert (incoming.text, incoming.update_id) == ("hello", str(message.id))
    own = stage.ana.user.dm_channel
    assert (incoming.place.id, incoming.place.private) == (str(own.id), True)
    assert list(said(own)) == ["ana said hello"]


async def test_in_a_room_only_what_names_the_bot_is_heard(stage: Stage) -> None:
    me = stage.bot.user
    assert me is not None

    await stage.ana.send(stage.channel, "nobody asked you")
    await stage.ana.send(stage.channel, f"{me.mention} what does {stage.ana.mention} like?")

    (incoming,) = stage.door.received
    assert incoming.text == "what does @ana like?"
    assert not incoming.place.private


async def test_a_reply_to_the_bot_is_heard_and_answered_as_a_reply(stage: Stage) -> None:
    assert stage.bot.user is not None
    await stage.ana.send(stage.channel, f"{stage.bot.user.mention} hi")
    first = next(it for it in stage.channel.history() if it.author.bot)
    question = await stage.ana.send(stage.channel, f"{stage.bot.user.mention} more", reply_to=first)

    assert [it.text for it in stage.door.received] == ["hi", "more"]
    answer = list(stage.channel.history())[-1]
    assert answer.reference is not None and answer.reference.message_id == question.id


async def test_bots_are_never_answered(stage: Stage) -> None:
    other = stage.env.guild.add_member(stage.env.create_user("other", bot=True))
    assert stage.bot.user is not None

    await other.send(stage.channel, f"{stage.bot.user.mention} hi")

    assert stage.door.received == []


async def test_a_growing_answer_is_one_message(stage: Stage) -> None:
    async def grow(incoming: Incoming, reply: Reply) -> None:
        for words in ("Rain", "Rain on", "Rain on the", "Rain on the tin roof"):
            await reply.stream(words)
            await asyncio.sleep(0.6)
        await reply.show(Part("Rain on the tin roof, all night."))
        await reply.stream("never seen")

    stage.door.script = grow

    await stage.ana.send_dm("write")
    await stage.env.advance_time(5)

    own = stage.ana.user.dm_channel
    assert list(said(own)) == ["Rain on the tin roof, all night."]
    edits = [it for it in stage.env.http_requests if it.method == "PATCH"]
    assert 2 <= len(edits) <= 3  # four pieces in 1.8 s: at most one edit a second, then the end


async def test_a_private_answer_to_a_message_goes_to_the_persons_own_chat(stage: Stage) -> None:
    stage.door.script = always(Part("only for you", private=True))
    assert stage.bot.user is not None

    await stage.ana.send(stage.channel, f"{stage.bot.user.mention} what do you know of me?")

    assert list(said(stage.channel)) == ["Sent to you privately."]
    assert list(said(stage.ana.user.dm_channel)) == ["only for you"]


async def test_who_cannot_be_written_to_reads_what_mends_it(stage: Stage) -> None:
    stage.door.script = always(Part("only for you", private=True))
    own = stage.ana.user.dm_channel
    path = f"/channels/{own.id}/messages"
    stage.env.inject_error("POST", path, status=403, code=50007)
    assert stage.bot.user is not None

    await stage.ana.send(stage.channel, f"{stage.bot.user.mention} what do you know of me?")

    assert "Privacy Settings" in next(said(stage.channel))
    assert list(said(own)) == []


async def test_a_button_works_after_a_restart(stage: Stage) -> None:
    press = Press("Remix", TOKEN, "/remix 12")
    stage.door.script = always(Part("what now?", buttons=[press]))
    shown = await shown_to(stage)
    stage.door.script = always(Part("done"))

    await stage.env.restart_bot(client(stage.door))
    result = await stage.ana.click(shown, label="Remix")

    assert stage.door.received[-1].token == TOKEN
    assert stage.door.received[-1].filled is None
    assert texts(result.response) == "done"
    assert not result.ephemeral


async def test_a_button_whose_id_is_of_old_is_looked_up_and_unseen_by_others_when_it_is_gone(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bridges.discord.render.button_id", lambda press: f"act:{press.token}")
    stage.door.script = always(Part("what now?", buttons=[Press("Remix", TOKEN, "/remix 12")]))
    shown = await shown_to(stage)
    stage.door.script = always(Part("This button has expired."))

    result = await stage.ana.click(shown, label="Remix")

    assert stage.door.received[-1].token == TOKEN
    assert result.ephemeral
    assert texts(result.response) == "This button has expired."


async def test_a_button_that_asks_opens_a_form_whose_words_survive_a_restart(
    stage: Stage,
) -> None:
    edit = Press("Edit", TOKEN, "/edit d1", private=True, opens=True)
    stage.door.script = always(Part("a draft", buttons=[edit]))
    shown = await shown_to(stage)
    stage.door.forms = {TOKEN: Opened(asking("New words?", value="Rain"), TOKEN)}
    stage.door.script = always(Part("changed"))

    asked = await stage.ana.click(shown, label="Edit")
    assert asked.modal is not None and asked.modal["title"] == "New words?"
    (field,) = [it for it in walk_components(asked.modal["components"]) if it["type"] == 4]
    assert (field["value"], field["style"]) == ("Rain", 2)
    await stage.env.restart_bot(client(stage.door))
    result = await stage.ana.submit_modal(asked, {"filled": "Snow\non the roof"})

    last = stage.door.received[-1]
    assert (last.token, last.form) == (TOKEN, {WORDS: "Snow\non the roof"})
    assert result.ephemeral
    assert texts(result.response) == "changed"


async def test_a_picture_comes_in_with_a_command_and_with_a_message(stage: Stage) -> None:
    await stage.ana.slash(stage.channel, "create", words="my cat", file=("cat.png", png()))
    assert stage.bot.user is not None
    await stage.ana.send(
        stage.channel, f"{stage.bot.user.mention} look", attachments=[("dog.png", png())]
    )

    first, second = stage.door.received
    assert first.call == Call("create", {"words": "my cat"})
    assert [(it.name, it.content) for it in first.uploads] == [("cat.png", png())]
    assert [(it.name, it.content) for it in second.uploads] == [("dog.png", png())]


async def test_a_card_shows_its_picture_with_what_it_shows_in_words(stage: Stage) -> None:
    card = Card(
        ref="#12",
        title="Rain on the *tin* roof",
        body="all night\nthe same song",
        byline="@everyone · made by hand",
        sources=["#3", "#5"],
        reason="you liked 2 things by ben",
        counts="♥ 4",
        picture=Picture(png(), "rain roof.png", "an orange square"),
    )
    stage.door.script = always(Part("found one", cards=[card]))

    result = await stage.ana.slash(stage.channel, "show", creation="12")

    assert result.response is not None
    (container,) = [it for it in result.response.components if it["type"] == 17]
    assert container["accent_color"] is not None
    (gallery,) = [it for it in walk_components([container]) if it["type"] == 12]
    assert gallery["items"][0]["description"] == "an orange square"
    (attached,) = result.response.attachments
    assert attached.description == "an orange square"
    assert await attached.read() == png()
    words = texts(result.response)
    assert "Rain on the \\*tin\\* roof" in words
    assert "@everyone" not in words  # a zero-width space stands after the @
    for expected in ("#12", "all night\nthe same song", "#3, #5", "you liked 2", "♥ 4"):
        assert expected in words


async def test_a_long_answer_comes_whole_in_several_messages(stage: Stage) -> None:
    lines = [f"line {number} of a very long answer" for number in range(400)]
    long = Part("\n".join(lines), buttons=[Press("More", TOKEN, "/more")])
    stage.door.script = always(long)

    await stage.ana.send_dm("everything, please")

    parts = list(said(stage.ana.user.dm_channel))
    assert len(parts) > 2
    assert "\n".join(parts) == "\n".join(lines)
    shown = [it for it in stage.ana.user.dm_channel.history() if it.author.bot]
    labels = [
        [it["label"] for it in walk_components(components(message)) if it["type"] == 2]
        for message in shown
    ]
    assert labels == [*([[]] * (len(parts) - 1)), ["More"]]


async def test_nothing_that_is_said_pings(stage: Stage) -> None:
    await stage.ana.send_dm(f"@everyone <@{stage.ana.id}>")

    posts = [it for it in stage.env.http_requests if it.path.endswith("/messages")]
    assert posts
    for request in posts:
        assert request.json is not None
        assert request.json["allowed_mentions"]["parse"] == []


async def test_what_is_owed_is_posted_by_channel_id(stage: Stage) -> None:
    own = stage.ana.user.dm_channel

    number = await Posting(stage.bot).send(
        str(own.id), Part("your digest"), key="digest-1", under=None
    )

    (message,) = [it for it in own.history() if it.author.bot]
    assert (str(message.id), texts(message)) == (number, "your digest")


@pytest.mark.parametrize(
    ("status", "error"),
    [(403, Gone), (404, Gone), (400, Unavailable), (429, Unavailable), (503, Unavailable)],
)
async def test_what_discord_refuses_has_a_name(
    stage: Stage, status: int, error: type[Exception]
) -> None:
    stage.env.inject_error("POST", "/channels/*/messages", status=status)

    with pytest.raises(error) as caught:
        await Posting(stage.bot).send(str(stage.channel.id), Part("hello"), key="k", under=None)

    assert type(caught.value) is error
