"""What a digest shows of what was chosen for it, as it is now."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import CompoundSelect, Integer, and_, bindparam, or_, union
from sqlalchemy import select as sa_select
from sqlmodel import col, select

from feed_core.models.columns import UtcDateTime
from feed_core.models.creations import Creation
from feed_core.models.digests import Digest, Section
from feed_core.models.orders import RunState, StandingOrder
from feed_core.models.proposals import Proposal
from feed_core.models.reactions import Comment
from feed_core.prepared import among
from feed_core.services import facts, muting
from feed_core.services.digest_choice import Chosen, reader_of
from feed_core.services.facts import News
from feed_core.services.reasons import Reason
from feed_core.services.sight import may_recommend, may_see
from feed_core.states import CommentState, ProposalState
from feed_core.store import View

TOLD = (RunState.DONE, RunState.PROPOSED, RunState.REFUSED, RunState.SKIPPED, RunState.BROKEN)


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a digest: its number, the creation and why, what happened, what was said last."""

    number: int
    section: Section
    creation: Creation
    reason: Reason
    news: News
    comment: Comment | None = None
    gist_key: str = ""


@dataclass(frozen=True, slots=True)
class Agents:
    """What a member's agent did and asks, and what others ask of them, that they were not told.

    `waiting` counts what waits for them from before.
    """

    runs: Sequence[StandingOrder] = ()
    proposals: Sequence[Proposal] = ()
    questions: Sequence[Proposal] = ()
    waiting: int = 0

    @property
    def nothing(self) -> bool:
        """Whether there is nothing new."""
        return not (self.runs or self.proposals or self.questions)


async def shown(view: View, digest: Digest, chosen: Sequence[tuple[int, Chosen]]) -> list[Entry]:
    """The entries; what was withdrawn, hidden, muted or kept back meanwhile is left out."""
    reader = reader_of(digest)
    ids = [it.creation_id for _, it in chosen]
    recommended = {it.creation_id for _, it in chosen if it.section is Section.FOR_YOU}
    found = await view.db.exec(
        select(Creation).where(
            col(Creation.id).in_(ids),
            or_(
                may_recommend(reader),
                and_(may_see(reader), col(Creation.id).not_in(recommended)),
            ),
            muting.not_muted(reader),
        )
    )
    quiet = await muting.silence(view, reader=reader)
    open_ = {it.id: it for it in found if it.id is not None and not quiet.keeps_away(it)}
    told = await _news(view, digest, open_)
    said = await _said(view, [it.comment_id for _, it in chosen if it.comment_id], quiet)
    entries = []
    for number, it in chosen:
        if (creation := open_.get(it.creation_id)) is not None:
            comment = said.get(it.comment_id or 0)
            made = entry(number, it, creation, told.get(it.creation_id, News()), comment)
            entries += [made] if made else []
    return entries


def entry(
    number: int, chosen: Chosen, creation: Creation, news: News, comment: Comment | None
) -> Entry | None:
    """The entry of a creation that may be shown; None where what happened in it is taken back."""
    moved = bool(news.comments or news.remixes)
    if chosen.section in (Section.THREADS, Section.ANSWERS) and not moved:
        return None
    return Entry(number, chosen.section, creation, chosen.reason, news, comment, chosen.gist_key)


async def agents(view: View, digest: Digest, *, after: datetime, until: datetime) -> Agents:
    """What the agent of a digest's member did and asks, new in this digest."""
    if digest.room_id is not None:
        return Agents()
    runs = await view.db.exec(
        select(StandingOrder)
        .where(
            StandingOrder.member_id == digest.member_id,
            col(StandingOrder.run).in_(TOLD),
            col(StandingOrder.begun_at) > after,
            col(StandingOrder.begun_at) <= until,
        )
        .order_by(col(StandingOrder.begun_at))
    )
    found = await view.db.exec(
        select(Proposal)
        .where(
            Proposal.member_id == digest.member_id,
            Proposal.state == ProposalState.OPEN,
            col(Proposal.expires_at) > view.now,
            col(Proposal.created_at) <= until,
        )
        .order_by(col(Proposal.id))
    )
    waiting = found.all()
    new = [it for it in waiting if it.created_at > after]
    return Agents(
        runs=runs.all(),
        proposals=[it for it in new if it.asker_id is None],
        questions=[it for it in new if it.asker_id is not None],
        waiting=len(waiting) - len(new),
    )


async def busy(view: View, after: Mapping[int, datetime]) -> set[int]:
    """Of these members those whose agents may have done or asked something since then."""
    given = {"members": list(after), "earliest": min(after.values(), default=view.now)}
    return {number for (number,) in await view.ask(_busy(), given)}


@cache
def _busy() -> CompoundSelect[int]:
    earliest = bindparam("earliest", type_=UtcDateTime)
    return union(
        sa_select(col(StandingOrder.member_id)).where(
            among(col(StandingOrder.member_id), "members", Integer()),
            or_(*(col(StandingOrder.run) == it for it in TOLD)),
            col(StandingOrder.begun_at) > earliest,
        ),
        sa_select(col(Proposal.member_id)).where(
            among(col(Proposal.member_id), "members", Integer()),
            col(Proposal.state) == ProposalState.OPEN,
            col(Proposal.created_at) > earliest,
        ),
    )


async def _news(view: View, digest: Digest, ids: Collection[int]) -> dict[int, News]:
    if digest.since is None:
        return {}
    since = dict.fromkeys(ids, digest.since)
    told = await facts.of(
        view, since, reader=reader_of(digest), since=since, until=digest.composed_at
    )
    return {it: found.news for it, found in told.items()}


async def _said(
    view: View, comment_ids: Sequence[int], quiet: muting.Silence
) -> dict[int, Comment]:
    found = await view.db.exec(
        select(Comment).where(
            col(Comment.id).in_(comment_ids), Comment.state == CommentState.PUBLISHED
        )
    )
    return {
        it.id: it for it in found if it.id is not None and not quiet.mutes(it.author_id, it.body)
    }
