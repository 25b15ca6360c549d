"""Worlds whose agents have language models: the real client, a scripted server."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest

from agents.limits import Limits
from agents.profile import Budget, Model
from agents.router import Router
from memory.embedding import Embedder
from tests.agents.world import PROFILE, World, opened_world
from tests.fakes.clock import FixedClock
from tests.fakes.openai import FakeOpenAI

STUB = Model(name="openai:stub")
Thinking = Callable[..., AbstractAsyncContextManager[World]]


@pytest.fixture
async def fake(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FakeOpenAI]:
    server = FakeOpenAI()
    async with server.serving() as url:
        monkeypatch.setenv("OPENAI_API_KEY", "any")
        monkeypatch.setenv("OPENAI_BASE_URL", f"{url}/v1")
        yield server


@pytest.fixture
def thinking(
    tmp_path: Path, embedder: Embedder, router: Router, clock: FixedClock, fake: FakeOpenAI
) -> Thinking:
    """Opens a world with these models, limits and budget."""

    @asynccontextmanager
    async def opening(
        *models: Model, limits: Limits | None = None, budget: Budget | None = None
    ) -> AsyncIterator[World]:
        profile = PROFILE.model_copy(update={"budget": budget or Budget()})
        async with opened_world(
            tmp_path,
            embedder,
            router,
            clock,
            profile=profile,
            models=models or [STUB],
            limits=limits,
        ) as world:
            yield world

    return opening
