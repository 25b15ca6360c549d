"""Every message is answered once, whatever comes in between."""

import asyncio
import io
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image
from sqlmodel import select
from structlog.testing import capture_logs

from agents.answer import Answer, Call
from agents.profile import Joining
from agents.router import Router
from agents.turn import Place
from bridges.boundary import in_words
from bridges.protocol import Part, Sender
from bridges.uploads import Upload
from feed_core.database import DatabaseAway
from feed_core.errors import ConfigurationError, JamfeedError, Unavailable
from feed_core.events import Event, MemberJoined
from feed_core.models.conversation import Inbox as Row
from feed_core.services import members
from feed_core.states import InboxState
from memory.embedding import Embedder
from tests.agents.world import PROFILE, Shown, World
from tests.bridges.odd_acts import OPEN, Gate, odd_world
from tests.fakes.clock import FixedClock

SERVER = "db.example.org:5432"
SECRET = "the words that nobody may find in a log"


async def rows(world: World) -> list[Row]:
    async with world.store.read() as view:
        return list(await view.db.exec(select(Row)))


async def test_a_line_a_call_and_plain_words_are_answered(world: World) -> None:
    first = await world.receive(world.incoming("ana", "/create Rain: all night"))
    assert "#1" in first.text
    called = replace(world.incoming("ana"), call=Call("show", {"creation": 1}))
    assert (await world.receive(called)).parts[0].cards[0].title == "Rain"
    spoken = await world.receive(world.incoming("ana", "what do you know about me?"))
    assert spoken.parts[0].private
    assert [it.state for it in await rows(world)] == [InboxState.ANSWERED] * 3


async def test_a_button_is_pressed_by_its_token(world: World) -> None:
    shown = await world.receive(world.incoming("ana", "/create Rain: all night"))
    comment = next(it for it in shown.parts[0].buttons if it.label == "Comment")
    assert comment.command == "/comment 1 …"
    pressed = replace(world.incoming("ben"), token=comment.token, filled="so wet")
    assert "so wet" in (await world.receive(pressed)).text


async def test_a_repeated_update_is_answered_once(world: World) -> None:
    incoming = world.incoming("ana", "/create Rain: all night")
    first, second = Shown(), Shown()
    await asyncio.gather(world.receive(incoming, first), world.receive(incoming, second))
    await world.receive(incoming, second)
    assert len(first.parts) + len(second.parts) == 1
    assert len(await rows(world)) == 1


async def test_the_same_update_id_on_two_platforms_is_two_messages(world: World) -> None:
    incoming = world.incoming("ana", "/feed")
    other = replace(incoming, place=Place("discord", "ana", private=True))
    assert (await world.receive(incoming)).parts
    assert (await world.receive(other)).parts


async def test_two_messages_of_one_member_are_answered_in_order_and_others_do_not_wait(
    world: World, gate: Gate
) -> None:
    for name in ("ana", "ben"):
        await world.receive(world.incoming(name, "/feed"))
    async with asyncio.TaskGroup() as tasks, asyncio.timeout(10):
        first, second = Shown(), Shown()
        one = tasks.create_task(world.receive(world.incoming("ana", "/wait one"), first))
        await gate.arrived.wait()
        two = tasks.create_task(world.receive(world.incoming("ana", "/wait two"), second))
        assert (await world.receive(world.incoming("ben", "/feed"))).parts
        assert gate.entered == ["one"]
        gate.opened.set()
        await asyncio.gather(one, two)
    assert gate.entered == ["one", "two"]
    assert (first.text, second.text) == ("waited: one", "waited: two")


async def test_what_a_newcomer_says_at_once_is_answered_in_order(world: World, gate: Gate) -> None:
    async def slowly(event: Event) -> None:
        if isinstance(event, MemberJoined):
            for _ in range(50):
                await world.store.server()
                await asyncio.sleep(0)

    gate.opened.set()
    world.store._bus.subscribe(slowly)  # the world hands it to nobody
    lines = ("/wait one", "/wait two")
    await asyncio.gather(*(world.receive(world.incoming("zoe", it)) for it in lines))
    assert gate.entered == ["one", "two"]


