"""What can be wrong with an export, down to the line and the field."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

SHOWN = 5  # of the problems of one export


class Trouble(StrEnum):
    """What is wrong."""

    NO_FILE = "no_file"
    NO_REGULAR_FILE = "no_regular_file"
    OTHER_CONTENT = "other_content"
    NOT_JSON = "not_json"
    CUT_OFF = "cut_off"
    TOO_LONG = "too_long"
    NUL = "nul"
    WRONG_VALUE = "wrong_value"
    UNKNOWN_KIND = "unknown_kind"
    UNKNOWN_COLUMN = "unknown_column"
    MISSING_COLUMN = "missing_column"
    OUT_OF_ORDER = "out_of_order"
    TWICE = "twice"
    LOST_REFERENCE = "lost_reference"
    RULE_BROKEN = "rule_broken"
    TAKEN = "taken"
    NO_MEDIA_NAME = "no_media_name"
    NO_MEDIA = "no_media"
    OTHER_MEDIA = "other_media"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong; `said` holds what belongs to it, a reader's words or a value."""

    trouble: Trouble
    file: str
    line: int = 0
    field: str = ""
    said: str = ""


@dataclass(slots=True)
class Problems:
    """The first few problems, and how many there are."""

    first: list[Problem] = field(default_factory=list)
    count: int = 0

    def add(self, problems: Iterable[Problem]) -> None:
        """Take note of these."""
        for it in problems:
            self.count += 1
            if len(self.first) < SHOWN:
                self.first.append(it)
