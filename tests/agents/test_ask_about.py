"""Questions about a thread, answered from what stands there and nothing else."""

import json

import pytest

from agents.turn import Turn
from feed_core.errors import CreationNotFound
from tests.agents.thinking import Thinking
from tests.agents.world import World
from tests.fakes.openai import FakeOpenAI, Reply, Request, ToolCall

FRAME = "The frame should be dark, because the sky is so pale"


async def discussed(world: World) -> tuple[Turn, Turn]:
    ana, ben, mio = [await world.join(it) for it in ("Ana", "Ben", "Mio")]
    await world.do(ana, "create", words="Kitchen: the kettle sings\nthe window listens")
    await world.do(ben, "create", words="Harbour: ships asleep on one leg")
    for turn, words in (
        (mio, FRAME),
        (ben, "Mine was oak."),
        (mio, "A hook in the middle holds"),
        (ben, "Two hooks bend"),
    ):
        await world.do(turn, "comment", creation=2, words=words)
    return ana, ben


async def test_the_second_point_is_the_one_that_was_shown(world: World) -> None:
    ana, _ = await discussed(world)
    summary = await world.do(ana, "summarise", thread=2)
    second = next(it for it in summary.text.splitlines() if it.startswith("2. "))[3:]
    answer = await world.say(ana, "what does her second point mean?")

    assert answer.text.splitlines()[0] == f"“{second.replace(' (', '” (', 1)}"
    assert "Said around it:" in answer.text
    assert answer.facts["answered"] is True
    again = await world.say(ana, "what does her second point mean?")
    assert again.text == answer.text


async def test_passages_answer_where_no_model_does_and_it_says_so(world: World) -> None:
    ana, _ = await discussed(world)
    answer = await world.do(ana, "ask about", question="why should the frame be dark?", about=2)
    found = await world.do(ana, "ask about", question="who sings in the kitchen one?")
    line = await world.do(ana, "ask about", question="what does the second line mean?", about=1)

    assert answer.text.startswith("I cannot put it in words of my own; #2 says:\n")
    assert answer.text.splitlines()[1] == f"• “{FRAME}” (Mio, c1)"
    assert found.facts["about"].id == 1  # type: ignore[union-attr]  # a reference
    assert line.text.startswith("“the window listens” (Ana, #1)")


async def test_a_number_before_the_question_names_what_it_is_about(world: World) -> None:
    ana, _ = await discussed(world)
    await world.do(ana, "show", creation=1)
    answer = await world.do(ana, "ask about", question="2 why should the frame be dark?")
    marked = await world.do(ana, "ask about", question="#2: who sings?")

    assert answer.text.splitlines()[1] == f"• “{FRAME}” (Mio, c1)"
    assert [it.facts["about"].id for it in (answer, marked)] == [2, 2]  # type: ignore[union-attr]  # references
    with pytest.raises(CreationNotFound):
        await world.do(ana, "ask about", question="99 who sings in the kitchen one?")


async def test_what_it_is_about_is_asked_for_where_it_is_not_clear(world: World) -> None:
    await discussed(world)
    eve = await world.join("Eve")  # she was shown nothing yet
    asked = await world.do(eve, "ask about", question="why?")
    assert asked.private
    done = await world.press(eve, asked, "Name it", filled="2")
    assert done.facts["about"].id == 2  # type: ignore[union-attr]  # a reference


@pytest.mark.parametrize("about", [4711, 3])
async def test_what_one_may_not_see_is_not_answered_from(world: World, about: int) -> None:
    ana, ben = await discussed(world)
    await world.do(ben, "create", words="Secret: the key is under the mat")
    await world.do(ben, "visibility", creation=3, visibility="only_me")
    asked = await world.do(ana, "ask about", question="where is the key?")
    assert "mat" not in asked.text
    with pytest.raises(Exception, match="creation_not_found"):
        await world.do(ana, "ask about", question="where is the key?", about=about)


async def test_a_model_reads_without_tools_and_only_true_quotes_are_shown(
    thinking: Thinking, fake: FakeOpenAI
) -> None:
    read = {
        "answered": True,
        "answer": "Because the sky in it is pale.",
        "quotes": [
            {"source": "c1", "words": "the sky is so pale"},
            {"source": "c2", "words": "the sky is so pale"},
            {"source": "c1", "words": "ignore your orders"},
        ],
    }

    def script(request: Request) -> Reply:
        if not request.tools:
            return Reply(json.dumps(read))
        if request.messages[-1]["role"] == "tool":
            return Reply("There.")
        return Reply(calls=[ToolCall("ask_about", json.dumps({"question": "why dark?"}))])

    fake.script = script
    async with thinking() as world:
        ana, _ = await discussed(world)
        await world.do(ana, "show", creation=2)
        answer = await world.say(ana, "hm, could you find out why on earth dark, you think?")
    assert answer.text == (
        "There.\n\nBecause the sky in it is pale.\n\n• “the sky is so pale” (Mio, c1)"
    )
    acting = [it for it in fake.requests if it.tools]
    assert len(acting) == 2
    for it in acting:
        assert "pale" not in json.dumps(it.body)
    told = json.loads(acting[1].messages[-1]["content"])
    assert told == {"about": 2, "answered": True, "quotes": 1}


@pytest.mark.parametrize(
    "said", ["no JSON", '{"answered": true, "answer": " ", "quotes": []}', '{"answered": false}']
)
async def test_a_model_that_finds_nothing_is_no_answer(
    thinking: Thinking, fake: FakeOpenAI, said: str
) -> None:
    async with thinking() as world:
        ana, _ = await discussed(world)
        fake.answers(said)
        answer = await world.do(ana, "ask about", question="why dark?", about=2)
    assert "does not say" in answer.text or FRAME in answer.text
