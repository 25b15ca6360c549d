"""Every act is done once, and every button it offers can be pressed."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agents.acts.listing import all_acts
from agents.answer import Answer
from agents.router import Router
from agents.turn import Authority, Place, Through, Turn
from bridges.faces import read_line, write_line
from feed_core.errors import MissingArgument
from feed_core.services import members
from memory.embedding import Embedder
from tests.agents.world import World, opened_world
from tests.fakes.clock import FixedClock

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)  # as the tests' clock
CALLS: dict[str, dict[str, object]] = {
    "create": {"words": "Harbour: ships at night"},
    "remix": {"sources": [1, 2], "how": "as an erasure poem"},
    "paint": {"prompt": "rain on a tin roof"},
    "meme": {"words": "when it rains / and I am out"},
    "feed": {},
    "search": {"words": "rain"},
    "show": {"creation": 1},
    "summarise": {"thread": 1},
    "lineage": {"creation": 1},
    "thread": {"creation": 1},
    "like": {"creation": 1},
    "react": {"creation": 1, "reaction": "spark"},
    "comment": {"creation": 1, "words": "so good"},
    "report": {"post": "3", "reason": "it is rude"},
    "drafts": {},
    "publish": {},
    "edit": {"words": "New: words"},
    "again": {"draft": "d2"},
    "drop": {},
    "restore": {"draft": "d1"},
    "draft": {"words": "Moth: small"},
    "consent": {"creation": 1},
    "answer": {"question": 1, "reply": "yes"},
    "jam start": {"prompt": "Rain on the roof", "minutes": 5},
    "jam join": {},
    "jam add": {"words": "a drum for nobody"},
    "jam pass": {},
    "jam leave": {},
    "jam show": {},
    "jam end": {},
    "ask about": {"question": "what does it say?", "about": 1},
    "recall": {"question": "what did I tell you about rain?"},
    "catchup": {},
    "mediate": {"thread": 1},
    "digest now": {},
    "digest set": {"when": "7:30 on weekdays Europe/Berlin"},
    "digest off": {},
    "digest preview": {},
    "digest last": {},
    "digest open": {"item": 1},
    "digest why": {"item": 1},
    "digest later": {"item": 1},
    "digest asks": {},
    "digest pause": {"until": "tomorrow"},
    "digest resume": {},
    "digest show": {},
    "digest quiet": {"hours": "22 to 7"},
    "zone": {"city": "Munich"},
    "remember": {"words": "I love haiku"},
    "memory show": {},
    "memory fix": {"memory": "m1", "words": "I love tanka"},
    "memory history": {},
    "memory restore": {"memory": "m1"},
    "memory never": {"kind": "home"},
    "memory allow": {"kind": "home"},
    "memory pause": {},
    "memory resume": {},
    "incognito": {},
    "forget": {"memory": "m1"},
    "save": {"creation": 1, "collection": "rainy days"},
    "saved": {},
    "unsave": {"creation": 1},
    "follow": {"what": "thread 1"},
    "unfollow": {"what": "thread 1"},
    "mute": {"what": "word spiders"},
    "unmute": {"what": "word spiders"},
    "more": {"creation": 1},
    "less": {"creation": 1},
    "hide": {"creation": 1},
    "mine": {},
    "unlike": {"creation": 1},
    "uncomment": {"comment": "c1"},
    "withdraw": {"creation": 1},
    "visibility": {"creation": 1, "visibility": "only_me"},
    "describe": {"piece": "d2", "words": "a grey sea"},
    "name": {"name": "Rainmaker"},
    "agent rename": {"name": "Echo"},
    "agent show": {},
    "agent tone": {"tone": "dry and brief"},
    "agent language": {"language": "German"},
    "agent leash": {"what": "like", "leash": "alone"},
    "agent pause": {},
    "agent resume": {},
    "link": {},
    "unlink": {"account": "discord"},
    "data export": {},
    "data erase": {},
    "invite": {},
    "invitations": {},
    "start": {},
    "mod queue": {},
    "mod decide": {"post": "3", "ruling": "label", "reason": "spoilers"},
    "room mediation": {"wanted": "on"},
    "room bind": {"kind": "text", "tags": "rain, sea"},
    "room unbind": {},
    "room listen": {"wanted": "on"},
    "room leave": {},
    "room show": {},
    "room digest": {"when": "9:00"},
    "mod log": {},
    "order add": {"words": "every friday at 18:00: /paint rain"},
    "order list": {},
    "order pause": {"order": "o1"},
    "order resume": {"order": "o1"},
    "order drop": {"order": "o1"},
    "share": {"what": "gutter"},
    "riff": {"how": "as an erasure poem"},
    "write": {"idea": "a haiku about the roof and its rain"},
    "undo": {},
    "help": {},
}
BY_HAND_ONLY = {
    *(
        "agent leash",
        "agent resume",
        "link",
        "unlink",
        "data export",
        "data erase",
        "invite",
        "invitations",
    ),
    *("mod queue", "mod decide", "mod log", "room mediation", "room digest"),
    *("room bind", "room unbind", "room listen", "room leave", "room show"),
}
MODERATES = frozenset({Authority.MODERATOR})


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder, router: Router) -> Path:
    """The data folder of a community in which something happened, to be copied."""
    folder = tmp_path_factory.mktemp("settled")

    async def settle() -> None:
        async with opened_world(folder, embedder, router, FixedClock(NOON)) as world:
            await happened(world)

    asyncio.run(settle())
    return folder


@pytest.fixture
async def world(
    tmp_path: Path, embedder: Embedder, router: Router, clock: FixedClock, settled: Path
) -> AsyncIterator[World]:
    shutil.copytree(settled, tmp_path, dirs_exist_ok=True)
    async with opened_world(tmp_path, embedder, router, clock) as opened:
        yield opened


@pytest.fixture
async def ana(world: World) -> Turn:
    """A member with creations, drafts, a memory and a question to answer."""
    return await world.join("Ana")


async def happened(world: World) -> None:
    turn = await world.join("Ana")
    for words in ("Rain: all night the same song on the tin roof", "Gutter: a drum for nobody"):
        await world.do(turn, "create", words=words)
    await world.do(turn, "comment", creation=1, words="my own song")
    await world.do(turn, "draft", words="Kettle: it sings")
    await world.do(turn, "paint", prompt="the sea")
    await world.do(turn, "remember", words="I live in Lisbon")
    await world.do(turn, "consent", creation=2, purpose="remix", answer="ask")
    await world.do(await world.join("Ben"), "remix", sources=[2])


async def prepared(world: World, turn: Turn, act: str) -> Turn:
    """The turn where this act has something to do: jams are played in rooms, others reported."""
    if act == "report" or act.startswith("mod "):
        await world.do(await world.join("Cat"), "create", words="Moth: grey")
        return replace(turn, granted=MODERATES)
    if act.startswith("order "):
        await world.do(turn, "order add", words="every friday at 18:00: /paint rain")
        if act == "order pause":
            await world.do(turn, "order resume", order="o1")
        return turn
    if act == "riff":
        text = "Moth: all evening it asks the lamp for a dance, and the lamp says wait"
        await world.do(await world.join("Cat"), "create", words=text)
        await world.do(turn, "like", creation=3)
    if act in ("digest open", "digest why", "digest later"):
        await world.do(await world.join("Cat"), "create", words="Moth: grey")
        await world.do(turn, "digest now")
    if act == "unlink":
        await linked(world, turn)
    if act == "digest pause":
        await world.do(turn, "digest set", when="8:00")
    if act != "share" and not act.startswith(("jam ", "room ")):
        return turn
    async with world.store.work() as work:
        room = await members.room(work, platform="telegram", external_id="attic", public=True)
    turn = replace(turn, room_id=room.id, place=Place("telegram", "attic", private=False))
    if act.startswith("room "):
        return replace(turn, granted=MODERATES)
    if act.startswith("jam ") and act != "jam start":
        await world.do(turn, "jam start", prompt="Rain")
        await world.do(turn, "jam add", words="Gutter: a drum")
    return turn


async def linked(world: World, turn: Turn) -> None:
    """The member has an account on Discord too, linked a moment ago."""
    other = await world.join("Ana", platform="discord")
    code = (await world.do(turn, "link")).text.split("/link ")[1].split()[0]
    await world.do(other, "link", code=code)


def test_no_act_is_left_out() -> None:
    assert CALLS.keys() == set(all_acts().names())


def buttons_can_be_pressed(answer: Answer) -> None:
    acts = all_acts()
    for button in answer.buttons:
        assert 1 <= len(button.label) <= 80
        found = acts.get(button.call.act)
        assert found is not None, button
        arguments = dict(button.call.arguments)
        if button.blank is not None:
            choices = found.parameter(button.blank).choices
            arguments[button.blank] = choices[0] if choices else "1"
        typed = dict(read_line(acts, write_line(acts, button.call)).arguments) | arguments
        try:
            assert found.parse(typed) == found.parse(arguments)
        except MissingArgument:  # pressing it asks for the next thing
            assert len([it for it in found.parameters if it.required]) > 1


@pytest.mark.parametrize("act", sorted(CALLS))
async def test_an_act_answers_and_its_buttons_can_be_pressed(
    world: World, ana: Turn, act: str
) -> None:
    found = all_acts().get(act)
    assert found is not None
    ana = await prepared(world, ana, act)
    if any(it.required for it in found.parameters):
        asked = await world.do(ana, act)
        assert asked.private or not found.private
        choices = next(it for it in found.parameters if it.required).choices
        assert asked.buttons[-1].blank is not None or len(asked.buttons) == len(choices)
        buttons_can_be_pressed(asked)
    answer = await world.do(ana, act, **CALLS[act])
    assert answer.text or answer.cards
    assert answer.private or not found.private
    assert answer.told()
    buttons_can_be_pressed(answer)


WITHOUT = sorted(
    it.name
    for it in all_acts()
    if CALLS.get(it.name) and not any(parameter.required for parameter in it.parameters)
)


@pytest.mark.parametrize("act", WITHOUT)
async def test_an_act_that_needs_no_arguments_answers_without(
    world: World, ana: Turn, act: str
) -> None:
    ana = await prepared(world, ana, act)
    buttons_can_be_pressed(await world.do(ana, act))


@pytest.mark.parametrize("act", sorted(set(CALLS) - BY_HAND_ONLY))
async def test_an_agent_is_told_numbers_only(world: World, ana: Turn, act: str) -> None:
    ana = await prepared(world, ana, act)
    answer = await world.do(replace(ana, through=Through.AGENT), act, **CALLS[act])
    for word in ("Rain", "Gutter", "song", "drum", "Kettle", "haiku", "Lisbon", "Ana"):
        assert word not in answer.told()
    buttons_can_be_pressed(answer)


async def test_help_explains_one_command_or_all(world: World, ana: Turn) -> None:
    everything = await world.do(replace(ana, granted=MODERATES), "help")
    assert all(f"/{name}" in everything.text for name in all_acts().names())
    one = await world.do(ana, "help", about="/digest_set")
    assert "/digest set" in one.text
    assert "/remix" not in one.text
    family = await world.do(ana, "help", about="digest")
    assert all(it in family.text for it in ("/digest now", "/digest set", "/digest off"))
