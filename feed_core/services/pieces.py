"""What is to be published, before anybody decided on it."""

import hashlib
import json
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from feed_core.errors import EmptyText, Refusal, TextTooLong
from feed_core.services.authorship import Step, computed
from feed_core.services.directions import closed
from feed_core.services.muting import folded
from feed_core.services.urls import checked_url
from feed_core.states import CreationKind, Taken

LONGEST_TITLE = 200
LONGEST_BODY = 20_000
LONGEST_ALT = 1_000
LONGEST_TAG = 40
MOST_TAGS = 10
UNSEEN = {"Zs", "Zl", "Zp", "Cc", "Cf", "Cs"}  # Unicode's general categories
BINARY_SHARE = 0.1  # of characters that no text holds, from which on it is the inside of a file
BLANK = frozenset("\n\r\t\f\v")


class NotWords(Refusal):
    """The inside of a file was given as words."""

    code = "not_words"


class MemeNeedsPicture(Refusal):
    """A meme without a picture is none."""

    code = "meme_needs_picture"


@dataclass(eq=False)
class TooManyTags(Refusal):
    """More tags than a creation can have."""

    count: int
    limit: int
    code = "too_many_tags"


@dataclass(frozen=True, slots=True)
class Piece:
    """What is to be published: words, a picture, a recording, a link; `sources` say what was taken.

    `language` is the one that its maker chose; "" has it told from the words. What its texts turn
    to the left or right is turned back at their ends.
    """

    title: str
    body: str = ""
    kind: CreationKind = CreationKind.TEXT
    tags: Sequence[str] = ()
    link: str = ""
    media_hash: str | None = None
    alt: str = ""
    label: str = ""
    language: str = ""
    steps: Sequence[Step] = ()
    tainted: bool = False
    sources: Mapping[int, Taken] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("title", "body", "alt", "label"):
            object.__setattr__(self, name, closed(getattr(self, name)))
        object.__setattr__(self, "tags", [closed(it) for it in self.tags])

    @property
    def content_hash(self) -> str:
        """SHA-256 of all that others would see."""
        seen: list[object] = [self.kind, self.title, self.body, self.alt, self.media_hash]
        if self.tags or self.link:
            seen += [list(self.tags), self.link]
        return hashlib.sha256(json.dumps(seen).encode()).hexdigest()

    @property
    def columns(self) -> Mapping[str, object]:
        """What a creation keeps of it, by column."""
        return {
            "kind": self.kind,
            "title": self.title,
            "body": self.body,
            "tags": list(self.tags),
            "link": self.link,
            "media_hash": self.media_hash,
            "alt": self.alt,
            "label": self.label,
            "steps": list(self.steps),
            "authorship": computed(self.steps),
            "tainted": self.tainted,
        }

    def check(self) -> None:
        """Refuse what nobody could read or open.

        Raises:
            EmptyText: there is neither a title to be seen, nor a picture or recording.
            TextTooLong, TooManyTags: there is too much of it.
            NotWords: it is the inside of a file.
            LinkRefused: its link is none that can be shown.
            ValueError: what people cannot see or hear is not told in words; a bug.
        """
        if not visible(self.title) and self.media_hash is None:
            raise EmptyText
        for text, limit in (
            (self.title, LONGEST_TITLE),
            (self.body, LONGEST_BODY),
            (self.alt, LONGEST_ALT),
            *((it, LONGEST_TAG) for it in self.tags),
        ):
            if len(text) > limit:
                raise TextTooLong(len(text), limit)
            if binary(text):
                raise NotWords
        if len(self.tags) > MOST_TAGS:
            raise TooManyTags(len(self.tags), MOST_TAGS)
        if self.link:
            checked_url(self.link)
        if self.media_hash is not None and not visible(self.alt):
            raise ValueError("a picture or recording without alt text")


@dataclass(frozen=True, slots=True)
class Changes:
    """What an edit puts in place of what a piece says; None leaves it as it is."""

    title: str | None = None
    body: str | None = None
    tags: Sequence[str] | None = None
    link: str | None = None
    alt: str | None = None

    def made_to(self, piece: Piece) -> Piece:
        """The piece with these changes.

        Raises:
            EmptyText, TextTooLong, TooManyTags, NotWords, LinkRefused: it could not be shown.
        """
        given = {
            "title": self.title,
            "body": self.body,
            "tags": self.tags,
            "link": self.link,
            "alt": self.alt,
        }
        new: dict[str, Any] = {name: it for name, it in given.items() if it is not None}
        edited = replace(piece, **new)
        # A picture without a title may keep none, but nobody takes a title away unseen.
        if piece.title and not visible(edited.title):
            raise EmptyText
        edited.check()
        return edited


def visible(text: str) -> bool:
    """Whether anything in a text can be seen: spaces, controls and formatting cannot."""
    return any(unicodedata.category(character) not in UNSEEN for character in text)


def binary(text: str) -> bool:
    """Whether so much of a text is controls or no characters at all that it was never typed."""
    odd = sum(
        character == "\ufffd"
        or (character not in BLANK and unicodedata.category(character) in {"Cc", "Cn", "Co"})
        for character in text
    )
    return odd > 2 and odd > BINARY_SHARE * len(text)


def distinct_tags(tags: Sequence[str]) -> list[str]:
    """The tags without signs before them, each once however it is written, in their order."""
    kept: dict[str, str] = {}
    for it in tags:
        named = " ".join(it.strip().lstrip("#").split())
        if visible(named):
            kept.setdefault(folded(named), named)
    return list(kept.values())
