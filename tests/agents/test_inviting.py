"""Strangers come by a member's invitation."""

import re
from dataclasses import replace

import pytest
from sqlmodel import select

from agents.notices import notice
from agents.turn import Turn
from feed_core.models.deliveries import Delivery
from feed_core.services import curation, members
from feed_core.states import DeliveryKind
from tests.agents.world import World

CLOSED = "That invitation has run out or was called back. Ask whoever sent it for another one."


@pytest.fixture
async def ana(world: World) -> Turn:
    return await world.join("Ana")


async def invited(world: World, turn: Turn, **given: object) -> str:
    """The code of a new invitation."""
    answer = await world.do(turn, "invite", **given)
    assert answer.private
    found = re.search(r"/start (\w+)", answer.text)
    assert found is not None
    return found[1]


async def follows(world: World, name: str) -> tuple[int, int]:
    """A member's id, and how much they follow."""
    async with world.store.read() as view:
        account = await members.find_account(view, platform="telegram", external_id=name)
        assert account is not None
        return account.member_id, len(await curation.follows(view, member_id=account.member_id))


async def test_a_stranger_comes_in_by_it_follows_who_sent_it_and_may_undo_that(
    world: World, ana: Turn
) -> None:
    refused = await world.receive(world.incoming("Eve", "hello"))
    assert "Ask its host" in refused.text
    code = await invited(world, ana, people=1)

    greeted = await world.receive(world.incoming("Eve", f"/start {code}"))

    assert greeted.text.startswith(
        "Ana invited you, so you follow them: what they make comes first in your feed."
    )
    assert "Hello Eve" in greeted.text
    eve, followed = await follows(world, "Eve")
    assert followed == 1
    async with world.store.read() as view:
        owed = (
            await view.db.exec(select(Delivery).where(Delivery.kind == DeliveryKind.INVITED))
        ).one()
        ana_account = await members.private_account(view, ana.member_id)
    assert ana_account is not None
    assert (owed.identity_id, owed.subject_id) == (ana_account.id, eve)
    told = await notice(world.parts, DeliveryKind.INVITED, eve)
    assert told is not None
    assert told.text == (
        "Eve is here by your invitation, and follows you. 1 of 1 person came by invitation 1."
    )
    (undo,) = [it for it in greeted.parts[-1].buttons if it.label == "Unfollow Ana"]
    await world.receive(replace(world.incoming("Eve"), token=undo.token))
    assert (await follows(world, "Eve"))[1] == 0

    late = await world.receive(world.incoming("Mio", f"/start {code}"))
    assert late.text == CLOSED


async def test_a_member_who_follows_one_only_hears_whose_it_is(world: World, ana: Turn) -> None:
    code = await invited(world, ana)
    ben = await world.join("Ben")
    answer = await world.do(ben, "start", invitation=code)
    assert answer.text.startswith("Ana invites you here, and you are a member already.")
    assert (await world.say(ben, "hello")).text.startswith("Hello Ben, I am Muse")
    own = await world.do(ana, "start", invitation=code)
    assert own.text.startswith("(That invitation has run out or was called back.")


async def test_they_are_listed_with_their_address_and_called_back(world: World, ana: Turn) -> None:
    assert "is open" in (await world.do(ana, "invitations")).text
    world.parts.doorways.open("telegram", lambda carried: f"https://t.me/bot?start={carried}")
    made = await world.do(ana, "invite")
    code = await invited(world, ana)
    assert "It works for 5 people, until" in made.text
    listed = await world.do(ana, "invitations")
    assert f"https://t.me/bot?start=invite-{code}" in listed.text
    assert listed.facts == {"open": 2, "came": 0}

    back = await world.press(ana, listed, "Call 2 back")

    assert back.text == "Invitation 2 is called back. Who came by it stays."
    assert (await world.do(ana, "invitations")).facts["open"] == 1
    refused = await world.receive(world.incoming("Eve", f"/start {code}"))
    assert refused.text == CLOSED
