"""What would stand in a digest: chosen for one member, or for a room, and nothing twice."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, exists, func
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from feed_core.because import Because
from feed_core.models.caught_up import CaughtUp
from feed_core.models.creations import Creation
from feed_core.models.deliveries import Delivery
from feed_core.models.digests import Digest, DigestEntry, Length, Section
from feed_core.services import catching_up, facts, muting, personal
from feed_core.services.reasons import Reason
from feed_core.services.sight import Reader, may_recommend
from feed_core.services.window import Window
from feed_core.states import DeliveryKind, DeliveryState, DigestState
from feed_core.store import View

BACK = timedelta(days=7)
NOBODY = 0  # no member: sees what everybody in a room sees
MUCH = 2  # comments by others since it was in a digest, from which on it returns
MOST: Mapping[Length, Mapping[Section, int]] = {
    Length.SHORT: dict(zip(Section, (3, 1, 2, 2), strict=True)),
    Length.USUAL: dict(zip(Section, (5, 2, 3, 3), strict=True)),
    Length.LONG: dict(zip(Section, (9, 4, 5, 5), strict=True)),
}
RETURNING = frozenset(
    {Because.OWN, Because.LATER, Because.EDITED, Because.TALKED_ABOUT, Because.REMIXED}
)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A creation for a section of a digest, and why; `comment_id` is what was said of it last.

    `gist_key` names the gist of its thread, where one was made.
    """

    section: Section
    creation_id: int
    reason: Reason
    comment_id: int | None = None
    gist_key: str = ""

    @property
    def returns(self) -> bool:
        """Whether it may stand in a digest although it stood in one before."""
        return self.section is not Section.FOR_YOU or self.reason.kind in RETURNING


def entry_of(digest_id: int, position: int, it: Chosen) -> dict[str, Any]:
    """The row of an item of a digest."""
    return {
        "digest_id": digest_id,
        "position": position,
        "section": it.section,
        "creation_id": it.creation_id,
        "reason": it.reason.kind,
        "reason_subject": it.reason.subject,
        "reason_count": it.reason.count,
        "reason_tag": it.reason.tag,
        "comment_id": it.comment_id,
        "gist_key": it.gist_key,
        "later": False,
    }


def chosen_of(row: DigestEntry) -> Chosen:
    """What was chosen, as its row says."""
    reason = Reason(Because(row.reason), row.reason_subject, row.reason_count, row.reason_tag)
    return Chosen(row.section, row.creation_id, reason, row.comment_id, row.gist_key)


def reader_of(digest: Digest) -> Reader:
    """Who reads a digest: its member, or whoever is in its room."""
    if digest.room_id is not None:
        return Reader(NOBODY, digest.room_id)
    return Reader(digest.member_id)


async def choose(
    view: View, digest: Digest, *, window: Window, length: Length = Length.USUAL
) -> list[Chosen]:
    """What is worth showing in this digest, section by section, best first."""
    most = MOST[length]
    reader = reader_of(digest)
    around: list[Chosen] = []
    if digest.room_id is None:
        after = await since(view, digest)
        news = await catching_up.news(view, reader=reader, after=after)
        around = _threads(news)[: most[Section.THREADS]]
        around += (await _of_yours(view, digest, news))[: most[Section.OF_YOURS]]
        around += _answers(news)[: most[Section.ANSWERS]]
    taken = {it.creation_id for it in around}
    chosen = await _for_you(
        view, digest, reader, window=window, taken=taken, limit=most[Section.FOR_YOU]
    )
    return sorted([*chosen, *around], key=lambda it: list(Section).index(it.section))


async def since(view: View, digest: Digest) -> datetime:
    """After which moment something is new in this digest: since they were told last."""
    found = await view.db.exec(
        select(func.max(Digest.composed_at)).where(
            *_of_the_same(digest), Digest.state == DigestState.COMPOSED, ~_waiting(view, digest)
        )
    )
    known = [digest.due_at - BACK, found.one()]
    if digest.room_id is None and (told := await view.db.get(CaughtUp, digest.member_id)):
        known.append(told.at)
    return max(it for it in known if it is not None)


async def had_before(
    view: View, digest: Digest, creation_ids: Collection[int] | None = None
) -> dict[int, datetime]:
    """Which creations other digests showed, or owe in time, and when; of these, where given."""
    wanted = (
        select(DigestEntry.creation_id, func.max(Digest.composed_at))
        .join(Digest, col(Digest.id) == col(DigestEntry.digest_id))
        .where(*_of_the_same(digest), Digest.state == DigestState.COMPOSED, ~_waiting(view, digest))
        .group_by(col(DigestEntry.creation_id))
    )
    if creation_ids is not None:
        wanted = wanted.where(col(DigestEntry.creation_id).in_(creation_ids))
    found = await view.db.exec(wanted)
    return {number: when for number, when in found if when is not None}


