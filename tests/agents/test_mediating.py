"""Mediation: opted into by a room, offered once, asked for by two, from the thread alone."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import select

from agents.mediating import offer_where_it_derails
from agents.notices import notice
from agents.turn import Authority, Place, Turn
from feed_core.models.deliveries import Delivery
from feed_core.services import members
from feed_core.services.mediation import QUIET, MediationOff
from feed_core.states import DeliveryKind
from tests.agents.thinking import Thinking
from tests.agents.world import World
from tests.fakes.openai import FakeOpenAI, Reply, Request

QUARREL = [
    "The chart should name the harbour. Row 12 has an error.",
    "You can't even read a chart, you are such an idiot.",
    "How dare you. You always do this, you liar.",
]


async def in_room(world: World, *turns: Turn) -> list[Turn]:
    async with world.store.work() as work:
        room = await members.room(work, platform="telegram", external_id="attic", public=True)
    place = Place("telegram", "attic", private=False)
    return [replace(it, room_id=room.id, place=place) for it in turns]


async def quarrel(world: World, on: bool = True) -> tuple[Turn, Turn]:
    ana, ben = await in_room(world, await world.join("Ana"), await world.join("Ben"))
    if on:
        moderator = replace(ana, granted=frozenset({Authority.MODERATOR}))
        await world.do(moderator, "room mediation", wanted="on")
    await world.do(ben, "create", words="Chart: the harbour has nine bells and one boat")
    for turn, words in zip((ana, ben, ana), QUARREL, strict=True):
        await world.do(turn, "comment", creation=1, words=words)
    return ana, ben


async def offers(world: World) -> list[Delivery]:
    async with world.store.read() as view:
        found = await view.db.exec(select(Delivery).where(Delivery.kind == DeliveryKind.MEDIATION))
        return list(found)


async def test_a_derailing_thread_is_offered_one_once_with_true_reasons(world: World) -> None:
    ana, ben = await quarrel(world)

    assert await offer_where_it_derails(world.store, world.parts.tone) == 1
    assert await offer_where_it_derails(world.store, world.parts.tone) == 0
    [owed] = await offers(world)
    told = await notice(world.parts, DeliveryKind.MEDIATION, owed.subject_id)
    assert told is not None
    assert "somebody is called names" in told.text
    assert "idiot" not in told.text
    await world.press(ben, told, "No, thanks")
    world.clock.go_on(QUIET + timedelta(days=1))
    await world.do(ana, "comment", creation=1, words="You liar, shut up.")
    assert await offer_where_it_derails(world.store, world.parts.tone) == 0


async def test_an_offer_is_void_when_the_quarrel_was_taken_back(world: World) -> None:
    _, ben = await quarrel(world)
    assert await offer_where_it_derails(world.store, world.parts.tone) == 1

    await world.do(ben, "uncomment", comment="c2")
    assert await notice(world.parts, DeliveryKind.MEDIATION, 1) is None


async def test_it_is_off_until_a_moderator_turns_it_on(world: World) -> None:
    ana, _ = await quarrel(world, on=False)

    assert await offer_where_it_derails(world.store, world.parts.tone) == 0
    with pytest.raises(MediationOff):
        await world.do(ana, "mediate", thread=1)
    alone = replace(ana, room_id=None, place=Place("telegram", "Ana", private=True))
    assert (await world.do(alone, "mediate", thread=1)).private


async def test_the_room_reads_it_when_two_of_the_thread_ask(world: World) -> None:
    ana, ben = await quarrel(world)
    [cat] = await in_room(world, await world.join("Cat"))

    asked = await world.do(ana, "mediate", thread=1)
    assert "nine bells" not in asked.text
    assert "Ana would like" in (await world.press(ana, asked, "Join in")).text  # not twice oneself
    assert (await world.press(cat, asked, "Join in")).private  # is not in the thread
    shown = await world.press(ben, asked, "Join in")

    assert not shown.private
    assert "nine bells" in shown.text
    assert "idiot" not in shown.text
    assert "liar" not in shown.text
    assert "Without a language model" in shown.text
    draft = await world.press(ana, shown, "Draft it")
    assert draft.cards[0].sources


async def test_private_muted_and_withdrawn_words_are_not_in_it(world: World) -> None:
    ana, ben = await quarrel(world)
    [cat] = await in_room(world, await world.join("Cat"))
    await world.do(cat, "comment", creation=1, words="The zebra bell rings at noon.")
    await world.do(cat, "comment", creation=1, words="Nine bells are a lot of bells.")
    await world.do(ben, "comment", creation=1, words="My withdrawn walrus.")
    await world.do(ben, "uncomment", comment="c6")
    await world.do(ana, "remember", words="I love the secret narwhal")
    await world.do(ana, "mute", what="word zebra")

    asked = await world.do(ana, "mediate", thread=1)
    shown = await world.press(ben, asked, "Join in")

    assert not any(it in shown.text for it in ("zebra", "walrus", "narwhal"))


def neutral(request: Request) -> Reply:
    """Fills the form from the thread; one source is made up."""
    read = {
        "common": [{"source": "#1", "text": "Both want the bells named."}],
        "open": [{"source": "c99", "text": "Nobody said this."}],
        "idea": "A list of nine bells",
        "stands_on": ["#1", "c1", "c99"],
    }
    return Reply(json.dumps(read))


async def test_a_model_reads_the_thread_alone_and_has_no_tools(
    thinking: Thinking, fake: FakeOpenAI
) -> None:
    fake.script = neutral
    async with thinking() as world:
        ana, ben = await quarrel(world)
        await world.do(ana, "remember", words="I love the secret narwhal")
        shown = await world.press(ben, await world.do(ana, "mediate", thread=1), "Join in")
    [request] = fake.requests
    assert request.tools == []
    assert "narwhal" not in json.dumps(request.body)
    assert "Row 12 has an error" in request.said
    assert "Both want the bells named. (Ben, #1)" in shown.text
    assert "make together: A list of nine bells (#1, c1)" in shown.text
    assert "Nobody said this" not in shown.text
