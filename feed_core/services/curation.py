"""What members keep, follow and mute, and what they want more or less of.

Doing any of it twice changes nothing more than doing it once.
"""

from dataclasses import dataclass

from sqlalchemy import case, func
from sqlmodel import col, select

from feed_core.errors import EmptyText, Refusal, TextTooLong
from feed_core.models.creations import Creation
from feed_core.models.curation import Bookmark, Follow, Followed, Mute, Opinion, Wanted
from feed_core.services.members import in_turn
from feed_core.services.muting import folded
from feed_core.services.pieces import visible
from feed_core.services.sight import Reader, may_see, see
from feed_core.store import View, Work

SAVED = "saved"  # the collection of what is saved without naming one
LONGEST_NAME = 40


@dataclass(eq=False)
class MakerNotFound(Refusal):
    """Nobody of this name, or meant by it, has made anything that can be seen here."""

    typed: str
    code = "maker_not_found"


class OnlyOthers(Refusal):
    """Nobody can follow or mute themselves."""

    code = "only_others"


@dataclass(frozen=True, slots=True)
class Collection:
    """A named collection of one member; `count` is how many of it they may see."""

    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Subject:
    """What can be followed or muted; `value` is a number or a folded word, as text."""

    kind: Followed
    value: str


async def save(work: Work, *, creation_id: int, reader: Reader, collection: str = "") -> Collection:
    """Keep a creation in a collection, which is made when it is new.

    Raises:
        CreationNotFound, CreationWithdrawn: it cannot be seen.
        TextTooLong: no collection is called that.
    """
    name = _collection(collection)
    await in_turn(work, reader.member_id)
    await see(work, creation_id, reader=reader)
    key = (reader.member_id, creation_id, name)
    if await work.hold_if_any(Bookmark, key) is None:
        work.db.add(
            Bookmark(
                member_id=reader.member_id,
                creation_id=creation_id,
                collection=name,
                created_at=work.now,
            )
        )
        await work.db.flush()
    kept = await collections(work, reader=reader)
    return next(it for it in kept if it.name == name)


async def unsave(
    work: Work, *, creation_id: int, member_id: int, collection: str = ""
) -> list[str]:
    """Take a creation out of one collection, or of all; returns those that it was in."""
    await in_turn(work, member_id)
    wanted = select(Bookmark).where(
        Bookmark.member_id == member_id, Bookmark.creation_id == creation_id
    )
    if collection:
        wanted = wanted.where(Bookmark.collection == _collection(collection))
    rows = list(await work.db.exec(wanted.order_by(col(Bookmark.collection))))
    for it in rows:
        await work.db.delete(it)
    return [it.collection for it in rows]


async def collections(view: View, *, reader: Reader) -> list[Collection]:
    """The member's collections by name, with what they may see of each counted, if only none."""
    found = await view.db.exec(
        select(Bookmark.collection, func.count(case((may_see(reader), 1))))
        .join(Creation, col(Creation.id) == col(Bookmark.creation_id))
        .where(Bookmark.member_id == reader.member_id)
        .group_by(col(Bookmark.collection))
        .order_by(col(Bookmark.collection))
    )
    return [Collection(name, count) for name, count in found]


async def kept_in(
    view: View, *, reader: Reader, collection: str, limit: int = 10, before_id: int | None = None
) -> list[Creation]:
    """What the member may see of one collection, newest first; `before_id` goes on with a page."""
    wanted = (
        select(Creation)
        .join(Bookmark, col(Bookmark.creation_id) == col(Creation.id))
        .where(
            Bookmark.member_id == reader.member_id,
            Bookmark.collection == _collection(collection),
            may_see(reader),
        )
    )
    if before_id is not None:
        wanted = wanted.where(col(Creation.id) < before_id)
    return list(await view.db.exec(wanted.order_by(col(Creation.id).desc()).limit(limit)))


async def follow(work: Work, *, subject: Subject, reader: Reader) -> Subject:
    """Want the news of a maker, tag or thread; a mute of the same ends.

    Raises:
        OnlyOthers: it is the member.
        MakerNotFound: they made nothing that can be seen.
        CreationNotFound, CreationWithdrawn: the thread cannot be seen.
        EmptyText, TextTooLong: it is no tag.
    """
    if subject.kind is Followed.WORD:
        raise ValueError("a word cannot be followed")
    return await _put(work, Follow, Mute, subject, reader)


