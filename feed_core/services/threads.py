"""Threads: a creation, what was said about it, and everything that was made of it, page by page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from feed_core.errors import CreationNotFound
from feed_core.models.creations import Creation
from feed_core.models.reactions import Comment
from feed_core.prepared import objects
from feed_core.services import muting
from feed_core.services.muting import Silence
from feed_core.services.sight import Reader, see, told
from feed_core.services.thread_rows import END, comments, place, remixes, root_of, way
from feed_core.services.thread_rows import Cursor as Cursor
from feed_core.services.thread_rows import EntryKind as EntryKind
from feed_core.states import CreationState
from feed_core.store import View

LOOKED_AT = 5_000  # entries that one page looks at, where its reader muted words or tags
BATCH = 100


@dataclass(frozen=True, slots=True)
class Entry:
    """Something said or made in a thread.

    `depth` counts the remixes that lead from the root to a remix; it is 0 for a comment. A remix
    that was withdrawn is there without its content.
    """

    at: datetime
    comment: Comment | None = None
    remix: Creation | None = None
    depth: int = 0

    @property
    def kind(self) -> EntryKind:
        """Which of the two it is."""
        return EntryKind.COMMENT if self.comment else EntryKind.REMIX

    @property
    def id(self) -> int:
        """Its number among its kind."""
        found = self.comment or self.remix
        return found.id if found and found.id is not None else 0

    @property
    def order(self) -> tuple[datetime, EntryKind, int]:
        """What entries are sorted by."""
        return self.at, self.kind, self.id


@dataclass(frozen=True, slots=True)
class Page:
    """Some entries of a thread, oldest first, and where its neighbours begin, if there are any."""

    root: Creation
    entries: Sequence[Entry]
    previous: Cursor | None = None
    next: Cursor | None = None


@dataclass(frozen=True, slots=True)
class Thread:
    """A creation with what was said about it and made of it, oldest first."""

    root: Creation
    comments: Sequence[Comment]
    remixes: Sequence[Creation]

    @property
    def author_ids(self) -> set[int]:
        """Everybody who said or made something in it."""
        makers = {it.author_id for it in (self.root, *self.remixes)}
        return makers | {it.author_id for it in self.comments}


async def page(
    view: View, root_id: int, *, reader: Reader, cursor: Cursor | None = None, limit: int = 10
) -> Page:
    """The entries behind a cursor, or the first ones, as far as the reader may see them.

    The comments are those on the root; a remix's own are in its own thread. A root that was
    withdrawn keeps its thread, without what was said about it.

    Raises:
        CreationNotFound: there is no such creation that this reader may see.
    """
    asked = {"id": root_id, **told(reader)}
    found, muted = await view.ask_all((root_of(), asked), muting.asking(reader))
    if not found:
        raise CreationNotFound(root_id)
    (root,) = objects(Creation, found)
    quiet = muting.silence_of(reader, muted)
    entries = await _entries(view, root, quiet, reader=reader, cursor=cursor, limit=limit + 1)
    kept, more = entries[:limit], len(entries) > limit
    if not kept:
        return Page(root, [])
    back = cursor is not None and cursor.before
    if back:
        kept.reverse()
    return Page(
        root,
        kept,
        previous=_beside(kept[0], before=True) if (more if back else cursor) else None,
        next=_beside(kept[-1]) if back or more else None,
    )


async def whole(view: View, root_id: int, *, reader: Reader, limit: int = 200) -> Thread:
    """A creation with at most so many of its comments and remixes, the oldest.

    Raises:
        CreationNotFound, CreationWithdrawn: it cannot be seen.
    """
    root = await see(view, root_id, reader=reader)
    quiet = await muting.silence(view, reader=reader)
    entries = await _entries(view, root, quiet, reader=reader, cursor=None, limit=limit)
    return Thread(
        root,
        [it.comment for it in entries if it.comment is not None],
        [
            it.remix
            for it in entries
            if it.remix is not None and it.remix.state is CreationState.PUBLISHED
        ],
    )


async def last_said(view: View, root: Creation, *, reader: Reader, limit: int) -> list[Comment]:
    """The newest comments on a creation, oldest first."""
    if root.state is not CreationState.PUBLISHED:
        return []
    said = comments(way(END)), _given(root, reader, END, BATCH)
    found, muted = await view.ask_all(said, muting.asking(reader))
    quiet = muting.silence_of(reader, muted)
    heard = [it for it in objects(Comment, found) if not quiet.mutes(it.author_id, it.body)]
    return heard[:limit][::-1]


async def _entries(
    view: View,
    root: Creation,
    quiet: Silence,
    *,
    reader: Reader,
    cursor: Cursor | None,
    limit: int,
) -> list[Entry]:
    """Entries in the cursor's direction, with what the reader muted left out."""
    back = cursor is not None and cursor.before
    size = limit if quiet.nothing else max(limit, BATCH)
    kept: list[Entry] = []
    for _ in range(0, max(LOOKED_AT, limit), size):
        found = await _said_and_made(view, root, reader, cursor, size)
        batch = sorted(found, key=lambda it: it.order, reverse=back)[:size]
        kept += [it for it in batch if not _muted(it, quiet)]
        if len(kept) >= limit or len(batch) < size:
            break
        cursor = _beside(batch[-1], before=back)
    return kept[:limit]


async def _said_and_made(
    view: View, root: Creation, reader: Reader, cursor: Cursor | None, limit: int
) -> list[Entry]:
    """At most so many of each; of a root that was withdrawn nothing is said."""
    given, here = _given(root, reader, cursor, limit), way(cursor)
    said, made = await view.ask_all((comments(here), given), (remixes(here), given))
    if root.state is not CreationState.PUBLISHED:
        said = []
    creations = objects(Creation, (it[2:] for it in made))
    return [
        *(Entry(it.created_at, comment=it) for it in objects(Comment, said)),
        *(
            Entry(joined_at, remix=it, depth=depth)
            for (joined_at, depth, *_), it in zip(made, creations, strict=True)
        ),
    ]


def _given(root: Creation, reader: Reader, cursor: Cursor | None, limit: int) -> dict[str, object]:
    """What the statements of a thread's rows are given."""
    return {"root": root.id, "limit": limit, **place(cursor), **told(reader)}


def _beside(entry: Entry, *, before: bool = False) -> Cursor:
    return Cursor(entry.at, entry.kind, entry.id, before=before)


def _muted(entry: Entry, quiet: Silence) -> bool:
    if entry.comment is not None:
        return quiet.mutes(entry.comment.author_id, entry.comment.body)
    return entry.remix is not None and quiet.keeps_away(entry.remix)
