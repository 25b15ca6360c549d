"""What tells taste is found out from the reactions, and together it tells more than each alone."""

import numpy as np
from numpy.typing import NDArray

from benchmarks.planted import Shape, plant
from benchmarks.rivals import rivals
from benchmarks.taste import draw, last_out
from feed_core.services.blending import Sign
from feed_core.services.ranking import Known, scored


def row(known: Known, member: int) -> NDArray[np.float32]:
    """The score of every item, in the order of their ids, which count from 0."""
    found = np.full(len(known.ids), -np.inf, dtype=np.float32)
    at, scores = scored(known, member)
    found[at] = scores
    return found


def hits(scores: NDArray[np.float32], who: NDArray[np.int64], offers: NDArray[np.int64]) -> float:
    """The share of members whose wanted item, the first, is among the best ten that are offered."""
    offered = np.take_along_axis(scores[who], offers, axis=1)
    return float(((offered[:, 1:] >= offered[:, :1]).sum(axis=1) < 10).mean())


def test_what_tells_taste_in_a_community_is_weighed_more_there() -> None:
    """Two words make all the taste there is, or are said of any item by chance."""
    rng = np.random.default_rng(4)
    members, items = 120, 300
    about, fond = rng.integers(0, 12, items), rng.integers(0, 12, members)
    rows = [
        (member, int(item))
        for member in range(members)
        for item in rng.choice(np.flatnonzero(about == fond[member]), 6, replace=False)
    ]
    told = {n: f"word{about[n]} of many {n}" for n in range(items)}
    vain = dict(zip(told, rng.permutation(list(told.values())).tolist(), strict=True))

    right, wrong = Known.of(rows, told).weights, Known.of(rows, vain).weights

    assert right[Sign.TEXT] > 1.5 * wrong[Sign.TEXT]
    assert wrong[Sign.WIDE] > right[Sign.WIDE]
    assert min(right.min(), wrong.min()) >= 0


def test_more_of_what_was_held_back_is_found_than_by_popularity_and_by_neighbours() -> None:
    world = plant(1, Shape(120, 400, communities=5, activity=0.2))
    split = last_out(world)
    offered = draw(split, 1)
    found = {
        rival.name: max(hits(score(split.liked, split.ago), *offered) for score in rival.settings)
        for rival in rivals(world.texts)
        if rival.name not in ("ALS", "BPR")  # they take longer; benchmarks/taste.py has them
    }
    ours = hits(np.array([row(split.known, it) for it in range(len(split.liked))]), *offered)

    assert ours > max(found.values()), found
