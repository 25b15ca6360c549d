"""The gate that everything passes before others see it."""

from dataclasses import dataclass
from typing import Protocol

from feed_core.states import Outcome


@dataclass(frozen=True, slots=True)
class Content:
    """What is to be checked, and its hash."""

    author_id: int
    title: str
    body: str
    media_hash: str | None
    content_hash: str
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a check decided, under which rule, on which passage."""

    outcome: Outcome
    rule: str = ""
    passage: str = ""


class Check(Protocol):
    """Decides whether others may see something; slow or fast, never inside a transaction."""

    async def decide(self, content: Content) -> Decision:
        """Judge one content."""
        ...
