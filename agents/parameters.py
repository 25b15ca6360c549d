"""What an act may ask for, and what the narrowest platform allows."""

import inspect
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from types import NoneType, UnionType
from typing import Annotated, Any, NewType, get_args, get_origin

from agents.references import (
    CommentRef,
    CreationRef,
    DraftRef,
    MemoryRef,
    OrderRef,
    PieceRef,
    PlaceInThread,
    PostRef,
    Reference,
)

RESERVED = {
    *("interaction", "runtime", "config", "self", "turn"),
    *("schema", "copy", "json", "dict", "validate"),
}
NAME = re.compile(r"[a-z][a-z0-9_]{0,31}( [a-z][a-z0-9_]{0,31})?")
LISTED = re.compile(r"[\s,;&+]+|\b(?:and|und|y)\b", re.IGNORECASE)
MOST = 20  # things in one list

MakerName = NewType("MakerName", str)  # "Ben", "@Ben", "me", or "member 7" as it is offered
TagName = NewType("TagName", str)  # "rain", "#rain"
SubjectName = NewType("SubjectName", str)  # what can be followed: "Ben", "tag rain", "thread 12"
Day = NewType("Day", str)  # "yesterday", "last week", "2026-03-01"


class Kind(Enum):
    """How a parameter is asked for."""

    TEXT = str
    NUMBER = int
    SWITCH = bool
    CHOICE = StrEnum
    CREATION = CreationRef
    DRAFT = DraftRef
    PIECE = PieceRef
    COMMENT = CommentRef
    POST = PostRef
    MEMORY = MemoryRef
    ORDER = OrderRef
    PLACE = PlaceInThread
    MAKER = MakerName
    TAG = TagName
    SUBJECT = SubjectName
    DAY = Day


@dataclass(frozen=True, slots=True)
class Doc:
    """What a parameter is for, in a few words.

    `whole`: plain words that no example marks fill it as they are. `also`: other words for one of
    its choices.
    """

    text: str
    whole: bool = False
    also: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Parameter:
    """One thing an act asks for."""

    name: str
    kind: Kind
    doc: str
    required: bool
    many: bool = False
    choices: tuple[str, ...] = ()
    whole: bool = False
    also: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def reference(self) -> type[Reference] | None:
        """The kind of reference it takes, if it takes one."""
        return self.kind.value if self.kind in REFERENCES else None

    def choice(self, said: str) -> str | None:
        """The choice that is called so, in whatever case."""
        word = said.casefold()
        if word in self.choices:
            return word
        return next((it for it, others in self.also.items() if word in others), None)

    @property
    def suggested(self) -> bool:
        """Whether there is something to offer while it is typed."""
        return self.kind in SUGGESTED


OWN = {Kind.DRAFT, Kind.PIECE, Kind.COMMENT, Kind.MEMORY, Kind.ORDER}
REFERENCES = {Kind.CREATION, Kind.POST, *OWN}
SUGGESTED = REFERENCES | {Kind.MAKER, Kind.TAG, Kind.SUBJECT}
WORDS = {Kind.TEXT, Kind.MAKER, Kind.TAG, Kind.SUBJECT, Kind.DAY}  # values are plain text
LINE = {Kind.TEXT, Kind.SUBJECT}  # takes words as they are


def describe(name: str, hint: Any, default: object) -> Parameter:
    """Read a parameter from its annotation.

    Raises:
        TypeError: the type is not one that every face can ask for.
    """
    note = Doc("")
    if get_origin(hint) is Annotated:
        hint, *notes = get_args(hint)
        note = next((it for it in notes if isinstance(it, Doc)), note)
    required = default is inspect.Parameter.empty
    if get_origin(hint) is UnionType and default is None:  # nothing at all, or one of these
        these = [it for it in get_args(hint) if it is not NoneType]
        hint = these[0] if len(these) == 1 else hint
    many = get_origin(hint) is list
    if many:
        (hint,) = get_args(hint)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        choices = tuple(member.value for member in hint)
        return Parameter(name, Kind.CHOICE, note.text, required, many, choices, also=note.also)
    for kind in Kind:
        if hint is kind.value:
            return Parameter(name, kind, note.text, required, many, whole=note.whole)
    raise TypeError(f"{name}: no face can ask for {hint!r}")


def check_limits(name: str, summary: str, parameters: Sequence[Parameter]) -> None:
    """Hold an act to what the narrowest platform takes (Discord application commands).

    Raises:
        ValueError: one of the limits is broken.
    """
    if not NAME.fullmatch(name):
        raise ValueError(f"{name!r}: one or two words of small letters")
    for text in (summary, *(it.doc for it in parameters)):
        if not 1 <= len(text) <= 100:
            raise ValueError(f"{name}: 1 to 100 characters, not {len(text)}: {text!r}")
    if len(parameters) > 25 or any(len(it.choices) > 25 for it in parameters):
        raise ValueError(f"{name}: at most 25 parameters and 25 choices")
    for it in parameters:
        if it.name in RESERVED or it.name.startswith("model_") or not NAME.fullmatch(it.name):
            raise ValueError(f"{name}: a parameter cannot be called {it.name!r}")


def named_ones(parameters: Sequence[Parameter]) -> list[Parameter]:
    """Those behind the last text: on one line it would swallow them, so they are named."""
    texts = [at for at, it in enumerate(parameters) if it.kind in LINE]
    return list(parameters[texts[-1] + 1 :]) if texts else []


def split(typed: object) -> object:
    """A list typed as one text ("1, 2 and 3") taken apart; anything else as it is."""
    if isinstance(typed, int | str):
        return [it for it in LISTED.split(str(typed)) if it]
    return typed


def whole(text: str) -> str:
    """The text without halves of surrogate pairs and without NULs, which databases do not take."""
    return text.encode("utf-8", "replace").decode().replace("\0", "\ufffd")
