import asyncio
from pathlib import Path

import pytest
from sqlmodel import col, select

from bridges.durable.jobs import Kind
from feed_core.bus import Bus
from feed_core.models.creations import Creation
from feed_core.models.members import Member
from feed_core.services import erasing
from feed_core.states import CreationState
from tests.bridges.erasing_process import DONE, joined
from tests.dialogs.command import forked
from tests.fakes.community import join, publish

MANY = 6  # creations
PATIENT = 30.0  # seconds that no test should need


@pytest.mark.usefixtures("warm")
async def test_an_erasing_whose_process_dies_goes_on_after_the_next_start(tmp_path: Path) -> None:
    store, memories, durable = joined(tmp_path, Bus())
    ana, _ = await join(store, "ana")
    for n in range(MANY):
        await publish(store, ana, f"Rain {n}")
    await memories.remember(ana, "I live in Lisbon", source="test")
    process = await asyncio.create_subprocess_exec(
        *forked("tests.bridges.erasing_process", str(tmp_path)), stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    async with asyncio.timeout(PATIENT):
        assert await process.stdout.readline()
        process.kill()
        await process.wait()
    async with store.read() as view:
        assert len(await erasing.creations(view, ana)) == MANY - DONE

    async with asyncio.timeout(PATIENT):
        await durable.launch()  # goes on by itself; who asks again waits for it
        await durable.see_done(Kind.ERASE, ana)

    async with store.read() as view:
        assert await erasing.left(view, member_id=ana) == {}
        states = await view.db.exec(select(Creation.state).where(col(Creation.author_id) == ana))
        assert states.all() == [CreationState.WITHDRAWN] * MANY
        assert (await view.db.get_one(Member, ana)).name == erasing.FORMER
    assert await memories.all(ana) == []
    again, _ = await join(store, "ana")
    assert again != ana
    await durable.close()
    await store.close()
