"""What takes seconds to load, loaded once for all tests."""

import asyncio

import pytest

from agents.acts.listing import all_acts
from agents.router import Router
from memory.embedding import Embedder


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
