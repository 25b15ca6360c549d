"""A reply to a card: "this" is what stands there, whatever was shown since."""

from dataclasses import replace

from tests.agents.world import Shown, World

REMIX = "remix this as an erasure"


async def test_this_is_the_creation_on_the_card_that_is_answered(world: World) -> None:
    ana = await world.join("Ana")
    for words in ("Rain: all night the roof sang the same old song to the gutter", "Moth: grey"):
        await world.do(ana, "create", words=words)
    await world.receive(world.incoming("Ana", "/show 1"), Shown(ids=["m5"]))
    await world.receive(world.incoming("Ana", "/feed"), Shown(ids=["m6"]))

    unclear = await world.receive(world.incoming("Ana", REMIX))
    clear = await world.receive(replace(world.incoming("Ana", REMIX), answers="m5"))

    assert not unclear.parts[-1].cards
    assert [it.sources for it in clear.parts[-1].cards] == [["#1"]]


async def test_a_card_in_somebody_elses_chat_points_at_nothing(world: World) -> None:
    ana = await world.join("Ana")
    await world.join("Ben")
    for words in ("Rain: all night the roof sang the same old song to the gutter", "Moth: grey"):
        await world.do(ana, "create", words=words)
    await world.receive(world.incoming("Ana", "/show 1"), Shown(ids=["m5"]))
    answered = await world.receive(replace(world.incoming("Ben", REMIX), answers="m5"))
    assert not answered.parts[-1].cards
