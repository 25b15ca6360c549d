"""What the operator of a bot gets to know of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from feed_core.errors import ConfigurationError


@dataclass(frozen=True, slots=True)
class Bot:
    """A bot with its links, by what they are for, and what it lacks."""

    name: str
    links: Mapping[str, str]
    lacks: Sequence[ConfigurationError]


@runtime_checkable
class Guided(Protocol):
    """A bridge that can tell its operator what to click."""

    async def looked_up(self) -> Bot:
        """The bot, as the platform has it now; raises as `Bridge.who`."""
        ...


@runtime_checkable
class Presented(Protocol):
    """A bridge that can set what people see of its bot before they write to it."""

    async def present(self) -> None:
        """Set what is not there yet; raises as `Bridge.who`."""
        ...
