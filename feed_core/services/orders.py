"""Standing orders: what members have their agents do at set hours."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from sqlalchemy import func
from sqlmodel import col, select

from feed_core.clock import next_local, spread
from feed_core.errors import Refusal
from feed_core.models.orders import ORDER_MOVES, RUN_MOVES, OrderState, RunState, StandingOrder
from feed_core.services.members import in_turn
from feed_core.states import move
from feed_core.store import View, Work

MOST = 20  # of one member


@dataclass(eq=False)
class OrderNotFound(Refusal):
    """The member has no standing order of this number."""

    number: int
    code = "order_not_found"


@dataclass(eq=False)
class TooManyOrders(Refusal):
    """The member has as many standing orders as one may have."""

    limit: int
    code = "too_many_orders"


async def add(
    work: Work,
    *,
    member_id: int,
    act: str,
    arguments: Mapping[str, Any],
    times: Collection[time],
    weekdays: Collection[int],
    zone: str,
    room_id: int | None = None,
) -> StandingOrder:
    """Keep an order that waits for its member's yes; nothing runs before `resume`.

    Raises:
        TooManyOrders: they have as many as one may have.
    """
    await in_turn(work, member_id)
    found = await work.db.exec(
        select(func.count(), func.max(StandingOrder.number)).where(
            StandingOrder.member_id == member_id
        )
    )
    count, highest = found.one()
    if count >= MOST:
        raise TooManyOrders(MOST)
    order = StandingOrder(
        member_id=member_id,
        number=(highest or 0) + 1,
        act=act,
        arguments=dict(arguments),
        times=sorted(f"{it:%H:%M}" for it in times),
        weekdays=sorted(set(weekdays)),
        zone=zone,
        room_id=room_id,
        created_at=work.now,
    )
    work.db.add(order)
    await work.db.flush()
    return order


async def listed(view: View, member_id: int) -> list[StandingOrder]:
    """The member's orders, by number."""
    found = await view.db.exec(
        select(StandingOrder)
        .where(StandingOrder.member_id == member_id)
        .order_by(col(StandingOrder.number))
    )
    return list(found)


async def get(view: View, *, member_id: int, number: int) -> StandingOrder:
    """The member's order of this number.

    Raises:
        OrderNotFound: they have none.
    """
    found = await view.db.exec(
        select(StandingOrder).where(
            StandingOrder.member_id == member_id, StandingOrder.number == number
        )
    )
    order = found.first()
    if order is None:
        raise OrderNotFound(number)
    return order


async def resume(work: Work, *, member_id: int, number: int) -> StandingOrder:
    """Let an order come due from now on; hours that went by are not made up for.

    Raises:
        OrderNotFound: the member has none of this number.
    """
    order = await _held(work, member_id=member_id, number=number)
    if order.state is not OrderState.ACTIVE:
        order.state = move(ORDER_MOVES, order.state, OrderState.ACTIVE)
        order.next_run_at = following(order, after=work.now)
    return order


async def pause(work: Work, *, member_id: int, number: int) -> StandingOrder:
    """Let an order rest until it is resumed; one that is due already does not run.

    Raises:
        OrderNotFound: the member has none of this number.
    """
    order = await _held(work, member_id=member_id, number=number)
    if order.state is OrderState.ACTIVE:
        order.state = move(ORDER_MOVES, order.state, OrderState.PAUSED)
    order.next_run_at = None
    if order.run is RunState.DUE:
        order.run = move(RUN_MOVES, order.run, RunState.NONE)
    return order


async def drop(work: Work, *, member_id: int, number: int) -> None:
    """Take an order back; nothing of it stays.

    Raises:
        OrderNotFound: the member has none of this number.
    """
    await work.db.delete(await _held(work, member_id=member_id, number=number))


async def move_zone(work: Work, *, member_id: int, zone: str) -> list[StandingOrder]:
    """Let the same local hours count in another zone; one that is due already still runs.

    Returns those that come due, the next one first.
    """
    await in_turn(work, member_id)
    for order in await listed(work, member_id):
        assert order.id is not None
        order = await work.hold(StandingOrder, order.id)
        if order.zone != zone:
            order.zone = zone
            if order.next_run_at is not None:
                order.next_run_at = following(order, after=work.now)
    coming = [it for it in await listed(work, member_id) if it.next_run_at is not None]
    return sorted(coming, key=lambda it: it.next_run_at or work.now)


async def next_due(view: View) -> datetime | None:
    """When the next order of anybody is due."""
    found = await view.db.exec(select(func.min(StandingOrder.next_run_at)))
    return found.one()


async def find(view: View, order_id: int) -> StandingOrder | None:
    """The order's row, if it is still there."""
    return await view.db.get(StandingOrder, order_id)


async def join(work: Work, *, keep_id: int, gone_id: int) -> None:
    """Two members are one: the orders of the one who is gone get numbers after the keeper's own."""
    highest = await work.db.exec(
        select(func.max(StandingOrder.number)).where(StandingOrder.member_id == keep_id)
    )
    first = (highest.one() or 0) + 1
    for number, order in enumerate(await listed(work, gone_id), start=first):
        order.member_id, order.number = keep_id, number
        if order.next_run_at is not None:  # the hour stays; each member has a delay of their own
            order.next_run_at += spread(keep_id) - spread(gone_id)


def following(order: StandingOrder, *, after: datetime) -> datetime | None:
    """When the order comes due next."""
    delay = spread(order.member_id)
    times = [time.fromisoformat(it) for it in order.times]
    coming = next_local(times, order.weekdays, order.zone, after=after - delay)
    return None if coming is None else coming + delay


async def _held(work: Work, *, member_id: int, number: int) -> StandingOrder:
    await in_turn(work, member_id)
    order = await get(work, member_id=member_id, number=number)
    assert order.id is not None
    return await work.hold(StandingOrder, order.id)
