"""The most telling sentences of many, by LexRank."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from memory.asking import EMPTY
from memory.words import stems

DAMPING = 0.85
ROUNDS = 30
AT_ONCE = 400  # sentences that are compared with each other
LEFT = 40  # of so many, where there are more
FEW = 9  # words, below which a sentence says little by itself
NEW = 0.6  # how much being told already counts against a sentence
ASKS = 0.7  # the part of its rank that a mere question keeps

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Ranked:
    """How much sentences have in common with all others, and with each other.

    `ranks` has shape (n,) and sums up to at most 1; `alike`, shape (n, n), holds cosines, 0 on
    its diagonal.
    """

    ranks: Floats
    alike: Floats

    def best(self, count: int, *, but: Collection[int] = ()) -> list[int]:
        """The positions of the `count` most telling ones, the best first, none told twice.

        Maximal marginal relevance (Carbonell and Goldstein 1998): each is chosen for its rank less
        its likeness to those that are chosen already, `but` among them.
        """
        chosen, told = list[int](), list(but)
        scale = float(self.ranks.max(initial=0.0)) or 1.0
        while len(chosen) < min(count, len(self.ranks) - len(but)):
            repeats = self.alike[:, told].max(axis=1) if told else np.zeros(len(self.ranks))
            worth = self.ranks / scale - NEW * repeats
            worth[told] = -np.inf
            chosen.append(int(worth.argmax()))
            told.append(chosen[-1])
        return chosen


def ranked(texts: Sequence[str], about: str = "") -> Ranked:
    """What sentences of one thread are worth; `about` is what the thread is about.

    LexRank (Erkan and Radev 2004): the stationary distribution of a walk over TF-IDF likenesses;
    where there is something that they are about, the walk begins anew there (Otterbacher, Erkan
    and Radev 2005). A mere question and a sentence of a few words keep a part of their rank.
    """
    if not texts:
        return Ranked(np.zeros(0), np.zeros((0, 0)))
    bags = [Counter(it for it in stems(text) if it not in EMPTY) for text in (*texts, about)]
    unit = _weighted(bags)
    alike = unit[:-1] @ unit[:-1].T
    np.fill_diagonal(alike, 0)
    begin = unit[:-1] @ unit[-1] + 1 / len(texts)
    ranks = _walked(alike, begin / begin.sum())
    asks = np.array([ASKS if it.rstrip().endswith(("?", "？")) else 1.0 for it in texts])
    said = np.array([min(1.0, sum(bag.values()) / FEW) for bag in bags[:-1]])
    return Ranked(ranks * asks * said, alike)


def most_telling(texts: Sequence[str], count: int, about: str = "") -> list[int]:
    """The positions of the `count` texts that tell most of them all, in order."""
    if len(texts) <= count:
        return list(range(len(texts)))
    there = compared(texts, about)
    best = ranked([texts[it] for it in there], about).best(count)
    return sorted(there[it] for it in best)


def compared(texts: Sequence[str], about: str = "") -> list[int]:
    """The positions of the texts that are worth comparing with each other, at most 400, in order.

    Of more than that, the best of each run stand for it.
    """
    there = list(range(len(texts)))
    while len(there) > AT_ONCE:
        runs = [there[it : it + AT_ONCE] for it in range(0, len(there), AT_ONCE)]
        there = [
            run[it]
            for run in runs
            for it in sorted(ranked([texts[at] for at in run], about).best(LEFT))
        ]
    return there


def _weighted(bags: Sequence[Counter[str]]) -> Floats:
    """TF-IDF rows of length 1, or of zeros where there is no word."""
    words = {word: n for n, word in enumerate(sorted(set().union(*bags)))}
    frequency = np.zeros((len(bags), max(1, len(words))))
    for row, bag in enumerate(bags):
        for word, times in bag.items():
            frequency[row, words[word]] = times
    weighted = frequency * np.log(1 + len(bags) / (1 + (frequency > 0).sum(axis=0)))
    norms = np.linalg.norm(weighted, axis=1, keepdims=True)
    rows: Floats = weighted / np.where(norms == 0, 1, norms)
    return rows


def _walked(alike: Floats, begin: Floats) -> Floats:
    totals = alike.sum(axis=1, keepdims=True)
    steps = np.where(totals > 0, alike / np.where(totals == 0, 1, totals), begin)
    ranks = begin
    for _ in range(ROUNDS):
        ranks = (1 - DAMPING) * begin + DAMPING * ranks @ steps
    return ranks
