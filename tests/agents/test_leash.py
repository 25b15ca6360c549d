"""What an agent may do that others see: asked first, shown first, done once."""

from dataclasses import replace

import pytest

from agents.answer import Answer
from agents.profile import Leash
from agents.turn import Through
from feed_core.errors import (
    ButtonUsed,
    DraftChanged,
    NotYourButton,
)
from feed_core.models.creations import Creation
from feed_core.models.proposals import Proposal
from feed_core.services import members, timeline
from feed_core.services.sight import Reader
from feed_core.states import Authorship, ProposalState
from tests.agents.world import World


async def feed(world: World) -> list[Creation]:
    async with world.store.read() as view:
        items = await timeline.page(view, reader=Reader(0), limit=50)
        return [it.creation for it in items]


def labels(answer: Answer) -> list[str]:
    return [it.label for it in answer.buttons]


async def test_what_an_agent_writes_is_proposed_as_shown_and_published_by_a_tap(
    world: World,
) -> None:
    ana = await world.join("Ana")
    asked = await world.by_agent(ana, "create", words="Kettle: it sings")
    assert asked.private
    assert asked.facts == {"proposed": 1, "waits_for_the_member": True}
    assert (asked.cards[0].title, asked.cards[0].body) == ("Kettle", "it sings")
    assert await feed(world) == []
    await world.press(ana, asked, "Yes, do it")
    (creation,) = await feed(world)
    assert (creation.title, creation.body) == ("Kettle", "it sings")
    assert creation.authorship in (Authorship.AI, Authorship.AGENT)  # the member typed none of it
    async with world.store.read() as view:
        proposal = await view.db.get_one(Proposal, 1)
    assert proposal.state is ProposalState.ACCEPTED


async def test_plain_words_of_the_member_stay_their_own_when_proposed(world: World) -> None:
    ana = await world.join("Ana")
    asked = await world.do(replace(ana, through=Through.WORDS), "create", words="Kettle: it sings")
    assert await feed(world) == []
    await world.press(ana, asked, "Yes, do it")
    assert [it.authorship for it in await feed(world)] == [Authorship.HUMAN]


async def test_a_draft_that_an_agent_would_publish_goes_out_as_it_was_shown(world: World) -> None:
    ana = await world.join("Ana")
    await world.do(ana, "draft", words="Kettle: it sings")
    asked = await world.by_agent(ana, "publish")
    assert await feed(world) == []
    button = asked.buttons[0]
    assert (button.once, button.only_asker, bool(button.shown_hash)) == (True, True, True)
    await world.press(ana, asked, "Yes, do it")
    assert [it.title for it in await feed(world)] == ["Kettle"]


async def test_a_draft_edited_meanwhile_has_to_be_looked_at_again(world: World) -> None:
    ana = await world.join("Ana")
    await world.do(ana, "draft", words="Kettle: it sings")
    asked = await world.by_agent(ana, "publish")
    token = await world.token(ana, asked, "Yes, do it")
    await world.do(ana, "edit", words="Kettle: it screams")
    for _ in range(2):  # a failed press leaves the button as it was
        with pytest.raises(DraftChanged):
            await world.desk.press(ana, token)
    assert await feed(world) == []
    await world.do(ana, "edit", words="Kettle: it sings")
    await world.desk.press(ana, token)
    assert [it.body for it in await feed(world)] == ["it sings"]


async def test_a_second_tap_and_somebody_elses_tap_do_nothing(world: World) -> None:
    ana, ben = await world.join("Ana"), await world.join("Ben")
    await world.do(ana, "draft", words="Kettle: it sings")
    asked = await world.by_agent(ana, "publish")
    token = await world.token(ana, asked, "Yes, do it")
    with pytest.raises(NotYourButton):
        await world.desk.press(ben, token)
    await world.desk.press(ana, token)
    with pytest.raises(ButtonUsed):
        await world.desk.press(ana, token)
    assert len(await feed(world)) == 1


async def test_a_proposal_without_a_preview_names_what_it_is_about(world: World) -> None:
    ana = await world.join("Ana")
    await world.do(ana, "create", words="Rain: all night")
    for act in ("like", "withdraw"):
        asked = await world.by_agent(ana, act, creation=1)
        assert "#1" in asked.text
    said = await world.by_agent(ana, "comment", creation=1, words="so wet")
    assert "so wet" in said.text
    await world.press(ana, said, "Yes, do it")
    shown = await world.do(ana, "show", creation=1)
    assert shown.facts["comments"] == 1


async def free(
    world: World, member_id: int, act: str, leash: Leash, *, paused: bool = False
) -> None:
    async with world.store.work() as work:
        settings = await members.agent_settings(work, member_id)
        settings.leash, settings.paused = {act: leash.value}, paused


@pytest.mark.parametrize("leash", [Leash.UNDO, Leash.FREE])
async def test_on_a_long_leash_an_untainted_draft_goes_out_at_once(
    world: World, leash: Leash
) -> None:
    ana = await world.join("Ana")
    await free(world, ana.member_id, "publish", leash)
    await world.do(ana, "paint", prompt="rain on a roof")
    done = await world.by_agent(ana, "publish")
    assert "published" in done.facts
    assert "Take back" in labels(done)
    assert len(await feed(world)) == 1


async def test_a_tainted_draft_asks_on_every_leash(world: World) -> None:
    ana = await world.join("Ana")
    await free(world, ana.member_id, "publish", Leash.FREE)
    for words in ("Rain: all night the rain fell on the roof", "Gutter: a drum in the night"):
        await world.do(ana, "create", words=words)
    await world.do(ana, "remix", sources="1,2")
    for through in (Through.AGENT, Through.WORDS):
        asked = await world.do(replace(ana, through=through), "publish")
        assert "proposed" in asked.facts
    assert len(await feed(world)) == 2
    await world.press(ana, asked, "Yes, do it")
    assert len(await feed(world)) == 3


async def test_a_paused_agent_asks_whatever_its_leash(world: World) -> None:
    ana = await world.join("Ana")
    await free(world, ana.member_id, "publish", Leash.FREE, paused=True)
    await world.do(ana, "paint", prompt="rain")
    assert "proposed" in (await world.by_agent(ana, "publish")).facts
