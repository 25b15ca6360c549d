"""Members set how their agents speak and what they may do alone, and see what was spent."""

from dataclasses import replace

import pytest

from agents.act import Effect
from agents.acts.agent import Shown
from agents.acts.listing import all_acts
from agents.profile import Model, Price
from agents.tongues import UnknownLanguage, read_language
from agents.turn import Authority, Through
from bridges.faces import read_line
from feed_core.errors import NotForAgents, TextTooLong
from feed_core.services.languages import Language
from tests.agents.thinking import Thinking
from tests.agents.world import World
from tests.fakes.openai import FakeOpenAI, Reply


def test_the_leash_names_every_act_that_others_see() -> None:
    seen = [
        it.name
        for it in all_acts()
        if it.effect is Effect.PUBLISH and it.authority is Authority.MEMBER
    ]
    assert {it.replace("_", " ") for it in Shown} == set(seen)


def test_a_familys_name_alone_shows_it() -> None:
    assert read_line(all_acts(), "/agent").act == "agent show"
    assert read_line(all_acts(), "/digest").act == "digest show"
    assert read_line(all_acts(), "/data").act == "help"  # it has nothing to show


async def test_an_agent_is_shown_as_it_is_set(world: World) -> None:
    ana = await world.join("Ana")
    before = await world.do(ana, "agent show")
    assert before.text.splitlines() == [
        "Muse, your agent",
        "Tone: Brief.",
        "Language: the one that you write in",
        "Model: none: plain words are matched to commands, and procedures write and paint",
        "Leash: it asks you before it does anything that others see.",
    ]
    await world.do(ana, "agent tone", tone="dry \n and brief")
    await world.do(ana, "agent language", language="auf Deutsch bitte")
    for act in ("like", "jam_add"):
        await world.do(ana, "agent leash", what=act, leash="alone")
    await world.do(ana, "agent pause")
    after = (await world.do(ana, "agent show")).text
    assert "Tone: dry and brief\nLanguage: German\n" in after
    assert "alone it does jam add and like; it asks you before all else" in after
    assert "Paused" in after


async def test_settings_are_undone(world: World) -> None:
    ana = await world.join("Ana")
    before = (await world.do(ana, "agent show")).text
    for act, given in [
        ("agent tone", {"tone": "like a pirate"}),
        ("agent language", {"language": "fr"}),
    ]:
        done = await world.do(ana, act, **given)
        assert "none here now" in done.text
        await world.press(ana, done, "Undo")
    await world.press(ana, await world.do(ana, "agent pause"), "Resume")
    done = await world.do(ana, "agent leash", what="publish", leash="alone")
    await world.press(ana, done, "Ask me first")
    assert (await world.do(ana, "agent show")).text == before


async def test_an_agent_never_lengthens_its_own_leash_and_words_only_ask(world: World) -> None:
    ana = await world.join("Ana")
    await world.do(ana, "create", words="Rain: all night")
    for act, given in [("agent leash", {"what": "like", "leash": "alone"}), ("agent resume", {})]:
        with pytest.raises(NotForAgents):
            await world.by_agent(ana, act, **given)
    words = replace(ana, through=Through.WORDS)
    asked = await world.do(words, "agent leash", what="like", leash="alone")
    assert "proposed" in (await world.by_agent(ana, "like", creation=1)).facts
    await world.press(ana, asked, "Yes, let it")
    assert "proposed" not in (await world.by_agent(ana, "like", creation=1)).facts
    await world.by_agent(ana, "agent pause")
    assert "proposed" in (await world.by_agent(ana, "like", creation=1)).facts
    await world.do(ana, "agent resume")
    await world.do(words, "agent leash", what="like", leash="ask")
    assert "proposed" in (await world.by_agent(ana, "like", creation=1)).facts


async def test_tone_and_language_reach_the_model_and_its_price_is_shown(
    thinking: Thinking, fake: FakeOpenAI
) -> None:
    model = Model(name="openai:stub", price=Price(input=100, output=200))
    async with thinking(model) as world:
        ana = await world.join("Ana")
        assert "pirate" in (await world.do(ana, "agent tone", tone="like a pirate")).text
        await world.do(ana, "agent language", language="German")
        await world.do(ana, "agent pause")
        fake.answers(Reply("Arr.", usage=(1_000, 100)))
        answer = await world.say(ana, "What does autumn taste like to somebody at sea?")
        shown = (await world.do(ana, "agent show")).text
    assert answer.text == "Arr."  # a paused agent still answers
    told = str(fake.requests[0].messages[0]["content"])
    assert "Ana wants you to speak like this: like a pirate" in told
    assert "Always answer in German." in told
    assert "Model: openai:stub" in shown
    assert "Spent by you today: 1,100 of 200,000 tokens, 0.12 of 0.50 USD" in shown
    assert "Spent by you this month: 1,100 of 2,000,000 tokens, 0.12 of 5.00 USD" in shown
    assert "Of it by me unasked today: 0 of 40,000 tokens" in shown
    assert "By everybody here this month: 1,100 of 50,000,000 tokens" in shown


async def test_what_cannot_be_set_is_refused(world: World) -> None:
    ana = await world.join("Ana")
    with pytest.raises(TextTooLong):
        await world.do(ana, "agent tone", tone="x" * 201)
    with pytest.raises(UnknownLanguage):
        await world.do(ana, "agent language", language="Klingon")


@pytest.mark.parametrize(
    ("typed", "language"),
    [
        ("German with me, not English", Language.DE),
        ("auf Französisch", Language.FR),
        ("español", Language.ES),
        ("हिन्दी", Language.HI),
        ("日本語", Language.JA),
        ("uk", Language.UK),
        ("any", Language.AUTO),
    ],
)
def test_languages_are_called_by_many_names(typed: str, language: Language) -> None:
    assert read_language(typed) is language
