from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio

from agents.router import Router
from memory.embedding import Embedder
from tests.agents.warmed import embedder, router
from tests.attacks.ground import Ground, opened
from tests.fakes.clock import FixedClock
from tests.fakes.openai import FakeOpenAI

__all__ = ["embedder", "router"]  # fixtures


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def ground(
    tmp_path_factory: pytest.TempPathFactory, embedder: Embedder, router: Router
) -> AsyncIterator[Ground]:
    """One community and one server for all cases of a module."""
    folder: Path = tmp_path_factory.mktemp("attacks")
    clock, fake = FixedClock(datetime(2026, 3, 14, 12, tzinfo=UTC)), FakeOpenAI()
    with pytest.MonkeyPatch.context() as patch:
        async with fake.serving() as url:
            patch.setenv("OPENAI_API_KEY", "any")
            patch.setenv("OPENAI_BASE_URL", f"{url}/v1")
            async with opened(folder, embedder, router, clock, fake) as made:
                yield made
