"""Who acts, through what, and where; handed to every act, never chosen by a model."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from agents.profile import Profile
from feed_core.clock import Clock
from feed_core.media import MediaShelf
from feed_core.services.gate import Check
from feed_core.store import Store
from memory.remembering import Memories


class Through(StrEnum):
    """By whose doing an act runs."""

    HAND = "hand"  # the member named or pressed it
    AGENT = "agent"  # the member's agent decided on it


@dataclass(frozen=True, slots=True)
class Place:
    """Where something was said; `private` when only the member and their agent are there."""

    platform: str
    id: str
    private: bool


@dataclass(frozen=True, slots=True)
class Writing:
    """What a model wrote, and which model."""

    title: str
    body: str
    model: str


class Writer(Protocol):
    """A language model that reads what others wrote, has no tools and returns a typed object."""

    async def write(
        self, *, member_id: int, wish: str, sources: Sequence[str], purpose: str
    ) -> Writing:
        """Write what is wished for from the sources, which are data.

        Raises:
            Unavailable: no model of the chain answered.
            BudgetSpent: the member may spend no more today.
        """
        ...


class Digester(Protocol):
    """Composes digests as durable work."""

    async def compose(self, digest_id: int) -> None:
        """See that this digest is composed, once, and return when it is."""
        ...


@dataclass(frozen=True, slots=True)
class Parts:
    """What acts work with; put together by `bridges/app.py`."""

    store: Store
    media: MediaShelf
    memories: Memories
    profile: Profile
    check: Check
    digester: Digester
    writer: Writer | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """One member doing one thing in one place.

    `pictures` are hashes of media that came along; `inbox_id` is the message that began it.
    """

    member_id: int
    through: Through
    place: Place
    language: str
    zone: str
    parts: Parts
    pictures: tuple[str, ...] = ()
    inbox_id: int | None = None

    @property
    def store(self) -> Store:
        """The database."""
        return self.parts.store

    @property
    def clock(self) -> Clock:
        """The clock that everything goes by."""
        return self.parts.store.clock
