"""One member's taste: what people with like taste like, and what reads like what they liked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from feed_core.services.crowd import Floats, Places, find

LATEST = 32  # of a member's likes, the newest are compared by text
SHARP = 2  # power of text similarity: one close text says more than many that are a little alike
PIECE = 256  # texts that are compared at once: what is copied for it stays near the processor
FEW = 20  # texts from which on their mean counts for more than half
NARROW_PART = 1.0  # of the hundred nearest members' votes, beside those of the wide circle
TEXT_PART = 0.2  # of text similarity, beside all votes


class Vectors(Protocol):
    """Turns texts into rows of the same length, of float32; each row has length 1 (or is 0)."""

    def __call__(self, texts: Sequence[str], /) -> Floats:
        """One row for each text."""


@dataclass(frozen=True, slots=True)
class Likes:
    """What one member likes, oldest first.

    `vectors` are of the newest, LATEST or fewer, made as short as those that they are compared
    with; `whole` are the same before, where something is said of what is like them.
    """

    ids: Places
    weights: Floats  # how much each tells; 1 is a reaction
    vectors: Floats  # length 1 if whole, or 0 without a text
    whole: Floats | None = None


def taste(votes: tuple[Floats, Floats], near: Floats) -> Floats:
    """How much a member would like each of some items: votes of the crowd, and texts.

    Each part is a standard score among the items, so the scale is that of standard scores too.
    `near` is what `alike` finds.
    """
    wide, narrow = votes
    found = standard(standard(wide) + np.float32(NARROW_PART) * standard(narrow))
    return found + np.float32(TEXT_PART) * standard(near)


def alike(vectors: Floats, at: Places, likes: Likes) -> Floats:
    """How near some texts are to those of the newest likes, the nearest of them counting most.

    `at` is where among the vectors those of each stand; shape (at,).
    """
    found = np.zeros(len(at), dtype=np.float32)
    if not len(likes.vectors):
        return found
    liked, weights = likes.vectors.T, likes.weights[-len(likes.vectors) :]
    rows = np.empty((min(PIECE, len(at)), vectors.shape[1]), dtype=np.float32)
    for first in range(0, len(at), PIECE):
        piece = at[first : first + PIECE]
        some = rows[: len(piece)]
        vectors.take(piece, axis=0, out=some, mode="clip")  # unlike "raise" it copies once
        near = some @ liked
        np.maximum(near, 0, out=near)
        np.matmul(near**SHARP, weights, out=found[first : first + PIECE])
    return found


def alike_many(vectors: Floats, many: Sequence[Likes]) -> list[Floats]:
    """What `alike` finds for each of many members, by one matrix product for all of them."""
    near = np.maximum(vectors @ np.concatenate([it.vectors for it in many]).T, 0) ** SHARP
    ends = np.cumsum([len(it.vectors) for it in many])
    return [
        near[:, end - len(it.vectors) : end] @ it.weights[len(it.weights) - len(it.vectors) :]
        for it, end in zip(many, ends.tolist(), strict=True)
    ]


def centred(rows: Floats, mean: Floats) -> Floats:
    """Vectors without what all texts have in common; rows have length 1, or 0 without a text."""
    found = np.where(rows.any(axis=1, keepdims=True), rows - mean, np.float32(0))
    length = np.linalg.norm(found, axis=1, keepdims=True)
    found /= np.where(length > 0, length, 1)
    return found


def in_common(rows: Floats) -> Floats:
    """What the texts have in common: of a few, little is known to be shared."""
    told = rows.any(axis=1).sum()
    shared: Floats = rows.sum(axis=0) / np.float32(told + FEW)
    return shared


def read(texts: Mapping[int, str], ids: Places, vectors: Vectors) -> Floats:
    """The centred vectors of these items' texts, shape (ids, dimension)."""
    told = [n for n, item in enumerate(ids.tolist()) if texts.get(item, "").strip()]
    if not told:
        return np.zeros((len(ids), 1), dtype=np.float32)
    rows = vectors([texts[int(ids[n])] for n in told])
    found = np.zeros((len(ids), rows.shape[1]), dtype=np.float32)
    found[told] = centred(rows, in_common(rows))
    return found


def chosen(rows: Floats, ids: Places, wanted: Places) -> Floats:
    """The rows of the wanted ids, where `ids` rise; zeros for one that is not among them."""
    at, known = find(ids, wanted)
    found = np.zeros((len(wanted), rows.shape[1]), dtype=np.float32)
    found[known] = rows[at[known]]
    return found


def standard(scores: Floats) -> Floats:
    """Scores with mean 0 and standard deviation 1; zeros if all are the same."""
    if not len(scores):
        return scores
    # Written out, both are quicker than what NumPy has for them.
    away: Floats = scores - np.add.reduce(scores) / len(scores)
    spread = np.sqrt(away @ away / len(away))
    if spread < 1e-9:
        return np.zeros_like(scores)
    away /= spread
    return away