async def test_a_bug_is_answered_with_an_incident_that_the_log_knows_without_the_words(
    world: World,
) -> None:
    with capture_logs() as logs:
        shown = await world.receive(world.incoming("ana", f"/broken {SECRET}"))
    (entry,) = [it for it in logs if it["event"] == "broken"]
    assert entry["incident"] in shown.text
    assert entry["error"] == "KeyError"
    assert "in broken" in entry["trace"]
    assert SECRET not in str(logs)
    assert SECRET not in shown.text
    assert [it.state for it in await rows(world)] == [InboxState.FAILED]


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        (DatabaseAway(server=f"PostgreSQL on {SERVER}"), "The database does not answer right now."),
        (ConfigurationError("JAMFEED_DATABASE_URL", f"“feed” on {SERVER}: …"), "Something broke"),
    ],
)
async def test_where_the_database_is_reads_an_operator_alone(
    trouble: JamfeedError, said: str
) -> None:
    async def failing() -> Answer:
        raise trouble

    with capture_logs() as logs:
        answer, well = await in_words(failing(), message_id="m1")
    assert answer.text.startswith(said)
    assert SERVER not in answer.text
    assert SERVER in str(logs)
    assert not well


async def test_nothing_that_is_said_stands_in_a_log(world: World) -> None:
    with capture_logs() as logs:
        for text in (
            f"/create {SECRET}",
            f"/show {SECRET}",
            f"/{SECRET}",
            f"/remember {SECRET}",
            SECRET,
            f"/digest set {SECRET}",
            f"/link {SECRET}",
            f"/create {SECRET} " + "x" * 30_000,
        ):
            assert (await world.receive(world.incoming("ana", text))).parts
    assert SECRET not in str(logs)


