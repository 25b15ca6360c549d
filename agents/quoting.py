"""What was said outside the feed: data from named voices, kept only in what is made of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Quote:
    """What somebody said; `account` is who they are on their platform, "" when that is not known.

    `own`: they are the one who wants something done with it.
    """

    name: str
    text: str
    account: str = ""
    own: bool = False
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Quoted:
    """What a member points at, in order; `alone`: what stands round it could not be read."""

    said: Sequence[Quote]
    alone: bool = False

    @property
    def voices(self) -> list[str]:
        """Who said something, each once."""
        return list(dict.fromkeys(it.name for it in self.said if it.text.strip()))
