"""A large community that never was: who made, liked, followed and remixed what, all from a seed.

Makers, titles' words, tags, likes and remixes follow power laws; members mostly like what belongs
to the topics they care for, within days of its making. Numbers are those of the database: members
and creations count from 1.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, product

import numpy as np
from numpy.typing import NDArray

Said = tuple[str, str, list[str]]  # title, body, tags
Numbers = NDArray[np.int64]
Moments = NDArray[np.float64]  # seconds since 1970

TOPICS = 200
TAGS = 300
WORDS = 20_000
YEARS = 2.0
DAY = 86_400.0
END = 1_770_000_000.0  # the moment at which it is looked at
REMIXED = 60_000  # of the creations just before it a remix takes one
LONG = 12  # generations of the lineages that are planted
LINES = 20  # of those


@dataclass(frozen=True, slots=True)
class Size:
    """How large a town is."""

    members: int
    creations: int

    @property
    def reactions(self) -> int:
        return 5 * self.creations

    @property
    def edges(self) -> int:
        return 3 * self.creations // 10


@dataclass(frozen=True, slots=True)
class Town:
    """Everything that happened: arrays with a place for each, creations in the order of numbers."""

    size: Size
    makers: Numbers
    topics: Numbers
    published: Moments
    reactions: tuple[Numbers, Numbers, Moments]  # creation, member, when; sorted by the first two
    comments: tuple[Numbers, Numbers, Moments]
    edges: tuple[Numbers, Numbers]  # child, parent
    follows: tuple[Numbers, Numbers]  # member, maker
    bookmarks: tuple[Numbers, Numbers]  # member, creation
    lines: Sequence[Sequence[int]]  # lineages of twelve generations, the oldest first


def found(size: Size, seed: int = 1) -> Town:
    """A town of this size; the same seed, the same town."""
    rng = np.random.default_rng(seed)
    n, people = size.creations, size.members
    makers = 1 + _often(rng, people, n, power=0.6)
    published = END - YEARS * DAY * 365 * (1 - np.sort(rng.random(n)))
    home = rng.integers(TOPICS, size=(people + 1, 3))  # three topics that each member cares for
    topics = np.where(rng.random(n) < 0.8, home[makers, rng.integers(3, size=n)], 0)
    topics = np.where(topics == 0, rng.integers(TOPICS, size=n), topics)
    edges, lines = _edges(rng, size)
    return Town(
        size=size,
        makers=makers,
        topics=topics,
        published=published,
        reactions=_reactions(rng, size, topics, home, published),
        comments=_comments(rng, size, published),
        edges=edges,
        follows=_pairs(1 + rng.integers(people, size=20 * people), makers, rng, people),
        bookmarks=_distinct(
            1 + rng.integers(people, size=20 * people), 1 + rng.integers(n, size=20 * people)
        ),
        lines=lines,
    )


def texts(town: Town, seed: int = 2, piece: int = 20_000) -> Iterator[list[Said]]:
    """Title, body and tags of each creation, a piece at a time; frequent words are frequent."""
    rng = np.random.default_rng(seed)
    words = np.array(vocabulary())
    tags = np.array([f"tag{it}" for it in range(TAGS)])
    for first in range(0, town.size.creations, piece):
        count = min(piece, town.size.creations - first)
        said = words[_often(rng, WORDS, count * 16, power=1.0)].reshape(count, 16)
        tagged = tags[_often(rng, TAGS, count * 2, power=0.8)].reshape(count, 2)
        many = rng.integers(3, size=count)
        yield [
            (" ".join(row[:4]).capitalize(), " ".join(row[4:]), list(dict.fromkeys(tag[:some])))
            for row, tag, some in zip(said.tolist(), tagged.tolist(), many.tolist(), strict=True)
        ]


def vocabulary() -> list[str]:
    """Words that can be said and mean nothing, the most frequent first."""
    syllables = [a + b for a, b in product("bdfgklmnprstvz", "aeiou")]
    three = ["".join(it) for it in product(syllables, syllables, syllables[:6])]
    order = np.random.default_rng(3).permutation(len(three))[:WORDS]
    return [three[it] for it in order.tolist()]


def _reactions(
    rng: np.random.Generator, size: Size, topics: Numbers, home: Numbers, published: Moments
) -> tuple[Numbers, Numbers, Moments]:
    n, wanted = size.creations, int(size.reactions * 1.12)  # some fall on the same pair
    creation = _often(rng, n, wanted, power=0.5)
    creation = rng.permutation(n)[creation]  # which ones are popular has nothing to do with age
    by_topic = np.argsort(home[1:].ravel() * 10.0 + rng.random(home[1:].size))
    fans = (by_topic // 3) + 1  # members, each three times, by the topics they care for
    start = np.searchsorted(home[1:].ravel()[by_topic], np.arange(TOPICS + 1))
    topic = topics[creation]
    width = np.maximum(start[topic + 1] - start[topic], 1)
    near = fans[np.minimum(start[topic] + _within(rng, width), len(fans) - 1)]
    member = np.where(rng.random(wanted) < 0.7, near, 1 + _often(rng, size.members, wanted, 0.6))
    when = _before_the_end(published[creation], rng.exponential(3 * DAY, wanted))
    key = creation * (size.members + 1) + member
    _, first = np.unique(key, return_index=True)
    kept = np.sort(rng.permutation(first)[: size.reactions])
    kept = kept[np.argsort(key[kept], kind="stable")]
    return creation[kept] + 1, member[kept], when[kept]


def _before_the_end(published: Moments, waits: Moments) -> Moments:
    """When something happened to what was published; what would lie ahead came sooner.

    In one last second there would be more than the town sees in weeks.
    """
    when: Moments = published + waits % (END - published)
    return when


def _within(rng: np.random.Generator, width: Numbers) -> Numbers:
    """A place below each width, the first ones often."""
    return (width * rng.random(len(width)) ** 2).astype(np.int64)


def _comments(
    rng: np.random.Generator, size: Size, published: Moments
) -> tuple[Numbers, Numbers, Moments]:
    count = size.creations // 2
    creation = np.sort(rng.permutation(size.creations)[_often(rng, size.creations, count, 0.7)])
    member = 1 + _often(rng, size.members, count, 0.6)
    when = _before_the_end(published[creation], rng.exponential(2 * DAY, count))
    return creation + 1, member, when


def _edges(rng: np.random.Generator, size: Size) -> tuple[tuple[Numbers, Numbers], list[list[int]]]:
    n = size.creations
    child = np.sort(rng.integers(n // 10, n, size=size.edges))
    back = np.minimum(1 + (REMIXED * rng.random(size.edges) ** 3).astype(np.int64), child)
    step = max(n // 100, LONG)
    lines = [
        [n // 2 + line + step * generation // LONG for generation in range(LONG)]
        for line in range(min(LINES, step // LONG or 1))
    ]
    planted = [(it, before) for line in lines for before, it in pairwise(line)]
    children, parents = np.array(planted, dtype=np.int64).T
    child, parent = _distinct(
        np.concatenate([child + 1, children]), np.concatenate([child - back + 1, parents])
    )
    return (child, parent), lines


def _pairs(
    members: Numbers, makers: Numbers, rng: np.random.Generator, people: int
) -> tuple[Numbers, Numbers]:
    """Who follows whom: makers are followed as often as they make things."""
    followed = makers[rng.integers(len(makers), size=len(members))]
    other = members != followed
    return _distinct(members[other], followed[other])


def _distinct(first: Numbers, second: Numbers) -> tuple[Numbers, Numbers]:
    pairs = np.unique(np.stack([first, second], axis=1), axis=0)
    return pairs[:, 0], pairs[:, 1]


def _often(rng: np.random.Generator, kinds: int, count: int, power: float) -> Numbers:
    """Numbers below `kinds`, the nth about n to the minus `power` times as often as the first."""
    shares = np.cumsum(np.arange(1, kinds + 1) ** -power)
    drawn: Numbers = np.searchsorted(shares, rng.random(count) * shares[-1])
    return drawn
