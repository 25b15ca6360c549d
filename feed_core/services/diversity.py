"""A page that is not all the same: different things, different makers, something unexpected."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from feed_core.services.crowd import Floats, Places
from feed_core.services.ranking import best
from feed_core.services.recipes import Recipe

HEAD = 200  # so many of the best are compared with each other


@dataclass(frozen=True, slots=True)
class Pool:
    """The candidates of one page: arrays of one length, a row for each.

    `at` is where among the vectors those of each stand, who may be fewer.
    """

    ids: Places
    scores: Floats
    vectors: Floats  # (…, dimension); rows have length 1, or 0 for what has no text
    makers: Places
    threads: Places
    freshness: Floats  # from 0 to 1
    at: Places

    def without(self, ids: Places) -> "Pool":
        """All but these."""
        return self.kept(np.flatnonzero(~np.isin(self.ids, ids)))

    def kept(self, places: Places) -> "Pool":
        """The candidates in these places."""
        return Pool(
            self.ids[places],
            self.scores[places],
            self.vectors,
            self.makers[places],
            self.threads[places],
            self.freshness[places],
            self.at[places],
        )

    def only(self, places: Places) -> "Pool":
        """The candidates in these places, and no other vectors than theirs."""
        few = self.kept(places)
        return replace(few, vectors=self.vectors[few.at], at=np.arange(len(places)))


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
    k = min(k, len(pool.ids))
    size = max(HEAD, k)
    head = best(pool.scores, pool.ids, size)
    is_rest = np.ones(len(pool.ids), dtype=bool)
    is_rest[head if size < len(pool.ids) else head[:k]] = False
    rest = np.flatnonzero(is_rest)
    draw = np.full(len(pool.ids), -np.inf, dtype=np.float32)
    lucky = rest[:0]
    if recipe.explore:
        draw[rest] = luck = _drawn(pool.freshness[rest], seed)
        lucky = rest[best(luck, rest, int(k * recipe.explore) + 1)]
    # The best first: of equals the first one is taken.
    few = np.concatenate([head, lucky]) if size < len(pool.ids) else head
    page = _walk(pool.only(few), draw[few], recipe, k=k, head=len(head))
    if page is None:  # nothing but a row too long was left of those
        all_ = np.concatenate([head, rest[~np.isin(rest, head)]])
        page = _walk(pool.only(all_), draw[all_], recipe, k=k, head=len(head), last=True)
    return page or []


def _walk(
    pool: Pool, luck: Floats, recipe: Recipe, *, k: int, head: int, last: bool = False
) -> list[Pick] | None:
    """Fill the places one by one; None where a row gets too long, unless this is the last try.

    The first `head` of the pool may go by their scores, the best of them first.
    """
    worth = np.full(len(pool.ids), -np.inf, dtype=np.float32)
    worth[:head] = (1 - recipe.variety) * _scaled(pool.scores[:head])
    # `wanted` is what each is worth less how like it is to the likest on the page.
    wanted, luck, left = worth.copy(), luck.copy(), pool.scores.astype(np.float32)
    far, less = np.float32(recipe.variety) * pool.vectors, np.empty_like(worth)
    belongs = [(it, it.tolist()) for it in (pool.makers, pool.threads)]
    page: list[int] = []
    lucky: list[bool] = []
    while len(page) < k:
        due = int((len(page) + 1) * recipe.explore) > int(len(page) * recipe.explore)
        barred = _too_long(belongs, page[-recipe.in_a_row :], recipe.in_a_row)
        for offer in (luck, wanted, left) if due else (wanted, left):
            open_ = offer if barred is None else np.where(barred, -np.inf, offer)
            chosen = int(open_.argmax())
            if open_[chosen] > -np.inf:
                break
        else:
            if not last:
                return None
            chosen = int(left.argmax())
        wanted[chosen] = luck[chosen] = left[chosen] = -np.inf  # it stands on a place
        np.dot(far, pool.vectors[chosen], out=less)
        np.minimum(wanted, np.subtract(worth, less, out=less), out=wanted)
        page.append(chosen)
        lucky.append(offer is luck)
    return list(map(Pick, pool.ids[page].tolist(), lucky))


def _too_long(
    belongs: Sequence[tuple[Places, Sequence[int]]], last: Sequence[int], in_a_row: int
) -> NDArray[np.bool_] | None:
    """Which candidates would make a row of one maker or thread longer than allowed, if any.

    What each candidate belongs to is an array and the same as a list, of which one is read sooner.
    """
    if len(last) < in_a_row:
        return None
    barred = None
    for column, listed in belongs:
        if len({listed[place] for place in last}) == 1:
            long: NDArray[np.bool_] = column == listed[last[0]]
            barred = long if barred is None else barred | long
    return barred


def _scaled(scores: Floats) -> Floats:
    """From 0 for the lowest to 1 for the highest; all 1 if they are the same."""
    if not len(scores):
        return scores
    low, spread = scores.min(), np.ptp(scores)
    found: Floats = (scores - low) / spread if spread > 0 else np.ones_like(scores)
    return found


def _drawn(freshness: Floats, seed: int) -> Floats:
    """A lottery in which the chance is in proportion to freshness: who waits least is first."""
    waits = np.random.default_rng(seed).standard_exponential(len(freshness), dtype=np.float32)
    drawn = -waits / np.maximum(freshness, np.float32(1e-3))
    return drawn.astype(np.float32, copy=False)
