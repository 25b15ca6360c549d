"""A jam in a room, as those who are in it see it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import select

from agents.answer import Answer
from agents.notices import notice
from agents.turn import Place, Through, Turn
from feed_core import worker
from feed_core.errors import Blocked
from feed_core.models.deliveries import Delivery
from feed_core.services import members
from feed_core.services.gate import Content, Decision
from feed_core.services.jam_turns import JamNotFound, NoJam
from feed_core.services.jams import NotInARoom
from feed_core.states import DeliveryKind, Outcome
from tests.agents.world import World


async def in_room(world: World, name: str, *, platform: str = "telegram") -> Turn:
    """A member who speaks in the attic."""
    turn = await world.join(name, platform=platform)
    async with world.store.work() as work:
        room = await members.room(work, platform=platform, external_id="attic", public=True)
    return replace(turn, room_id=room.id, place=Place(platform, "attic", private=False))


@pytest.fixture
async def ana(world: World) -> Turn:
    return await in_room(world, "Ana")


@pytest.fixture
async def ben(world: World) -> Turn:
    return await in_room(world, "Ben")


async def told(world: World, kind: DeliveryKind) -> list[Answer]:
    """What is owed of this kind, as it is shown now."""
    async with world.store.read() as view:
        found = list(await view.db.exec(select(Delivery).where(Delivery.kind == kind)))
    answers = [await notice(world.parts, kind, it.subject_id) for it in found]
    return [it for it in answers if it is not None]


async def tick(world: World) -> None:
    await worker.move_on(world.store, world.parts.check)


async def test_a_jam_from_its_prompt_to_its_lineage(world: World, ana: Turn, ben: Turn) -> None:
    started = await world.do(ana, "jam start", prompt="Rain on the roof", minutes=20)
    assert "“Rain on the roof”" in started.text
    assert "Ana is next, within 2 minutes" in started.text
    assert not started.private

    joined = await world.press(ben, started, "Join")
    assert "Ana and Ben" in joined.text
    assert "agrees that the others in this jam build on what they add" in joined.text
    added = await world.press(ana, started, "Add", filled="The gutter: a drum for nobody")
    assert "1. Ana: The gutter\na drum for nobody\nBen is next" in added.text
    await world.press(ben, added, "Add", filled="Nobody hears it and dances")
    shown = await world.do(ben, "jam show")
    assert "2. Ben: Nobody hears it and dances" in shown.text
    assert "ends in 20 minutes" in shown.text

    over = await world.do(ana, "jam end")
    assert "being published" in over.text
    await tick(world)

    [end] = await told(world, DeliveryKind.JAM_ENDED)
    assert "2 entries by Ana and Ben, published as one lineage" in end.text
    assert "#1 The gutter · Ana\n#2 Nobody hears it and dances · Ben" in end.text
    assert end.pictures[0].content.startswith(b"\x89PNG")
    lineage = await world.press(ben, end, "Lineage")
    assert "#2 Nobody hears it and dances · Ben from #1" in lineage.text
    assert (await world.do(ben, "jam show")).text == end.text


async def test_a_turn_that_runs_out_is_told_to_the_room(world: World, ana: Turn, ben: Turn) -> None:
    await world.do(ana, "jam start", prompt="Rain", minutes=10)
    await world.do(ben, "jam join")
    await world.do(ana, "jam add", words="A drum")
    world.clock.go_on(timedelta(minutes=1))

    await tick(world)

    [turn] = await told(world, DeliveryKind.JAM_TURN)
    assert "Ana is next, within 1 minute." in turn.text
    assert "1. Ana: A drum" in turn.text
    await world.do(ana, "jam end")
    assert await told(world, DeliveryKind.JAM_TURN) == []  # no longer true, so never sent


async def test_what_the_gate_stops_does_not_get_into_the_chain(world: World, ana: Turn) -> None:
    secret = "sk-" + "a1B2" * 12
    with pytest.raises(Blocked):
        await world.do(ana, "jam start", prompt=f"my key {secret}")
    with pytest.raises(NoJam):
        await world.do(ana, "jam show")
    await world.do(ana, "jam start", prompt="Rain")
    with pytest.raises(Blocked):
        await world.do(ana, "jam add", words=f"my key {secret}")

    assert "Nothing was added yet" in (await world.do(ana, "jam show")).text


class Stern:
    """A gate that has become stricter than it was when the jam was played."""

    async def decide(self, content: Content) -> Decision:
        blocked = Decision(Outcome.BLOCK, rule="word", passage="drum")
        return blocked if "drum" in content.text else Decision(Outcome.PASS)


async def test_an_author_is_told_why_their_entry_was_left_out(world: World, ana: Turn) -> None:
    await world.do(ana, "jam start", prompt="Rain")
    await world.do(ana, "jam add", words="A drum")
    await world.do(ana, "jam add", words="A bell")
    await world.do(ana, "jam end")

    await worker.move_on(world.store, Stern())

    [skipped] = await told(world, DeliveryKind.JAM_SKIPPED)
    assert "Your entry 1 in the jam “Rain” was left out of the chain: " in skipped.text
    assert "drum" in skipped.text
    assert skipped.private
    [end] = await told(world, DeliveryKind.JAM_ENDED)
    assert "1 entry by Ana" in end.text


async def test_leaving_says_what_happens_to_what_was_added(
    world: World, ana: Turn, ben: Turn
) -> None:
    await world.do(ana, "jam start", prompt="Rain")
    await world.do(ben, "jam join")
    await world.do(ana, "jam add", words="A drum")
    await world.do(ben, "jam add", words="A bell")

    gone = await world.do(ben, "jam leave", entries=True)

    assert gone.text.startswith("Ben leaves the jam, and takes 1 entry back. Ana is next")
    assert "A bell" not in (await world.do(ana, "jam show")).text
    passed = await world.do(ana, "jam pass")
    assert "Whoever plays may add something now" in passed.text


async def test_a_jam_is_played_where_others_are(world: World) -> None:
    alone = await world.join("Cleo")
    for act, given in (("jam start", {"prompt": "Rain"}), ("jam show", {}), ("jam join", {})):
        with pytest.raises(NotInARoom):
            await world.do(alone, act, **given)


async def test_a_jam_is_opened_and_joined_from_elsewhere_by_its_number(
    world: World, ana: Turn
) -> None:
    address = "https://t.me/bot?start=jam-1"
    world.parts.doorways.open("telegram", lambda carried: f"https://t.me/bot?start={carried}")
    started = await world.do(ana, "jam start", prompt="Rain on the roof")
    assert address in started.text
    said = (await world.do(ana, "jam show")).text
    assert f"From elsewhere, {address} or /jam show 1 opens it." in said
    cleo = await world.join("Cleo")
    seen = await world.do(cleo, "jam show", jam=1)
    assert "Playing: Ana." in seen.text
    assert "opens it" not in seen.text
    assert seen.text.endswith("It is played in a room on Telegram.")
    assert seen.private
    joined = await world.press(cleo, seen, "Join")
    assert "Ana and Cleo" in joined.text
    assert "add something there when it is your turn" in joined.text
    assert [it.label for it in joined.buttons] == ["Show"]
    assert not (await world.do(ana, "jam show", jam=1)).private

    async with world.store.work() as work:
        await members.room(work, platform="telegram", external_id="attic", public=False)
    dan = await world.join("Dan")
    for act in ("jam show", "jam join"):
        with pytest.raises(JamNotFound):
            await world.do(dan, act, jam=1)
        with pytest.raises(JamNotFound):
            await world.do(dan, act, jam=9)
    await world.do(cleo, "jam show", jam=1)
    await world.do(ana, "jam end")
    with pytest.raises(NoJam):
        await world.do(cleo, "jam join", jam=1)


async def test_an_agent_plays_only_when_its_member_says_so(world: World, ana: Turn) -> None:
    for through in (Through.AGENT, Through.WORDS):
        proposed = await world.do(replace(ana, through=through), "jam start", prompt="Rain")
        assert "10 minutes here: “Rain”" in proposed.text
    with pytest.raises(NoJam):
        await world.do(ana, "jam show")

    await world.press(ana, proposed, "Yes, do it")

    assert "“Rain”" in (await world.do(ana, "jam show")).text


@pytest.mark.parametrize(
    ("line", "sign"),
    [
        ("/jam start Rain on the roof 20", "“Rain on the roof”"),
        ("/jam start Rain 5 minutes", "in 5 minutes it ends"),
        ("/jam start Rain", "in 10 minutes it ends"),
        ("/jam start Rain 99999", "1 to 10,080 minutes"),
        ("/jam start", "/jam start needs what the jam is about"),
        ("/jam", "/jam start"),
    ],
)
async def test_a_jam_is_started_as_it_is_typed(
    world: World, ana: Turn, line: str, sign: str
) -> None:
    place = Place("telegram", "attic", private=False)
    shown = await world.receive(replace(world.incoming("Ana", line), place=place))

    assert sign in shown.text


async def test_a_jam_is_started_in_plain_words(world: World, ana: Turn) -> None:
    proposed = await world.say(ana, "start a jam about rain on a tin roof for 20 minutes")

    started = await world.press(ana, proposed, "Yes, do it")

    assert "rain on a tin roof”" in started.text
    assert "in 20 minutes it ends" in started.text
