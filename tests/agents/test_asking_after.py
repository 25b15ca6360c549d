"""Who asks what a member made is shown that member's creations, and nobody else's."""

import pytest

from feed_core.services.curation import MakerNotFound
from tests.agents.world import World


@pytest.mark.parametrize(
    "question",
    [
        "what did Ana write lately?",
        "what has ana made?",
        "show me Ana's latest creations",
        "the newest poems by Ana",
        "was hat Ana zuletzt geschrieben?",
        "die neuesten Werke von Ana",
        "¿qué ha escrito Ana últimamente?",
        "Anaは最近何を書いた？",
    ],
)
async def test_a_question_about_a_maker_shows_what_that_maker_made(
    world: World, question: str
) -> None:
    ana, ben = await world.join("Ana"), await world.join("Ben")
    await world.do(ana, "create", words="rain on the harbour")
    await world.do(ben, "create", words="sun on the hill")
    answer = await world.say(ben, question)
    assert [it.title for it in answer.cards] == ["rain on the harbour"]


async def test_nobody_of_that_name_is_said_and_no_feed_is_shown(world: World) -> None:
    ana = await world.join("Ana")
    await world.do(ana, "create", words="rain on the harbour")
    with pytest.raises(MakerNotFound):
        await world.say(ana, "what did Bo write lately?")


@pytest.mark.parametrize("question", ["what did the others make lately?", "what did I write?"])
async def test_what_asks_after_no_single_member_goes_its_usual_way(
    world: World, question: str
) -> None:
    ana, ben = await world.join("Ana"), await world.join("Ben")
    await world.do(ana, "create", words="rain on the harbour")
    await world.do(ben, "create", words="sun on the hill")
    answer = await world.say(ana, question)
    assert "sun on the hill" in [it.title for it in answer.cards] or question.endswith("I write?")
    assert "creations by" not in answer.text
