"""What to show one member first: four parts of a score, weighed by a recipe."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from feed_core.services.taste import (
    Floats,
    Places,
    Reacted,
    Taste,
    Vectors,
    When,
    seconds,
    standard,
)
from feed_core.services.wordbag import word_vectors


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a feed is mixed; the weights are of standard scores, so 1 and 1 are equally strong."""

    taste: float = 1.0
    """What people with like taste reacted to, and what reads like what the member liked."""
    quality: float = 0.5
    """How many reacted to it lately."""
    freshness: float = 0.4
    """How new it is."""
    closeness: float = 0.5
    """How near its maker and tags are: followed, remixed, answered."""
    variety: float = 0.3
    """From 0, the best however alike, to 1, the most different however good."""
    in_a_row: int = 2
    """At most so many of one maker, or of one thread, one after the other."""
    explore: float = 0.1
    """The share of places kept for something fresh that scores would not have shown."""


FOR_YOU = Recipe()


@dataclass(frozen=True, slots=True)
class Parts:
    """What speaks for each candidate: four arrays of one length, in any scale of their own."""

    taste: Floats
    quality: Floats
    freshness: Floats
    closeness: Floats


def blend(parts: Parts, recipe: Recipe) -> Floats:
    """One score for each candidate: the parts on one scale, weighed; shape (candidates,)."""
    weighed = (
        (recipe.taste, parts.taste),
        (recipe.quality, parts.quality),
        (recipe.freshness, parts.freshness),
        (recipe.closeness, parts.closeness),
    )
    total = np.zeros(len(parts.taste), dtype=np.float32)
    for weight, part in weighed:
        if weight:
            total += np.float32(weight) * standard(part.astype(np.float32, copy=False))
    return total


def best(scores: Floats, ids: Places, k: int) -> Places:
    """Places of the k highest scores, best first; of equals the higher id, which is newer."""
    k = max(0, min(k, len(scores)))
    if k < len(scores):
        least = np.partition(scores, -k)[-k] if k else np.inf
        kept = np.flatnonzero(scores >= least)
    else:
        kept = np.arange(len(scores))
    found: Places = kept[np.lexsort((-ids[kept], -scores[kept]))][:k]
    return found


def rank(
    reactions: Iterable[Reacted],
    texts: Mapping[int, str],
    member: int,
    *,
    k: int,
    among: Collection[int] | None = None,
    now: When | None = None,
    vectors: Vectors = word_vectors,
    recipe: Recipe = FOR_YOU,
) -> list[int]:
    """The ids of at most k items for this member, best first; never one they reacted to.

    For many members make `Taste.of(reactions, texts)` once and ask `rank_with` for each; the
    answers are the same. A stranger gets what is popular and fresh.

    Args:
        reactions: (member, item, when) in any order; when is a datetime or any number that grows.
        texts: what each item says; items with a text and without a reaction can be recommended.
        member: for whom.
        k: how many; `len(texts)` ranks everything.
        among: only these items, if given.
        now: as of when popularity and freshness count; when the member last reacted, if not given.
        vectors: makes vectors of texts, e.g. `Embedder().vectors`; a hashed bag of words if not
            given.
        recipe: how the parts are weighed.
    """
    taste = Taste.of(reactions, texts, vectors=vectors)
    return rank_with(taste, member, k=k, among=among, now=now, recipe=recipe)


def rank_with(
    taste: Taste,
    member: int,
    *,
    k: int,
    among: Collection[int] | None = None,
    now: When | None = None,
    born: Mapping[int, When] | None = None,
    recipe: Recipe = FOR_YOU,
) -> list[int]:
    """The same as `rank`; `born` tells the age of items better than their first reaction does."""
    ids, scores = scored(taste, member, among=among, now=now, born=born, recipe=recipe)
    return [int(ids[place]) for place in best(scores, ids, k)]


def scored(
    taste: Taste,
    member: int,
    *,
    among: Collection[int] | None = None,
    now: When | None = None,
    born: Mapping[int, When] | None = None,
    recipe: Recipe = FOR_YOU,
) -> tuple[Places, Floats]:
    """The ids of all items that `rank` may choose from, rising, and the score of each."""
    liked = taste.liked_by(member)
    pool = np.arange(len(taste.ids)) if among is None else taste.places(among)
    pool = pool[~np.isin(pool, liked)]
    moment = taste.last_seen(member) if now is None else seconds(now)
    parts = Parts(
        taste=taste.taste(liked)[pool],
        quality=taste.liked_lately(moment)[pool],
        freshness=taste.freshness(moment, born)[pool],
        closeness=np.zeros(len(pool), dtype=np.float32),
    )
    return taste.ids[pool], blend(parts, recipe)
