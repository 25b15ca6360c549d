"""The pace of an outbox, in virtual time."""

import asyncio

from bridges.pace import Pace, Pacing
from tests.fakes.virtual_time import in_virtual_time


def test_messages_leave_evenly_and_one_that_came_late_costs_no_turn() -> None:
    async def go() -> None:
        loop, pacing = asyncio.get_running_loop(), Pacing(Pace(per_second=10))
        went = []
        for number in range(100):
            await pacing.turn()
            went.append(loop.time())
            await asyncio.sleep(0.15 if number % 10 == 0 else 0.0)
        assert went[-1] - went[0] < 99 / 10 + 0.01
        for first in went:
            assert sum(first <= it < first + 1 for it in went) <= 12

    in_virtual_time(go())


def test_after_a_long_pause_there_is_no_burst() -> None:
    async def go() -> None:
        loop, pacing = asyncio.get_running_loop(), Pacing(Pace(per_second=10))
        await pacing.turn()
        await asyncio.sleep(60)
        began = loop.time()
        for _ in range(10):
            await pacing.turn()
        assert loop.time() - began >= 0.7 - 0.001

    in_virtual_time(go())


def test_a_person_and_a_room_rest_for_as_long_as_their_platform_wants() -> None:
    async def go() -> None:
        pacing = Pacing(Pace(per_person=1.0, per_room=3.0))
        pacing.went("ana", room=False)
        pacing.went("attic", room=True)
        await asyncio.sleep(2.0)
        assert pacing.resting == {"attic"}
        assert (pacing.rests("ana"), pacing.rests("attic"), pacing.rests("ben")) == (0, 1, 0)

    in_virtual_time(go())