async def _for_you(
    view: View,
    digest: Digest,
    reader: Reader,
    *,
    window: Window,
    taken: Collection[int],
    limit: int,
) -> list[Chosen]:
    """What was put off, then the best of what others published, with what happened to it since."""
    later = await put_off(view, digest, reader) if digest.room_id is None else []
    later = [it for it in later if it not in taken][:limit]
    had = await had_before(view, digest)
    recent = {it: when for it, when in had.items() if when > digest.due_at - 2 * BACK}
    news = {
        it: told.news
        for it, told in (await facts.of(view, recent, reader=reader, since=recent)).items()
    }
    back = {
        it: returns(told)
        for it, told in news.items()
        if told.remixes or told.edited or told.comments >= MUCH
    }
    items = await personal.choice(
        view,
        window,
        reader=reader,
        since=digest.due_at - BACK,
        had={*had, *taken, *later} - (back.keys() - set(taken) - set(later)),
        limit=limit - len(later),
    )
    return [Chosen(Section.FOR_YOU, it, Reason(Because.LATER)) for it in later] + [
        Chosen(Section.FOR_YOU, number, back.get(number, it.reason))
        for it in items
        if (number := it.creation.id) is not None
    ]


async def put_off(view: View, digest: Digest, reader: Reader) -> list[int]:
    """What the member put off and was not shown again since, as far as they may still see it."""
    again, shown = aliased(DigestEntry), aliased(Digest)
    found = await view.db.exec(
        select(Creation)
        .join(DigestEntry, col(DigestEntry.creation_id) == col(Creation.id))
        .join(Digest, col(Digest.id) == col(DigestEntry.digest_id))
        .where(
            *_of_the_same(digest),
            col(DigestEntry.later),
            may_recommend(reader),
            muting.not_muted(reader),
            ~exists().where(
                col(again.digest_id) == col(shown.id),
                col(again.creation_id) == col(Creation.id),
                col(again.reason) == Because.LATER,
                col(shown.member_id) == digest.member_id,
                col(shown.state) == DigestState.COMPOSED,
                col(shown.id) > col(Digest.id),
            ),
        )
        .order_by(col(Creation.id))
    )
    quiet = await muting.silence(view, reader=reader)
    kept = [it.id for it in found if it.id is not None and not quiet.keeps_away(it)]
    return list(dict.fromkeys(kept))


def _threads(news: catching_up.News) -> list[Chosen]:
    own = {it.creation.id for it in news.for_me}
    moved = [it for it in news.threads if it.root.id not in own]
    moved.sort(key=lambda it: -len(it.comments) - len(it.remixes))
    return [
        Chosen(
            Section.THREADS,
            it.root.id or 0,
            happened(len(it.comments), [made.id or 0 for made in it.remixes]),
            it.comments[-1].id if it.comments else None,
        )
        for it in moved
    ]


async def _of_yours(view: View, digest: Digest, news: catching_up.News) -> list[Chosen]:
    ids = [it.id for it in news.of_mine if it.id is not None]
    had = await had_before(view, digest, ids)
    told = await facts.of(view, ids, reader=reader_of(digest))
    return [
        Chosen(Section.OF_YOURS, it, Reason(Because.REMIX_OF_YOURS, own[0], len(own)))
        for it in ids
        if it not in had and (own := told[it].own_parents)
    ]


def _answers(news: catching_up.News) -> list[Chosen]:
    return [
        Chosen(
            Section.ANSWERS,
            it.creation.id or 0,
            Reason(Because.TALKED_ABOUT, None, len(it.comments)),
            it.comments[-1].id,
        )
        for it in news.for_me
    ]


def returns(told: facts.News) -> Reason:
    """Why something comes once more to which this happened."""
    if told.remixes or told.comments:
        return happened(told.comments, told.remixes)
    return Reason(Because.EDITED)


def happened(comments: int, remixes: Sequence[int]) -> Reason:
    """The reason that others did so much with it."""
    if remixes:
        return Reason(Because.REMIXED, max(remixes), len(remixes))
    return Reason(Because.TALKED_ABOUT, None, comments)


def _of_the_same(digest: Digest) -> list[ColumnElement[bool]]:
    """The conditions on `Digest` that it is another one of the same member, or room."""
    other = [col(Digest.id) != digest.id] if digest.id is not None else []
    if digest.room_id is not None:
        return [*other, col(Digest.room_id) == digest.room_id]
    return [*other, col(Digest.member_id) == digest.member_id, col(Digest.room_id).is_(None)]


def _waiting(view: View, digest: Digest) -> ColumnElement[bool]:
    """The condition that a digest should have been sent by now, so that this one overtakes it."""
    return waiting(view) if digest.scheduled else col(Digest.id).is_(None)


def waiting(view: View) -> ColumnElement[bool]:
    """The condition that a digest should have been sent by now and was not."""
    return exists().where(
        col(Delivery.subject_id) == col(Digest.id),
        col(Delivery.kind) == DeliveryKind.DIGEST,
        col(Delivery.state) == DeliveryState.PENDING,
        col(Digest.due_at) <= view.now,  # whenever it is tried again, or quiet hours end
    )
