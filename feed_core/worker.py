"""Moves rows whose state is due; each step can be taken by hand."""

import asyncio

from feed_core.errors import Unavailable
from feed_core.models.creations import Creation
from feed_core.services import drafting, publishing
from feed_core.services.gate import Check, Content, Decision
from feed_core.states import Outcome
from feed_core.store import Store

CHECK_LIMIT = 30.0  # seconds


async def judge(gate: Check, content: Content, *, limit: float = CHECK_LIMIT) -> Decision:
    """What the gate decides; one that does not answer, or not within `limit` seconds, holds."""
    try:
        async with asyncio.timeout(limit):
            return await gate.decide(content)
    except (TimeoutError, Unavailable):
        return Decision(Outcome.HOLD, rule="no_answer")


async def check(
    store: Store, gate: Check, creation_id: int, *, limit: float = CHECK_LIMIT
) -> Creation:
    """Let a creation pass the gate, or be stopped by it; no transaction is open meanwhile.

    The draft that it was follows in the same transaction, so that a stop in between loses nothing.
    """
    async with store.read() as view:
        content = await publishing.content(view, creation_id)
    decision = await judge(gate, content, limit=limit)
    async with store.work() as work:
        creation = await publishing.settle(
            work, creation_id=creation_id, checked=content, decision=decision
        )
        await drafting.follow(work, creation)
    return creation


async def check_stuck(store: Store, gate: Check) -> int:
    """Check again what a stop left between its maker and the world; returns how many."""
    async with store.read() as view:
        stuck = await publishing.stuck(view)
    for creation_id in stuck:
        await check(store, gate, creation_id)
    return len(stuck)
