"""Learns how hostile comments sound from threads of which only the whole is labelled, and from
single sentences of which each is.

Of a derailing thread every comment but the first counts as hostile at first; then, a few times, the
half of them that sounds most so (learning from bags, as in Andrews, Tsochantaridis and Hofmann,
"Support vector machines for multiple-instance learning", 2003; here with logistic regression).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

ROUNDS, STEPS, RATE, MOMENTUM, DECAY = 3, 300, 1.0, 0.9, 0.0003
FOLDS, SEED = 20, 0

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Bag:
    """The vectors of one thread's comments, shape (n, d), and whether the thread derails."""

    vectors: Vectors
    derails: bool


@dataclass(frozen=True, slots=True)
class Sentences:
    """The vectors of single comments, shape (n, d), and whether each is hostile, shape (n,)."""

    vectors: Vectors
    hostile: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Model:
    """Weights, shape (d,), and bias."""

    weights: NDArray[np.float64]
    bias: float

    def of(self, vectors: Vectors) -> NDArray[np.float64]:
        """The logit of each comment."""
        found: NDArray[np.float64] = vectors @ self.weights + self.bias
        return found


def learned(bags: Sequence[Bag], sentences: Sentences) -> Model:
    """What these threads and sentences teach."""
    hostile = [np.arange(len(it.vectors)) > 0 if it.derails else _none(it) for it in bags]
    model = _fitted(bags, hostile, sentences)
    for _ in range(ROUNDS - 1):
        hostile = [_half(it, model) if it.derails else _none(it) for it in bags]
        model = _fitted(bags, hostile, sentences)
    return model


def held_out(bags: Sequence[Bag], sentences: Sentences) -> list[NDArray[np.float64]]:
    """The logits of each thread's comments by a model that was learned without that thread."""
    fold = np.random.default_rng(SEED).integers(0, FOLDS, len(bags))
    models = [
        learned([it for it, at in zip(bags, fold, strict=True) if at != left], sentences)
        for left in range(FOLDS)
    ]
    return [models[at].of(it.vectors) for it, at in zip(bags, fold, strict=True)]


def _none(bag: Bag) -> NDArray[np.bool_]:
    return np.zeros(len(bag.vectors), dtype=bool)


def _half(bag: Bag, model: Model) -> NDArray[np.bool_]:
    found = _none(bag)
    found[np.argsort(-model.of(bag.vectors))[: max(2, len(found) // 2)]] = True
    return found


def _fitted(
    bags: Sequence[Bag], hostile: Sequence[NDArray[np.bool_]], sentences: Sentences
) -> Model:
    rows = np.concatenate([*(it.vectors for it in bags), sentences.vectors]).astype(np.float64)
    truth = np.concatenate([*hostile, sentences.hostile]).astype(float)
    weights, bias = np.zeros(rows.shape[1]), 0.0
    along, up = np.zeros(rows.shape[1]), 0.0
    for _ in range(STEPS):
        off = 1 / (1 + np.exp(-(rows @ weights + bias))) - truth
        along = MOMENTUM * along + rows.T @ off / len(off) + DECAY * weights
        up = MOMENTUM * up + float(off.mean())
        weights, bias = weights - RATE * along, bias - RATE * up / 2
    return Model(weights, bias)
