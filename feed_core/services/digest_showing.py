"""What digests show and say, as it is now: of one, or of many by the same few questions."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Executable, Integer, Select, and_, inspect
from sqlalchemy import select as sa_select
from sqlmodel import col

from feed_core import bulk
from feed_core.models.creations import Creation
from feed_core.models.deliveries import Delivery
from feed_core.models.digests import Digest, DigestEntry, DigestSchedule, DigestSettings, Section
from feed_core.models.members import Member
from feed_core.models.reactions import Comment
from feed_core.prepared import among, objects
from feed_core.services import (
    digest_contents,
    digest_hours,
    digests,
    many_facts,
    members,
    readers,
)
from feed_core.services.digest_choice import Chosen, chosen_of
from feed_core.services.digest_contents import Agents, Entry, entry
from feed_core.services.facts import News
from feed_core.services.many_facts import Question
from feed_core.services.readers import Wary
from feed_core.states import CommentState, DeliveryKind, DeliveryState
from feed_core.store import View

Told = Sequence[tuple[int, Chosen]]  # what was chosen for a digest, each with its number in it


@dataclass(frozen=True, slots=True)
class Showing:
    """What a digest shows, and what its member has to know beside it.

    `name` and `zone` are its member's, `hours_in` the zone of their hours. `lost` is the digest
    before it, where nobody knows whether that one arrived. `cover`: a picture comes on top.
    """

    digest: Digest
    name: str
    zone: str
    entries: Sequence[Entry]
    agents: Agents
    names: Mapping[int, str]
    hours_in: str | None = None
    lost: Digest | None = None
    cover: bool = False


async def one(view: View, digest: Digest, chosen: Told) -> Showing:
    """What this digest shows of what was chosen for it."""
    member = await members.get(view, digest.member_id)
    entries = await digest_contents.shown(view, digest, chosen)
    told = await _agents(view, digest)
    hours = lost = None
    if digest.scheduled and digest.room_id is None:
        hours = await digest_hours.find_schedule(view, digest.member_id)
        lost = await _lost(view, digest)
    return Showing(
        digest,
        member.name,
        member.zone,
        entries,
        told,
        await members.names(view, _people(entries, told)),
        hours.zone if hours is not None else None,
        lost,
        digest.room_id is None and (await digests.settings(view, digest.member_id)).cover,
    )


async def many(view: View, digest_ids: Collection[int]) -> dict[int, Showing]:
    """What each of these digests shows, by its number: the same as `one` tells."""
    found = await bulk.find(view, Digest, digest_ids)
    chosen: dict[int, list[tuple[int, Chosen]]] = {it.id: [] for it in found if it.id is not None}
    for row in objects(DigestEntry, await view.ask(_entries(), {"ids": list(chosen)})):
        chosen[row.digest_id].append((row.position, chosen_of(row)))
    alike = {it.id: it for it in found if it.id is not None and it.scheduled and it.room_id is None}
    showing = await _alike(view, alike, chosen)
    for it in found:
        if it.id is not None and it.id not in alike:
            showing[it.id] = await one(view, it, chosen[it.id])
    return showing


async def _alike(
    view: View, of: Mapping[int, Digest], chosen: Mapping[int, Told]
) -> dict[int, Showing]:
    """Of scheduled digests of members."""
    numbers = list({it.member_id for it in of.values()})
    wary = await readers.of_many(view, numbers)
    items = [it for number in of for _, it in chosen[number]]
    creations = {it.id or 0: it for it in await bulk.find(view, Creation, _creation_ids(items))}
    belongs = await readers.muted_threads(view, creations, wary.values())
    comments = await _comments(view, {it.comment_id for it in items if it.comment_id})
    news = await _news(view, of, chosen)
    after = {it.member_id: it.since or it.due_at for it in of.values()}
    busy = await digest_contents.busy(view, after)
    people = {it.id: it for it in await bulk.find(view, Member, numbers)}
    hours = dict(await _of(view, _hours(), numbers))
    in_doubt = {number for (number,) in await _of(view, _in_doubt(), numbers)}
    covers = {number for (number,) in await _of(view, _covers(), numbers)}
    entries = {
        number: _shown(wary[it.member_id], chosen[number], creations, belongs, comments, told)
        for (number, it), told in zip(of.items(), news, strict=True)
    }
    agents = {
        number: await _agents(view, it) if it.member_id in busy else Agents()
        for number, it in of.items()
    }
    names = await members.names(
        view, {who for number in of for who in _people(entries[number], agents[number])}
    )
    return {
        number: Showing(
            it,
            people[it.member_id].name,
            people[it.member_id].zone,
            entries[number],
            agents[number],
            names,
            hours.get(it.member_id),
            await _lost(view, it) if it.member_id in in_doubt else None,
            it.member_id in covers,
        )
        for number, it in of.items()
    }


def _shown(
    who: Wary,
    chosen: Told,
    creations: Mapping[int, Creation],
    belongs: Mapping[int, Collection[int]],
    comments: Mapping[int, Comment],
    news: Mapping[int, News],
) -> list[Entry]:
    """As `digest_contents.shown`, of rows that are read already."""
    offered = {it.creation_id for _, it in chosen if it.section is Section.FOR_YOU}
    found = []
    for number, it in chosen:
        creation = creations.get(it.creation_id)
        if creation is None:
            continue
        may = who.is_offered if it.creation_id in offered else who.is_shown
        if not may(creation, belongs.get(it.creation_id, ())):
            continue
        comment = comments.get(it.comment_id or 0)
        if comment is not None and who.quiet.mutes(comment.author_id, comment.body):
            comment = None
        made = entry(number, it, creation, news.get(it.creation_id, News()), comment)
        if made is not None:
            found.append(made)
    return found


async def _news(
    view: View, of: Mapping[int, Digest], chosen: Mapping[int, Told]
) -> list[dict[int, News]]:
    asked = [
        Question(
            it.member_id,
            since={one.creation_id: it.since for _, one in chosen[number]} if it.since else {},
            until=it.composed_at,
        )
        for number, it in of.items()
    ]
    told = await many_facts.of_many(view, asked)
    return [{number: facts.news for number, facts in found.items()} for found in told]


async def _comments(view: View, comment_ids: Collection[int]) -> dict[int, Comment]:
    found = await bulk.find(view, Comment, comment_ids)
    return {it.id or 0: it for it in found if it.state is CommentState.PUBLISHED}


async def _agents(view: View, digest: Digest) -> Agents:
    after, until = digest.since or digest.due_at, digest.composed_at or view.now
    return await digest_contents.agents(view, digest, after=after, until=until)


async def _lost(view: View, digest: Digest) -> Digest | None:
    """The digest before this one, where nobody knows whether it arrived."""
    before = await digests.last(view, digest.member_id, before=digest)
    if before is None or before.id is None:
        return None
    unknown = await digests.arrived(view, before.id) is DeliveryState.UNKNOWN
    return before if unknown else None


def _people(entries: Sequence[Entry], told: Agents) -> set[int]:
    people = {it.creation.author_id for it in entries}
    people |= {it.comment.author_id for it in entries if it.comment is not None}
    people |= {it.reason.subject for it in entries if it.reason.subject is not None}
    return people | {it.asker_id for it in told.questions if it.asker_id is not None}


def _creation_ids(items: Sequence[Chosen]) -> list[int]:
    return list({it.creation_id for it in items})


async def _of(view: View, statement: Executable, members_: Collection[int]) -> list[Any]:
    return await view.ask(statement, {"members": list(members_)})


@cache
def _entries() -> Select[Any]:
    return (
        sa_select(*inspect(DigestEntry).local_table.c)
        .where(among(col(DigestEntry.digest_id), "ids", Integer()))
        .order_by(col(DigestEntry.position))
    )


@cache
def _hours() -> Select[int, str]:
    return sa_select(col(DigestSchedule.member_id), col(DigestSchedule.zone)).where(
        among(col(DigestSchedule.member_id), "members", Integer())
    )


@cache
def _in_doubt() -> Select[Any]:
    """Members of whose digests one may not have arrived."""
    return (
        sa_select(col(Digest.member_id))
        .join(
            Delivery,
            and_(
                col(Delivery.subject_id) == col(Digest.id),
                col(Delivery.kind) == DeliveryKind.DIGEST,
            ),
        )
        .where(
            col(Delivery.state) == DeliveryState.UNKNOWN,
            among(col(Digest.member_id), "members", Integer()),
        )
    )


@cache
def _covers() -> Select[int]:
    return sa_select(col(DigestSettings.member_id)).where(
        among(col(DigestSettings.member_id), "members", Integer()), col(DigestSettings.cover)
    )
