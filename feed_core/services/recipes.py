"""How a feed is mixed: which of the four there are, and what weighs how much in each."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Only(StrEnum):
    """What a feed takes in."""

    EVERYTHING = "everything"
    JAMS = "jams"  # remixes, and what was remixed
    FOLLOWED = "followed"  # of makers, tags and threads that its reader follows


class Order(StrEnum):
    """What stands first."""

    BEST = "best"  # by weights, nothing twice
    NEWEST = "newest"


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a feed is mixed; the weights are of standard scores, so 1 and 1 are equally strong.

    Closeness alone has a scale of its own, on which a followed maker is 1.
    """

    only: Only = Only.EVERYTHING
    """What it takes in."""
    order: Order = Order.BEST
    """What stands first; with `newest` the weights below change nothing."""
    taste: float = 1.0
    """What people with like taste reacted to, and what reads like what the member liked."""
    quality: float = 0.5
    """How many reacted to it lately."""
    freshness: float = 0.4
    """How new it is."""
    closeness: float = 2.0
    """How near its maker, tags and thread are: followed, liked, remixed, answered."""
    variety: float = 0.3
    """From 0, the best however alike, to 1, the most different however good."""
    in_a_row: int = 2
    """At most so many of one maker, or of one thread, one after the other."""
    explore: float = 0.1
    """The share of places kept for something fresh that scores would not have shown."""


FOR_YOU = Recipe()
SHIPPED: Mapping[str, Recipe] = {
    "for-you": FOR_YOU,
    "latest": Recipe(order=Order.NEWEST),
    "jams": Recipe(only=Only.JAMS),
    "following": Recipe(only=Only.FOLLOWED, order=Order.NEWEST),
}
"""The recipe of each feed unless `agents.yaml` says otherwise."""
