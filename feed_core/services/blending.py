"""How much each sign of taste tells in a community: measured on reactions that were held back.

A held-back item is to stand out among others that its member did not react to: the weights make
that as likely as they can (a conditional logit: McFadden 1974, "Conditional logit analysis of
qualitative choice behavior"), starting from what holds in general and moving as far as there is
evidence. None falls below 0, so that a sign never speaks against what it finds.
"""

from collections.abc import Sequence
from enum import IntEnum
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from feed_core.services.crowd import Floats

Weights: TypeAlias = NDArray[np.float64]


class Sign(IntEnum):
    """What may tell that a member will like an item; the rows of every array of signs."""

    WIDE = 0  # votes of a wide and of a narrow circle of members, see `Crowd`
    NARROW = 1
    BROADLY = 2  # the strongest 8, 16 and 32 directions of taste, see `Factors`
    CLEARLY = 3
    FINELY = 4
    TEXT = 5  # it reads like what they liked
    TEXT_ALONE = 6  # and hardly anybody has reacted to it
    POPULAR = 7  # how many like it
    POPULAR_FIRST = 8  # and the member liked little so far
    LATELY = 9  # how many like it about now
    FRESH = 10  # how new it is


GENERAL: Floats = np.array(
    [0.1, 0.2, 0.2, 0.2, 0.4, 0.3, 0.1, 0.2, 0.2, 0.3, 0.1], dtype=np.float32
)
"""The weights before anything is known."""
DOUBT = 100.0  # as many held-back reactions as it takes to move far from them
ROUNDS = 25
PRECISE = 1e-3


def weighed(examples: Sequence[Floats]) -> Floats:
    """A weight for each sign: half-way from what holds in general to what fits these best.

    Args:
        examples: of each held-back reaction the signs (signs, items) of items to choose from, the
            one reacted to first.
    """
    found = GENERAL.astype(np.float64)
    lost, slope, bend = _loss(found, examples)
    for _ in range(ROUNDS):
        free = (found > 0) | (slope < 0)
        step = np.zeros_like(found)
        step[free] = np.linalg.solve(bend[np.ix_(free, free)], slope[free])
        while np.abs(step).max() > PRECISE:
            moved = np.maximum(found - step, 0)
            less, steep, bent = _loss(moved, examples)
            if less < lost:
                break
            step /= 2
        else:
            break
        found, lost, slope, bend = moved, less, steep, bent
    return ((found + GENERAL) / 2).astype(np.float32)


def _loss(weights: Weights, examples: Sequence[Floats]) -> tuple[float, Weights, Weights]:
    """How unlikely what was reacted to is by these weights, its slope and how that bends."""
    away = weights - GENERAL
    lost, slope, bend = float(DOUBT * away @ away / 2), DOUBT * away, DOUBT * np.eye(len(away))
    for signs in examples:
        worth = weights @ signs
        worth -= worth.max()
        likely = np.exp(worth)
        total = likely.sum()
        likely /= total
        mean = signs @ likely
        lost += float(np.log(total) - worth[0])
        slope += mean - signs[:, 0]
        bend += (signs * likely) @ signs.T - np.outer(mean, mean)
    return lost, slope, bend
