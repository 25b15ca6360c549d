"""What finds creations by their words; one implementation for each kind of database."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from feed_core.models.creations import Creation
from feed_core.store import Store, View, Work

MOST_RANKED = 20_000  # hits; of more than these only the newest are ranked
MOST_TERMS = 16  # of one query: nobody types more on purpose, and each costs time
# How much a term counts in a title, a body (with its alternative text) and among the tags.
TITLE, BODY, TAGS = 4, 1, 2


@dataclass(frozen=True, slots=True)
class Hits:
    """Numbers of creations, best first; `capped`: older hits were not even ranked."""

    ids: Sequence[int]
    capped: bool = False


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
