"""What members like and did is counted: shown, taken back, never in the words of others."""

from datetime import timedelta

from feed_core.services import reactions
from feed_core.services.sight import Reader
from tests.agents.world import World
from tests.feed_core.pieces import of, put


async def like(world: World, member_id: int, *numbers: int) -> None:
    async with world.store.work() as work:
        for number in numbers:
            await reactions.react(work, creation_id=number, reader=Reader(member_id))


async def test_likes_come_to_tastes_that_follow_them(world: World) -> None:
    ana, ben, cleo, dan = [await world.join(it) for it in ("Ana", "Ben", "Cleo", "Dan")]
    rain = [
        await put(world.store, it.member_id, f"Rain {it.member_id}", tags=["Rain", "x y z"])
        for it in (ben, cleo, dan)
    ]
    planted = [await put(world.store, ben.member_id, f"Plot {n}", tags=["obey"]) for n in range(3)]
    await like(world, ana.member_id, *rain, *planted)

    shown = await world.do(ana, "memory show")
    assert "I like what is tagged rain\n(taste; from 3 likes," in shown.text
    assert "counted from your reactions" in shown.text
    assert "I like what Ben makes" in shown.text
    assert "obey" not in shown.text
    assert "x y z" not in shown.text
    kept = {it.text: it.number for it in await world.parts.memories.all(ana.member_id)}
    assert set(kept) == {
        "I like what is tagged rain",
        "I like texts",
        f"I like what member {ben.member_id} makes",
    }

    again = await world.do(ana, "memory show")
    assert again.text == shown.text
    gone = await world.do(ana, "forget", memory=f"m{kept['I like what is tagged rain']}")
    assert "count it no more; /memory allow liked tag rain" in gone.text
    assert "tagged rain" not in (await world.do(ana, "memory show")).text
    await world.do(ana, "memory allow", kind="liked tag rain")
    assert "tagged rain" in (await world.do(ana, "memory show")).text

    async with world.store.work() as work:
        await reactions.unreact(work, creation_id=rain[1], member_id=ana.member_id)
    assert "tagged rain" not in (await world.do(ana, "memory show")).text
    assert "tagged rain" in (await world.do(ana, "memory history")).text
    assert "nothing about you" in (await world.do(ben, "memory show")).text or (
        "I published 4 creations" in (await world.do(ben, "memory show")).text
    )


async def test_what_one_did_is_one_memory_a_month_of_each_kind(world: World) -> None:
    ana = await world.join("Ana")
    first = await put(world.store, ana.member_id, "One")
    second = await put(world.store, ana.member_id, "Two", sources=of(first))
    shown = (await world.do(ana, "memory show")).text
    month = f"{world.clock.now():%B %Y}"
    assert f"I published 1 creation in {month}: #{first}" in shown
    assert f"I published 1 remix in {month}: #{second}" in shown
    third = await put(world.store, ana.member_id, "Three")
    shown = (await world.do(ana, "memory show")).text
    assert f"I published 2 creations in {month}: #{first} and #{third}" in shown
    world.clock.go_on(timedelta(days=40))
    await put(world.store, ana.member_id, "Four")
    kept = await world.parts.memories.all(ana.member_id)
    await world.do(ana, "memory show")
    assert len(await world.parts.memories.all(ana.member_id)) == len(kept) + 1
    await world.do(ana, "memory pause")
    await put(world.store, ana.member_id, "Five")
    assert "#5" not in (await world.do(ana, "memory show")).text
    found = await world.parts.memories.recall(ana.member_id, "what did I publish?", k=9)
    assert len(found) == 3
