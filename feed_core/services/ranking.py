"""What to show one member first: parts of a score, weighed by a recipe or as it proves right."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from feed_core.services.crowd import Floats, Places, Reacted, When, seconds
from feed_core.services.known import Known as Known
from feed_core.services.recipes import FOR_YOU, Recipe
from feed_core.services.taste import Likes, Vectors, alike, standard, taste
from feed_core.services.wordbag import word_vectors


@dataclass(frozen=True, slots=True)
class Candidates:
    """What may be shown: arrays of one length, but for the vectors.

    Votes, quality and freshness are of any scale; closeness is 1 for a followed maker.
    """

    ids: Places
    votes: tuple[Floats, Floats]  # of a wide and of a narrow circle, see `Voices`
    vectors: Floats  # (…, dimension); rows have length 1, or 0 for what has no text
    at: Places  # where among the vectors those of each stand
    quality: Floats
    freshness: Floats
    closeness: Floats
    near: Floats | None = None  # to the texts that the member likes, where it is known already


def score(likes: Likes, pool: Candidates, recipe: Recipe) -> Floats:
    """One score for each candidate: the parts on one scale, weighed; shape (candidates,)."""
    total = np.zeros(len(pool.ids), dtype=np.float32)
    if recipe.taste:
        near = alike(pool.vectors, pool.at, likes) if pool.near is None else pool.near
        total += np.float32(recipe.taste) * standard(taste(pool.votes, near))
    for weight, part in ((recipe.quality, pool.quality), (recipe.freshness, pool.freshness)):
        if weight:
            total += np.float32(weight) * standard(part)
    return total + np.float32(recipe.closeness) * pool.closeness


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
    k: int | None = None,
    among: Collection[int] | None = None,
    now: When | None = None,
    vectors: Vectors = word_vectors,
    recipe: Recipe | None = None,
) -> list[int]:
    """The ids of at most k items for this member, best first; never one they reacted to.

    For many members make `Known.of(reactions, texts)` once and ask `rank_with` for each; the
    answers are the same. What was last asked about is remembered, so that asking again for
    another member is quick here too. A stranger gets what is popular and fresh.

    Args:
        reactions: (member, item, when) in any order; when is a datetime or any number that grows,
            and may be left out.
        texts: what each item says; items with a text and without a reaction can be recommended.
        member: for whom.
        k: how many; all if not given.
        among: only these items, if given.
        now: as of when popularity and freshness count; when the member last reacted, if not given.
        vectors: makes vectors of texts, e.g. `Embedder().vectors`; a hashed bag of words if not
            given.
        recipe: how the parts are weighed, as on a page of the feed; if not given, everything that
            can tell is weighed as it proves right in these reactions (see `Known.weights`).
    """
    known = _known(tuple(map(tuple, reactions)), tuple(sorted(texts.items())), vectors)  # type: ignore[arg-type]  # functions can be hashed
    return rank_with(known, member, k=k, among=among, now=now, recipe=recipe)


def rank_with(
    known: Known,
    member: int,
    *,
    k: int | None = None,
    among: Collection[int] | None = None,
    now: When | None = None,
    born: Mapping[int, When] | None = None,
    recipe: Recipe | None = None,
) -> list[int]:
    """The same as `rank`; `born` tells the age of items better than their first reaction does."""
    ids, scores = scored(known, member, among=among, now=now, born=born, recipe=recipe)
    count = len(ids) if k is None else k
    return [int(ids[place]) for place in best(scores, ids, count)]


def scored(
    known: Known,
    member: int,
    *,
    among: Collection[int] | None = None,
    now: When | None = None,
    born: Mapping[int, When] | None = None,
    recipe: Recipe | None = None,
) -> tuple[Places, Floats]:
    """The ids of all items that `rank` may choose from, rising, and the score of each."""
    likes = known.likes(member)
    open_to = ~np.isin(known.ids, likes.ids)
    if among is not None:
        open_to &= np.isin(known.ids, np.array(list(among), dtype=np.int64))
    pool = np.flatnonzero(open_to)
    moment = known.crowd.last_seen(member) if now is None else seconds(now)
    if recipe is None and len(likes.ids):
        found: Floats = known.weights @ known.signs(member, moment, born)
        return known.ids[pool], found[pool]
    at = known.crowd.at(known.ids[pool])
    voices = known.crowd.ask(likes.ids, likes.weights)
    candidates = Candidates(
        ids=known.ids[pool],
        votes=(voices.wide[at], voices.narrow[at]),
        vectors=known.vectors,
        at=pool,
        quality=known.quality(moment)[pool],
        freshness=known.freshness(moment, born)[pool],
        closeness=np.zeros(len(pool), dtype=np.float32),
    )
    return candidates.ids, score(likes, candidates, recipe or FOR_YOU)


@lru_cache(maxsize=1)
def _known(
    reactions: tuple[Reacted, ...], texts: tuple[tuple[int, str], ...], vectors: Vectors
) -> Known:
    """The same as `Known.of`, the last one kept."""
    return Known.of(reactions, dict(texts), vectors=vectors)
