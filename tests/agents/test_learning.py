"""Agents learn of their members: in the background, once, from their own words alone."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from agents.learner import PAUSE
from agents.profile import Allowance, Budget, Most
from agents.turn import Place, Turn
from feed_core.states import Role
from memory.claims import Claim
from memory.learning import Heard
from tests.agents.thinking import Thinking
from tests.agents.world import World
from tests.fakes.openai import FakeOpenAI


async def known(world: World, turn: Turn) -> list[str]:
    return [it.text for it in reversed(await world.parts.memories.all(turn.member_id))]


def notes(*found: dict[str, object]) -> str:
    return "Here they are:\n" + json.dumps({"notes": found})


LISBON: dict[str, object] = {
    "kind": "fact",
    "text": "I live in Lisbon",
    "line": 1,
    "quote": "living in Lisbon",
    "replaces": None,
}


async def test_without_a_model_what_one_tells_is_acknowledged_and_learned(world: World) -> None:
    ana = await world.join("Ana")
    answer = await world.say(ana, "I'm a nurse in Porto and I love haiku")
    assert "keep that in mind" in answer.text
    assert await world.learner.learn_due() == 1
    assert await known(world, ana) == ["I'm a nurse in Porto", "I love haiku"]
    shown = await world.do(ana, "memory show")
    assert "you said so on telegram" in shown.text
    assert "because you said it of yourself" in shown.text
    await world.say(ana, "that's wrong, I love tanka")  # nothing answers the same: it asks which
    await world.learner.learn_due()
    await world.say(ana, "I live in Porto")
    await world.learner.learn_due()
    fixed = await world.say(ana, "that's not true any more, I live in Lisbon")
    assert fixed.text.startswith("Put right")
    await world.press(ana, fixed, "Undo")
    assert "I live in Porto" in await known(world, ana)


async def test_nothing_is_learned_in_rooms_pauses_incognito_or_from_quotations(
    world: World,
) -> None:
    ana = await world.join("Ana")
    await world.say(replace(ana, place=Place("telegram", "-1", private=False)), "I live in Rome")
    await world.say(ana, "> I live in Paris\nMallory wrote “I hate you”")
    await world.do(ana, "incognito")
    assert "incognito" in (await world.say(ana, "I love haiku")).text
    await world.do(ana, "incognito", switch="off")
    await world.do(ana, "memory pause")
    assert "learn nothing" in (await world.say(ana, "I love tea")).text
    await world.do(ana, "memory resume")
    await world.do(ana, "memory never", kind="my work")
    assert "never" in (await world.say(ana, "I work as a baker")).text
    await world.learner.learn_due()
    assert await known(world, ana) == []


async def test_what_was_promised_before_a_pause_is_kept(world: World) -> None:
    ana = await world.join("Ana")
    assert "keep that in mind" in (await world.say(ana, "I love haiku")).text
    await world.do(ana, "memory pause")
    assert await known(world, ana) == ["I love haiku"]
    await world.do(ana, "memory resume")
    await world.say(ana, "I love tea")
    assert "just before" in (await world.do(ana, "incognito")).text
    await world.learner.learn_due()
    assert await known(world, ana) == ["I love haiku"]


async def test_a_model_reads_a_talk_once_when_it_has_paused(
    thinking: Thinking, fake: FakeOpenAI
) -> None:
    async with thinking() as world:
        ana = await world.join("Ana")
        await world.do(ana, "remember", words="I live in Porto")
        fake.answers("How nice!")
        await world.say(ana, "guess what, I am living in Lisbon since May")
        asked = len(fake.requests)
        assert await world.learner.learn_due() == 0
        world.clock.go_on(PAUSE)
        fake.answers(notes(LISBON | {"replaces": 1}))
        assert await world.learner.learn_due() == 1
        request = fake.requests[asked]
        assert not request.tools
        assert "living in Lisbon" in str(request.body)
        assert await known(world, ana) == ["I live in Lisbon"]
        assert "Porto" in (await world.do(ana, "memory history")).text
        world.clock.go_on(timedelta(days=1))
        assert await world.learner.learn_due() == 0
        assert await world.learner.learn(ana.member_id) == 0
        assert len(fake.requests) == asked + 1


@pytest.mark.parametrize(
    "noted",
    [
        LISBON | {"quote": "I live in Paris"},
        LISBON | {"line": 9},
        LISBON | {"text": "see https://evil.example"},
        LISBON | {"quote": "Mallory says"},
    ],
)
async def test_notes_that_the_line_does_not_say_are_dropped(
    thinking: Thinking, fake: FakeOpenAI, noted: dict[str, object]
) -> None:
    async with thinking() as world:
        ana = await world.join("Ana")
        fake.answers("Oh.", notes(noted))
        await world.say(ana, "hm, living in Lisbon is dear\n> Mallory says: MARKER")
        world.clock.go_on(PAUSE)
        await world.learner.learn_due()
        assert await known(world, ana) == []
        assert "MARKER" not in str(fake.requests[-1].body)


@pytest.mark.parametrize("answer", ["no idea", '{"notes": 3}', ""])
async def test_where_no_model_answers_in_good_form_rules_read(
    thinking: Thinking, fake: FakeOpenAI, answer: str
) -> None:
    async with thinking() as world:
        ana = await world.join("Ana")
        fake.answers("Oh.", answer)
        await world.say(ana, "you know, I love haiku")
        world.clock.go_on(PAUSE)
        await world.learner.learn_due()
        assert await known(world, ana) == ["I love haiku"]


async def test_a_spent_budget_or_a_paused_agent_asks_no_model(
    thinking: Thinking, fake: FakeOpenAI
) -> None:
    async with thinking(budget=Budget(background=Allowance(day=Most(tokens=0)))) as world:
        ana, ben = await world.join("Ana"), await world.join("Ben")
        await world.do(ben, "agent pause")
        for turn in (ana, ben):
            async with world.store.work() as work:
                await world.parts.memories.hear(
                    work,
                    turn.member_id,
                    place=turn.place.key,
                    lines=[(Role.MEMBER, "I love haiku")],
                    learn_in=timedelta(),
                )
        await world.learner.learn_due()
        assert await known(world, ana) == await known(world, ben) == ["I love haiku"]
        assert fake.requests == []


async def test_what_a_stop_broke_off_and_what_runs_twice_is_learned_once(
    thinking: Thinking, fake: FakeOpenAI, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with thinking() as world:
        ana = await world.join("Ana")
        fake.answers("Oh.", *[notes(LISBON)] * 3)
        await world.say(ana, "I am living in Lisbon, by the sea")
        world.clock.go_on(PAUSE)
        memories = world.parts.memories

        async def stop(owner_id: int, claims: Sequence[Claim], *, heard: Heard | None) -> int:
            raise asyncio.CancelledError

        with monkeypatch.context() as broken:
            broken.setattr(memories, "learn", stop)
            with pytest.raises(asyncio.CancelledError):
                await world.learner.learn(ana.member_id)
        assert await memories.due() == [ana.member_id]
        kept = await asyncio.gather(*(world.learner.learn(ana.member_id) for _ in range(2)))
        assert sum(kept) == 1
        assert await known(world, ana) == ["I live in Lisbon"]
        assert await memories.due() == []
