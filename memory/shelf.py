"""Where memories are kept: rows, their vectors, and who makes vectors."""

import asyncio
from dataclasses import dataclass, field

from feed_core.store import Store
from memory.embedding import Embedder
from memory.index import Index
from memory.known import KnownOwners


@dataclass(frozen=True, slots=True)
class Shelf:
    """The rows (the truth), the index (made from them), the embedder between them.

    Whoever changes vectors holds `indexing` from reading the rows to the end, so that a vector
    is never written for a row that was forgotten meanwhile. It is taken outside transactions.
    `known` keeps ready what the owners who are talking have.
    """

    store: Store
    index: Index
    embedder: Embedder
    indexing: asyncio.Lock = field(default_factory=asyncio.Lock)
    known: KnownOwners = field(default_factory=KnownOwners)
