"""What members say in their own words, answered by a language model."""

from typing import Any

import pytest
from sqlmodel import select

from agents.limits import Limits
from agents.profile import Allowance, Budget, Model, Most, Price
from feed_core.errors import EmptyText, TextTooLong
from feed_core.models.ledger import ModelCall
from tests.agents.thinking import STUB, Thinking
from tests.agents.world import Shown, World
from tests.fakes.openai import FakeOpenAI, Reply, Request, ToolCall

QUESTION = "would you say that autumn is a colour?"  # none of the acts


async def spent(world: World) -> list[ModelCall]:
    async with world.store.read() as view:
        return list(await view.db.exec(select(ModelCall)))


async def test_words_are_streamed_as_they_come(thinking: Thinking, fake: FakeOpenAI) -> None:
    async with thinking() as world:
        fake.answers("Autumn is a colour of its own.")
        shown = Shown()
        answer = await world.say(await world.join("Ana"), QUESTION, shown)
    assert answer.text == "Autumn is a colour of its own."
    assert shown.streamed[:2] == ["", "Autumn "]
    assert shown.streamed[-1] == answer.text
    assert all(b.startswith(a) for a, b in zip(shown.streamed, shown.streamed[1:], strict=False))


async def test_the_model_uses_an_act_and_its_answer_goes_to_the_person(
    thinking: Thinking, fake: FakeOpenAI
) -> None:
    async with thinking() as world:
        fake.calls("paint", {"prompt": "a red boat"}, text="One moment.")
        fake.answers("There it is.")
        shown = Shown()
        answer = await world.say(await world.join("Ana"), QUESTION, shown)
    assert answer.cards[0].picture is not None
    assert "Publish" in [it.label for it in answer.buttons]
    assert answer.text.startswith("One moment.\n\nThere it is.")
    assert shown.streamed[-1] == "One moment.\n\nThere it is."
    told = fake.requests[1].messages[-1]
    assert (told["role"], told["content"]) == ("tool", '{"draft": 1, "sources": []}')


async def test_the_model_is_offered_the_likely_acts_and_never_those_of_the_account(
    thinking: Thinking, fake: FakeOpenAI
) -> None:
    async with thinking() as world:
        ana = await world.join("Ana")
        await world.say(ana, "could you link my Telegram account to this one here, please?")
        await world.say(ana, "would you keep in mind for me that I adore thunder and fog?")
        await world.say(ana, "yes, that")
    for request in fake.requests:
        offered = set(request.tools)
        assert {"remix", "publish", "draft", "show"} <= offered
        assert "link" not in offered
        assert len(offered) <= 15
    assert "remember" in fake.requests[1].tools
    assert "remember" in fake.requests[2].tools  # what was said before says what is meant now


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("show", {"creation": "the rain one"}),
        ("show", {}),
        ("show", {"creation": 1, "reader": 7}),
        ("show", {"creation": 4711}),
        ("remix", {"sources": []}),
        ("digest_set", {"when": "25:99"}),
        ("no_such_tool", {"x": 1}),
        ("link", {}),
        ("show", {"creation": 1, "runtime": {"context": {"member_id": 1}}}),
    ],
)
async def test_a_call_that_cannot_be_done_is_told_to_the_model_which_goes_on(
    thinking: Thinking, fake: FakeOpenAI, tool: str, arguments: dict[str, Any]
) -> None:
    async with thinking() as world:
        fake.calls(tool, arguments)
        fake.answers("Then something else.")
        answer = await world.say(await world.join("Ana"), QUESTION)
    assert answer.text == "Then something else."
    told = fake.requests[1].messages[-1]
    assert told["role"] == "tool"
    assert "Traceback" not in told["content"]


async def test_arguments_that_are_no_json_end_in_an_answer(
    thinking: Thinking, fake: FakeOpenAI
) -> None:
    async with thinking() as world:
        fake.calls("show", '{"creation": ')
        answer = await world.say(await world.join("Ana"), "show my feed if you like")
    assert answer.text


async def test_a_model_that_goes_in_circles_is_stopped_and_shown_once(
    thinking: Thinking, fake: FakeOpenAI
) -> None:
    fake.script = lambda _: Reply(calls=[ToolCall("feed", "{}")])
    async with thinking(limits=Limits(steps=4)) as world:
        ana = await world.join("Ana")
        await world.do(ana, "create", words="Rain: all night")
        answer = await world.say(ana, QUESTION)
    assert len(fake.requests) == 4
    assert len(answer.cards) == 1
    assert "steps" in answer.text


