"""Scores of different kinds brought together."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Scores = NDArray[np.float64]


def standard(scores: Scores) -> Scores:
    """The scores less their mean, in deviations from it; zeros when they are all alike."""
    if not len(scores):
        return scores
    deviation = float(scores.std())
    found: Scores = np.zeros(len(scores))
    if deviation > 1e-9:
        found = (scores - scores.mean()) / deviation
    return found


def fused(by_words: Scores, by_meaning: Scores, meaning: float) -> Scores:
    """Both brought to mean 0 and deviation 1 and added: `meaning` of the one, the rest the other.

    On long conversations the sum did better than reciprocal ranks (docs/recall.md), which forget
    how far the first is ahead of the second.
    """
    return meaning * standard(by_meaning) + (1 - meaning) * standard(by_words)


def lent(scores: Scores, shares: Scores) -> Scores:
    """Each score with a share of the one before it added.

    `shares`, shape (n - 1,), tells of each but the last what it lends the next one.
    """
    found = scores.copy()
    found[1:] += shares * scores[:-1]
    return found
