"""Items as points, so that what the same members like stands in the same direction.

The strongest directions of the matrix of members and items, damped on both sides so that neither
the busy nor the popular fill them: PureSVD (Cremonesi, Koren and Turrin 2010, "Performance of
recommender algorithms on top-n recommendation tasks") of the normalised graph (Shen et al. 2021,
"How powerful is graph convolution for recommendation?"), found by subspace iteration from a random
start (Halko, Martinsson and Tropp 2011, "Finding structure with randomness").
"""

from dataclasses import dataclass

import numpy as np

from feed_core.services.crowd import Floats, Places
from feed_core.services.votes import Lists

DAMPED = 0.25  # power by which busyness and popularity are damped
ENOUGH = 8  # members, and items, for each direction: as many would tell all of them apart
FEWEST = 4  # directions; fewer tell only what is popular
SPARE = 8  # directions that are found less well and dropped
ROUNDS = 4


@dataclass(frozen=True, slots=True)
class Factors:
    """Each item as one that is liked and as one that is wanted, strongest directions first.

    Where too few members or items are known to tell directions, all are 0.
    """

    liked: Floats  # (items, directions)
    wanted: Floats  # (items, directions)

    @classmethod
    def of(cls, members: Places, items: Places, most: int) -> "Factors":
        """From the places of each pair; every place from 0 to the highest occurs in some pair."""
        if not len(items):
            return cls(np.zeros((0, most), dtype=np.float32), np.zeros((0, most), dtype=np.float32))
        busy, popular = np.bincount(members), np.bincount(items)
        by_member = Lists.of(members, np.arange(len(items)), len(busy))
        by_item = Lists.of(items, np.arange(len(items)), len(popular))
        weight = (busy[members] * popular[items]) ** np.float32(-DAMPED)
        weight = weight.astype(np.float32)[:, None]

        def liked_by(columns: Floats) -> Floats:
            return _sums(by_member, weight, items, columns)

        def likers_of(rows: Floats) -> Floats:
            return _sums(by_item, weight, members, rows)

        count = min(most + SPARE, len(busy), len(popular))
        found = np.random.default_rng(0).normal(size=(len(popular), count)).astype(np.float32)
        for _ in range(ROUNDS):
            found = np.linalg.qr(likers_of(liked_by(found)))[0]
        _, _, turned = np.linalg.svd(liked_by(found), full_matrices=False)
        directions = np.zeros((len(popular), most), dtype=np.float32)
        kept = min(most, len(busy) // ENOUGH, len(popular) // ENOUGH)
        if kept < FEWEST:
            kept = 0
        directions[:, :kept] = (found @ turned.T)[:, :kept]
        known = (popular[:, None] ** np.float32(DAMPED)).astype(np.float32)
        return cls(directions / known, directions * known)

    def wish(self, liked: Places) -> Floats:
        """Where somebody stands who likes the items in these places, shape (directions,)."""
        wish: Floats = self.liked[liked].sum(axis=0)
        return wish


def _sums(lists: Lists, weight: Floats, other: Places, rows: Floats) -> Floats:
    """For each list the weighed sum of the rows that its pairs point to."""
    at = lists.places
    found: Floats = np.add.reduceat(rows[other[at]] * weight[at], lists.start[:-1], axis=0)
    return found
