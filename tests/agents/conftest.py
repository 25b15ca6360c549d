import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from agents.acts.listing import all_acts
from agents.router import Router
from memory.embedding import Embedder
from tests.agents.thinking import fake, thinking
from tests.agents.world import World, opened_world
from tests.fakes.clock import FixedClock

__all__ = ["fake", "thinking"]  # fixtures


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    made = Embedder()
    made.load()
    return made


@pytest.fixture(scope="session")
def router(embedder: Embedder) -> Router:
    made = Router(all_acts(), embedder)
    asyncio.run(made.warm())
    return made


@pytest.fixture
async def world(
    tmp_path: Path, embedder: Embedder, router: Router, clock: FixedClock
) -> AsyncIterator[World]:
    async with opened_world(tmp_path, embedder, router, clock) as opened:
        yield opened
