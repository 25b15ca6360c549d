"""Why something is shown: reasons that are true, and whose counts anybody could count again."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np

from feed_core.because import Because
from feed_core.models.creations import Creation
from feed_core.services import facts
from feed_core.services.facts import Facts
from feed_core.services.portrait import Did, Portrait
from feed_core.services.seen import MICROSECOND, START
from feed_core.services.tagging import tag_of
from feed_core.store import View

MANY = 2  # people from whom on it is worth saying
NEW = timedelta(days=7)  # what was published within it is new


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason that can be counted."""

    kind: Because
    subject: int | None = None
    count: int = 0
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Hints:
    """What a feed knows of how it came to its items.

    `more_like` and `like` have a creation and a count for each item that is like what its reader
    wants more of, or likes; `kindred` are the members whose taste is nearest.
    """

    more_like: Mapping[int, tuple[int, int]] = field(default_factory=dict)
    like: Mapping[int, tuple[int, int]] = field(default_factory=dict)
    surprises: Collection[int] = ()
    kindred: Collection[int] = ()


async def of(
    view: View,
    creations: Sequence[Creation],
    told: Mapping[int, Facts],
    member: Portrait,
    hints: Hints,
) -> dict[int, Reason]:
    """The best reason for each of these creations.

    What is `told` of them includes the news since the reader looked, and the kindred of the hints.
    """
    found: dict[int, Reason] = {}
    for it in creations:
        if it.id is not None and (reason := _close(it, told[it.id], member, hints)):
            found[it.id] = reason
    rest = [it for it in creations if it.id not in found]
    found |= await _kept(view, rest, member)
    rest = [it for it in rest if it.id not in found]
    liked = _by_maker(member, Did.REACTED, rest)
    for it in rest:
        if it.id is None:
            continue
        if count := len(liked[it.author_id]):
            found[it.id] = Reason(Because.MAKER_YOU_LIKE, it.author_id, count)
        elif it.id in hints.like:
            found[it.id] = Reason(Because.LIKE_WHAT_YOU_LIKE, *hints.like[it.id])
    for it in rest:
        if it.id is not None and it.id not in found:
            found[it.id] = _far(it, told[it.id], member, hints, now=view.now)
    return found


def since(creation_ids: Collection[int], member: Portrait) -> dict[int, datetime]:
    """When the reader last looked at those of these creations that they were shown before."""
    ids = np.array(list(creation_ids), dtype=np.int64)
    looked = member.looked(ids)
    return {
        number: START + when * MICROSECOND
        for number, when in zip(ids.tolist(), looked.tolist(), strict=True)
        if 0 < when < np.iinfo(np.int64).max
    }


def _close(creation: Creation, told: Facts, member: Portrait, hints: Hints) -> Reason | None:
    """A reason that lies in what happened, in what the reader follows, or asked for."""
    assert creation.id is not None
    news = told.news
    if news.remixes:
        return Reason(Because.REMIXED, news.remixes[0], len(news.remixes))
    if news.comments:
        return Reason(Because.TALKED_ABOUT, None, news.comments)
    if news.edited:
        return Reason(Because.EDITED)
    if creation.author_id == member.reader.member_id:
        return Reason(Because.OWN)
    if told.own_parents:
        return Reason(Because.REMIX_OF_YOURS, told.own_parents[0], len(told.own_parents))
    if creation.author_id in member.makers:
        return Reason(Because.FOLLOWED, creation.author_id, 1)
    if told.threads:
        return Reason(Because.FOLLOWED_THREAD, told.threads[0], len(told.threads))
    if member.tags and (tags := [it for it in map(tag_of, creation.tags) if it in member.tags]):
        return Reason(Because.FOLLOWED_TAG, None, len(set(tags)), tags[0])
    if creation.id in hints.more_like:
        return Reason(Because.MORE_LIKE, *hints.more_like[creation.id])
    return None


def _far(
    creation: Creation, told: Facts, member: Portrait, hints: Hints, *, now: datetime
) -> Reason:
    """A reason that lies in what others did, or in the creation itself."""
    assert creation.id is not None
    if told.kindred:
        return Reason(Because.KINDRED, None, told.kindred)
    if creation.id in hints.surprises:
        return Reason(Because.SURPRISE)
    if told.people >= MANY:
        return Reason(Because.LIKED_BY_MANY, None, told.people)
    if creation.published_at is not None and now - creation.published_at <= NEW:
        return Reason(Because.FRESH)
    if not member.looked(np.array([creation.id]))[0]:
        return Reason(Because.UNSEEN)
    return Reason(Because.THERE)


async def _kept(view: View, creations: Sequence[Creation], member: Portrait) -> dict[int, Reason]:
    """The reasons that lie in what the reader keeps of the same makers, best with a common tag."""
    kept = _by_maker(member, Did.SAVED, creations)
    theirs = [it for it in creations if kept[it.author_id]]
    tags = {tag_of(tag) for it in theirs for tag in it.tags}
    having = await facts.tagged(view, {n for it in theirs for n in kept[it.author_id]}, tags)
    found: dict[int, Reason] = {}
    for it in theirs:
        saved = kept[it.author_id] - {it.id}
        common = {tag: len(saved & having.get(tag, set())) for tag in map(tag_of, it.tags)}
        tag = max(common, key=lambda one: common[one], default="")
        count = common.get(tag, 0)
        if it.id is not None and saved:
            reason = Reason(Because.SAVED, it.author_id, count or len(saved), tag if count else "")
            found[it.id] = reason
    return found


def _by_maker(member: Portrait, did: Did, creations: Sequence[Creation]) -> Mapping[int, set[int]]:
    """What the member did this with, by who made it: of the makers of these creations."""
    found: dict[int, set[int]] = defaultdict(set)
    deeds, wanted = member.deeds.only(did), {it.author_id for it in creations}
    for maker, number in zip(deeds.makers.tolist(), deeds.ids.tolist(), strict=True):
        if maker in wanted:
            found[maker].add(number)
    return found
