from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from agents import notices
from agents.policy import ListedWords, Moderation
from agents.profile import Joining
from agents.router import Router
from agents.turn import Turn
from agents.wording import sentence
from bridges.protocol import Sender
from feed_core.errors import Blocked
from feed_core.services import members
from feed_core.services.naming import NameHeld, NameNotFound, NameRefused
from feed_core.states import DeliveryKind
from memory.embedding import Embedder
from tests.agents.world import PROFILE, World, opened_world
from tests.fakes.clock import FixedClock

POLICY = Moderation(
    moderators=("telegram:Mo",), words=ListedWords(block=("slug",), hold=("snail",))
)


@pytest.fixture
async def world(
    tmp_path: Path, embedder: Embedder, router: Router, clock: FixedClock
) -> AsyncIterator[World]:
    profile = PROFILE.model_copy(update={"moderation": POLICY, "join": Joining.OPEN})
    async with opened_world(tmp_path, embedder, router, clock, profile=profile) as opened:
        yield opened


async def said(world: World, turn: Turn) -> str:
    return (await world.do(turn, "start")).text


async def test_members_and_agents_are_renamed_and_it_is_undone(world: World) -> None:
    ana = await world.join("Ana")

    mine = await world.do(ana, "name", name=" Rain \n maker ")
    theirs = await world.do(ana, "agent rename", name="Echo")

    assert mine.text == "You are shown as “Rain maker” now."
    assert theirs.text == "Your agent is called “Echo” now."
    assert (await said(world, ana)).startswith("Hello Rain maker, I am Echo, your agent.")
    again = await world.do(ana, "name", name="Rain maker")
    assert (again.text, again.buttons) == ("You are shown as “Rain maker” already.", [])
    await world.press(ana, mine, "Undo")
    await world.press(ana, theirs, "Undo")
    assert (await said(world, ana)).startswith("Hello Ana, I am Muse, your agent.")


async def test_an_agent_asks_before_it_renames_anybody(world: World) -> None:
    ana = await world.join("Ana")

    asked = await world.by_agent(ana, "name", name="Juno")

    assert "(Juno)" in asked.text
    assert (await said(world, ana)).startswith("Hello Ana")
    await world.press(ana, asked, "Yes, do it")
    assert (await said(world, ana)).startswith("Hello Juno")


async def test_a_name_passes_the_rules_or_waits_and_its_owner_is_told(world: World) -> None:
    ana, mo = await world.join("Ana"), await world.join("Mo")

    with pytest.raises(Blocked) as blocked:
        await world.do(ana, "name", name="S l u g")
    with pytest.raises(NameHeld) as held:
        await world.do(ana, "agent rename", name="Snail")
    queue = await world.do(mo, "mod queue")
    await world.press(mo, queue, "Publish n2", filled="a fine snail")

    assert sentence(blocked.value).startswith("This is not shown here: “slug” is on this")
    assert sentence(held.value) == (
        "That name waits until a moderator has looked at it: “snail” is on this community's list "
        "of words. Until then the one from before is shown, and you will be told. Say it without, "
        "and it needs nobody's leave."
    )
    (card,) = queue.cards
    assert (card.ref, card.body) == ("n2", "Snail")
    assert card.byline.startswith("Ana · wants to call their agent so · held since")
    assert [it.label for it in queue.buttons] == ["Publish n2", "Block n2"]
    assert (await said(world, ana)).startswith("Hello Ana, I am Snail")
    notice = await notices.notice(world.parts, DeliveryKind.VERDICT, 3)
    assert notice is not None
    assert notice.text == "A moderator let the name that you gave your agent be seen: a fine snail."
    assert "n2 let through by Mo: a fine snail" in (await world.do(mo, "mod log")).text


async def test_a_rejected_name_leaves_the_old_one(world: World) -> None:
    ana, mo = await world.join("Ana"), await world.join("Mo")
    with pytest.raises(NameHeld):
        await world.do(ana, "name", name="Snail")

    with pytest.raises(NameNotFound):
        await world.do(ana, "report", post="n1", reason="mine")
    await world.do(mo, "mod decide", post="n1", ruling="block", reason="no snails")

    assert (await said(world, ana)).startswith("Hello Ana")
    notice = await notices.notice(world.parts, DeliveryKind.VERDICT, 2)
    assert notice is not None
    assert notice.text == (
        "A moderator decided that the name that you want to be shown under is not shown here: "
        "no snails."
    )


@pytest.mark.parametrize(
    ("called", "shown", "why"),
    [
        ("Eva", "Eva", ""),
        ("E\u200bva\u202e", "Eva", ""),
        ("A slug", "member 2", "the name that you have there is not shown in this community"),
        ("The Moderator", "member 2", "the name that you have there is not shown"),
        ("\u202e", "member 2", "the name that you have there is not shown in this community"),
        ("Snail", "member 2", "a moderator looks at your own name first"),
        ("ANA", "ANA 2", "somebody here has your name, or one that looks like it"),
    ],
)
async def test_the_name_of_a_newcomer_passes_the_gate_and_they_are_told_once(
    world: World, called: str, shown: str, why: str
) -> None:
    await world.join("Ana")
    first = replace(world.incoming("2", "/help name"), sender=Sender("2", called))
    second = replace(world.incoming("2", "/help name"), sender=Sender("2", called))

    answers = [(await world.receive(it)).text for it in (first, second)]

    async with world.store.read() as view:
        assert (await members.names(view, [2]))[2] == shown
    told = f"Here you are shown as “{shown}”: {why}"
    assert [told in it for it in answers] == [bool(why), False]
    assert not why or called not in answers[0].replace(shown, "")


async def test_a_name_that_another_has_is_told_in_a_sentence(world: World) -> None:
    await world.join("Ben")
    ana = await world.join("Ana")

    with pytest.raises(NameRefused) as refused:
        await world.do(ana, "name", name="B\u0435n")

    assert sentence(refused.value).startswith("Somebody here has that name")
