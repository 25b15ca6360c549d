"""The pace of one bot token, in virtual time, against the limits as the server counts them."""

import asyncio
import random

import numpy as np
import pytest

from bridges.telegram.pacing import Pacer, Rank
from tests.fakes.telegram_limits import Pacing
from tests.fakes.virtual_time import in_virtual_time


class Line:
    """A pacer, and a server that counts messages when they arrive, after some time on the wire."""

    def __init__(self, seed: int = 0, away: float = 0.0) -> None:
        self.loop, self.away = asyncio.get_running_loop(), away
        self.pacer, self.chance = Pacer(), random.Random(seed)
        self.server = Pacing(enforced=False, clock=self.loop.time)
        self.arrived: list[tuple[int, int, Rank, float]] = []  # chat, number, rank, when

    async def send(self, chat: int, number: int = 0, rank: Rank = Rank.ANSWER) -> None:
        async with self.pacer.passage(chat, rank):
            await asyncio.sleep(self.away + self.chance.uniform(0.001, 0.3))
            self.server.take(chat, group=chat < 0)
            self.arrived.append((chat, number, rank, self.loop.time()))
            await asyncio.sleep(self.away + self.chance.uniform(0.001, 0.05))


@pytest.mark.parametrize("seed", range(3))
def test_a_flood_breaks_no_limit_and_keeps_the_order_of_each_chat(seed: int) -> None:
    async def flood() -> None:
        line = Line(seed)
        chats = [*range(1, 60), -1, -2, -3]
        async with asyncio.TaskGroup() as group:
            for number in range(400):
                group.create_task(line.send(line.chance.choice(chats), number))
                await asyncio.sleep(line.chance.expovariate(40))
        assert len(line.arrived) == 400
        assert line.server.exceeded == 0
        for chat in chats[:59]:
            numbers = [number for id_, number, _, _ in line.arrived if id_ == chat]
            assert sorted(numbers) == numbers

    in_virtual_time(flood())


def test_a_group_takes_twenty_a_minute_and_holds_up_nobody() -> None:
    async def talk() -> None:
        line = Line()
        async with asyncio.TaskGroup() as group:
            for number in range(50):
                group.create_task(line.send(-5, number))
            for chat in range(1, 40):
                group.create_task(line.send(chat))
        assert line.server.exceeded == 0
        people = [when for chat, _, _, when in line.arrived if chat > 0]
        assert max(people) < 5
        assert max(when for chat, _, _, when in line.arrived if chat < 0) > 120

    in_virtual_time(talk())


def test_answers_go_before_deliveries_and_signs_only_when_nobody_waits() -> None:
    async def rush() -> None:
        line = Line()
        spare = []
        assert line.pacer.spare(1)
        async with asyncio.TaskGroup() as group:
            for chat in range(1, 61):
                group.create_task(line.send(chat, rank=Rank.DELIVERY))
            for chat in range(61, 121):
                group.create_task(line.send(chat))
            await asyncio.sleep(0.5)
            spare.append(line.pacer.spare(1000))
        first = [rank for _, _, rank, _ in line.arrived[30:80]]
        assert first == [Rank.ANSWER] * 50  # some deliveries were through before any answer came
        assert spare == [False]

    in_virtual_time(rush())


def test_a_sign_leaves_room_for_the_answer_in_its_chat() -> None:
    async def grow() -> None:
        line = Line()
        edits = 0
        for _ in range(100):
            if line.pacer.spare(7):
                await line.send(7, rank=Rank.SIGN)
                edits += 1
            await asyncio.sleep(0.05)
        begun = line.loop.time()
        await line.send(7)
        assert 3 <= edits <= 7
        assert line.loop.time() - begun < 0.5
        assert line.server.exceeded == 0

    in_virtual_time(grow())


def test_a_wait_that_telegram_asks_for_is_kept() -> None:
    async def hold() -> None:
        line = Line()
        line.pacer.hold(1, 30)
        async with asyncio.TaskGroup() as group:
            group.create_task(line.send(1))
            group.create_task(line.send(2))
        assert [chat for chat, *_ in line.arrived] == [2, 1]
        assert line.arrived[-1][-1] >= 30
        line.pacer.hold(1, 10)
        line.pacer.hold(2, 10)  # it asks for a second chat: it means the bot
        begun = line.loop.time()
        await line.send(3)
        assert line.arrived[-1][-1] - begun >= 10

    in_virtual_time(hold())


def test_a_delivery_does_not_wait_for_ever_and_leaves_no_trace() -> None:
    async def hold() -> None:
        line = Line()
        line.pacer.hold(1, 1000)
        with pytest.raises(TimeoutError):
            await line.send(1, rank=Rank.DELIVERY)
        assert line.loop.time() < 20
        task = asyncio.create_task(line.send(1))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])
        await line.send(2)
        assert line.pacer.spare(3)

    in_virtual_time(hold())


@pytest.mark.parametrize("away", [0.1, 0.4])
def test_a_server_far_away_takes_as_much_as_one_near(away: float) -> None:
    async def flood(away: float) -> float:
        line = Line(3, away)
        async with asyncio.TaskGroup() as group:
            for chat in range(1, 601):
                group.create_task(line.send(chat))
        assert line.server.exceeded == 0
        return line.arrived[-1][-1] - line.arrived[100][-1]

    async def both() -> None:
        assert await flood(away) < 1.1 * await flood(0.0)

    in_virtual_time(both())


def test_who_is_ready_waits_for_those_before_them_and_for_nothing_else() -> None:
    async def rush() -> None:
        line, thinking = Line(), asyncio.Semaphore(64)
        went: list[tuple[float, float]] = []  # when each was ready, and when it was let through

        async def answer(chat: int) -> None:
            async with thinking:
                await asyncio.sleep(2.05 + line.chance.uniform(0, 0.05))
            ready = line.loop.time()
            async with line.pacer.passage(chat, Rank.ANSWER):
                went.append((ready, line.loop.time()))
                await asyncio.sleep(line.chance.uniform(0.001, 0.005))
                line.server.take(chat, group=False)

        async with asyncio.TaskGroup() as group:
            for chat in range(1, 801):
                group.create_task(answer(chat))
                await asyncio.sleep(line.chance.expovariate(40))
        ready, through = np.array(went).T
        before = (ready[None] <= ready[:, None]) & (through[None] > ready[:, None])
        assert np.percentile(through - ready - before.sum(axis=1) / 28, 95) < 0.01
        assert line.server.exceeded == 0

    in_virtual_time(rush())


def test_a_sign_waits_for_nothing() -> None:
    async def rush() -> None:
        line = Line()
        async with asyncio.TaskGroup() as group:
            for chat in range(1, 61):
                group.create_task(line.send(chat))
            await asyncio.sleep(0)
            with pytest.raises(TimeoutError):
                await line.send(1000, rank=Rank.SIGN)
            assert line.loop.time() == 0

    in_virtual_time(rush())
