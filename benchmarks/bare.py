"""The ranking of a page written out in NumPy, with nothing around it: what to measure by."""

import numpy as np

from feed_core.services.crowd import Floats, Places
from feed_core.services.ranking import Candidates
from feed_core.services.recipes import FOR_YOU
from feed_core.services.taste import NARROW_PART, TEXT_PART, Likes

HEAD = 200


def score(likes: Likes, pool: Candidates) -> Floats:
    """The same scores as the product's."""
    wide, narrow = pool.votes
    votes = z(wide) + np.float32(NARROW_PART) * z(narrow)
    near = np.maximum(pool.vectors[pool.at] @ likes.vectors.T, 0) ** 2
    text = near @ likes.weights[len(likes.weights) - len(likes.vectors) :]
    taste = z(votes) + np.float32(TEXT_PART) * z(text)
    found: Floats = (
        np.float32(FOR_YOU.taste) * z(taste)
        + np.float32(FOR_YOU.quality) * z(pool.quality)
        + np.float32(FOR_YOU.freshness) * z(pool.freshness)
        + np.float32(FOR_YOU.closeness) * pool.closeness
    )
    return found


def page(scores: Floats, vectors: Floats, k: int) -> Places:
    """The best by maximal marginal relevance, without surprises and rows cut short."""
    head = np.argpartition(-scores, HEAD)[:HEAD] if len(scores) > HEAD else np.arange(len(scores))
    near, worth = vectors[head], scores[head]
    worth = (1 - FOR_YOU.variety) * (worth - worth.min()) / np.ptp(worth)
    alike = np.zeros(len(head), dtype=np.float32)
    chosen = np.empty(min(k, len(head)), dtype=np.int64)
    for place in range(len(chosen)):
        best = int(np.argmax(worth - np.float32(FOR_YOU.variety) * alike))
        worth[best] = -np.inf
        chosen[place] = best
        np.maximum(alike, near @ near[best], out=alike)
    return head[chosen]


def z(part: Floats) -> Floats:
    """Standard scores."""
    spread = part.std()
    found: Floats = (part - part.mean()) / (spread if spread > 1e-9 else np.float32(1))
    return found
