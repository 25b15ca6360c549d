"""What is filled in before an act is done, where a platform shows forms."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import JsonValue

from agents.turn import Turn

# What the narrowest form takes (docs.discord.com/developers/components/reference, Modal).
LONGEST_LABEL, LONGEST_NOTE, LONGEST_VALUE, MOST_FIELDS = 45, 100, 4000, 5
WORDS = "filled"  # the field of a form that asks for one thing
QUOTED = "quoted"  # the field that shows what somebody else said

Filled = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Field:
    """One thing to fill in: `value` stands there already, `choices` are all that it takes.

    `longest`: characters that it holds.
    """

    name: str
    label: str
    note: str = ""
    long: bool = False
    required: bool = False
    value: str = ""
    choices: Sequence[str] = ()
    longest: int = LONGEST_VALUE


def given(filled: Filled) -> dict[str, JsonValue]:
    """Fields that are called like the act's parameters; empty ones keep their defaults."""
    return {name: it for name, it in filled.items() if it.strip()}


@dataclass(frozen=True, slots=True)
class Form:
    """A form of at most five fields, one of them for a file where `files` says so.

    `fills` are the parameters that it asks for, those named like its fields if it says nothing;
    `read` turns what was filled in into the act's arguments; `known` is what stands there already,
    or raises the Refusal that anything filled in would meet.

    Raises:
        ValueError: a platform could not show it.
    """

    title: str
    fields: Sequence[Field]
    files: bool = False
    fills: frozenset[str] = frozenset()
    read: Callable[[Filled], dict[str, JsonValue]] = given
    known: Callable[[Turn, Mapping[str, Any]], Awaitable[Filled]] | None = None

    def __post_init__(self) -> None:
        if not 1 <= len(self.fields) + self.files <= MOST_FIELDS:
            raise ValueError(f"a form has 1 to {MOST_FIELDS} fields")
        for text, limit in (
            (self.title, LONGEST_LABEL),
            *((it.label, LONGEST_LABEL) for it in self.fields),
            *((it.note, LONGEST_NOTE) for it in self.fields),
        ):
            if len(text) > limit:
                raise ValueError(f"more than {limit} characters: {text!r}")

    @property
    def asks_for(self) -> frozenset[str]:
        """The parameters that it fills."""
        return self.fills or frozenset(it.name for it in self.fields)
