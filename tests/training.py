"""Trains what the router knows; `python -m tests.pages` does it where the examples have changed.

Multinomial logistic regression with a penalty on the squares of its weights (Le Cessie and van
Houwelingen 1992), by L-BFGS (Liu and Nocedal 1989).
"""

from collections.abc import Sequence
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from agents import learned, prepared
from agents.learned import Features, Learned
from agents.letters import DIMENSION
from agents.prepared import Embeds
from agents.router import Router

PENALTY = 0.02  # what the square of a weight costs, beside the surprise at one text
OWN = 3  # times an act's own example counts: it has to find its act
STEPS = 60  # of L-BFGS: more change nothing that is measured
REMEMBERED = 6  # steps of which it keeps the curvature

Floats = NDArray[np.float32]


def train(router: Router, embedder: Embeds) -> None:
    """Write both files of the router, unless they are of the same examples."""
    texts = [text for text, _ in router.rows()]
    try:
        known = learned.read().learned_from == router.learns_from()
    except (OSError, ValueError, KeyError, BadZipFile):
        known = False
    if not known or prepared.lacks(texts, embedder):
        prepared.write(texts, embedder)
        learned.write(trained(router, embedder))


def trained(router: Router, embedder: Embeds) -> Learned:
    """What is learned of all texts that the router has, and the name of what each means."""
    rows, own = router.rows(), {text for some in router.examples() for text in some}
    texts = [text for text, _ in rows]
    kinds = sorted({kind for _, kind in rows})
    rare = learned.rarities(texts)
    dense, sparse = vectors(texts, Features(rare), embedder)
    meant = np.array([kinds.index(kind) for _, kind in rows])
    counts = np.array([OWN if it in own else 1 for it in texts], dtype=np.float32)
    weights = fitted(dense, sparse, meant, counts)
    return learned.in_steps(kinds, router.learns_from(), rare, weights)


def vectors(
    texts: Sequence[str], features: Features, embedder: Embeds
) -> tuple[Floats, csr_matrix]:
    """Dense and sparse features of the texts."""
    meanings = prepared.vectors_of(texts, embedder)
    dense = np.stack([features.dense(*it) for it in zip(texts, meanings, strict=True)])
    rows = [features.letters.vector(it) for it in texts]
    ends = np.cumsum([0, *(len(places) for places, _ in rows)])
    places = np.concatenate([it for it, _ in rows])
    values = np.concatenate([it for _, it in rows])
    return dense, csr_matrix((values, places, ends), (len(texts), DIMENSION))


def fitted(dense: Floats, sparse: csr_matrix, meant: NDArray[np.int64], counts: Floats) -> Floats:
    """The weights, shape (features + 1, kinds), that make what is meant likeliest.

    The n texts count as often as `counts`, shape (n,), says.
    """
    count, first = dense.shape
    shape = first + DIMENSION + 1, int(meant.max()) + 1
    across, each = sparse.T.tocsr(), np.arange(count)

    def surprise(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        weights = flat.reshape(shape).astype(np.float32)
        sums = dense @ weights[:first] + sparse @ weights[first:-1] + weights[-1]
        sums -= sums.max(axis=1, keepdims=True)
        odds = np.exp(sums)
        total = odds.sum(axis=1, keepdims=True)
        loss = counts @ (np.log(total[:, 0]) - sums[each, meant])
        slope = odds / total
        slope[each, meant] -= 1
        slope *= counts[:, None]
        gradient = np.vstack([dense.T @ slope, across @ slope, slope.sum(axis=0)[None]])
        gradient[:-1] += PENALTY * weights[:-1]
        loss += PENALTY / 2 * np.vdot(weights[:-1], weights[:-1])
        return float(loss), gradient.ravel().astype(np.float64)

    told = {"maxiter": STEPS, "maxcor": REMEMBERED}
    start = np.zeros(shape[0] * shape[1])
    found = minimize(surprise, start, jac=True, method="L-BFGS-B", options=told)
    weights: Floats = found.x.reshape(shape).astype(np.float32)
    return weights
