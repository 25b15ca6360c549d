"""Members are answered about themselves from what they said, at once and honestly."""

import json
from dataclasses import replace

import pytest

from agents import learner
from agents.profile import Allowance, Budget, Most
from agents.router import HALF_LIKELY, Route, Router
from agents.turn import Place
from feed_core.services import conversation
from tests.agents.thinking import Thinking
from tests.agents.world import World
from tests.fakes.openai import FakeOpenAI

LISBON = "I live in Lisbon and I work as a gardener"


async def test_what_was_just_said_is_there_when_memory_is_looked_at(world: World) -> None:
    ana = await world.join("Ana")
    await world.say(ana, LISBON)
    shown = await world.do(ana, "memory show")
    assert "I live in Lisbon" in shown.text
    assert "I work as a gardener" in shown.text
    await world.say(ana, "my cat is called Miso")
    assert "my cat is called Miso" in (await world.do(ana, "start")).text


async def test_what_was_just_said_can_be_forgotten_at_once(world: World) -> None:
    ana = await world.join("Ana")
    await world.say(ana, "I live in Lisbon")
    asked = await world.do(ana, "forget")
    gone = await world.press(ana, asked, "m1 I live in Lisbon")
    assert "not found" in gone.text
    await world.learner.learn_due()
    assert (await world.do(ana, "memory show")).text.startswith("I remember nothing")
    assert "I do not know where you live" in (await world.say(ana, "where do I live?")).text


@pytest.mark.parametrize(
    ("wish", "gone"),
    [
        ("forget that I have 2 cats", "I have 2 cats"),
        ("please forget that I live in Lisbon", "I live in Lisbon"),
        ("forget m1", "I live in Lisbon"),
        ("forget where I live", "I live in Lisbon"),
        ("please forget my address", "I live in Lisbon"),
        ("vergiss, wo ich wohne", "I live in Lisbon"),
        ("olvida dónde vivo", "I live in Lisbon"),
        ("forget memory 2", "I have 2 cats"),
        ("forget 2", "I have 2 cats"),
        ("forget that I was born in 1", ""),
        ("forget that I have 3 dogs", ""),
    ],
)
async def test_what_is_to_be_forgotten_is_told_by_number_or_by_its_very_words(
    world: World, wish: str, gone: str
) -> None:
    ana = await world.join("Ana")
    await world.say(ana, "I live in Lisbon")
    await world.say(ana, "I have 2 cats")
    await world.say(ana, wish)
    kept = {it.text for it in await world.parts.memories.all(ana.member_id)}
    assert kept == {"I live in Lisbon", "I have 2 cats"} - {gone}


@pytest.mark.parametrize(
    "wish",
    ["forget it, where do I live?", "forget my job", "forget what my dog is called", "forget it"],
)
async def test_what_is_not_clearly_named_is_not_forgotten(world: World, wish: str) -> None:
    ana = await world.join("Ana")
    await world.say(ana, "I live in Lisbon")
    await world.say(ana, wish)
    assert "I live in Lisbon" in (await world.do(ana, "memory show")).text


async def test_the_request_to_forget_is_not_kept_either(world: World) -> None:
    ana = await world.join("Ana")
    await world.say(ana, "I am a nurse")
    await world.say(ana, "please forget that I am a nurse")
    await world.say(ana, "show the feed")
    async with world.store.read() as view:
        said = await conversation.lines_of(view, member_id=ana.member_id)
    assert not [it for _, it in said if "nurse" in it]
    assert "nothing" in (await world.say(ana, "what did I tell you about the nurse?")).text


async def test_a_request_to_a_model_to_forget_is_not_kept_either(
    thinking: Thinking, fake: FakeOpenAI
) -> None:
    async with thinking() as world:
        ana = await world.join("Ana")
        await world.do(ana, "remember", words="I am Tom's son")
        fake.calls("forget", {"memory": "m1"})
        fake.answers("That I am Tom's son, you said; it is gone.")
        await world.say(ana, "you take it that I am Tom's son, put that out of your mind for me")
        async with world.store.read() as view:
            said = await conversation.lines_of(view, member_id=ana.member_id)
        assert "I remember nothing" in (await world.do(ana, "memory show")).text
    assert not [it for _, it in said if "I am Tom" in it]


@pytest.mark.parametrize(
    ("tokens", "told"),
    [
        (0, "Your model budget for today is spent; it fills up again at midnight UTC."),
        (1, "This may take more than the whole of your model budget for today; whoever runs"),
    ],
)
async def test_a_budget_that_holds_no_call_at_all_is_not_called_spent(
    thinking: Thinking, fake: FakeOpenAI, tokens: int, told: str
) -> None:
    async with thinking(budget=Budget(member=Allowance(day=Most(tokens=tokens)))) as world:
        ana = await world.join("Ana")
        answer = await world.say(ana, "tell me what the sea thinks of us tonight")
    assert told in answer.text
    assert fake.requests == []


async def test_one_liking_in_the_plural_is_the_same_liking(world: World) -> None:
    ana = await world.join("Ana")
    await world.say(ana, "I love haiku")
    await world.say(ana, "I love haikus")
    await world.do(ana, "memory show")
    assert [it.text for it in await world.parts.memories.all(ana.member_id)] == ["I love haiku"]


