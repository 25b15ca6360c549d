"""What happened around a member since they were last told: for them, of theirs, where they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Integer, cast, or_
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from feed_core.models.caught_up import CaughtUp
from feed_core.models.creations import Creation, Edge
from feed_core.models.curation import Follow, Followed, Mute
from feed_core.models.jams import Jam, JamEntry, JamEntryState, JamPlayer, JamState
from feed_core.models.members import Member
from feed_core.models.reactions import Comment
from feed_core.models.threads import ThreadEntry
from feed_core.services.members import in_turn
from feed_core.services.muting import Silence, not_muted, silence
from feed_core.services.sight import Reader, may_see
from feed_core.states import CommentState
from feed_core.store import View, Work

AT_FIRST = timedelta(days=14)  # how far back who never asked is told
LOOKED_AT = 500  # rows of each kind, the newest
THREADS = 300  # that a member is in, the latest


@dataclass(frozen=True, slots=True)
class Said:
    """What others said about one creation: the comments, oldest first."""

    creation: Creation
    comments: Sequence[Comment]


@dataclass(frozen=True, slots=True)
class Moved:
    """What came to one thread: comments by others, and what others made in it, oldest first."""

    root: Creation
    comments: Sequence[Comment] = ()
    remixes: Sequence[Creation] = ()


@dataclass(frozen=True, slots=True)
class Played:
    """What came to one jam that the member plays in; `added` counts the entries of others."""

    jam: Jam
    added: int
    my_turn: bool


@dataclass(frozen=True, slots=True)
class News:
    """All of it, newest thing first in each group."""

    for_me: Sequence[Said]
    of_mine: Sequence[Creation]
    threads: Sequence[Moved]
    jams: Sequence[Played]

    @property
    def nothing(self) -> bool:
        """Whether nothing happened."""
        return not (self.for_me or self.of_mine or self.threads or self.jams)


async def since(view: View, member_id: int) -> datetime:
    """Up to when they know: since they last asked, or joined, or for two weeks."""
    known = await view.db.get(CaughtUp, member_id)
    if known is not None:
        return known.at
    member = await view.db.get_one(Member, member_id)
    return max(member.created_at, view.now - AT_FIRST)


async def note(work: Work, *, member_id: int, at: datetime) -> None:
    """They were told what happened until then; what they knew before is not forgotten."""
    await in_turn(work, member_id)
    known = await work.hold_if_any(CaughtUp, member_id)
    if known is None:
        work.db.add(CaughtUp(member_id=member_id, at=at))
    else:
        known.at = max(known.at, at)


async def join(work: Work, *, keep_id: int, gone_id: int) -> None:
    """Of two accounts of one person the one that knows less counts: nothing is missed."""
    theirs = await work.hold_if_any(CaughtUp, gone_id)
    if theirs is None:
        return
    known = await work.hold_if_any(CaughtUp, keep_id)
    if known is None:
        work.db.add(CaughtUp(member_id=keep_id, at=theirs.at))
    else:
        known.at = min(known.at, theirs.at)
    await work.db.delete(theirs)


async def news(view: View, *, reader: Reader, after: datetime) -> News:
    """What others did after that moment, as far as this reader may see it and did not mute it."""
    quiet = await silence(view, reader=reader)
    of_mine = await _of_mine(view, reader, quiet, after)
    threads = await _threads(view, reader, quiet, after, told={it.id for it in of_mine})
    return News(
        for_me=await _for_me(view, reader, quiet, after),
        of_mine=of_mine,
        threads=threads,
        jams=await _jams(view, reader.member_id, after),
    )


async def _for_me(view: View, reader: Reader, quiet: Silence, after: datetime) -> list[Said]:
    found = await view.db.exec(
        select(Comment, Creation)
        .join(Creation, col(Creation.id) == col(Comment.creation_id))
        .where(
            Creation.author_id == reader.member_id,
            may_see(reader),
            *_by_others(reader, after),
        )
        .order_by(col(Comment.id).desc())
        .limit(LOOKED_AT)
    )
    groups: dict[int, tuple[Creation, list[Comment]]] = {}
    for comment, creation in found:
        if not quiet.mutes(comment.author_id, comment.body):
            groups.setdefault(comment.creation_id, (creation, []))[1].append(comment)
    return [Said(creation, said[::-1]) for creation, said in groups.values()]


async def _of_mine(view: View, reader: Reader, quiet: Silence, after: datetime) -> list[Creation]:
    parent = aliased(Creation)
    found = await view.db.exec(
        select(Creation)
        .join(Edge, col(Edge.child_id) == col(Creation.id))
        .join(parent, col(parent.id) == col(Edge.parent_id))
        .where(
            parent.author_id == reader.member_id,
            Creation.author_id != reader.member_id,
            col(Creation.published_at) > after,
            may_see(reader),
            not_muted(reader, threads=False),
        )
        .order_by(col(Creation.id).desc())
        .limit(LOOKED_AT)
    )
    return [it for it in found.unique() if not quiet.keeps_away(it)]


async def _threads(
    view: View, reader: Reader, quiet: Silence, after: datetime, told: set[int | None]
) -> list[Moved]:
    """Threads that others began, and what grew far down in the member's own."""
    inside = await _inside(view, reader.member_id)
    if not inside:
        return []
    said = await view.db.exec(
        select(Comment)
        .join(Creation, col(Creation.id) == col(Comment.creation_id))
        .where(
            col(Comment.creation_id).in_(inside),
            Creation.author_id != reader.member_id,
            *_by_others(reader, after),
        )
        .order_by(col(Comment.id).desc())
        .limit(LOOKED_AT)
    )
    made = await view.db.exec(
        select(ThreadEntry.thread_id, Creation)
        .join(Creation, col(Creation.id) == col(ThreadEntry.creation_id))
        .where(
            col(ThreadEntry.thread_id).in_(inside),
            col(ThreadEntry.joined_at) > after,
            Creation.author_id != reader.member_id,
            may_see(reader),
            not_muted(reader, threads=False),
        )
        .order_by(col(ThreadEntry.joined_at).desc(), col(Creation.id).desc())
        .limit(LOOKED_AT)
    )
    comments: dict[int, list[Comment]] = {}
    for it in said:
        if not quiet.mutes(it.author_id, it.body):
            comments.setdefault(it.creation_id, []).append(it)
    remixes: dict[int, list[Creation]] = {}
    for thread_id, creation in made:
        if creation.id not in told and not quiet.keeps_away(creation):
            remixes.setdefault(thread_id, []).append(creation)
    roots = await view.db.exec(
        select(Creation)
        .where(col(Creation.id).in_({*comments, *remixes}), may_see(reader), not_muted(reader))
        .order_by(col(Creation.id).desc())
    )
    return [
        Moved(it, comments.get(it.id or 0, [])[::-1], remixes.get(it.id or 0, [])[::-1])
        for it in roots
        if not quiet.keeps_away(it)
    ]


