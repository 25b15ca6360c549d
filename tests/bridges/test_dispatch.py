"""How many messages in free words are on their way to the model at once."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from agents.answer import Answer
from agents.talk import Talk
from agents.turn import Turn
from bridges.dispatch import BEGINNING, Dispatch
from bridges.rooms import Rooms
from tests.agents.world import Shown, World


class Scripted(Talk):
    """Asks its model when it is told to, and answers when it is told to."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.asks, self.answers = asyncio.Event(), asyncio.Event()

    async def answer(
        self, turn: Turn, text: str, stream: Callable[[str], Awaitable[None]]
    ) -> Answer:
        self.begun.append(text)
        await self.asks.wait()
        await stream("")
        await self.answers.wait()
        return Answer(text)


@pytest.fixture
async def talk() -> Scripted:
    return Scripted()


def said(world: World, talk: Scripted, turns: list[Turn]) -> list[asyncio.Task[Answer]]:
    """A line of each, at the same moment."""
    admission = world.inbox._admission
    dispatch = Dispatch(world.desk, talk, Rooms(world.parts, world.desk, admission))
    return [
        asyncio.create_task(dispatch.answer(it, world.incoming(it.place.id, it.place.id), Shown()))
        for it in turns
    ]


async def settled() -> None:
    for _ in range(50):
        await asyncio.sleep(0)


async def test_few_begin_at_once_and_the_next_when_one_is_with_the_model(
    world: World, talk: Scripted
) -> None:
    names = [f"member{it}" for it in range(2 * BEGINNING)]
    answering = said(world, talk, [await world.join(it) for it in names])
    await settled()
    assert talk.begun == names[:BEGINNING]
    talk.asks.set()  # now they wait for the model, and nobody for them
    await settled()
    assert talk.begun == names
    assert not any(it.done() for it in answering)
    talk.answers.set()
    assert [it.text for it in await asyncio.gather(*answering)] == names


async def test_who_takes_long_to_begin_holds_up_the_others_for_a_moment_only(
    world: World, talk: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bridges.dispatch.LONGEST_BEGINNING", 0.05)
    names = [f"member{it}" for it in range(BEGINNING + 1)]
    answering = said(world, talk, [await world.join(it) for it in names])
    async with asyncio.timeout(5):
        while len(talk.begun) < len(names):
            await asyncio.sleep(0.01)
    talk.asks.set()
    talk.answers.set()
    assert [it.text for it in await asyncio.gather(*answering)] == names


async def test_who_fails_to_begin_lets_the_next_begin(world: World, talk: Scripted) -> None:
    names = [f"member{it}" for it in range(BEGINNING + 1)]
    answering = said(world, talk, [await world.join(it) for it in names])
    await settled()
    answering[0].cancel()
    await settled()
    assert talk.begun == names
    talk.asks.set()
    talk.answers.set()
    assert [it.text for it in await asyncio.gather(*answering[1:])] == names[1:]
