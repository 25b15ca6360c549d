"""A text on an idea: by a model, or else out of what people shared about it."""

import pytest
from sqlmodel import col, select

from agents.workshop import NothingAbout
from feed_core.models.creations import Draft
from feed_core.states import Hand
from tests.agents.test_riff import liked_town, sources
from tests.agents.thinking import Thinking
from tests.agents.world import World
from tests.fakes.openai import FakeOpenAI


async def newest(world: World) -> Draft:
    async with world.store.read() as view:
        return (await view.db.exec(select(Draft).order_by(col(Draft.id).desc()))).all()[0]


async def test_without_a_model_it_is_made_of_what_people_shared_about_it(world: World) -> None:
    await liked_town(world)
    ana = await world.join("Ana")

    made = await world.do(ana, "write", idea="an erasure poem about the tin roof in the rain")

    assert "erasure" in str(made.cards[0])
    assert await sources(world) == [[1]]
    await world.do(ana, "again")  # by another draw, of the same
    assert await sources(world) == [[1], [1]]


async def test_nobodys_wish_is_passed_over_and_nothing_is_made_of_nothing(world: World) -> None:
    await liked_town(world)
    ben = await world.join("Ben")
    await world.do(ben, "consent", creation=1, purpose="remix", answer="no")
    ana = await world.join("Ana")

    for idea in ("a haiku about the song on the tin roof all night", "volcanoes", "a haiku", "🌧"):
        with pytest.raises(NothingAbout) as told:
            await world.do(ana, "write", idea=idea)
        assert idea in told.value.idea
    assert await sources(world) == []


async def test_where_a_form_needs_more_than_there_is_another_one_is_made(world: World) -> None:
    await liked_town(world)
    ana = await world.join("Ana")

    made = await world.do(ana, "write", idea="a pantoum about glaze and colour")

    assert "too little for pantoum" in made.text
    assert await sources(world) == [[3]]


async def test_a_model_writes_it_of_its_own_and_a_maker_where_it_fails(
    thinking: Thinking, fake: FakeOpenAI
) -> None:
    async with thinking() as world:
        await liked_town(world)
        ana = await world.join("Ana")
        fake.answers("Low tide\n\nThe gulls walk where we swam.")

        await world.do(ana, "write", idea="two lines about the sea")

        draft = await newest(world)
        assert (draft.title, draft.body) == ("Low tide", "The gulls walk where we swam.")
        assert [it["by"] for it in draft.steps] == [Hand.MODEL]
        assert not draft.sources
        assert "Wish: two lines about the sea" in str(fake.requests[-1].body)

        fake.fails(500, times=9)
        made = await world.do(ana, "write", idea="an erasure poem about a tin roof in the rain")
        assert "A maker did it instead" in made.text
        assert [*(await newest(world)).sources] == ["1"]
