"""Threads that are begun on platforms which have them, so that something long stands apart."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol


class Opener(Protocol):
    """A platform that may have threads."""

    async def open_thread(self, place_id: str, name: str) -> str | None:
        """Begin a thread of this name in a place and return its id; None where there are none."""
        ...


@dataclass(slots=True)
class Threads:
    """Where threads can be begun; the platforms are known when their bridges are."""

    platforms: Mapping[str, Opener] = field(default_factory=dict)

    async def open(self, platform: str, place_id: str, name: str) -> str | None:
        """Begin a thread and return its id; None where that cannot be."""
        opener = self.platforms.get(platform)
        return await opener.open_thread(place_id, name) if opener is not None else None
