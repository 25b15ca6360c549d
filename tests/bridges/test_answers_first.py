"""What people are answered passes what they are sent unasked, through the real clients."""

import asyncio
from collections.abc import Callable
from functools import partial

from bridges.discord.pacing import BURST
from bridges.protocol import NotOwed, Part
from bridges.telegram.adapter import TelegramBridge
from tests.bridges import telegram_door, test_discord_wire
from tests.bridges.discord_scripted import ScriptedDoor
from tests.bridges.test_discord_wire import bridge_to, discord
from tests.fakes.discord import FakeDiscord
from tests.fakes.telegram import ANA, FakeTelegram, Person

__all__ = ["discord"]

MINUTE = 60.0  # seconds


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not condition():
            await asyncio.sleep(0)


async def test_in_telegram_an_answer_goes_before_digests_that_wait() -> None:
    fake, readers = FakeTelegram(), [Person(100 + it, f"Reader {it}") for it in range(3)]
    fake.start(*readers)
    async with fake.serving() as url:
        bridge = TelegramBridge("1:test", telegram_door.ACTS, api_url=url)
        async with telegram_door.running(bridge, telegram_door.ScriptedDoor()):
            pacer = bridge._pacer
            pacer._out = 30  # as many as may be on their way
            asked: list[str] = []

            async def may_go(place_id: str) -> None:
                asked.append(place_id)
                if place_id == str(readers[2].id):
                    raise NotOwed

            digests = [
                asyncio.create_task(
                    bridge.send_late(
                        str(it.id),
                        Part("your digest"),
                        key="k",
                        under=None,
                        may_go=partial(may_go, str(it.id)),
                    )
                )
                for it in readers
            ]
            await until(lambda: len(pacer._waiting) == 3)
            fake.say("hello")
            await until(lambda: len(pacer._waiting) == 4)
            pacer._out = 29
            pacer._look()
            assert (await fake.hears(ANA.id)).plain == "heard: hello"
            assert asked == []  # none of them is claimed while it waits
            pacer._out = 0
            pacer._look()
            await asyncio.wait(digests)

    assert [it.plain for it in fake.sent] == ["heard: hello", *["your digest"] * 2]
    assert isinstance(digests[2].exception(), NotOwed)


async def test_in_discord_an_answer_goes_before_digests_that_wait(discord: FakeDiscord) -> None:
    people = [discord.world.private(discord.world.user(f"reader{it}")) for it in range(3)]
    bridge = bridge_to(discord)
    async with test_discord_wire.running(bridge, ScriptedDoor()):
        pacer = bridge._pacer
        now, space, pacer._space = pacer._now, pacer._space, MINUTE
        pacer._free = now + BURST * MINUTE  # as many as may go at once went
        digests = [
            asyncio.create_task(bridge.send(str(it.id), Part("your digest"), key=f"k{it.id}"))
            for it in people
        ]
        await until(lambda: len(pacer._waiting) == 3)
        discord.dm("hello")
        await until(lambda: len(pacer._waiting) == 4)
        pacer._free = now + (BURST - 1) * MINUTE
        pacer._look()
        assert (await discord.hears()).text == "Ana said hello"
        pacer._space, pacer._free = space, 0.0
        pacer._look()
        await asyncio.wait(digests)

    assert [it.text for it in discord.sent] == ["Ana said hello", *["your digest"] * 3]
