"""What to show one member first: four parts of a score, weighed by a recipe."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from feed_core.services.crowd import Crowd, Floats, Moments, Places, Reacted, When, seconds
from feed_core.services.recipes import FOR_YOU, Recipe
from feed_core.services.taste import LATEST, Likes, Vectors, chosen, read, standard, taste
from feed_core.services.wordbag import word_vectors


@dataclass(frozen=True, slots=True)
class Candidates:
    """What may be shown: arrays of one length.

    Votes, quality and freshness are of any scale; closeness is 1 for a followed maker.
    """

    ids: Places
    votes: tuple[Floats, Floats]  # of a wide and of a narrow circle, see `Voices`
    vectors: Floats  # (candidates, dimension); rows have length 1, or 0 for what has no text
    quality: Floats
    freshness: Floats
    closeness: Floats


def score(likes: Likes, pool: Candidates, recipe: Recipe) -> Floats:
    """One score for each candidate: the parts on one scale, weighed; shape (candidates,)."""
    total = np.zeros(len(pool.ids), dtype=np.float32)
    if recipe.taste:
        found = taste(pool.votes, likes, pool.vectors)
        total += np.float32(recipe.taste) * standard(found)
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


class Known:
    """Reactions and texts made ready to be asked about one member after the other."""

    def __init__(
        self, crowd: Crowd, texts: Mapping[int, str], *, vectors: Vectors = word_vectors
    ) -> None:
        self.crowd = crowd
        self.ids: Places = np.union1d(crowd.ids, np.array(list(texts), dtype=np.int64))
        """All items, rising."""
        self.vectors = read(texts, self.ids, vectors)
        """Their texts, a row for each."""
        self._born = np.full(len(self.ids), np.inf)
        self._born[np.isin(self.ids, crowd.ids)] = crowd.first_liked()

    @classmethod
    def of(
        cls,
        reactions: Iterable[Reacted],
        texts: Mapping[int, str],
        *,
        vectors: Vectors = word_vectors,
    ) -> "Known":
        """From (member, item, when) in any order; when is a datetime or a number that grows."""
        return cls(Crowd.of(reactions), texts, vectors=vectors)

    def likes(self, member: int) -> Likes:
        """What a member reacted to."""
        ids = self.crowd.liked_by(member)
        weights = np.ones(len(ids), dtype=np.float32)
        return Likes(ids, weights, chosen(self.vectors, self.ids, ids[-LATEST:]))

    def quality(self, now: float) -> Floats:
        """The logarithm of how often each item was liked about now."""
        found = np.zeros(len(self.ids), dtype=np.float32)
        found[np.isin(self.ids, self.crowd.ids)] = self.crowd.liked_lately(now)
        return found

    def freshness(self, now: float, born: Mapping[int, When] | None = None) -> Floats:
        """From 1 for what is new to 0 for what is old; the mean where nothing is known.

        Without `born` an item is as old as its oldest reaction.
        """
        since = self._born.copy()
        for item, when in (born or {}).items():
            place = np.searchsorted(self.ids, item)
            if place < len(self.ids) and self.ids[place] == item:
                since[place] = seconds(when)
        return fresh(since, now, self.crowd.pace)


def fresh(since: Moments, now: float, pace: float) -> Floats:
    """From 1 for what is of now to 0 for what is old; the mean where it is not known (inf)."""
    known = np.isfinite(since)
    found = np.zeros(len(since), dtype=np.float32)
    if pace and known.any():
        found[known] = np.exp(-np.abs(now - since[known]) / pace)
        found[~known] = found[known].mean()
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

    For many members make `Known.of(reactions, texts)` once and ask `rank_with` for each; the
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
    known = Known.of(reactions, texts, vectors=vectors)
    return rank_with(known, member, k=k, among=among, now=now, recipe=recipe)


def rank_with(
    known: Known,
    member: int,
    *,
    k: int,
    among: Collection[int] | None = None,
    now: When | None = None,
    born: Mapping[int, When] | None = None,
    recipe: Recipe = FOR_YOU,
) -> list[int]:
    """The same as `rank`; `born` tells the age of items better than their first reaction does."""
    ids, scores = scored(known, member, among=among, now=now, born=born, recipe=recipe)
    return [int(ids[place]) for place in best(scores, ids, k)]


def scored(
    known: Known,
    member: int,
    *,
    among: Collection[int] | None = None,
    now: When | None = None,
    born: Mapping[int, When] | None = None,
    recipe: Recipe = FOR_YOU,
) -> tuple[Places, Floats]:
    """The ids of all items that `rank` may choose from, rising, and the score of each."""
    likes = known.likes(member)
    open_to = ~np.isin(known.ids, likes.ids)
    if among is not None:
        open_to &= np.isin(known.ids, np.array(list(among), dtype=np.int64))
    pool = np.flatnonzero(open_to)
    moment = known.crowd.last_seen(member) if now is None else seconds(now)
    at = known.crowd.at(known.ids[pool])
    voices = known.crowd.ask(likes.ids, likes.weights)
    candidates = Candidates(
        ids=known.ids[pool],
        votes=(voices.wide[at], voices.narrow[at]),
        vectors=known.vectors[pool],
        quality=known.quality(moment)[pool],
        freshness=known.freshness(moment, born)[pool],
        closeness=np.zeros(len(pool), dtype=np.float32),
    )
    return candidates.ids, score(likes, candidates, recipe)
