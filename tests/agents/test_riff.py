"""A remix of what people liked, drafted by hand or by a standing order."""

from datetime import timedelta

import pytest
from sqlmodel import col, select

from feed_core.models.creations import Creation, Draft
from feed_core.services.inspiring import NothingLiked
from tests.agents.test_orders import order_of, standing, told
from tests.agents.world import World

TEXTS = {
    "Rain": "all night the same song falls on the tin roof and nobody sleeps",
    "Gutter": "a drum for nobody at all until the morning comes with its bread",
    "Kiln": "we wait for the glaze to tell us what colour it has chosen today",
}


async def liked_town(world: World) -> None:
    """Ben publishes three: two like the rain, one the gutter, nobody the kiln."""
    ben = await world.join("Ben")
    for title, body in TEXTS.items():
        await world.do(ben, "create", words=f"{title}: {body}")
    for name, likes in (("Cleo", (1, 2)), ("Dora", (1,))):
        turn = await world.join(name)
        for number in likes:
            await world.do(turn, "like", creation=number)


async def sources(world: World) -> list[list[int]]:
    """What each draft was made from, oldest first."""
    async with world.store.read() as view:
        found = await view.db.exec(select(Draft.sources).order_by(col(Draft.number)))
        return [[int(it) for it in each] for each in found]


async def test_what_is_liked_most_comes_first_and_each_thing_once(world: World) -> None:
    await liked_town(world)
    ana = await world.join("Ana")

    made = await world.do(ana, "riff", how="as an erasure poem")
    assert {it.label for it in made.buttons} >= {"Publish", "Edit", "Again", "Drop"}
    await world.do(ana, "riff", how="as an erasure poem")

    assert await sources(world) == [[1], [2]]
    with pytest.raises(NothingLiked):
        await world.do(ana, "riff")


async def test_ones_own_likes_go_first_and_nobodys_wish_is_passed_over(world: World) -> None:
    await liked_town(world)
    ana = await world.join("Ana")
    await world.do(ana, "like", creation=2)
    ben = await world.join("Ben")
    await world.do(ben, "consent", creation=1, purpose="remix", answer="no")

    await world.do(ana, "riff", how="as an erasure poem")

    assert await sources(world) == [[2]]
    with pytest.raises(NothingLiked):
        await world.do(ana, "riff")


async def test_what_is_ones_own_muted_or_long_ago_moves_nobody(world: World) -> None:
    await liked_town(world)
    ben = await world.join("Ben")
    with pytest.raises(NothingLiked):
        await world.do(ben, "riff")

    ana = await world.join("Ana")
    await world.do(ana, "mute", what="thread 1")
    await world.do(ana, "riff", how="as an erasure poem")
    assert await sources(world) == [[2]]

    world.clock.go_on(timedelta(days=8))
    with pytest.raises(NothingLiked):
        await world.do(await world.join("Cleo"), "riff")


async def test_a_standing_order_drafts_and_publishes_nothing(world: World) -> None:
    await liked_town(world)
    ana = await world.join("Ana")

    at = await standing(
        world,
        ana,
        "every sunday at 10:00, draft a remix of what people liked this week as an erasure poem",
    )
    order = await order_of(world)
    assert (order.act, order.arguments) == ("riff", {"how": "as an erasure poem"})
    world.clock.go_to(at)
    await world.orders.step()

    assert await sources(world) == [[1]]
    (said,) = await told(world)
    assert "Publish" in {it.label for it in said.buttons}
    async with world.store.read() as view:
        assert len(list(await view.db.exec(select(Creation)))) == len(TEXTS)
