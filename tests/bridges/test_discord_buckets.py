"""Buckets of Discord, in virtual time, against servers that count as Discord is known to count."""

import asyncio
import random
from collections import deque

import pytest

from bridges.discord.buckets import Bucket, Buckets
from tests.fakes.virtual_time import in_virtual_time

ALLOWED, PER = 5, 5.0


class Server:
    """One route's limit; what is asked and what is answered may pass each other on the way."""

    def __init__(self, kind: str, seed: int) -> None:
        self.kind, self.chance = kind, random.Random(seed)
        self.loop = asyncio.get_running_loop()
        self.bucket = Bucket()
        self.used: deque[float] = deque()
        self.refused = 0
        self.went: list[tuple[int, float]] = []

    async def ask(self, rank: int = 0, *, breaks: bool = False) -> None:
        await self.bucket.turn(rank)
        await asyncio.sleep(self.chance.uniform(0.01, 0.4))
        refused, headers = self._count()
        self.went.append((rank, self.loop.time()))
        await asyncio.sleep(self.chance.uniform(0.01, 0.4))
        if breaks:
            self.bucket.failed()
        else:
            self.bucket.told(headers, wait=1.0 if refused else None)

    def _count(self) -> tuple[bool, dict[str, str]]:
        now = self.loop.time()
        if self.kind == "all at once":
            if self.used and self.used[0] <= now - PER:
                self.used.clear()
            reset = (self.used[0] if self.used else now) + PER
        else:
            while self.used and self.used[0] <= now - PER:
                self.used.popleft()
            reset = now + PER
        if self.kind == "told too early":  # when one more may come, as some routes do
            reset = (self.used[0] if self.used else now) + PER
        refused = len(self.used) >= ALLOWED
        self.refused += refused
        if not refused:
            self.used.append(now)
        return refused, {
            "X-RateLimit-Remaining": str(ALLOWED - len(self.used)),
            "X-RateLimit-Reset": f"{1e9 + reset:.3f}",
            "X-RateLimit-Reset-After": f"{reset - now:.3f}",
        }


@pytest.mark.parametrize("kind", ["little by little", "all at once", "told too early"])
@pytest.mark.parametrize("seed", range(5))
def test_a_known_empty_bucket_is_never_asked_however_many_want_to(kind: str, seed: int) -> None:
    async def crowd() -> None:
        server = Server(kind, seed)
        async with asyncio.TaskGroup() as group:
            for number in range(60):
                group.create_task(server.ask(breaks=number % 9 == 8))
                await asyncio.sleep(server.chance.expovariate(2.0))
        assert (len(server.went), server.refused) == (60, 0)
        assert server.loop.time() < 60 * PER / ALLOWED * 3

    in_virtual_time(crowd())


def test_two_answers_that_grow_in_one_room_leave_room_for_their_ends() -> None:
    async def grow() -> None:
        server = Server("little by little", 1)

        async def answer() -> None:
            for _ in range(20):
                if not server.bucket.scarce:
                    await server.ask(rank=2)
                await asyncio.sleep(1.0)
            asked = server.loop.time()
            await server.ask()
            assert server.loop.time() - asked < 1.0

        async with asyncio.TaskGroup() as group:
            group.create_task(answer())
            group.create_task(answer())
        assert server.refused == 0

    in_virtual_time(grow())


def test_answers_go_first_and_who_gives_up_leaves_no_trace() -> None:
    async def go() -> None:
        server = Server("little by little", 2)
        signs = [asyncio.create_task(server.ask(rank=2)) for _ in range(9)]
        await asyncio.sleep(0)
        for it in signs[6:]:
            it.cancel()
        await server.ask(rank=0)
        await asyncio.wait(signs)
        assert [rank for rank, _ in server.went][1] == 0
        assert (len(server.went), server.refused) == (7, 0)
        await asyncio.sleep(PER)
        assert server.bucket.idle

    in_virtual_time(go())


def test_a_route_without_a_limit_waits_for_nothing_but_its_first_answer() -> None:
    async def go() -> None:
        bucket = Bucket()
        await bucket.turn(0)
        bucket.told({}, wait=None)
        for _ in range(100):
            await bucket.turn(0)
        assert asyncio.get_running_loop().time() == 0

    in_virtual_time(go())


def test_routes_that_share_a_bucket_share_it_in_each_channel_apart() -> None:
    async def go() -> None:
        buckets = Buckets()
        post = buckets.of("POST", "/channels/1/messages")
        assert buckets.of("POST", "/channels/2/messages") is not post
        assert buckets.of("PATCH", "/channels/1/messages/77") is buckets.of(
            "PATCH", "/channels/1/messages/78?with=it"
        )
        buckets.named("POST", "/channels/1/messages", "abc")
        buckets.named("PATCH", "/channels/1/messages/77", "abc")
        assert buckets.of("PATCH", "/channels/1/messages/79") is post
        assert buckets.of("PATCH", "/channels/2/messages/79") is not post
        one, other = (f"/webhooks/5/{it}/messages/@original" for it in ("token-a", "token-b"))
        assert buckets.of("PATCH", one) is not buckets.of("PATCH", other)

    in_virtual_time(go())
