"""A page that is not all the same: different things, different makers, something unexpected."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from feed_core.services.ranking import Recipe, best
from feed_core.services.taste import Floats, Places

HEAD = 200  # so many of the best are compared with each other


@dataclass(frozen=True, slots=True)
class Pool:
    """The candidates of one page: arrays of one length, a row for each."""

    ids: Places
    scores: Floats
    vectors: Floats  # (candidates, dimension); rows have length 1, or 0 for what has no text
    makers: Places
    threads: Places
    freshness: Floats  # from 0 to 1


@dataclass(frozen=True, slots=True)
class Pick:
    """One place on the page, and whether the score or chance gave it."""

    id: int
    explored: bool = False


def compose(pool: Pool, recipe: Recipe, *, k: int, seed: int) -> list[Pick]:
    """At most k different candidates in the order of the page; the same seed, the same page.

    The best go by maximal marginal relevance (Carbonell and Goldstein 1998): each place goes to
    what scores high and is unlike what stands there already. A share of places goes by chance to
    the fresh among the rest. More than `recipe.in_a_row` of a maker or thread follow each other
    only where nothing else is left.
    """
    order = best(pool.scores, pool.ids, len(pool.scores))
    size = max(HEAD, k)
    head, rest = order[:size], order[size:] if len(order) > size else order[k:]
    worth, luck = _nothing(pool), _nothing(pool)  # of what stands on no place yet
    worth[head] = (1 - recipe.variety) * _scaled(pool.scores[head])
    luck[rest] = _drawn(pool.freshness[rest], seed)
    left = pool.scores.astype(np.float32)
    alike = np.zeros(len(pool.ids), dtype=np.float32)  # to what stands on the page, for the head
    vectors = pool.vectors[head]
    page: list[int] = []
    picks: list[Pick] = []
    while len(page) < min(k, len(pool.ids)):
        due = int((len(page) + 1) * recipe.explore) > int(len(page) * recipe.explore)
        wanted = worth - np.float32(recipe.variety) * alike
        offers = (luck, wanted, left) if due else (wanted, left)
        barred = _too_long(pool, page[-recipe.in_a_row :], recipe.in_a_row)
        offered = next((it for it in offers if np.isfinite(it[~barred]).any()), None)
        if offered is None:
            chosen = int(np.argmax(left))
        else:
            chosen = int(np.argmax(np.where(barred, -np.inf, offered)))
        worth[chosen] = luck[chosen] = left[chosen] = -np.inf
        alike[head] = np.maximum(alike[head], vectors @ pool.vectors[chosen])
        page.append(chosen)
        picks.append(Pick(int(pool.ids[chosen]), offered is luck))
    return picks


def _too_long(pool: Pool, last: Sequence[int], in_a_row: int) -> NDArray[np.bool_]:
    """Which candidates would make a row of one maker or thread longer than allowed."""
    barred = np.zeros(len(pool.ids), dtype=bool)
    if len(last) == in_a_row:
        for column in (pool.makers, pool.threads):
            if len({int(column[place]) for place in last}) == 1:
                barred |= column == column[last[0]]
    return barred


def _nothing(pool: Pool) -> Floats:
    return np.full(len(pool.ids), -np.inf, dtype=np.float32)


def _scaled(scores: Floats) -> Floats:
    """From 0 for the lowest to 1 for the highest; all 1 if they are the same."""
    if not len(scores):
        return scores
    low, spread = scores.min(), np.ptp(scores)
    found: Floats = (scores - low) / spread if spread > 0 else np.ones_like(scores)
    return found


def _drawn(freshness: Floats, seed: int) -> NDArray[np.float32]:
    """A lottery in which the chance is in proportion to freshness: the Gumbel-max trick."""
    noise = np.random.default_rng(seed).gumbel(size=len(freshness))
    return (np.log(np.maximum(freshness, 1e-3)) + noise).astype(np.float32)
