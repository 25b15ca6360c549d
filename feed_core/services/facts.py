"""What there is to say about some creations to one reader, asked for in one go."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from functools import cache
from typing import Any

from sqlalchemy import (
    CompoundSelect,
    Integer,
    Select,
    String,
    bindparam,
    cast,
    func,
    literal,
    null,
    union_all,
)
from sqlalchemy import select as sa_select
from sqlmodel import col

from feed_core.models.columns import UtcDateTime
from feed_core.models.creations import Creation, Edge
from feed_core.models.reactions import Comment, Reaction
from feed_core.models.tags import CreationTag
from feed_core.models.threads import ThreadEntry
from feed_core.prepared import Values, among
from feed_core.services.sight import Reader, anybody, may_place, may_see, told
from feed_core.states import CommentState, ReactionKind
from feed_core.store import Question, View

KINDS = tuple((it, it.value) for it in ReactionKind)
BETWEEN = "|"  # members, and kinds of reactions


class Told(IntEnum):
    """What a row tells of."""

    PEOPLE = 1
    COMMENTS = 2
    PARENT = 3
    THREAD = 4
    SAID = 5
    REMIXED = 6
    EDITED = 7


@dataclass(slots=True)
class News:
    """What others did with one creation since a moment; the newest remix first."""

    comments: int = 0
    remixes: list[int] = field(default_factory=list)
    edited: bool = False


@dataclass(slots=True)
class Facts:
    """Of one creation: who reacted how, how many comments, what it was made of and belongs to.

    `kindred` is how many of the members asked about reacted; `threads` are those of the ones asked
    about that it began or grew out of, the nearest first.
    """

    felt: dict[ReactionKind, int] = field(default_factory=dict)
    people: int = 0
    kindred: int = 0
    comments: int = 0
    parents: list[int] = field(default_factory=list)
    own_parents: list[int] = field(default_factory=list)
    threads: list[int] = field(default_factory=list)
    news: News = field(default_factory=News)


async def of(
    view: View,
    creation_ids: Collection[int],
    *,
    reader: Reader,
    threads: Collection[int] = (),
    kindred: Collection[int] = (),
    since: Mapping[int, datetime] | None = None,
    until: datetime | None = None,
) -> Mapping[int, Facts]:
    """The facts of each of these creations, as far as the reader may know of them.

    Args:
        view: where they are read.
        creation_ids: the creations.
        reader: who is told.
        threads: of which it is told whether a creation belongs to them.
        kindred: members of whom it is counted how many reacted.
        since: of some of the creations, from when on what others did with it is news.
        until: up to when it is; else until now.
    """
    asked = Asked(creation_ids, reader, threads, kindred, since or {}, until)
    return asked.answer(await view.ask(*asked.question())) if creation_ids else {}


@dataclass(frozen=True, slots=True)
class Asked:
    """What `of` is asked, for whoever asks the database something else along with it."""

    ids: Collection[int]
    reader: Reader
    threads: Collection[int]
    kindred: Collection[int]
    since: Mapping[int, datetime]
    until: datetime | None = None

    def question(self) -> Question:
        """What the database is asked."""
        given = {
            "ids": list(self.ids),
            "threads": list(self.threads),
            "since": list(self.since),
            "earliest": min(self.since.values(), default=None),
            **told(self.reader),
        }
        return _question(bool(self.threads), bool(self.since)), given

    def answer(self, rows: Iterable[Values]) -> Mapping[int, Facts]:
        """The facts that its rows tell."""
        found = {it: Facts(threads=[it] if it in self.threads else []) for it in self.ids}
        near, people = set(map(str, self.kindred)), Told.PEOPLE.value
        for what, number, other, word, count, when in rows:
            if what == people:
                _count(found[number], word, near)
            elif when is None or self.since[number] < when <= (self.until or when):
                _note(found[number], what, other, count, self.reader)
        for it in found.values():
            it.parents.sort()
            it.own_parents.sort()
            it.threads.sort(reverse=True)
            it.news.remixes = sorted(set(it.news.remixes), reverse=True)
        return found


def _count(facts: Facts, word: str, near: Collection[str]) -> None:
    """Count who reacted how: members, then a space, then what each of their reactions was."""
    members, kinds = word.split(" ")
    who = set(members.split(BETWEEN))
    facts.people, facts.kindred = len(who), len(who.intersection(near))
    felt = kinds.split(BETWEEN)
    facts.felt = {it: count for it, name in KINDS if (count := felt.count(name))}


def _note(facts: Facts, what: int, other: int, count: int, reader: Reader) -> None:
    """Note what one row tells."""
    match what:
        case Told.COMMENTS:
            facts.comments = count
        case Told.PARENT:
            facts.parents.append(other)
            if count == reader.member_id:
                facts.own_parents.append(other)
        case Told.THREAD:
            facts.threads.append(other)
        case Told.SAID:
            facts.news.comments += 1
        case Told.REMIXED:
            facts.news.remixes.append(other)
        case _:
            facts.news.edited = True


async def tagged(
    view: View, creation_ids: Collection[int], tags: Collection[str]
) -> Mapping[str, set[int]]:
    """Which of these creations have which of these tags."""
    if not creation_ids or not tags:
        return {}
    given = {"ids": list(creation_ids), "tags": list(tags)}
    having: dict[str, set[int]] = defaultdict(set)
    for tag, number in await view.ask(_tags(), given):
        having[tag].add(number)
    return having


@cache
def _question(threads: bool, news: bool) -> CompoundSelect[Any]:
    """All of it in one query, made once: to put it together takes longer than to ask it."""
    none, nothing, never = literal(0), literal("", String), cast(null(), UtcDateTime)
    reacted, said = col(Reaction.creation_id), col(Comment.creation_id)
    members, kinds = (
        # Databases put them one behind the other sooner than they count the different ones.
        func.aggregate_strings(cast(it, String), BETWEEN)
        for it in (col(Reaction.member_id), col(Reaction.kind))
    )
    asked = [
        sa_select(
            literal(Told.PEOPLE.value), reacted, none, members + literal(" ") + kinds, none, never
        )
        .where(among(reacted, "ids", Integer()))
        .group_by(reacted),
        sa_select(literal(Told.COMMENTS.value), said, none, nothing, func.count(), never)
        .where(among(said, "ids", Integer()), col(Comment.state) == CommentState.PUBLISHED)
        .group_by(said),
        sa_select(
            literal(Told.PARENT.value),
            *(col(Edge.child_id), col(Edge.parent_id), nothing, col(Creation.author_id), never),
        )
        .join(Creation, col(Creation.id) == col(Edge.parent_id))
        .where(among(col(Edge.child_id), "ids", Integer()), may_place(anybody())),
    ]
    if threads:
        asked.append(
            sa_select(
                literal(Told.THREAD.value),
                *(col(ThreadEntry.creation_id), col(ThreadEntry.thread_id), nothing, none, never),
            ).where(
                among(col(ThreadEntry.creation_id), "ids", Integer()),
                among(col(ThreadEntry.thread_id), "threads", Integer()),
            )
        )
    return union_all(*asked, *(_since() if news else ()))


def _since() -> list[Select[*tuple[Any, ...]]]:
    """What others did with some creations since a moment, row by row."""
    reader = anybody()
    earliest = bindparam("earliest", type_=UtcDateTime)
    none, nothing = literal(0), literal("", String)
    return [
        sa_select(
            literal(Told.SAID.value),
            *(col(Comment.creation_id), col(Comment.id), nothing, none, col(Comment.created_at)),
        ).where(
            among(col(Comment.creation_id), "since", Integer()),
            col(Comment.created_at) > earliest,
            col(Comment.author_id) != reader.member_id,
            col(Comment.state) == CommentState.PUBLISHED,
        ),
        sa_select(
            literal(Told.REMIXED.value),
            *(col(ThreadEntry.thread_id), col(Creation.id), nothing, none),
            col(ThreadEntry.joined_at),
        )
        .join(Creation, col(Creation.id) == col(ThreadEntry.creation_id))
        .where(
            among(col(ThreadEntry.thread_id), "since", Integer()),
            col(ThreadEntry.joined_at) > earliest,
            col(Creation.author_id) != reader.member_id,
            may_see(reader),
        ),
        sa_select(
            literal(Told.EDITED.value),
            *(col(Creation.id), none, nothing, none, col(Creation.edited_at)),
        ).where(
            among(col(Creation.id), "since", Integer()),
            col(Creation.edited_at) > earliest,
            col(Creation.author_id) != reader.member_id,
        ),
    ]


@cache
def _tags() -> Select[str, int]:
    """Which of some creations have which of some tags."""
    return sa_select(col(CreationTag.tag), col(CreationTag.creation_id)).where(
        among(col(CreationTag.creation_id), "ids", Integer()),
        among(col(CreationTag.tag), "tags", String()),
    )
