"""Long conversations are folded into a recap of the member's own lines; earlier chats are found."""

import json
from datetime import timedelta

from sqlmodel import select

from agents.recaps import MANY
from feed_core.models.conversation import Message
from feed_core.services import conversation
from tests.agents.thinking import Thinking
from tests.agents.world import World
from tests.fakes.openai import FakeOpenAI

PLAIN = "thought {}: is autumn a colour of its own?"


async def test_what_was_said_before_is_told_in_a_recap_of_own_lines(
    thinking: Thinking, fake: FakeOpenAI
) -> None:
    async with thinking() as world:
        ana = await world.join("Ana")
        for n in range(MANY // 2 + 1):
            fake.answers(f"It is number {n}.")
            await world.say(ana, PLAIN.format(n))
        fake.answers({"recap": "Ana wonders whether autumn is a colour."})
        assert await world.recapper.recap_due() == 1
        assert await world.recapper.recap_due() == 0
        fake.answers("Yes.")
        await world.say(ana, PLAIN.format(99))
    *_, folding, last = fake.requests
    assert folding.tools == []
    assert "thought 0" in folding.said
    assert "It is number" not in folding.said  # an answer may quote what it was told
    assert "Ana wonders whether autumn is a colour." in last.messages[0]["content"]
    assert "thought 0" not in json.dumps(last.body)
    assert "thought 4" in json.dumps(last.body)
    assert len(last.messages) == 6


async def test_a_rule_folds_where_no_model_answers_and_forgotten_lines_leave_no_recap(
    thinking: Thinking, fake: FakeOpenAI
) -> None:
    async with thinking() as world:
        ana = await world.join("Ana")
        for n in range(MANY):
            fake.answers("Hm.")
            await world.say(ana, f"my kiln number {n} cracked again in the cold, what a pity")
        fake.answers("no JSON")
        assert await world.recapper.recap_due() == 1
        fake.answers("Hm.")
        await world.say(ana, PLAIN.format(1))
        assert "kiln number 0" in fake.requests[-1].messages[0]["content"]
        async with world.store.work() as work:
            lines = await _numbers(world)
            await conversation.remove(work, member_id=ana.member_id, line_ids=lines[:1])
        fake.answers("Hm.")
        await world.say(ana, PLAIN.format(2))
    assert "kiln" not in fake.requests[-1].messages[0]["content"]


async def test_earlier_chats_are_found_by_words_and_days_and_only_ones_own(world: World) -> None:
    ana, ben = await world.join("Ana"), await world.join("Ben")
    await world.say(ana, "hm, the kiln cracked on the left side")
    await world.say(ben, "hm, the kiln of mine is whole")
    world.clock.go_on(timedelta(days=60))
    await world.say(ana, "hm, I glazed the blue bowl")
    found = await world.say(ana, "what did I tell you about the kiln last March?")
    nothing = await world.do(ana, "recall", question="what did I say about the violin?")

    assert found.text == (
        "In our chats:\n• “hm, the kiln cracked on the left side” (you, 14 March 2026)"
    )
    assert found.private
    assert found.told() == '{"found": 1}'
    assert nothing.text == "I find nothing about that in our chats."


async def _numbers(world: World) -> list[int]:
    async with world.store.read() as view:
        return [it for it in await view.db.exec(select(Message.id)) if it is not None]
