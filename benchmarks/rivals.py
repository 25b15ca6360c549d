"""What a feed's ranking has to beat: popularity, neighbours, matrix factorisation, texts alone.

Each is a function from (members x items) of 0 and 1 to scores of the same shape, and comes with
settings to choose from on validation data, so that it is met at its best.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from implicit.als import AlternatingLeastSquares
from implicit.bpr import BayesianPersonalizedRanking
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from threadpoolctl import threadpool_limits

from feed_core.services.wordbag import word_vectors

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


def item_knn(liked: Scores, ago: Scores, *, neighbours: int, shrink: float = 0) -> Scores:
    """The sum of cosines to the member's items, each item keeping its nearest (Sarwar 2001).

    Shrinkage is added to the product of lengths, so that few common likes tell less.
    """
    near = liked.T @ liked
    often = np.sqrt(np.maximum(near.diagonal(), 1))
    near /= np.outer(often, often) + np.float32(shrink)
    return liked @ _nearest(near, neighbours)


def bm25_knn(liked: Scores, ago: Scores, *, neighbours: int, b: float) -> Scores:
    """The same with what the busy and the popular like weighed as BM25 weighs words."""
    busy = liked.sum(axis=1, keepdims=True)
    known = (liked > 0).sum(axis=0)
    rare = np.log(len(liked) / (1 + known)).clip(0)
    told = liked * rare * 2.2 / (1 + 1.2 * (1 - b + b * busy / busy.mean()))
    length = np.sqrt(np.maximum((told**2).sum(axis=0), 1e-9))
    near = (told.T @ told) / np.outer(length, length)
    return liked @ _nearest(near.astype(np.float32), neighbours)


def text_knn(liked: Scores, ago: Scores, *, texts: Mapping[int, str], power: float) -> Scores:
    """The sum of how alike each text is to those of the member's items."""
    said = word_vectors([texts.get(it, "") for it in range(liked.shape[1])])
    near = np.maximum(said @ said.T, 0) ** np.float32(power)
    return liked @ _nearest(near, len(near))


def als(liked: Scores, ago: Scores, *, size: int, penalty: float, trust: float) -> Scores:
    """Weighted matrix factorisation (Hu, Koren and Volinsky 2008), as `implicit` does it."""
    with threadpool_limits(1, "blas"):
        model = AlternatingLeastSquares(
            factors=size, regularization=penalty, alpha=trust, iterations=15, random_state=1
        )
        model.fit(csr_matrix(liked), show_progress=False)
    scores: Scores = model.user_factors @ model.item_factors.T
    return scores


def bpr(liked: Scores, ago: Scores, *, size: int, penalty: float) -> Scores:
    """Bayesian personalised ranking (Rendle et al. 2009), as `implicit` does it.

    On one thread, because more race with each other and give other factors each time.
    """
    model = BayesianPersonalizedRanking(
        factors=size, regularization=penalty, learning_rate=0.05, random_state=1, num_threads=1
    )
    with threadpool_limits(1, "blas"):
        model.fit(csr_matrix(liked), show_progress=False)
    scores: Scores = model.user_factors @ model.item_factors.T
    return scores


def rivals(texts: Mapping[int, str]) -> Iterator[Rival]:
    """All that are met, each with its settings."""
    yield Rival("popularity", [partial(popularity, days=it) for it in (3, 7, 14, FOREVER)])
    shrunk = [(20, 0), (50, 0), (100, 0), (400, 0), (100, 20), (10_000, 20), (10_000, 100)]
    yield Rival("item-kNN", [partial(item_knn, neighbours=k, shrink=it) for k, it in shrunk])
    weighed = [(k, b) for k in (50, 200) for b in (0.25, 0.75)]
    yield Rival("item-kNN, BM25", [partial(bm25_knn, neighbours=k, b=b) for k, b in weighed])
    grid = [(size, *weights) for size in (8, 16, 32) for weights in ((0.05, 2.0), (1.0, 5.0))]
    yield Rival(
        "ALS",
        [
            partial(als, size=size, penalty=penalty, trust=trust)
            for size, penalty, trust in (*grid, (16, 5.0, 5.0), (16, 1.0, 10.0))
        ],
    )
    yield Rival("BPR", [partial(bpr, size=16, penalty=it) for it in (0.01, 0.05)])
    yield Rival("text-kNN", [partial(text_knn, texts=texts, power=it) for it in (1, 2, 4)])


def _nearest(near: Scores, neighbours: int) -> Scores:
    """Of each column the highest; none is near to itself."""
    np.fill_diagonal(near, 0)
    if neighbours < len(near):
        least = np.partition(near, -neighbours, axis=0)[-neighbours]
        near[near < least] = 0
    return near
