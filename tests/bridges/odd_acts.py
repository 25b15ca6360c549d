"""Acts that wait until they are let go, and one with a bug; worlds that have them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated

import pytest

from agents.act import Acts, Effect, act
from agents.acts.listing import all_acts
from agents.answer import Answer
from agents.desk import Desk
from agents.parameters import Doc
from agents.profile import Joining, Profile
from agents.router import Router
from agents.turn import Turn
from memory.embedding import Embedder
from tests.agents.world import PROFILE, World, opened_world
from tests.fakes.clock import FixedClock

OPEN = PROFILE.model_copy(update={"join": Joining.OPEN})


class Gate:
    """Holds acts back until they are let go, and knows who entered."""

    def __init__(self) -> None:
        self.entered: list[str] = []
        self.arrived = asyncio.Event()
        self.opened = asyncio.Event()


def odd_acts(gate: Gate) -> Desk:
    """All acts, one that waits and one that is broken."""

    @act("wait", effect=Effect.OWN, examples=["wait a bit"])
    async def wait(turn: Turn, words: Annotated[str, Doc("what to say")]) -> Answer:
        """Wait until let go."""
        gate.entered.append(words)
        gate.arrived.set()
        await gate.opened.wait()
        return Answer(text=f"waited: {words}")

    @act("broken", effect=Effect.OWN, examples=["break down"])
    async def broken(turn: Turn, words: Annotated[str, Doc("what breaks it")]) -> Answer:
        """Fail with a bug."""
        raise KeyError(words)

    return Desk(Acts([*all_acts(), wait, broken]))


@pytest.fixture
def gate() -> Gate:
    return Gate()


@pytest.fixture
async def world(
    tmp_path: Path, embedder: Embedder, router: Router, clock: FixedClock, gate: Gate
) -> AsyncIterator[World]:
    async with odd_world(tmp_path, embedder, router, clock, gate, OPEN) as opened:
        yield opened


@asynccontextmanager
async def odd_world(
    folder: Path,
    embedder: Embedder,
    router: Router,
    clock: FixedClock,
    gate: Gate,
    profile: Profile,
) -> AsyncIterator[World]:
    desk = odd_acts(gate)
    async with opened_world(folder, embedder, router, clock, desk=desk, profile=profile) as opened:
        yield opened
