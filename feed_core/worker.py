"""Moves rows whose state is due; each step can be taken by hand."""

import asyncio
from contextlib import suppress
from dataclasses import replace

from feed_core.errors import Refusal, Unavailable
from feed_core.models.creations import Creation
from feed_core.models.jams import JamState
from feed_core.models.names import NameChange
from feed_core.models.revisions import Revision
from feed_core.services import (
    asking,
    audience,
    begun,
    jam_endings,
    jam_turns,
    naming,
    publishing,
    revising,
)
from feed_core.services.gate import PASSED, Check, Content, Decision
from feed_core.states import Outcome, Visibility
from feed_core.store import Store

CHECK_LIMIT = 30.0  # seconds


async def judge(gate: Check, content: Content, *, limit: float = CHECK_LIMIT) -> Decision:
    """What the gate decides; one that does not answer, or not within `limit` seconds, holds."""
    if content.private:
        return PASSED
    try:
        async with asyncio.timeout(limit):
            return await gate.decide(content)
    except (TimeoutError, Unavailable):
        return Decision(Outcome.HOLD, rule="no_answer")


async def check(
    store: Store,
    gate: Check,
    creation_id: int,
    *,
    content: Content | None = None,
    limit: float = CHECK_LIMIT,
) -> Creation:
    """Let a creation pass the gate, or be stopped by it; no transaction is open meanwhile.

    Its `content` is read where the caller does not have it. The draft that it was follows in the
    same transaction, so that a stop in between loses nothing.
    """
    if content is None:
        async with store.read() as view:
            content = await publishing.content(view, creation_id)
    decision = await judge(gate, content, limit=limit)
    async with store.work() as work:
        return await publishing.settle(
            work, creation_id=creation_id, checked=content, decision=decision
        )


async def finish(store: Store, gate: Check, content: Content) -> Creation | None:
    """Check what its maker begins to publish; what cannot be settled is taken away.

    Returns:
        The creation as it is now; None where another settled it meanwhile, or took it away.

    Raises:
        Unavailable: the database could not settle it. Unless it cannot write at all, it is as if
            the creation was never begun.
    """
    creation_id = content.creation_id
    assert creation_id is not None
    decision = await judge(gate, content)
    try:
        async with store.work() as work:
            if not await begun.waits(work, creation_id):
                return None
            return await publishing.settle(
                work, creation_id=creation_id, checked=content, decision=decision
            )
    except Unavailable:
        settled = None
        with suppress(Unavailable):
            async with store.work() as work:
                settled = await begun.take_away(work, creation_id)
        if settled is None:
            raise
        return settled


async def check_edit(
    store: Store, gate: Check, revision_id: int, *, limit: float = CHECK_LIMIT
) -> Revision:
    """Let an edit pass the gate, or be stopped by it, as a creation is."""
    async with store.read() as view:
        content = await revising.content(view, revision_id)
    decision = await judge(gate, content, limit=limit)
    async with store.work() as work:
        return await revising.settle(
            work, revision_id=revision_id, checked=content, decision=decision
        )


async def check_name(
    store: Store, gate: Check, change_id: int, *, limit: float = CHECK_LIMIT
) -> NameChange:
    """Let a name pass the gate, or be stopped by it, as a creation is."""
    async with store.read() as view:
        content = await naming.content(view, change_id)
    decision = await judge(gate, content, limit=limit)
    async with store.work() as work:
        return await naming.settle(work, change_id=change_id, checked=content, decision=decision)


async def show_to(
    store: Store,
    gate: Check,
    *,
    creation_id: int,
    member_id: int,
    visibility: Visibility,
    room_id: int | None,
) -> Creation:
    """Change who may see a creation; what only its maker saw so far passes the gate first.

    Raises:
        CreationNotFound, NotYours, RoomNeeded: it cannot be shown to them.
        Blocked: others may not see it; it stays as it was.
        Held: a moderator has to look at it first.
    """
    async with store.read() as view:
        creation = await publishing.own(view, creation_id=creation_id, member_id=member_id)
        content = replace(await publishing.content(view, creation_id), private=False)
    leaves = creation.visibility is Visibility.ONLY_ME and visibility is not Visibility.ONLY_ME
    decision = await judge(gate, content) if leaves else None
    async with store.work() as work:
        creation = await audience.show_to(
            work,
            creation_id=creation_id,
            member_id=member_id,
            visibility=visibility,
            room_id=room_id,
            checked=content,
            decision=decision,
        )
    async with store.read() as view:
        await publishing.require_published(view, creation)
    return creation


async def check_stuck(store: Store, gate: Check) -> int:
    """Check again what a stop left between its maker and the world; returns how many."""
    async with store.read() as view:
        creations = await publishing.stuck(view)
        edits = await revising.stuck(view)
        names = await naming.stuck(view)
    for creation_id in creations:
        await check(store, gate, creation_id)
    for revision_id in edits:
        await check_edit(store, gate, revision_id)
    for change_id in names:
        await check_name(store, gate, change_id)
    return len(creations) + len(edits) + len(names)


async def move_on(store: Store, gate: Check) -> int:
    """Close questions that ran out, and move jams that are due; returns how many there were."""
    async with store.read() as view:  # mostly there is nothing, and no writer has to wait
        late = await asking.any_late(view)
        due = await jam_turns.due(view)
    count = 0
    if late:
        async with store.work() as work:
            count = await asking.expire(work)
    for jam_id in due:
        async with store.work() as work:
            state = await jam_turns.step(work, jam_id=jam_id)
        if state is JamState.PUBLISHING:
            await publish_jam(store, gate, jam_id)
    return count + len(due)


async def publish_jam(store: Store, gate: Check, jam_id: int) -> None:
    """Publish what was added in a jam, in order, from wherever a stop left it."""
    while True:
        try:
            async with store.work() as work:
                creation_id = await jam_endings.begin_next(work, jam_id=jam_id)
        except Refusal:
            async with store.work() as work:
                await jam_endings.skip_next(work, jam_id=jam_id)
            continue
        if creation_id is None:
            return
        await check(store, gate, creation_id)
        async with store.work() as work:
            await jam_endings.settle(work, creation_id=creation_id)