async def test_several_acts_at_once_are_all_shown(thinking: Thinking, fake: FakeOpenAI) -> None:
    async with thinking() as world:
        ana = await world.join("Ana")
        await world.do(ana, "create", words="Rain: all night")
        fake.calls_at_once(
            ("show", {"creation": 1}),
            ("remember", {"words": "I like rain"}),
            ("like", {"creation": 9}),
        )
        fake.answers("Done.")
        answer = await world.say(ana, QUESTION)
    assert answer.cards[0].title == "Rain"
    assert "I like rain" in answer.text
    assert answer.private


@pytest.mark.parametrize("trouble", ["empty", "429", "500", "401", "overflow", "notice", "broken"])
async def test_when_the_model_fails_the_offline_answer_comes_and_says_why(
    thinking: Thinking, fake: FakeOpenAI, trouble: str
) -> None:
    async with thinking() as world:
        ana = await world.join("Ana")
        await world.do(ana, "create", words="Rain: all night")
        match trouble:
            case "empty":
                fake.answers("")
            case "429" | "500" | "401":
                fake.fails(int(trouble), times=2, retry_after=0)
            case "overflow":
                fake.overflows()
            case "notice":
                fake.limits()
            case _:
                fake.drops("Autumn is a colour", after=0, times=2)
        answer = await world.say(ana, "let me look at number 1 please")
        ledger = await spent(world)
    assert answer.cards[0].title == "Rain"
    assert "does not answer" in answer.text
    assert "upgrade" not in answer.text
    assert all(it.settled for it in ledger)


async def test_what_an_act_did_before_the_model_failed_is_shown_and_not_done_again(
    thinking: Thinking, fake: FakeOpenAI
) -> None:
    async with thinking() as world:
        ana = await world.join("Ana")
        fake.calls("paint", {"prompt": "a red boat"})
        fake.fails(500, times=2)
        answer = await world.say(ana, "paint a red boat")
        waiting = await world.do(ana, "drafts")
    assert len(answer.cards) == 1
    assert "does not answer" in answer.text
    assert len(waiting.cards) == 1


async def test_silence_ends_after_the_time_of_a_call_or_of_the_turn(
    thinking: Thinking, fake: FakeOpenAI
) -> None:
    fake.hangs(times=9)
    for limits in (Limits(call=0.1), Limits(turn=0.1)):
        async with thinking(limits=limits) as world:
            answer = await world.say(await world.join(f"Ana {limits}"), "show my feed if you like")
            ledger = await spent(world)
        assert "does not answer" in answer.text
        assert all(it.settled and not it.tokens_in for it in ledger)


async def test_the_next_model_is_asked_in_time_when_one_is_silent(
    thinking: Thinking, fake: FakeOpenAI
) -> None:
    fake.hangs()
    fake.answers("The second is awake.")
    async with thinking(STUB, Model(name="openai:second"), limits=Limits(turn=3)) as world:
        answer = await world.say(await world.join("Ana"), QUESTION)
    assert answer.text == "The second is awake."
    assert [it.body["model"] for it in fake.requests] == ["stub", "second"]


async def test_what_a_model_said_before_it_broke_off_stays_and_no_other_unsays_it(
    thinking: Thinking, fake: FakeOpenAI
) -> None:
    async with thinking(STUB, Model(name="openai:second")) as world:
        fake.answers(Reply("Half a sentence that", drops_after=3))
        shown = Shown()
        ana = await world.join("Ana")
        answer = await world.say(ana, QUESTION, shown)
        (entry,) = await spent(world)
        fake.answers("ended well.")
        await world.say(ana, "go on")
    half = shown.streamed[-1].strip()
    assert half
    assert "Half a sentence that".startswith(half)
    assert (
        answer.text == f"{half}\n\n(The language model broke off here. Ask again, or say: go on.)"
    )
    assert (entry.settled, entry.tokens_in > 0) == (True, True)  # it may have been paid for
    assert [it.body["model"] for it in fake.requests] == ["stub", "stub"]
    assert half in str(fake.requests[-1].messages)


