"""What a feed's ranking has to beat: popularity, item neighbours, matrix factorisation.

Each is a function from (members x items) of 0 and 1 to scores of the same shape, and comes with
settings to choose from on the validation days, so that it is met at its best.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from types import ModuleType

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float32]
Scorer = Callable[[Scores, Scores], Scores]  # liked, and how many days ago (of what is liked)

FOREVER = 1e9


@dataclass(frozen=True, slots=True)
class Rival:
    """One method with each of its settings."""

    name: str
    settings: Sequence[Scorer]


def popularity(liked: Scores, ago: Scores, *, days: float) -> Scores:
    """How often each item was liked in the last days."""
    counts = ((liked > 0) & (ago <= days)).sum(axis=0, dtype=np.float32)
    return np.broadcast_to(counts, liked.shape)


def item_knn(liked: Scores, ago: Scores, *, neighbours: int) -> Scores:
    """The sum of cosines to the member's items, each item keeping its nearest (Sarwar 2001)."""
    near = liked.T @ liked
    often = np.sqrt(np.maximum(near.diagonal(), 1))
    near /= np.outer(often, often)
    np.fill_diagonal(near, 0)
    if neighbours < len(near):
        least = np.partition(near, -neighbours, axis=0)[-neighbours]
        near[near < least] = 0
    scores: Scores = liked @ near
    return scores


def factors(
    liked: Scores,
    ago: Scores,
    *,
    implicit: ModuleType,
    size: int,
    penalty: float,
    trust: float,
) -> Scores:
    """Weighted matrix factorisation (Hu, Koren and Volinsky 2008), as `implicit` does it."""
    sparse = import_module("scipy.sparse")
    model = implicit.AlternatingLeastSquares(
        factors=size, regularization=penalty, alpha=trust, iterations=15, random_state=1
    )
    model.fit(sparse.csr_matrix(liked), show_progress=False)
    scores: Scores = model.user_factors @ model.item_factors.T
    return scores


def rivals() -> Iterator[Rival]:
    """All that can be met here; `implicit` only where it is installed."""
    yield Rival("popularity", [partial(popularity, days=it) for it in (3, 7, 14, FOREVER)])
    yield Rival("item-kNN", [partial(item_knn, neighbours=it) for it in (20, 50, 100, 400)])
    try:
        implicit = import_module("implicit.als")
    except ImportError:
        return
    grid = [(size, *weights) for size in (8, 16, 32) for weights in ((0.05, 2.0), (1.0, 5.0))]
    yield Rival(
        "ALS",
        [
            partial(factors, implicit=implicit, size=size, penalty=penalty, trust=trust)
            for size, penalty, trust in (*grid, (16, 5.0, 5.0), (16, 1.0, 10.0))
        ],
    )
