from tests.agents.warmed import embedder, router
from tests.bridges.odd_acts import gate, world

__all__ = ["embedder", "gate", "router", "world"]  # fixtures
