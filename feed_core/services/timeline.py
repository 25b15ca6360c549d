"""The feed: what there is to see, newest first, each with a true reason."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from sqlmodel import col, select

from feed_core.because import Because
from feed_core.models.creations import Creation
from feed_core.services import facts, muting, portrait, reasons, suggesting
from feed_core.services.facts import Asked, Facts
from feed_core.services.portrait import Portrait
from feed_core.services.reasons import Hints, Reason
from feed_core.services.sight import Reader, may_recommend, may_see
from feed_core.states import ReactionKind
from feed_core.store import View

MOST_SUGGESTED = 400  # looked at, where the reader muted much


@dataclass(frozen=True, slots=True)
class Item:
    """A creation as one reader gets it.

    `likes` counts the people who reacted, each once, `reactions` what they felt.
    """

    creation: Creation
    reason: Reason
    parents: Sequence[int]
    likes: int
    comments: int
    reactions: Mapping[ReactionKind, int] = field(default_factory=dict)


async def page(
    view: View, *, reader: Reader, limit: int = 5, before_id: int | None = None
) -> list[Item]:
    """The newest creations that may be recommended to the reader, who did not mute them.

    `before_id` goes on where a page ended.
    """
    wanted = select(Creation).where(may_recommend(reader))
    if before_id is not None:
        wanted = wanted.where(col(Creation.id) < before_id)
    found = await muting.newest(view, wanted, reader=reader, limit=limit)
    return await items(view, found, reader=reader)


async def made_by(view: View, *, author_id: int, reader: Reader, limit: int = 10) -> list[Item]:
    """What one member has made, newest first, as far as the reader may see it."""
    found = await view.db.exec(
        select(Creation)
        .where(may_see(reader), Creation.author_id == author_id)
        .order_by(col(Creation.id).desc())
        .limit(limit)
    )
    return await items(view, list(found), reader=reader)


async def suggestions(
    view: View, *, reader: Reader, typed: str, limit: int = 25
) -> list[tuple[int, str]]:
    """Numbers and titles for what was half typed, as `suggesting` finds them, none muted."""
    asked = limit
    while True:
        found = await suggesting.suggestions(view, reader=reader, typed=typed, limit=asked)
        kept = await muting.unmuted(view, [it for it, _ in found], reader=reader)
        shown = [it for it in found if it[0] in kept][:limit]
        if len(shown) == limit or len(found) < asked or asked >= MOST_SUGGESTED:
            return shown
        asked *= 4  # some were muted: so many more that the list is full


async def items(
    view: View,
    creations: Sequence[Creation],
    *,
    reader: Reader,
    member: Portrait | None = None,
    hints: Hints | None = None,
    told: Mapping[int, Facts] | None = None,
) -> list[Item]:
    """The creations with counts, parents and the reason why this reader gets them.

    `member` is the reader's portrait, where it is known; `hints` are a feed's; `told` is what came
    of `asking` about them, if that was done.
    """
    member = member or await portrait.of(view, reader)
    hints = hints or Hints()
    if told is None and creations:
        asked = asking([it.id for it in creations if it.id is not None], member, hints)
        told = asked.answer(await view.ask(*asked.question()))
    told = told or {}
    why = await reasons.of(view, creations, told, member, hints)
    return [_item(it, told[it.id], why[it.id]) for it in creations if it.id is not None]


def asking(creation_ids: Collection[int], member: Portrait, hints: Hints) -> Asked:
    """What has to be told of these creations to give this member a reason for each."""
    since = reasons.since(creation_ids, member)
    return Asked(creation_ids, member.reader, member.threads, hints.kindred, since)


async def asked_for(view: View, creations: Sequence[Creation], *, reader: Reader) -> list[Item]:
    """The creations with counts and parents, for a reader who asked for just these.

    Why they are there is not looked for: they would be there for anybody who asks.
    """
    ids = [it.id for it in creations if it.id is not None]
    told = await facts.of(view, ids, reader=reader)
    there = Reason(Because.THERE)
    return [_item(it, told[it.id], there) for it in creations if it.id is not None]


def _item(creation: Creation, told: Facts, reason: Reason) -> Item:
    return Item(
        creation=creation,
        reason=reason,
        parents=told.parents,
        likes=told.people,
        comments=told.comments,
        reactions=told.felt,
    )
