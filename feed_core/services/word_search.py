"""What finds creations by their words; one implementation for each kind of database."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log
from typing import Protocol

from feed_core.models.creations import Creation
from feed_core.services.terms import terms
from feed_core.store import Store, View, Work

MOST_RANKED = 20_000  # hits; of more than these only the newest are ranked
MOST_TERMS = 16  # of one query: nobody types more on purpose, and each costs time
# How much a term counts in a title, a body (with its alternative text) and among the tags.
TITLE, BODY, TAGS = 4, 1, 2
BEGUN = 8  # characters of a word's beginning that are indexed
LARGEST = 32_767  # weight and length that are told apart
K1, B = 1.2, 0.75  # of BM25, as Robertson and Zaragoza (2009) give them
LEAST = 1e-6  # weight of a term that most creations have
LENGTHS = 200  # creations from which the usual length is told


@dataclass(frozen=True, slots=True)
class Hits:
    """Numbers of creations, best first; `capped`: older hits were not even ranked."""

    ids: Sequence[int]
    capped: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """What an index keeps of one creation: how much each of its terms counts, and its length."""

    number: int
    title: Sequence[str]
    weights: Mapping[str, int]
    length: int


class WordSearch(Protocol):
    """An index of the terms of creations; it knows nothing of who may see what.

    Terms are those of `terms.terms`, at most the first MOST_TERMS of a query count.
    """

    async def put(self, work: Work, *creations: Creation, new: bool = False) -> None:
        """Index creations, in place of what was indexed under their numbers; `new`: nothing was."""
        ...

    async def remove(self, work: Work, *creation_ids: int) -> None:
        """Take creations out; nothing happens where there are none."""
        ...

    async def find(self, view: View, wanted: Sequence[str], *, every: bool, limit: int) -> Hits:
        """The creations that hold every term, or any of them, by BM25; of equal ones the newest."""
        ...

    async def begun_with(
        self, view: View, begun: Sequence[str], *, numbers: bool, before_id: int, limit: int
    ) -> list[int]:
        """Creations older than `before_id`, newest first, by half-typed terms.

        Each has, for every one of the terms, a word in its title or a number that begins with it;
        with `numbers` only the number counts.
        """
        ...

    async def clear(self, work: Work) -> None:
        """Empty the index, leaving nothing of it behind."""
        ...

    async def forget(self, store: Store) -> None:
        """Clear away, in small transactions, what removed creations left behind."""
        ...


def number_of(creation: Creation) -> int:
    """The number of a creation that is stored."""
    assert creation.id is not None
    return creation.id


def distinct(wanted: Sequence[str]) -> list[str]:
    """The terms of a query that count, each once."""
    return list(dict.fromkeys(wanted))[:MOST_TERMS]


def said(creation: Creation) -> Said:
    """What an index keeps of a creation."""
    title = terms(creation.title)
    body, tags = terms(f"{creation.body} {creation.alt}"), terms(" ".join(creation.tags))
    weights: Counter[str] = Counter()
    for weight, words in ((TITLE, title), (BODY, body), (TAGS, tags)):
        for it in words:
            weights[it] += weight
    for it in [it for it, weight in weights.items() if weight > LARGEST]:
        weights[it] = LARGEST
    length = min(len(title) + len(body) + len(tags), LARGEST)
    return Said(number_of(creation), title, weights, length)


def rarity(count: float, among: float) -> float:
    """How much a term counts that `count` of `among` creations hold (BM25's inverse frequency)."""
    return max(log((among - count + 0.5) / (count + 0.5)), LEAST)
