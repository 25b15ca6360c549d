"""Answers that grow in Telegram: in what others leave over, and no more once they are done."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bridges.protocol import Incoming, Part, Reply
from bridges.telegram import growing
from bridges.telegram import reply as way_back
from bridges.telegram.adapter import TelegramBridge
from bridges.telegram.pacing import PER_SECOND
from tests.bridges.telegram_door import ACTS, ScriptedDoor, running
from tests.fakes.telegram import ANA, FakeTelegram


@pytest.fixture
async def fake() -> FakeTelegram:
    fake = FakeTelegram()
    fake.start(ANA)
    return fake


@pytest.fixture
async def bridge(
    fake: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[TelegramBridge]:
    """One that shows at once what has grown, and looks again soon."""
    monkeypatch.setattr(growing, "FIRST", 0.0)
    monkeypatch.setattr(growing, "AGAIN", 0.01)
    monkeypatch.setattr(growing, "SOON", 0.0)
    monkeypatch.setattr(way_back, "PACE", 0.01)
    async with fake.serving() as url:
        yield TelegramBridge("1:test", ACTS, api_url=url)


async def test_an_answer_grows_only_where_other_answers_leave_room(
    fake: FakeTelegram, bridge: TelegramBridge
) -> None:
    crowded = asyncio.Event()

    async def grow(incoming: Incoming, reply: Reply) -> None:
        pacer = bridge._pacer
        pacer._out = PER_SECOND // 2  # answers that are on their way
        for words in ("Long", "Long ago", "Long ago it"):
            await reply.stream(words)
            await asyncio.sleep(0.05)
        crowded.set()
        assert not fake.messages()[1:]  # neither typing nor words
        assert "sendChatAction" not in [it.method for it in fake.requests]
        pacer._out = 0
        await fake.until(lambda: any(it.plain.startswith("Long ago it") for it in fake.sent))
        pacer._out = PER_SECOND // 2
        before = len(fake.sent)
        await reply.stream("Long ago it rained")
        await asyncio.sleep(0.05)
        assert len(fake.sent) == before
        await reply.show(Part("Long ago it rained."))  # there is room for fifteen answers more
        pacer._out = 0

    async with running(bridge, ScriptedDoor(grow)):
        fake.say("tell me")
        await fake.until(lambda: any(it.plain == "Long ago it rained." for it in fake.sent))
    assert crowded.is_set()
    assert [it.plain for it in fake.messages()] == ["tell me", "Long ago it rained."]


@pytest.mark.parametrize("grown", [True, False], ids=["grown", "short"])
async def test_nothing_grows_behind_the_end(
    fake: FakeTelegram, bridge: TelegramBridge, *, grown: bool
) -> None:
    async def grow(incoming: Incoming, reply: Reply) -> None:
        if grown:
            await reply.stream("It rains")
            await fake.until(lambda: any(it.plain.startswith("It rains") for it in fake.sent))
        await reply.show(Part("It rained."))
        await reply.stream("It rains and rains")
        await asyncio.sleep(0.1)

    door = ScriptedDoor(grow)
    async with running(bridge, door):
        fake.say("tell me")
        await fake.until(lambda: bool(door.answered))
    assert fake.sent[-1].plain == "It rained."
