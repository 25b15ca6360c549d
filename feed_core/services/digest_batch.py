"""What would stand in many members' digests: chosen together, each the same as if chosen alone."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func
from sqlmodel import col, select

from feed_core.because import Because
from feed_core.models.caught_up import CaughtUp
from feed_core.models.digests import Digest, DigestEntry, Length, Section
from feed_core.services import around, many_facts, personal_many, readers
from feed_core.services.around import Around, Moved
from feed_core.services.digest_choice import (
    BACK,
    MOST,
    MUCH,
    Chosen,
    happened,
    put_off,
    returns,
    waiting,
)
from feed_core.services.facts import Facts
from feed_core.services.many_facts import Question
from feed_core.services.personal_many import Wish
from feed_core.services.reasons import Reason
from feed_core.services.sight import Reader
from feed_core.services.window import Window
from feed_core.states import DigestState
from feed_core.store import View

SIZE = 64  # digests
Had = Mapping[int, datetime]  # of a member: creation, and when a digest last held it
LONGEST = 2 * BACK  # what a digest may hold is no older, so digests before that held none of it


def batches(digest_ids: Iterable[int]) -> list[int]:
    """The batches that these digests are in, by whose number each can be told, in this order."""
    return list(dict.fromkeys(it // SIZE for it in digest_ids))


async def due(view: View, batch: int) -> list[int]:
    """Which digests of a batch are due, owed to somebody and not composed."""
    found = await view.db.exec(
        select(Digest.id)
        .where(
            Digest.state == DigestState.DUE,
            col(Digest.identity_id).is_not(None) | col(Digest.room_id).is_not(None),
            col(Digest.id).between(batch * SIZE, batch * SIZE + SIZE - 1),
        )
        .order_by(col(Digest.id))
    )
    return [it for it in found if it is not None]


def split(digests: Iterable[Digest]) -> tuple[list[Digest], list[Digest]]:
    """Those that can be made together, and those that have to be made one by one.

    Together are made scheduled ones of different members; there is the first of each.
    """
    together: dict[int, Digest] = {}
    others: list[Digest] = []
    for it in digests:
        alike = it.scheduled and it.room_id is None and it.state is DigestState.DUE
        if not alike or it.member_id in together:
            others.append(it)
        else:
            together[it.member_id] = it
    return list(together.values()), others


async def choose(
    view: View,
    digests: Sequence[Digest],
    *,
    window: Window,
    lengths: Mapping[int, Length],
    after: Mapping[int, datetime],
) -> dict[int, list[Chosen]]:
    """What `digest_choice.choose` finds for each of these digests, by its number.

    They can be made together, see `split`; `lengths` are the members', `after` is their `since`.
    """
    if not digests:
        return {}
    of = {it.member_id: it for it in digests}
    had = await had_lately(view, digests)
    wary = await readers.of_many(view, of)
    news = await around.of_many(view, after, wary)
    own = await _own_parents(view, news)
    sections = {
        number: _around(news[number], own[number], had[number], MOST[lengths[number]])
        for number in of
    }
    later = await _put_off(view, of)
    recent = {
        number: {it: when for it, when in had[number].items() if when > digest.due_at - LONGEST}
        for number, digest in of.items()
    }
    moved = await many_facts.of_many(
        view, [Question(number, since=recent[number]) for number in of]
    )
    backs: dict[int, dict[int, Reason]] = {}
    wishes: list[Wish] = []
    for (number, digest), told in zip(of.items(), moved, strict=True):
        taken = {it.creation_id for it in sections[number]}
        limit = MOST[lengths[number]][Section.FOR_YOU]
        later[number] = [it for it in later.get(number, []) if it not in taken][:limit]
        backs[number] = back = returning(told)
        hidden = {*had[number], *taken, *later[number]}
        hidden -= back.keys() - taken - set(later[number])
        wishes.append(Wish(number, digest.due_at - BACK, hidden, limit - len(later[number])))
    chosen = await personal_many.choices(view, window, wishes, wary)
    found: dict[int, list[Chosen]] = {}
    for (number, digest), items in zip(of.items(), chosen, strict=True):
        for_you = [Chosen(Section.FOR_YOU, it, Reason(Because.LATER)) for it in later[number]]
        for_you += [Chosen(Section.FOR_YOU, it, backs[number].get(it, why)) for it, why in items]
        order = list(Section)
        assert digest.id is not None
        found[digest.id] = sorted(
            [*for_you, *sections[number]], key=lambda it: order.index(it.section)
        )
    return found


async def since(view: View, digests: Sequence[Digest]) -> dict[int, datetime]:
    """After which moment something is new in each member's digest, as `digest_choice.since`."""
    if not digests:
        return {}
    members = [it.member_id for it in digests]
    found = {it.member_id: it.due_at - BACK for it in digests}
    told = await view.db.exec(
        select(Digest.member_id, func.max(Digest.composed_at))
        .where(*_composed(view, digests, min(found.values())))
        .group_by(col(Digest.member_id))
    )
    known = await view.db.exec(
        select(CaughtUp.member_id, CaughtUp.at).where(col(CaughtUp.member_id).in_(members))
    )
    for number, at in (*told.all(), *known.all()):
        if at is not None:
            found[number] = max(found[number], at)
    return found


