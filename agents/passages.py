"""What a thread consists of, text by text, with who said it and where it stands."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from agents.quoting import Quoted
from agents.references import CommentRef, CreationRef, SaidRef
from feed_core.models.creations import Creation
from feed_core.services.threads import Thread

END = re.compile(r"(?<=[.!?…])\s+|(?<=[.!?…][\"”’»)\]])\s+|(?<=[。！？])|\n+")

Ref = CreationRef | CommentRef | SaidRef
NOWHERE = CreationRef(0)


@dataclass(frozen=True, slots=True)
class Passage:
    """One text of a thread: its number, the creation that it is or is about, and who said it.

    `title` and `content_hash` are those of a creation, "" of a comment.
    """

    of: Ref
    creation: CreationRef
    author_id: int
    name: str
    text: str
    at: datetime
    title: str = ""
    content_hash: str = ""

    @property
    def whole(self) -> str:
        """Title and words."""
        return ": ".join(filter(None, (self.title, self.text)))


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a passage."""

    passage: Passage
    text: str


def passages(thread: Thread, names: Mapping[int, str]) -> list[Passage]:
    """All that was said in a thread: what it begins with, be it without words, then the rest."""
    root = _of_creation(thread.root, names)
    said = [
        Passage(
            of=CommentRef(it.id),
            creation=root.creation,
            author_id=it.author_id,
            name=names.get(it.author_id, ""),
            text=it.body.strip(),
            at=it.created_at,
        )
        for it in thread.comments
        if it.id is not None
    ]
    made = [_of_creation(it, names) for it in thread.remixes]
    later = sorted([*said, *made], key=lambda it: it.at)
    return [root, *(it for it in later if it.whole)]


def of_quoted(quoted: Quoted) -> list[Passage]:
    """What was said outside the feed; it is about no creation."""
    voices = quoted.voices
    return [
        Passage(
            of=SaidRef(number),
            creation=NOWHERE,
            author_id=voices.index(it.name),
            name=it.name,
            text=it.text.strip(),
            at=it.at or datetime.min.replace(tzinfo=UTC),
        )
        for number, it in enumerate(quoted.said, start=1)
        if it.text.strip()
    ]


def sentences(said: Sequence[Passage]) -> list[Sentence]:
    """Every sentence of these, in order; a line that has no full stop is one too, a title none."""
    return [
        Sentence(it, sentence.strip())
        for it in said
        for sentence in END.split(it.text)
        if any(map(str.isalnum, sentence))
    ]


def _of_creation(creation: Creation, names: Mapping[int, str]) -> Passage:
    assert creation.id is not None
    ref = CreationRef(creation.id)
    return Passage(
        of=ref,
        creation=ref,
        author_id=creation.author_id,
        name=names.get(creation.author_id, ""),
        text=(creation.body or creation.alt).strip(),
        at=creation.published_at or creation.created_at,
        title=creation.title,
        content_hash=creation.content_hash,
    )