async def mute(work: Work, *, subject: Subject, reader: Reader) -> Subject:
    """Want nothing of a maker, tag, thread or word; a follow of the same ends.

    Raises:
        OnlyOthers, MakerNotFound, CreationNotFound, CreationWithdrawn, EmptyText, TextTooLong: as
            for `follow`.
    """
    return await _put(work, Mute, Follow, subject, reader)


async def unfollow(work: Work, *, subject: Subject, member_id: int) -> bool:
    """Want no more news of it; False when the member did not follow it."""
    return await _take(work, Follow, subject, member_id)


async def unmute(work: Work, *, subject: Subject, member_id: int) -> bool:
    """See it again; False when the member did not mute it."""
    return await _take(work, Mute, subject, member_id)


async def follows(view: View, *, member_id: int) -> list[Subject]:
    """All that the member follows."""
    return await _all(view, Follow, member_id)


async def mutes(view: View, *, member_id: int) -> list[Subject]:
    """All that the member muted."""
    return await _all(view, Mute, member_id)


async def want(work: Work, *, creation_id: int, reader: Reader, wanted: Wanted) -> None:
    """More of this, less of this, or hide it: what was said last counts.

    Raises:
        CreationNotFound, CreationWithdrawn: it cannot be seen.
    """
    await in_turn(work, reader.member_id)
    await see(work, creation_id, reader=reader)
    known = await work.hold_if_any(Opinion, (reader.member_id, creation_id))
    if known is None:
        known = Opinion(member_id=reader.member_id, creation_id=creation_id, created_at=work.now)
        work.db.add(known)
    known.wanted, known.created_at = wanted, work.now


async def want_no_more(work: Work, *, creation_id: int, member_id: int, wanted: Wanted) -> bool:
    """Take back what was said; False when something else was said since, or nothing."""
    known = await work.hold_if_any(Opinion, (member_id, creation_id))
    if known is None or known.wanted is not wanted:
        return False
    await work.db.delete(known)
    return True


async def _put(
    work: Work,
    table: type[Follow] | type[Mute],
    opposite: type[Follow] | type[Mute],
    subject: Subject,
    reader: Reader,
) -> Subject:
    await in_turn(work, reader.member_id)
    subject = await _checked(work, subject, reader)
    if await work.hold_if_any(table, (reader.member_id, subject.kind, subject.value)) is None:
        row = table(
            member_id=reader.member_id,
            kind=subject.kind,
            subject=subject.value,
            created_at=work.now,
        )
        work.db.add(row)
    await _take(work, opposite, subject, reader.member_id)
    return subject


async def _take(
    work: Work, table: type[Follow] | type[Mute], subject: Subject, member_id: int
) -> bool:
    known = await work.hold_if_any(table, (member_id, subject.kind, _folded(subject).value))
    if known is None:
        return False
    await work.db.delete(known)
    return True


async def _all(view: View, table: type[Follow] | type[Mute], member_id: int) -> list[Subject]:
    found = await view.db.exec(
        select(table.kind, table.subject)
        .where(table.member_id == member_id)
        .order_by(col(table.created_at), col(table.kind), col(table.subject))
    )
    return [Subject(Followed(kind), value) for kind, value in found]


async def _checked(view: View, subject: Subject, reader: Reader) -> Subject:
    if subject.kind is Followed.THREAD:
        await see(view, int(subject.value), reader=reader)
    elif subject.kind is Followed.MEMBER:
        if int(subject.value) == reader.member_id:
            raise OnlyOthers
        made = select(Creation.id).where(Creation.author_id == int(subject.value), may_see(reader))
        if (await view.db.exec(made.limit(1))).first() is None:
            raise MakerNotFound(subject.value)
    else:
        subject = _folded(subject)
        if not visible(subject.value):
            raise EmptyText
        if len(subject.value) > LONGEST_NAME:
            raise TextTooLong(len(subject.value), LONGEST_NAME)
    return subject


def _folded(subject: Subject) -> Subject:
    if subject.kind is Followed.TAG:
        return Subject(subject.kind, folded(subject.value.strip().lstrip("#")))
    return Subject(subject.kind, folded(subject.value))


def _collection(typed: str) -> str:
    name = folded(typed)
    if len(name) > LONGEST_NAME:
        raise TextTooLong(len(name), LONGEST_NAME)
    return name if visible(name) else SAVED
