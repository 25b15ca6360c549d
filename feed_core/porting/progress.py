"""How far an export, an import or a move has come, told to whoever shows it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Doing(StrEnum):
    """What is being done."""

    WRITE = "write"
    COPY = "copy"
    CHECK = "check"
    CHECK_MEDIA = "check_media"
    ADD = "add"
    COMPARE = "compare"
    VECTORS = "vectors"


@dataclass(frozen=True, slots=True)
class Step:
    """So many of so many records of one kind, or bytes of media, are done."""

    doing: Doing
    what: str
    done: int
    of: int


Tell = Callable[[Step], None]
