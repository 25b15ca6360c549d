"""Standing orders: set in plain words, confirmed, done within the leash, once, and told."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from agents import order_words
from agents.acts.orders import NoStandingAct, NothingToDo
from agents.answer import Answer
from agents.hours import read_hours
from agents.interpreting import NotUnderstood
from agents.notices import notice
from agents.set_hours import in_english, parted
from agents.turn import Turn
from feed_core.errors import BadTime, MissingArgument, UnknownAct
from feed_core.models.creations import Creation, Draft
from feed_core.models.deliveries import Delivery
from feed_core.models.orders import RunState, StandingOrder
from feed_core.services import members, order_runs, orders
from feed_core.services.orders import OrderNotFound, TooManyOrders
from feed_core.services.publishing import RoomNeeded
from feed_core.states import DeliveryKind
from tests.agents.world import World


async def order_of(world: World, number: int = 1) -> StandingOrder:
    async with world.store.read() as view:
        return (
            await view.db.exec(select(StandingOrder).where(StandingOrder.number == number))
        ).one()


async def rows(world: World, table: type[Creation] | type[Draft] | type[Delivery]) -> int:
    async with world.store.read() as view:
        return len(list(await view.db.exec(select(table))))


async def told(world: World) -> Sequence[Answer]:
    """What members would read of their orders now."""
    async with world.store.read() as view:
        owed = await view.db.exec(select(Delivery).where(Delivery.kind == DeliveryKind.ORDER))
        subjects = [it.subject_id for it in owed]
    found = [await notice(world.parts, DeliveryKind.ORDER, it) for it in subjects]
    return [it for it in found if it is not None]


async def standing(world: World, turn: Turn, words: str) -> datetime:
    """An order that its member said yes to; when it comes due."""
    answer = await world.do(turn, "order add", words=words)
    await world.press(turn, answer, order_words.YES)
    async with world.store.read() as view:
        coming = await orders.next_due(view)
    assert coming is not None
    return coming


@pytest.mark.parametrize(
    ("typed", "times", "days", "what"),
    [
        ("every friday at 18:00: publish my best", ["18:00"], [4], "publish my best"),
        ("every Friday, my best haiku", ["08:00"], [4], "my best haiku"),
        ("paint the sky every morning", ["08:00"], list(range(7)), "paint the sky"),
        (
            "on weekdays at 7:30 pm: /paint at 9: rain",
            ["19:30"],
            [0, 1, 2, 3, 4],
            "/paint at 9: rain",
        ),
        ("from now on, every Monday and Thursday at 9 paint", ["09:00"], [0, 3], "paint"),
        ("jeden Freitag um 18 Uhr 30: mein Haiku", ["18:30"], [4], "mein Haiku"),
        ("jeden Abend: male den Mond", ["19:00"], list(range(7)), "male den Mond"),
        ("cada viernes a las 6 de la tarde pinta el mar", ["18:00"], [4], "pinta el mar"),
        ("毎週金曜日の18時半に俳句を公開して", ["18:30"], [4], "俳句を公開して"),
    ],
)
def test_hours_and_what_to_do_then_are_told_apart(
    typed: str, times: list[str], days: list[int], what: str
) -> None:
    when, said = parted(typed)
    hours = read_hours(in_english(when, usual="08:00"), zone="UTC")
    assert ([f"{it:%H:%M}" for it in hours.times], list(hours.weekdays)) == (times, days)
    assert said == what


async def test_who_travels_keeps_the_hours_of_their_orders(world: World) -> None:
    ana = await world.join("Ana")
    before = await standing(world, ana, "every friday at 18:00: /paint rain")

    one = await world.do(ana, "zone", city="Tokyo")

    assert await next_of(world) == before - timedelta(hours=9)
    assert "Standing order o1 keeps its hour there. Next: Friday" in one.text
    assert "18:00" in one.text
    await standing(world, replace(ana, zone="Asia/Tokyo"), "every day at 7:00: /paint the sea")
    two = await world.do(ana, "zone", city="Munich")
    assert "Your 2 standing orders keep their hours there; the first to come is o2." in two.text


async def next_of(world: World) -> datetime | None:
    async with world.store.read() as view:
        return await orders.next_due(view)


async def test_an_order_in_plain_words_is_shown_confirmed_done_and_told(world: World) -> None:
    ana = await world.join("Ana")
    answer = await world.do(ana, "order add", words="every friday at 18:00: paint rain on a roof")
    assert "on Friday at 18:00 (UTC) I do: /paint rain on a roof" in answer.text
    assert (await order_of(world)).next_run_at is None
    world.clock.go_on(timedelta(days=8))
    assert await world.orders.step() == 0  # nobody said yes
    await world.press(ana, answer, order_words.YES)

    order = await order_of(world)
    assert order.next_run_at is not None
    assert (order.next_run_at.weekday(), order.next_run_at.hour) == (4, 18)
    world.clock.go_to(order.next_run_at)
    assert [await world.orders.step() for _ in range(3)] == [1, 0, 0]

    assert await rows(world, Draft) == 1
    (said,) = await told(world)
    assert "o1 (/paint rain on a roof) is done" in said.text
    assert [it.label for it in said.buttons][:2] == ["Publish", "Edit"]
    assert "done" in (await world.do(ana, "order list")).text
    await world.press(ana, said, "Publish")
    assert await rows(world, Creation) == 1


async def test_what_others_would_see_is_proposed_or_done_as_the_leash_says(world: World) -> None:
    ana = await world.join("Ana")
    coming = await standing(world, ana, "every day at 9: /create Moth: a small grey prayer")
    world.clock.go_to(coming)
    await world.orders.step()
    assert await rows(world, Creation) == 0
    (said,) = await told(world)
    assert "Shall I do this?" in said.text
    await world.press(ana, said, "Yes, do it")
    assert await rows(world, Creation) == 1

    await world.do(ana, "agent leash", what="create", leash="alone")
    world.clock.go_on(timedelta(days=1))
    await world.orders.step()
    assert await rows(world, Creation) == 2
    async with world.store.read() as view:
        made = await view.db.get_one(Creation, 2)
    assert made.steps[0]["by"] == "model"  # its agent's hand, not its member's

    await world.do(ana, "agent pause")
    world.clock.go_on(timedelta(days=1))
    await world.orders.step()
    assert await rows(world, Creation) == 2
    assert (await order_of(world)).note == order_words.AGENT_PAUSED


async def test_what_cannot_stand_or_is_not_clear_is_refused(world: World) -> None:
    ana = await world.join("Ana")
    for words, error in [
        ("paint rain", BadTime),
        ("every friday at 18:00", NothingToDo),
        ("every friday at 18:00:", NothingToDo),
        ("every friday at 18:00: /link", NoStandingAct),
        ("every friday at 18:00: /mod queue", NoStandingAct),
        ("every friday at 18:00: /feed", NoStandingAct),
        ("every friday at 18:00: /order drop o1", NoStandingAct),
        ("every friday at 18:00: /paint", MissingArgument),
        ("every friday at 18:00: /pant rain", UnknownAct),
        ("every friday at 18:00: qwertz uiop", NotUnderstood),
    ]:
        with pytest.raises(error):
            await world.do(ana, "order add", words=words)
    for n in range(orders.MOST):
        await world.do(ana, "order add", words=f"every friday at 18:00: /paint {n}")
    with pytest.raises(TooManyOrders):
        await world.do(ana, "order add", words="every friday at 18:00: /paint more")


async def test_an_agent_cannot_begin_an_order_and_nobody_touches_anothers(world: World) -> None:
    ana, ben = await world.join("Ana"), await world.join("Ben")
    await world.by_agent(ana, "order add", words="every friday at 18:00: /paint rain")
    asked = await world.by_agent(ana, "order resume", order="o1")
    assert asked.facts["waits_for_the_member"]
    assert (await order_of(world)).next_run_at is None
    await world.press(ana, asked, "Yes, do it")
    assert (await order_of(world)).next_run_at is not None
    for act in ("order pause", "order resume", "order drop"):
        with pytest.raises(OrderNotFound):
            await world.do(ben, act, order="o1")
    await world.do(ana, "order pause", order="o1")
    assert "paused" in (await world.do(ana, "order list")).text
    await world.do(ana, "order drop", order="o1")
    assert order_words.NONE in (await world.do(ana, "order list")).text


async def test_an_act_that_became_the_accounts_or_moderators_does_not_run(world: World) -> None:
    ana = await world.join("Ana")
    coming = await standing(world, ana, "every day at 9: /paint rain")
    async with world.store.work() as work:
        order = await work.hold(StandingOrder, 1)
        order.act, order.arguments = "agent leash", {"what": "create", "leash": "alone"}
    world.clock.go_to(coming)
    await world.orders.step()
    order = await order_of(world)
    assert (order.run, order.note) == (RunState.REFUSED, order_words.UNABLE)


async def test_a_run_that_was_killed_is_not_done_twice_and_one_missed_for_long_is_said(
    world: World,
) -> None:
    ana = await world.join("Ana")
    coming = await standing(world, ana, "every day at 9: /paint rain")
    world.clock.go_to(coming)
    async with world.store.work() as work:  # killed between the claim and the run: it runs once
        await order_runs.claim_due(work)
    assert [await world.orders.step() for _ in range(2)] == [1, 0]
    assert await rows(world, Draft) == 1

    world.clock.go_on(timedelta(days=1))
    async with world.store.work() as work:  # killed in the middle of the run
        await order_runs.claim_due(work)
        assert await order_runs.begin(work, 1) is not None
    assert await world.orders.step() == 0
    world.clock.go_on(order_runs.LONGEST_RUN)
    assert await world.orders.step() == 0
    assert "stopped in the middle" in (await told(world))[-1].text

    world.clock.go_on(timedelta(days=5, hours=1))  # one late run within the grace
    assert await world.orders.step() == 1
    world.clock.go_on(timedelta(days=4, hours=5))
    assert [await world.orders.step() for _ in range(2)] == [0, 0]
    assert "left it out" in (await told(world))[-1].text
    assert await rows(world, Draft) == 2
    assert await rows(world, Delivery) == 4
    next_run = (await order_of(world)).next_run_at
    assert next_run is not None
    assert timedelta() < next_run - world.clock.now() < timedelta(days=1)


async def test_two_ticks_at_once_do_an_order_once(world: World) -> None:
    ana = await world.join("Ana")
    world.clock.go_to(await standing(world, ana, "every day at 9: /paint rain"))
    async with world.store.work() as work:
        await order_runs.claim_due(work)
    async with world.store.work() as work:
        assert await order_runs.begin(work, 1) is not None
    await world.orders.run(1)
    assert await rows(world, Draft) == 0


async def test_an_order_from_a_room_is_done_for_that_room(world: World) -> None:
    ana = await world.join("Ana")
    async with world.store.work() as work:
        room = await members.room(work, platform="telegram", external_id="-1", public=False)
    here = replace(ana, room_id=room.id, place=replace(ana.place, id="-1", private=False))
    await world.do(ana, "agent leash", what="create", leash="alone")
    coming = await standing(world, here, "every day at 9: /create Moth: grey")
    world.clock.go_to(coming)
    await world.orders.step()
    async with world.store.read() as view:
        made = await view.db.get_one(Creation, 1)
    assert (made.visibility, made.room_id) == ("room", room.id)


async def test_my_best_goes_into_the_room_of_the_order_once_and_drafts_out_by_tap(
    world: World,
) -> None:
    ana, ben = await world.join("Ana"), await world.join("Ben")
    for words in ("Rain: all night on tin #haiku", "Moth: a grey prayer #haiku", "Sea: salt"):
        await world.do(ana, "create", words=words)
    await world.do(ben, "like", creation=1)
    async with world.store.work() as work:
        room = await members.room(work, platform="telegram", external_id="-1", public=True)
    here = replace(ana, room_id=room.id, place=replace(ana.place, id="-1", private=False))
    coming = await standing(world, here, "every friday at 18:00: my best haiku into this room")
    world.clock.go_to(coming)
    await world.orders.step()
    (said,) = await told(world)
    assert said.cards[0].ref == "#1"
    await world.press(ana, said, "Yes, do it")
    await world.do(ana, "agent leash", what="share", leash="alone")
    for _ in range(2):
        world.clock.go_on(timedelta(days=7))
        await world.orders.step()
    async with world.store.read() as view:
        shared = await view.db.exec(select(Delivery).where(Delivery.kind == DeliveryKind.SHARED))
        assert [(it.subject_id, it.room_id) for it in shared] == [(1, room.id), (2, room.id)]
    assert "nothing of yours like that" in (await order_of(world)).note
    posted = await notice(world.parts, DeliveryKind.SHARED, 1)
    assert posted is not None
    assert "Shared by Ana" in posted.text
    with pytest.raises(RoomNeeded):
        await world.do(ben, "share", creation=1, room=room.id)
