"""What an act answers: words and cards for people, facts for models."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from pydantic import JsonValue

from agents.references import Reference

# No plain `str`: what others wrote can then not reach a model call that has tools.
Fact = bool | int | float | StrEnum | datetime | Reference | Sequence[Reference] | None


@dataclass(frozen=True, slots=True)
class Call:
    """An act and its arguments as typed, pressed or asked for by a model."""

    act: str
    arguments: Mapping[str, JsonValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Button:
    """Something to press: a call, who may press it, and what the presser still types.

    `only_asker`: nobody but who got the answer. `once`: the first press counts.
    `blank`: the parameter that is asked for when it is pressed. `shown_hash`: the content above the
    button, where pressing it approves just that. `proposal_id`: the proposal that it accepts.
    `undoes`: it takes back what the answer tells was done.
    """

    label: str
    call: Call
    only_asker: bool = False
    once: bool = False
    blank: str | None = None
    shown_hash: str = ""
    proposal_id: int | None = None
    undoes: bool = False


def undoing(call: Call, label: str = "Undo") -> Button:
    """The button by which whoever did something takes it back, once."""
    return Button(label, call, only_asker=True, once=True, undoes=True)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture to show: encoded bytes, a file name with its ending, and what it shows in words."""

    content: bytes
    name: str
    alt: str


@dataclass(frozen=True, slots=True)
class Attachment(Picture):
    """A file to keep rather than to look at, sent as pictures are."""


@dataclass(frozen=True, slots=True)
class Recording:
    """Something to listen to or watch: bytes, MIME type, a file name, what it holds in words."""

    content: bytes
    type: str
    name: str
    alt: str

    @property
    def is_video(self) -> bool:
        """Whether there is something to see."""
        return self.type.startswith("video/")


@dataclass(frozen=True, slots=True)
class Card:
    """A creation or draft as people see it.

    `ref` is "#12" or "d1"; `byline` says who made it and how; `sources` name what it was made from;
    `reason` says why it is shown; `notice` is what moderation has readers told first; `link` is the
    address of a link, as it is opened; `hint` says what is not shown here, and how to see it.
    """

    ref: str
    title: str
    body: str = ""
    byline: str = ""
    sources: Sequence[str] = ()
    reason: str = ""
    counts: str = ""
    picture: Picture | None = None
    notice: str = ""
    tags: Sequence[str] = ()
    link: str = ""
    hint: str = ""
    recording: Recording | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One thing of a list: its number there (0 without one), what it is, and a few words of it.

    `ref` is "#12" or "d1"; `told` says who made it, and why it is there.
    """

    title: str
    number: int = 0
    ref: str = ""
    told: Sequence[str] = ()
    words: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """A list under a heading."""

    title: str
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class Answer:
    """What people are shown, and what a model is told; platform-neutral.

    `private` makes an answer more private than its act declared, never less. `points` are what its
    numbered points come from; no model is told, but "the second point" is understood then.
    `labels` are words by which a place that sorts what is sent to it may sort this.
    `redrawn` are cards as they are now, for where they stand already. `pressed` is the token of a
    stored call of the asker's that is done instead; what that shows comes before this.
    """

    text: str = ""
    cards: Sequence[Card] = ()
    pictures: Sequence[Picture] = ()
    buttons: Sequence[Button] = ()
    facts: Mapping[str, Fact] = field(default_factory=dict)
    private: bool = False
    points: Sequence[Reference] = ()
    labels: Sequence[str] = ()
    redrawn: Sequence[Card] = ()
    groups: Sequence[Group] = ()
    pressed: str = ""

    def told(self) -> str:
        """The facts as JSON: all that a model learns of this answer."""
        return json.dumps(dict(self.facts), default=_plain)


def _plain(value: object) -> JsonValue:
    if isinstance(value, Reference):
        return value.id
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"no fact: {type(value).__name__}")