class Refusing(Shown):
    """A platform that does not take the answer."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    async def show(self, part: Part) -> None:
        await super().show(part)
        raise self.error


@pytest.mark.parametrize("error", [Unavailable("Telegram"), KeyError("a bug in an adapter")])
async def test_an_answer_that_cannot_be_shown_ends_the_message_as_failed(
    world: World, error: Exception
) -> None:
    reply = Refusing(error)
    await world.receive(world.incoming("ana", "/feed"), reply)
    assert reply.parts
    assert [(it.state, it.payload) for it in await rows(world)] == [(InboxState.FAILED, {})]
    assert (await world.receive(world.incoming("ana", "/feed"))).parts


async def test_a_message_that_cannot_even_be_noted_is_answered_with_an_incident(
    world: World,
) -> None:
    await world.store.close()
    unstorable = replace(world.incoming("ana", "/feed"), update_id=["no", "text"])  # type: ignore[arg-type]  # what no database takes
    assert "incident" in (await world.receive(unstorable)).text


@pytest.mark.parametrize(
    "text",
    [
        *("x" * 100_000, "/create " + "x" * 100_000, "/paint " + "y " * 50_000),
        *("/" + "z" * 100_000, "/remix 1 " + "as a haiku " * 10_000, "/show " + "1," * 50_000),
    ],
)
async def test_a_hundred_thousand_characters_are_refused_kindly(world: World, text: str) -> None:
    shown = await world.receive(world.incoming("ana", text))
    assert "100,0" in shown.text or "110,0" in shown.text
    assert len(shown.text) < 300
    called = replace(world.incoming("ana"), call=Call("create", {"words": text}))
    assert len((await world.receive(called)).text) < 300


@pytest.mark.parametrize(
    "text", ["", " ", "\n", "/", "🎈", "\ud83d", "/create \ud83d half", "a\x00b"]
)
async def test_every_odd_message_ends_in_an_answer(world: World, text: str) -> None:
    incoming = replace(world.incoming("ana", text), sender=Sender("ana", "An\ud83da"))
    shown = await world.receive(incoming)
    assert shown.text
    assert "incident" not in shown.text


async def test_strangers_get_one_sentence_and_nothing_else_happens(
    tmp_path: Path, embedder: Embedder, router: Router, clock: FixedClock, gate: Gate
) -> None:
    for join in (Joining.SERVERS, Joining.INVITE):
        profile = PROFILE.model_copy(update={"join": join})
        async with odd_world(tmp_path, embedder, router, clock, gate, profile) as world:
            world.updates = len(await rows(world))
            for text in ("hello", "/feed", "/create Rain"):
                shown = await world.receive(world.incoming("ana", text))
                (part,) = shown.parts
                assert part.private
                assert not part.buttons
                assert shown.text.count(".") <= 2
            async with world.store.read() as view:
                identity = await members.find_account(view, platform="telegram", external_id="ana")
            assert identity is None


async def test_the_hasty_are_asked_to_wait(
    tmp_path: Path, embedder: Embedder, router: Router, clock: FixedClock, gate: Gate
) -> None:
    profile = OPEN.model_copy(update={"messages_per_minute": 2})
    async with odd_world(tmp_path, embedder, router, clock, gate, profile) as world:
        shown = [await world.receive(world.incoming("ana", f"/create Rain {n}")) for n in range(3)]
        feed = await world.receive(world.incoming("ben", "/feed"))
        assert len(feed.parts[0].cards) == 2
        assert "minute" in shown[2].text
        clock.go_on(timedelta(minutes=1))
        assert (await world.receive(world.incoming("ana", "/feed"))).parts[0].cards


def picture(colour: str = "red") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, "JPEG")
    return out.getvalue()


async def test_pictures_are_taken_in_with_a_command_with_words_and_alone(world: World) -> None:
    photo = Upload("sunset.jpg", picture())
    published = replace(world.incoming("ana", "/create Sunset: so red"), uploads=[photo])
    card = (await world.receive(published)).parts[0].cards[0]
    assert card.picture is not None
    assert card.picture.content.startswith(b"\x89PNG")
    for text, title in (("look at this", "look at this"), ("", "sunset")):
        alone = replace(world.incoming("ana", text), uploads=[photo])
        draft = (await world.receive(alone)).parts[0]
        assert draft.cards[0].title == title
        assert draft.cards[0].picture is not None
        assert draft.private


@pytest.mark.parametrize("content", [b"", b"not a picture", picture()[:80]])
async def test_a_file_that_is_no_picture_is_refused(world: World, content: bytes) -> None:
    sent = replace(world.incoming("ana", "/create Sunset"), uploads=[Upload("x.png", content)])
    shown = await world.receive(sent)
    assert "picture" in shown.text
    assert not shown.parts[0].cards


async def test_what_one_did_last_is_undone_by_a_word_and_what_was_before_is_named(
    world: World,
) -> None:
    async def said(words: str, name: str = "ana") -> str:
        return (await world.receive(world.incoming(name, words))).text

    assert "within the last day" in await said("/undo")
    await said("/create Rain: all night")
    await said("/save 1")
    await said("/like 1")
    await said("/like 1", "ben")  # is not hers to undo

    asked = (await world.receive(world.incoming("ana", "undo that"))).parts[0]
    labels = ["/unlike 1 like", "/unsave 1 saved", "/withdraw 1"]
    assert [it.label for it in asked.buttons] == labels  # an agent asks
    undone = await said("/undo")
    assert undone.startswith("Taken back from #1: 👍 like.")
    assert undone.endswith("Before that, newest first: /unsave 1 saved · /withdraw 1")
    assert "taken out of your saved ones" in await said("/undo")
    assert "taken back" in await said("/undo")
    assert "within the last day" in await said("/undo")