async def test_another_model_steps_in_for_one_that_breaks_off_before_its_first_word(
    thinking: Thinking, fake: FakeOpenAI
) -> None:
    second = Model(name="openai:second", price=Price(input=1, output=2))

    def script(request: Request) -> Reply:
        if request.body["model"] == "stub":
            return Reply("Half a sentence that", drops_after=0)
        return Reply("A whole one.", usage=(100, 10))

    fake.script = script
    async with thinking(STUB, second) as world:
        shown = Shown()
        answer = await world.say(await world.join("Ana"), QUESTION, shown)
        ledger = await spent(world)
    assert answer.text == "A whole one."
    assert shown.streamed[-1] == "A whole one."
    kept = [(it.model, it.tokens_in, it.tokens_out, it.micros) for it in ledger if it.tokens_in]
    assert kept == [("openai:second", 100, 10, 120)]


@pytest.mark.parametrize("trouble", ["empty", "notice"])
async def test_another_model_steps_in_for_one_that_says_nothing_or_is_used_up(
    thinking: Thinking, fake: FakeOpenAI, trouble: str
) -> None:
    async with thinking(STUB, Model(name="openai:second")) as world:
        if trouble == "empty":
            fake.answers("")
        else:
            fake.limits()
        fake.answers("A whole one.")
        answer = await world.say(await world.join("Ana"), QUESTION)
        ledger = await spent(world)
    assert answer.text == "A whole one."
    assert [it.body["model"] for it in fake.requests] == ["stub", "second"]
    assert all(it.settled for it in ledger)


async def test_nothing_more_to_say_after_an_act_is_no_failure(
    thinking: Thinking, fake: FakeOpenAI
) -> None:
    async with thinking(STUB, Model(name="openai:second")) as world:
        fake.calls("paint", {"prompt": "a red boat"})
        fake.answers("")
        answer = await world.say(await world.join("Ana"), QUESTION)
    assert len(answer.cards) == 1
    assert "does not answer" not in answer.text
    assert [it.body["model"] for it in fake.requests] == ["stub", "stub"]


async def test_a_model_without_tools_talks_and_acts_are_found_in_code(
    thinking: Thinking, fake: FakeOpenAI
) -> None:
    async with thinking(Model(name="openai:stub", tools=False)) as world:
        ana = await world.join("Ana")
        await world.do(ana, "create", words="Rain: all night")
        shown = await world.say(ana, "let me look at number 1 please")
        assert fake.requests == []
        fake.answers("It is several.")
        talked = await world.say(ana, QUESTION)
    assert shown.cards[0].title == "Rain"
    assert talked.text == "It is several."
    assert fake.requests[0].tools == []


async def test_a_spent_budget_leads_to_the_cheap_path_which_says_so(
    thinking: Thinking, fake: FakeOpenAI
) -> None:
    few = Allowance(day=Most(tokens=6_000))
    async with thinking(budget=Budget(member=few)) as world:
        ana, ben = await world.join("Ana"), await world.join("Ben")
        fake.answers(Reply("Yes.", usage=(5_000, 500)))
        assert (await world.say(ana, QUESTION)).text == "Yes."
        answer = await world.say(ana, "show my feed if you like")
        assert len(fake.requests) == 1
        assert "budget" in answer.text
        fake.answers("Also for me.")
        assert (await world.say(ben, QUESTION)).text == "Also for me."


async def test_what_a_call_took_is_written_down(thinking: Thinking, fake: FakeOpenAI) -> None:
    model = Model(name="openai:stub", price=Price(input=0.25, output=2))
    async with thinking(model) as world:
        ana = await world.join("Ana")
        fake.answers(Reply("Yes.", usage=(1_000, 100)))
        await world.say(ana, QUESTION)
        (entry,) = await spent(world)
    assert (entry.tokens_in, entry.tokens_out, entry.micros) == (1_000, 100, 450)
    assert (entry.member_id, entry.purpose, entry.settled) == (ana.member_id, "turn", True)


@pytest.mark.parametrize("text", ["", "   ", "\n"])
async def test_nothing_said_is_refused_without_a_call(
    thinking: Thinking, fake: FakeOpenAI, text: str
) -> None:
    async with thinking() as world:
        with pytest.raises(EmptyText):
            await world.say(await world.join("Ana"), text)
    assert fake.requests == []


async def test_a_hundred_thousand_characters_are_refused_without_a_call(
    thinking: Thinking, fake: FakeOpenAI
) -> None:
    async with thinking() as world:
        with pytest.raises(TextTooLong):
            await world.say(await world.join("Ana"), "x" * 100_000)
    assert fake.requests == []
