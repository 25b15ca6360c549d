"""What acts leave to work that survives a stop."""

from collections.abc import Sequence
from typing import Protocol

from agents.passages import Passage
from feed_core.services.sight import Reader


class Digester(Protocol):
    """Composes digests as durable work."""

    async def compose(self, digest_id: int) -> None:
        """See that this digest is composed, once, and return when it is."""
        ...


class Learns(Protocol):
    """Learns of members from what they said to their agents."""

    async def catch_up(self, member_id: int) -> bool:
        """Learn what was said till now, as far as that is quick; False where it is not done yet."""
        ...


class Reads(Protocol):
    """Has a model read threads, as durable work."""

    async def see_read(self, said: Sequence[Passage], reader: Reader) -> None:
        """Return when a model has read a thread that says this to this reader, once for all.

        Raises:
            Unavailable, BudgetSpent: none did.
        """
        ...
