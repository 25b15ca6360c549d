"""The most telling sentences of many, by LexRank."""

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

WORD = re.compile(r"\w{3,}")
DAMPING = 0.85
ROUNDS = 30


def most_telling(texts: Sequence[str], count: int) -> list[int]:
    """The positions of the `count` texts that have most in common with all others, in order.

    LexRank (Erkan, Radev 2004): the stationary distribution of a walk over TF-IDF similarities.
    """
    if len(texts) <= count:
        return list(range(len(texts)))
    ranks = _lexrank([Counter(WORD.findall(it.casefold())) for it in texts])
    return sorted(np.argsort(-ranks, kind="stable")[:count].tolist())


def _lexrank(bags: Sequence[Counter[str]]) -> NDArray[np.float64]:
    words = {word: n for n, word in enumerate(sorted(set().union(*bags)))}
    frequency = np.zeros((len(bags), max(1, len(words))))
    for row, bag in enumerate(bags):
        for word, times in bag.items():
            frequency[row, words[word]] = times
    weighted = frequency * np.log(1 + len(bags) / (1 + (frequency > 0).sum(axis=0)))
    norms = np.linalg.norm(weighted, axis=1, keepdims=True)
    unit = weighted / np.where(norms == 0, 1, norms)
    likeness = unit @ unit.T
    np.fill_diagonal(likeness, 0)
    totals = likeness.sum(axis=1, keepdims=True)
    steps = np.where(totals > 0, likeness / np.where(totals == 0, 1, totals), 1 / len(bags))
    ranks = np.full(len(bags), 1 / len(bags))
    for _ in range(ROUNDS):
        ranks = (1 - DAMPING) / len(bags) + DAMPING * ranks @ steps
    return ranks