async def test_a_model_that_fails_is_not_said_to_be_missing(
    thinking: Thinking, fake: FakeOpenAI
) -> None:
    async with thinking() as world:
        fake.fails(500, times=4)
        answer = await world.say(await world.join("Ana"), "would you say autumn is a colour?")
    assert "does not answer right now" in answer.text
    assert "I run without a language model" not in answer.text


async def test_what_one_tells_while_the_budget_is_spent_is_heard_and_learned(
    thinking: Thinking, fake: FakeOpenAI
) -> None:
    async with thinking(budget=Budget(member=Allowance(day=Most(tokens=0)))) as world:
        ana = await world.join("Ana")
        answer = await world.say(ana, "I live in Rome")
        assert "I will keep that in mind: “I live in Rome”" in answer.text
        assert "m1 I live in Rome" in (await world.do(ana, "memory show")).text
    assert fake.requests == []


async def test_what_was_just_said_is_offered_when_its_kind_is_never_to_be_kept(
    world: World,
) -> None:
    ana = await world.join("Ana")
    await world.say(ana, "I live in Lisbon")
    never = await world.do(ana, "memory never", kind="where I live")
    assert "m1 I live in Lisbon" in never.text
    await world.press(ana, never, "Forget m1")
    await world.say(ana, "I live in Porto")
    answer = await world.say(ana, "where do I live?")
    assert answer.text == "I do not know where you live."


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("where do I live?", "“I live in Lisbon” (m1)"),
        ("do you remember where I live?", "“I live in Lisbon” (m1)"),
        ("wo wohne ich?", "“I live in Lisbon” (m1)"),
        ("¿dónde vivo?", "“I live in Lisbon” (m1)"),
        ("どこに住んでいますか", "“I live in Lisbon” (m1)"),
        ("where do I work?", "“I work as a gardener” (m2)"),
        ("what is my name?", "Here you are called Ana."),
        ("when is my birthday?", "I do not know when your birthday is. Tell me,"),
        ("what is my favourite colour?", "I do not know what your favourite colour is."),
        ("do I have a pet?", "I do not know of any pet of yours."),
    ],
)
async def test_a_question_about_oneself_is_answered_from_memory(
    world: World, question: str, answer: str
) -> None:
    ana = await world.join("Ana")
    await world.say(ana, LISBON)
    said = await world.say(ana, question)
    assert answer in said.text
    assert said.private


async def test_a_correction_answers_and_what_it_replaced_does_not(world: World) -> None:
    ana = await world.join("Ana")
    await world.say(ana, "I live in Lisbon")
    await world.say(ana, "actually, I live in Porto now")
    said = await world.say(ana, "where do I live?")
    assert "Porto" in said.text
    assert "Lisbon" not in said.text


async def test_nothing_is_promised_where_nothing_is_learned(world: World) -> None:
    ana = await world.join("Ana")
    await world.do(ana, "memory pause")
    assert (await world.say(ana, "how old am I?")).text == "I do not know how old you are."
    await world.do(ana, "memory resume")
    await world.do(ana, "incognito")
    assert (await world.say(ana, "how old am I?")).text == "I do not know how old you are."


async def test_in_a_room_nothing_of_it_is_said_and_nobody_else_is_told(world: World) -> None:
    ana, ben = await world.join("Ana"), await world.join("Ben")
    await world.say(ana, LISBON)
    room = replace(ana, place=Place("telegram", "-1", private=False))
    said = await world.say(room, "where do I live?")
    assert said.private or "Lisbon" not in said.text
    assert "Lisbon" not in (await world.say(ben, "where do I live?")).text


NOTE = {"kind": "fact", "text": "I live in Lisbon", "line": 1, "quote": "live in Lisbon"}


async def test_with_a_model_what_was_just_said_is_there_too(
    thinking: Thinking, fake: FakeOpenAI
) -> None:
    async with thinking() as world:
        ana = await world.join("Ana")
        fake.answers("How nice.", json.dumps({"notes": [NOTE]}))
        await world.say(ana, "I live in Lisbon, by the sea")
        shown = await world.do(ana, "memory show")
        assert "m1 I live in Lisbon" in shown.text
        assert "still learning" not in shown.text
        await world.do(ana, "memory show")
    assert len(fake.requests) == 2  # nothing new was said, so no model is asked again


async def test_a_slow_model_is_not_waited_for_and_it_is_said(
    thinking: Thinking, fake: FakeOpenAI, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learner, "PATIENCE", 0.05)
    async with thinking() as world:
        ana = await world.join("Ana")
        fake.answers("How nice.")
        fake.hangs()
        await world.say(ana, "I live in Lisbon, by the sea")
        for _ in range(2):
            shown = await world.do(ana, "memory show")
            assert "I am still learning from what you said last" in shown.text
    assert len(fake.requests) == 2  # one reading, however often it was asked for


async def test_what_is_perhaps_a_wish_for_help_is_told_of_it_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nearest(_: Router, __: str) -> Route:
        return Route(world.desk.find("help"), HALF_LIKELY + 0.01)

    monkeypatch.setattr(Router, "nearest", nearest)
    answer = await world.say(await world.join("Ana"), "the ninth wave, perhaps")
    assert answer.text.count("/help") == 1
    assert [it.label for it in answer.buttons] == ["What can you do?", "Show the feed"]
