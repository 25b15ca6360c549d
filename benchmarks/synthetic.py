"""What the creations of a town mean, without reading them: seeded vectors, alike within a topic."""

from collections.abc import Collection, Sequence

import numpy as np

from benchmarks.town import TOPICS, Numbers
from feed_core.services.nearest import Floats

DIMENSION = 384
SHADES = (4_093, 4_099)  # two primes: what is added to a topic repeats after 16 million


class Synthetic:
    """Fulfils `Nearest`; the embedder that makes such vectors of texts is measured apart."""

    def __init__(self, topics: Numbers) -> None:
        rng = np.random.default_rng(7)
        self._topics = np.concatenate([[0], topics])  # creations count from 1
        self._centres = _unit(rng.normal(size=(TOPICS, DIMENSION)))
        self._shades = [_unit(rng.normal(size=(it, DIMENSION))) for it in SHADES]

    async def vectors(self, creation_ids: Sequence[int]) -> Floats:
        """One row for each; zeros for one that the town does not know."""
        ids = np.array(creation_ids, dtype=np.int64)
        known = ids < len(self._topics)
        rows = np.zeros((len(ids), DIMENSION), dtype=np.float32)
        there = ids[known]
        first, second = (it[there % len(it)] for it in self._shades)
        rows[known] = _unit(self._centres[self._topics[there]] + first + second)
        return rows

    async def near(
        self, vector: Floats, *, k: int, among: Collection[int] | None = None
    ) -> dict[int, float]:
        """The nearest among some; nobody asks for the nearest of all here."""
        ids = list(among or ())
        near = (await self.vectors(ids)) @ vector
        order = np.argsort(-near)[:k]
        return {ids[place]: float(near[place]) for place in order}


def _unit(rows: np.typing.NDArray[np.floating]) -> Floats:
    found: Floats = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return found