async def _inside(view: View, member_id: int) -> set[int]:
    """Threads that the member began, spoke in, made something in or follows; the latest."""
    spoke = await view.db.exec(
        select(Comment.creation_id)
        .where(Comment.author_id == member_id, Comment.state == CommentState.PUBLISHED)
        .order_by(col(Comment.id).desc())
        .limit(THREADS)
    )
    own = (
        select(Creation.id)
        .where(Creation.author_id == member_id)
        .order_by(col(Creation.id).desc())
        .limit(THREADS)
    )
    began = [it for it in await view.db.exec(own) if it is not None]
    made = await view.db.exec(
        select(ThreadEntry.thread_id).where(col(ThreadEntry.creation_id).in_(began))
    )
    followed = await view.db.exec(
        select(Follow.subject).where(Follow.member_id == member_id, Follow.kind == Followed.THREAD)
    )
    return {*began, *spoke, *made, *(int(it) for it in followed)}


async def _jams(view: View, member_id: int, after: datetime) -> list[Played]:
    found = await view.db.exec(
        select(Jam, JamPlayer)
        .join(JamPlayer, col(JamPlayer.jam_id) == col(Jam.id))
        .where(
            JamPlayer.member_id == member_id,
            col(JamPlayer.left_at).is_(None),
            or_(col(Jam.ended_at).is_(None), col(Jam.ended_at) > after),
        )
        .order_by(col(Jam.id).desc())
        .limit(THREADS)
    )
    played = found.all()
    entries = await view.db.exec(
        select(JamEntry.jam_id).where(
            col(JamEntry.jam_id).in_([jam.id for jam, _ in played]),
            JamEntry.author_id != member_id,
            col(JamEntry.created_at) > after,
            col(JamEntry.state).not_in([JamEntryState.TAKEN_BACK, JamEntryState.SKIPPED]),
        )
    )
    added = entries.all()
    told = [
        Played(
            jam,
            added.count(jam.id or 0),
            my_turn=jam.state is JamState.PLAYING and jam.turn == player.position,
        )
        for jam, player in played
    ]
    return [it for it in told if it.added or it.my_turn or it.jam.ended_at is not None]


def _by_others(reader: Reader, after: datetime) -> tuple[ColumnElement[bool], ...]:
    muted = select(cast(col(Mute.subject), Integer)).where(
        Mute.member_id == reader.member_id, Mute.kind == Followed.MEMBER
    )
    return (
        col(Comment.author_id) != reader.member_id,
        col(Comment.author_id).not_in(muted),
        col(Comment.state) == CommentState.PUBLISHED,
        col(Comment.created_at) > after,
    )
