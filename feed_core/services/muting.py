"""What a member does not want to see, and pages that stay full without it.

Makers, threads and hidden creations are a condition in SQL; words and tags are read from what was
found, because databases fold the letters of most languages wrongly or not at all.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache

from sqlalchemy import ColumnElement, Integer, ScalarSelect, String, and_, cast, exists, or_
from sqlalchemy import select as sa_select
from sqlmodel import col, select
from sqlmodel.sql.expression import Select, SelectOfScalar

from feed_core.models.creations import Creation
from feed_core.models.curation import Followed, Mute, Opinion, Wanted
from feed_core.models.threads import ThreadEntry
from feed_core.prepared import Values, among
from feed_core.services.sight import Reader, anybody, told
from feed_core.store import Question, View

LOOKED_AT = 5_000  # creations that one page looks at, where its reader muted words or tags
BATCH = 100
# Scripts that put no space between words: there a word is found inside others too.
UNSPACED = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


@dataclass(frozen=True, slots=True)
class Silence:
    """The words and tags that one reader muted."""

    member_id: int
    words: re.Pattern[str] | None = None
    tags: frozenset[str] = frozenset()

    @property
    def nothing(self) -> bool:
        """Whether it keeps nothing away."""
        return self.words is None and not self.tags

    def keeps_away(self, creation: Creation) -> bool:
        """Whether the creation has a muted tag, or a muted word in its title, body or picture."""
        if self.nothing:
            return False
        tagged = not self.tags.isdisjoint(folded(it) for it in creation.tags)
        if tagged and creation.author_id != self.member_id:
            return True
        return self.mutes(creation.author_id, f"{creation.title}\n{creation.body}\n{creation.alt}")

    def mutes(self, author_id: int, text: str) -> bool:
        """Whether a text of somebody else holds a muted word."""
        if self.words is None or author_id == self.member_id:
            return False
        return self.words.search(folded(text)) is not None


def folded(text: str) -> str:
    """The text as it is compared: without case, kinds of width or of white space."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def not_muted(reader: Reader, *, threads: bool = True) -> ColumnElement[bool]:
    """The condition on `Creation` that this reader hid neither it, its maker nor its thread.

    What they made themselves is never muted. Without `threads` those count for nothing.
    """
    hidden = sa_select(col(Opinion.creation_id)).where(
        col(Opinion.member_id) == reader.member_id, col(Opinion.wanted) == Wanted.HIDE
    )
    return or_(
        col(Creation.author_id) == reader.member_id,
        and_(
            col(Creation.author_id).not_in(_numbers(reader, Followed.MEMBER)),
            col(Creation.id).not_in(hidden.scalar_subquery()),
            *(_outside_muted_threads(reader) if threads else ()),
        ),
    )


async def source_muted(view: View, creation: Creation, *, reader: Reader) -> Mute | None:
    """The reader's mute of who made the creation, or else of a thread that it is in, if any.

    What they made themselves is never muted.
    """
    if creation.author_id == reader.member_id:
        return None
    threads = select(cast(ThreadEntry.thread_id, String)).where(
        ThreadEntry.creation_id == creation.id
    )
    found = await view.db.exec(
        select(Mute)
        .where(
            Mute.member_id == reader.member_id,
            or_(
                and_(
                    col(Mute.kind) == Followed.MEMBER, col(Mute.subject) == str(creation.author_id)
                ),
                and_(
                    col(Mute.kind) == Followed.THREAD,
                    or_(col(Mute.subject) == str(creation.id), col(Mute.subject).in_(threads)),
                ),
            ),
        )
        .order_by(col(Mute.kind))
        .limit(1)
    )
    return found.first()


async def silence(view: View, *, reader: Reader) -> Silence:
    """The words and tags that this reader muted."""
    return silence_of(reader, await view.ask(*asking(reader)))


def asking(reader: Reader) -> Question:
    """What tells of a reader's `silence`, for whoever asks something else along with it."""
    return _silence(), told(reader)


def silence_of(reader: Reader, muted: Iterable[Values]) -> Silence:
    """The silence that the rows of `asking` tell of."""
    subjects: dict[Followed, list[str]] = {Followed.WORD: [], Followed.TAG: []}
    for kind, subject in muted:
        subjects[kind].append(subject)
    return silenced(reader.member_id, words=subjects[Followed.WORD], tags=subjects[Followed.TAG])


def silenced(member_id: int, *, words: Collection[str], tags: Collection[str]) -> Silence:
    """What keeps these words and tags away from a member."""
    return Silence(member_id, _any_of(words), frozenset(tags))


async def newest(
    view: View, wanted: SelectOfScalar[Creation], *, reader: Reader, limit: int
) -> list[Creation]:
    """The newest of the wanted creations that this reader did not mute, `limit` where there are."""
    quiet = await silence(view, reader=reader)
    wanted = wanted.where(not_muted(reader)).order_by(col(Creation.id).desc())
    if quiet.nothing:
        return list(await view.db.exec(wanted.limit(limit)))
    kept: list[Creation] = []
    size, before = max(limit, BATCH), None
    for _ in range(0, max(LOOKED_AT, limit), size):
        older = wanted if before is None else wanted.where(col(Creation.id) < before)
        batch = list(await view.db.exec(older.limit(size)))
        kept += [it for it in batch if not quiet.keeps_away(it)]
        if len(kept) >= limit or len(batch) < size:
            break
        before = batch[-1].id
    return kept[:limit]


async def unmuted(view: View, creation_ids: Collection[int], *, reader: Reader) -> set[int]:
    """Those of these creations that this reader did not mute."""
    quiet = await silence(view, reader=reader)
    if quiet.nothing:
        given = {"asked": list(creation_ids), **told(reader)}
        return {it for (it,) in await view.ask(_unmuted(), given)}
    found = await view.db.exec(
        select(Creation).where(col(Creation.id).in_(creation_ids), not_muted(reader))
    )
    return {it.id for it in found if it.id is not None and not quiet.keeps_away(it)}


@cache
def _unmuted() -> SelectOfScalar[int | None]:
    """Those of the creations asked for that a reader did not mute; put together once."""
    return select(col(Creation.id)).where(
        among(col(Creation.id), "asked", Integer()), not_muted(anybody())
    )


@cache
def _silence() -> Select[str, str]:
    """The words and tags that a reader muted; put together once."""
    return select(Mute.kind, Mute.subject).where(
        col(Mute.member_id) == anybody().member_id,
        or_(col(Mute.kind) == Followed.WORD, col(Mute.kind) == Followed.TAG),
    )


def _any_of(words: Collection[str]) -> re.Pattern[str] | None:
    if not words:
        return None
    return re.compile("|".join(_whole(it) for it in sorted(words)))


def _whole(word: str) -> str:
    before = "" if UNSPACED.match(word[0]) else r"(?<!\w)"
    after = "" if UNSPACED.match(word[-1]) else r"(?!\w)"
    return f"{before}{re.escape(word)}{after}"


def _numbers(reader: Reader, kind: Followed) -> ScalarSelect[int]:
    return (
        sa_select(cast(col(Mute.subject), Integer))
        .where(col(Mute.member_id) == reader.member_id, col(Mute.kind) == kind)
        .scalar_subquery()
    )


def _outside_muted_threads(reader: Reader) -> tuple[ColumnElement[bool], ...]:
    """It began no thread that was muted, and belongs to none."""
    muted = _numbers(reader, Followed.THREAD)
    belongs = exists().where(
        col(ThreadEntry.creation_id) == col(Creation.id), col(ThreadEntry.thread_id).in_(muted)
    )
    return col(Creation.id).not_in(muted), ~belongs
