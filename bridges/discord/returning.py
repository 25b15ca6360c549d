"""How soon a lost connection is tried again."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from discord import client, shard
from discord.backoff import ExponentialBackoff

LONGEST = 30.0  # seconds
USED = "ExponentialBackoff"  # discord.py lets nobody choose another


class Pauses(ExponentialBackoff[Literal[False]]):
    """discord.py's own pauses, which grow to a quarter of an hour in a long outage, cut short."""

    def delay(self) -> float:
        """Seconds until the next attempt, not the same for all who lost it together."""
        return min(super().delay(), random.uniform(LONGEST / 2, LONGEST))


@contextmanager
def back_soon() -> Iterator[None]:
    """Let discord.py pause no longer than that between its attempts to come back."""
    before = [(it, getattr(it, USED)) for it in (client, shard)]
    try:
        for it, _ in before:
            setattr(it, USED, Pauses)
        yield
    finally:
        for it, own in before:
            setattr(it, USED, own)
