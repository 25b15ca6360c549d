"""What a model is told of what was said before, and of its member."""

from dataclasses import replace

from agents.profile import Model
from agents.turn import Place, Turn
from tests.agents.thinking import Thinking
from tests.fakes.openai import FakeOpenAI, Request

QUESTION = "would you say that autumn is a colour?"  # none of the acts


def said_before(request: Request) -> list[tuple[str, str]]:
    return [
        (it["role"], it["content"])
        for it in request.messages
        if it["role"] in ("user", "assistant")
    ]


async def test_a_plain_request_needs_no_model(thinking: Thinking, fake: FakeOpenAI) -> None:
    async with thinking() as world:
        ana = await world.join("Ana")
        await world.say(ana, "show my feed")
        assert fake.requests == []
        await world.say(ana, QUESTION)  # but the model learns what was asked
    assert said_before(fake.requests[0]) == [("user", "show my feed"), ("user", QUESTION)]


async def test_the_next_request_knows_what_was_said_here_and_only_here(
    thinking: Thinking, fake: FakeOpenAI
) -> None:
    async with thinking() as world:
        ana, ben = await world.join("Ana"), await world.join("Ben")
        fake.answers("Red.", "Green.", "Blue.", "Grey.")
        await world.say(ana, "which colour is a Monday, in your view?")
        await world.say(ben, "which colour is a Friday, in your view?")
        await world.say(ana, QUESTION)
        elsewhere = _in_a_room(ana)
        await world.say(elsewhere, QUESTION)
    assert said_before(fake.requests[2]) == [
        ("user", "which colour is a Monday, in your view?"),
        ("assistant", "Red."),
        ("user", QUESTION),
    ]
    assert said_before(fake.requests[3]) == [("user", QUESTION)]


async def test_a_long_conversation_is_cut_to_what_the_model_can_hold(
    thinking: Thinking, fake: FakeOpenAI
) -> None:
    async with thinking(Model(name="openai:stub", context=4_000)) as world:
        ana = await world.join("Ana")
        for n in range(6):
            fake.answers(f"Answer {n}.")
            await world.say(ana, f"thought {n}: " + "autumn " * 200)
    last = said_before(fake.requests[-1])
    assert last[-1][1].startswith("thought 5")
    assert sum(len(words) for _, words in last) < 8_000
    assert len(last) > 2
    assert ("user", "thought 0") not in [(role, words[:9]) for role, words in last]


async def test_memories_are_told_in_private_only(thinking: Thinking, fake: FakeOpenAI) -> None:
    async with thinking() as world:
        ana, ben = await world.join("Ana"), await world.join("Ben")
        await world.do(ana, "remember", words="I adore chanterelles")
        for turn in (ana, _in_a_room(ana), ben):
            await world.say(turn, "which mushrooms would I adore, you think?")
    told = ["chanterelles" in str(it.body) for it in fake.requests]
    assert told == [True, False, False]


def _in_a_room(turn: Turn) -> Turn:
    return replace(turn, place=Place("telegram", "-100", private=False))
