"""What happened since one was last here, and nothing else."""

from datetime import timedelta

from agents.answer import Answer
from agents.turn import Turn
from tests.agents.world import World


async def caught_up(world: World, turn: Turn, **arguments: object) -> Answer:
    """Ask, and have what the answer records written down, as when it was shown."""
    answer = await world.do(turn, "catchup", **arguments)
    async with world.store.work() as work:
        for record in turn.records:
            await record(work)
    turn.records.clear()
    return answer


async def test_it_tells_what_is_for_one_of_ones_own_and_where_one_is(world: World) -> None:
    ana, ben, mio = [await world.join(it) for it in ("Ana", "Ben", "Mio")]
    await world.do(ana, "create", words="Rain: all night the same song fell on every roof in town")
    await world.do(ben, "create", words="Gutter: a drum for nobody")
    await world.do(mio, "create", words="Night: the lighthouse counts to four")
    await world.do(ana, "comment", creation=2, words="I hear it")
    before = await caught_up(world, ana)
    assert before.text == "Nothing happened around you since 14 March, 12:00."

    world.clock.go_on(timedelta(hours=1))
    await world.do(ben, "comment", creation=1, words="Every drop of it")
    await world.do(mio, "comment", creation=1, words="So wet")
    await world.do(mio, "comment", creation=2, words="Boom")
    await world.do(mio, "comment", creation=3, words="to myself")
    await world.do(ben, "remix", sources=[1], how="as an erasure poem")
    made = await world.do(ben, "publish")
    told = await caught_up(world, ana)

    assert told.private
    assert told.text == (
        "Since 14 March, 12:00:\n\n"
        "For you:\n• #1 Rain: 2 comments by Ben and Mio. “So wet” (c3)\n\n"
        f"Made of yours:\n• #4 {made.cards[0].title} by Ben\n\n"
        "In threads you are in:\n• #2 Gutter: 1 comment by Mio"
    )
    assert [it.label for it in told.buttons] == ["#1", "#4", "#2"]
    assert told.facts["comments_for_you"] == 2
    again = await caught_up(world, ana)
    assert again.text == "Nothing happened around you since 14 March, 13:00."
    earlier = await caught_up(world, ana, since="2026-03-14")
    assert "So wet" in earlier.text


async def test_muted_hidden_and_withdrawn_things_are_no_news(world: World) -> None:
    ana, ben, mio = [await world.join(it) for it in ("Ana", "Ben", "Mio")]
    await world.do(ana, "create", words="Rain: all night the same song fell on every roof in town")
    await world.do(ben, "create", words="Gutter: a drum for nobody")
    await world.do(mio, "create", words="Night: the lighthouse counts to four")
    await world.do(ana, "comment", creation=2, words="I hear it")
    await world.do(ana, "mute", what="Ben")
    await world.do(ana, "mute", what="word spiders")
    world.clock.go_on(timedelta(hours=1))
    await world.do(ben, "comment", creation=1, words="from one who is muted")
    await world.do(mio, "comment", creation=1, words="spiders everywhere")
    await world.do(mio, "comment", creation=1, words="taken back")
    await world.do(mio, "uncomment", comment="c4")
    await world.do(mio, "comment", creation=2, words="under a thread of one who is muted")
    await world.do(mio, "remix", sources=[1], how="as an erasure poem")
    await world.do(mio, "publish")
    await world.do(mio, "visibility", creation=4, visibility="only_me")
    assert (await caught_up(world, ana)).text.startswith("Nothing happened")