def returning(told: Mapping[int, Facts]) -> dict[int, Reason]:
    """What may come once more of these, and why: enough happened to it."""
    return {
        it: returns(facts.news)
        for it, facts in told.items()
        if facts.news.remixes or facts.news.edited or facts.news.comments >= MUCH
    }


async def had_lately(view: View, digests: Sequence[Digest]) -> dict[int, dict[int, datetime]]:
    """Which creations other digests of each member showed lately, or owe in time, and when."""
    earliest = min(it.due_at for it in digests) - LONGEST
    found = await view.db.exec(
        select(Digest.member_id, DigestEntry.creation_id, func.max(Digest.composed_at))
        .join(DigestEntry, col(DigestEntry.digest_id) == col(Digest.id))
        .where(*_composed(view, digests, earliest))
        .group_by(col(Digest.member_id), col(DigestEntry.creation_id))
    )
    had: dict[int, dict[int, datetime]] = defaultdict(dict)
    for member_id, number, when in found:
        if when is not None:
            had[member_id][number] = when
    return had


def _composed(view: View, digests: Sequence[Digest], earliest: datetime) -> tuple[Any, ...]:
    """The conditions on `Digest` that it was composed since then for one of these members."""
    return (
        col(Digest.member_id).in_([it.member_id for it in digests]),
        col(Digest.room_id).is_(None),
        Digest.state == DigestState.COMPOSED,
        col(Digest.composed_at) > earliest - timedelta(seconds=1),
        ~waiting(view),
    )


async def _put_off(view: View, of: Mapping[int, Digest]) -> dict[int, list[int]]:
    """What each put off; hardly anybody does, so those few are asked about one by one."""
    found = await view.db.exec(
        select(Digest.member_id)
        .join(DigestEntry, col(DigestEntry.digest_id) == col(Digest.id))
        .where(col(Digest.member_id).in_(of), col(DigestEntry.later))
        .distinct()
    )
    return {it: await put_off(view, of[it], Reader(it)) for it in found.all()}


async def _own_parents(view: View, news: Mapping[int, Around]) -> dict[int, dict[int, list[int]]]:
    """What of each member's own was used in what others made of it."""
    told = await many_facts.of_many(view, [Question(n, it.of_mine) for n, it in news.items()])
    return {
        number: {it: facts.own_parents for it, facts in found.items()}
        for number, found in zip(news, told, strict=True)
    }


def _around(
    news: Around, own: Mapping[int, Sequence[int]], had: Had, most: Mapping[Section, int]
) -> list[Chosen]:
    """The sections of what happened around a member."""
    mine = {it.creation_id for it in news.for_me}
    moved = [it for it in news.threads if it.creation_id not in mine]
    moved.sort(key=lambda it: -len(it.comments) - len(it.remixes))
    used = [it for it in news.of_mine if it not in had and own[it]]
    return [
        *(_of_thread(it) for it in moved[: most[Section.THREADS]]),
        *(
            Chosen(Section.OF_YOURS, it, Reason(Because.REMIX_OF_YOURS, own[it][0], len(own[it])))
            for it in used[: most[Section.OF_YOURS]]
        ),
        *(
            Chosen(
                Section.ANSWERS,
                it.creation_id,
                Reason(Because.TALKED_ABOUT, None, len(it.comments)),
                it.comments[-1],
            )
            for it in news.for_me[: most[Section.ANSWERS]]
        ),
    ]


def _of_thread(it: Moved) -> Chosen:
    last = it.comments[-1] if it.comments else None
    return Chosen(Section.THREADS, it.creation_id, happened(len(it.comments), it.remixes), last)
