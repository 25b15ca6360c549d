import base64
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlmodel import select

from agents.picturing import LONGEST_PROMPT, ModelPainter
from agents.profile import Allowance, Budget, Most, PictureModel
from agents.spending import Ledger
from agents.turn import Turn
from feed_core.models.creations import Draft
from feed_core.models.ledger import ModelCall
from tests.agents.world import PROFILE, World
from tests.fakes.openai import FakeOpenAI

GOOD = PictureModel(name="gpt-image-1-mini", price=0.02, size="1024x1024")
OTHER = PictureModel(name="sd", price=0.01)

Join = Callable[..., Turn]


async def join(world: World, *models: PictureModel, budget: Budget | None = None) -> Turn:
    """A member of a Jamfeed that has these picture models."""
    profile = PROFILE.model_copy(update={"budget": budget or Budget()})
    painter = ModelPainter(models or [GOOD], Ledger(world.store, profile))
    turn = await world.join("Ana")
    return replace(turn, parts=replace(turn.parts, painter=painter))


async def calls(world: World) -> list[tuple[str, int, bool]]:
    async with world.store.read() as view:
        found = await view.db.exec(select(ModelCall))
        return [(it.model, it.micros, it.settled) for it in found]


async def test_a_model_paints_and_its_picture_is_drawn_anew_named_and_paid(
    world: World, fake: FakeOpenAI
) -> None:
    ana = await join(world)

    shown = await world.do(ana, "paint", prompt="a heron in the rain")

    (asked,) = fake.requests
    assert asked.path == "/v1/images/generations"
    assert asked.body == {
        "model": "gpt-image-1-mini",
        "prompt": "a heron in the rain",
        "n": 1,
        "size": "1024x1024",
    }
    async with world.store.read() as view:
        draft = (await view.db.exec(select(Draft))).one()
    assert draft.title == "A heron in the rain"
    assert "a model made of the words “A heron in the rain”" in draft.alt
    assert draft.steps[0]["by"] == "model"
    assert draft.media_hash is not None
    assert world.parts.media.read(draft.media_hash).startswith(b"\x89PNG")
    assert "procedure" not in shown.text
    assert await calls(world) == [("gpt-image-1-mini", 20_000, True)]

    await world.do(ana, "again", draft="d1")

    assert len(fake.requests) == 2


async def test_the_next_model_is_asked_when_one_fails_and_told_to_send_the_picture_itself(
    world: World, fake: FakeOpenAI
) -> None:
    ana = await join(world, GOOD, OTHER)
    fake.fails(503, times=2)  # the client itself tries twice

    await world.do(ana, "paint", prompt="x" * 3_000)

    asked = fake.requests[-1].body
    assert (asked["model"], asked["response_format"]) == ("sd", "b64_json")
    assert len(asked["prompt"]) == LONGEST_PROMPT
    assert await calls(world) == [("gpt-image-1-mini", 0, True), ("sd", 10_000, True)]


@pytest.mark.parametrize(
    ("going_wrong", "told"),
    [
        (lambda fake: fake.fails(503, times=2), "The picture model does not answer right now."),
        (lambda fake: fake.fails(400), "The picture model would not paint that."),
        (lambda fake: fake.pictures.append("no base64!"), "does not answer right now."),
        (lambda fake: fake.pictures.append(""), "does not answer right now."),
        (
            lambda fake: fake.pictures.append(base64.b64encode(b"<svg/>").decode()),
            "I cannot read that file as a picture",
        ),
    ],
)
async def test_a_procedure_paints_what_no_model_does_and_says_so(
    world: World, fake: FakeOpenAI, going_wrong: Callable[[FakeOpenAI], None], told: str
) -> None:
    ana = await join(world)
    going_wrong(fake)

    shown = await world.do(ana, "paint", prompt="rain on a tin roof")

    assert told in shown.text
    assert "A procedure painted it instead." in shown.text
    async with world.store.read() as view:
        draft = (await view.db.exec(select(Draft))).one()
    assert draft.steps[0]["by"] == "maker"


async def test_no_picture_goes_beyond_the_budget_and_procedures_cost_nothing(
    world: World, fake: FakeOpenAI
) -> None:
    ana = await join(world, budget=Budget(member=Allowance(day=Most(money=0.03))))
    await world.do(ana, "paint", prompt="one")

    shown = await world.do(ana, "paint", prompt="two")
    await world.do(ana, "paint", prompt="a procedural linocut of a heron")

    assert "more than is left of your model budget for today" in shown.text
    assert len(fake.requests) == 1
    assert len(await calls(world)) == 1
