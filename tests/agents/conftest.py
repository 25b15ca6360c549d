from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from agents.router import Router
from memory.embedding import Embedder
from tests.agents.thinking import fake, thinking
from tests.agents.warmed import embedder, router
from tests.agents.world import World, opened_world
from tests.fakes.clock import FixedClock

__all__ = ["embedder", "fake", "router", "thinking"]  # fixtures


@pytest.fixture
async def world(
    tmp_path: Path, embedder: Embedder, router: Router, clock: FixedClock
) -> AsyncIterator[World]:
    async with opened_world(tmp_path, embedder, router, clock) as opened:
        yield opened
