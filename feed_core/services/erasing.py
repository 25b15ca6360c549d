"""A member who takes everything of theirs away: nothing but numbers stays, under no name.

Each step is a transaction of its own and does nothing the second time, so that a stop in the middle
is made good by doing all of it again. Their accounts go last: until then they are who they were.
"""

from collections.abc import Mapping

from sqlalchemy import ColumnElement, Select, delete, func, update
from sqlalchemy import select as sa_select
from sqlmodel import SQLModel, col, select

from feed_core.errors import Unavailable
from feed_core.events import MemberErased
from feed_core.models.caught_up import CaughtUp
from feed_core.models.consent import ConsentChange, ConsentDefault
from feed_core.models.conversation import Message, Recap
from feed_core.models.creations import Creation, Draft
from feed_core.models.curation import Bookmark, Follow, Followed, Mute, Opinion
from feed_core.models.deliveries import Delivery
from feed_core.models.digests import Digest, DigestEntry, DigestSchedule, DigestSettings
from feed_core.models.invitations import Invitation, Invited
from feed_core.models.jams import JAM_ENTRY_MOVES, JamEntry, JamEntryState
from feed_core.models.members import AgentSettings, Feed, Identity, Link, LinkCode, LinkTry, Member
from feed_core.models.names import NameChange
from feed_core.models.orders import StandingOrder
from feed_core.models.proposals import Proposal, StoredCall
from feed_core.models.reactions import Comment, Reaction
from feed_core.models.room_posts import PostReaction
from feed_core.models.seen import Seen
from feed_core.models.shown_cards import ShownCard
from feed_core.services import commenting, digest_hours, naming, publishing, verdicts
from feed_core.services.members import in_turn
from feed_core.services.sight import Reader
from feed_core.states import (
    CREATION_MOVES,
    PROPOSAL_MOVES,
    CommentState,
    CreationState,
    DeliveryState,
    ProposalState,
    move,
)
from feed_core.store import View, Work

FORMER = "a former member"
AT_A_TIME = 100
SENDING = col(Delivery.state) == DeliveryState.SENDING
# Whatever belongs to the member alone, each after what refers to it.
OWN: tuple[tuple[type[SQLModel], str], ...] = (
    (StoredCall, "only_id"),
    (StandingOrder, "member_id"),
    (Draft, "owner_id"),
    (Message, "member_id"),
    (Recap, "member_id"),
    (Reaction, "member_id"),
    (Bookmark, "member_id"),
    (Follow, "member_id"),
    (Mute, "member_id"),
    (Opinion, "member_id"),
    (Seen, "member_id"),
    (CaughtUp, "member_id"),
    (ConsentDefault, "member_id"),
    (ConsentChange, "member_id"),
    (DigestSchedule, "member_id"),
    (DigestSettings, "member_id"),
    (NameChange, "member_id"),
    (Link, "keep_id"),
    (Link, "gone_id"),
    (LinkCode, "member_id"),
    (LinkTry, "member_id"),
    (Invited, "member_id"),
)
# What stays, with the number of somebody who has no name: sums of bills, what moderators decide by,
# what others take part in.
STAYS: Mapping[tuple[str, str], str] = {
    ("creation", "author_id"): "without its content, so that what was made of it keeps its place",
    ("comment", "author_id"): "without its words",
    ("agent_settings", "member_id"): "as if nothing was ever set, and paused",
    ("proposal", "member_id"): "what others asked, and how it was answered",
    ("proposal", "asker_id"): "without what it was to become",
    ("jam", "starter_id"): "others play in it",
    ("jam_player", "member_id"): "others play with them",
    ("jam_entry", "author_id"): "without its words",
    ("invitation", "member_id"): "others came by it; nobody does any more",
    ("digest", "member_id"): "those of rooms",
    ("room_schedule", "member_id"): "the room's hours, which they set as a moderator",
    ("model_call", "member_id"): "the bill",
    ("verdict", "decided_by_id"): "the log of moderation",
    ("report", "member_id"): "the log of moderation",
    ("member", "merged_into_id"): "accounts that were linked to theirs, without names",
}


async def begin(work: Work, *, member_id: int) -> None:
    """Show them under no name any more, and let nothing come to them or be done for them."""
    await in_turn(work, member_id)
    await naming.drop(work, member_id=member_id)
    await digest_hours.stop(work, member_id=member_id)
    member = await work.hold(Member, member_id)
    member.name, member.skeleton = FORMER, ""
    member.language, member.zone, member.feed = "en", "UTC", Feed.FOR_YOU
    agent = await work.hold(AgentSettings, member_id)
    agent.name, agent.tone, agent.language = None, "", ""
    agent.leash, agent.paused = {}, True


async def creations(view: View, member_id: int) -> list[int]:
    """What they made and did not take back yet, the newest first, as its sources are older."""
    found = await view.db.exec(
        select(Creation.id)
        .where(Creation.author_id == member_id, Creation.state != CreationState.WITHDRAWN)
        .order_by(col(Creation.id).desc())
        .limit(AT_A_TIME)
    )
    return [it for it in found if it is not None]


async def withdraw(work: Work, *, creation_id: int, member_id: int) -> None:
    """Take a creation back, also one that is being checked."""
    creation = await work.hold(Creation, creation_id)
    if creation.state is CreationState.CHECKING:
        creation.state = move(CREATION_MOVES, creation.state, CreationState.BLOCKED)
    await publishing.withdraw(work, creation_id=creation_id, member_id=member_id)


async def comments(view: View, member_id: int) -> list[int]:
    """What they said and did not take back yet."""
    found = await view.db.exec(
        select(Comment.id)
        .where(Comment.author_id == member_id, Comment.state != CommentState.WITHDRAWN)
        .order_by(col(Comment.id))
        .limit(AT_A_TIME)
    )
    return [it for it in found if it is not None]


async def unsay(work: Work, *, comment_id: int, member_id: int) -> None:
    """Take a comment back."""
    await commenting.withdraw(work, comment_id=comment_id, reader=Reader(member_id))


async def finish(work: Work, *, member_id: int) -> None:
    """Remove all that is left of theirs, their accounts last.

    Memories are removed by `memory`, in the same transaction.

    Raises:
        Unavailable: a message to them is on its way just now.
    """
    await in_turn(work, member_id)
    accounts = list(await work.db.exec(select(Identity).where(Identity.member_id == member_id)))
    ids = [it.id for it in accounts]
    to_them = col(Delivery.identity_id).in_(ids)
    if (await work.db.exec(select(Delivery.id).where(to_them, SENDING).limit(1))).first():
        raise Unavailable("outbox")
    await _let_go_of_names(work, member_id)
    await _end_questions(work, member_id)
    await _empty_entries(work, member_id)
    for table, column in OWN:
        await _remove(work, table, col(getattr(table, column)) == member_id)
    for followed in (Follow, Mute):
        of_them = col(followed.subject) == str(member_id)
        await _remove(work, followed, col(followed.kind) == Followed.MEMBER, of_them)
    own_digests = _own_digests(member_id)
    digests = sa_select(col(Digest.id)).where(*own_digests)
    await _remove(work, DigestEntry, col(DigestEntry.digest_id).in_(digests))
    await _remove(work, Digest, *own_digests)
    await work.db.exec(
        update(Invitation)
        .where(col(Invitation.member_id) == member_id, col(Invitation.revoked_at).is_(None))
        .values(revoked_at=work.now)
    )
    await _remove(work, Delivery, to_them)
    await _remove(work, PostReaction, col(PostReaction.identity_id).in_(ids))
    for it in accounts:
        here = col(ShownCard.platform) == it.platform, col(ShownCard.place_id) == it.private_place
        await _remove(work, ShownCard, *here)
    await _remove(work, Identity, col(Identity.member_id) == member_id)
    work.record(MemberErased(member_id=member_id))


async def left(view: View, *, member_id: int) -> dict[str, int]:
    """What of theirs is still there, though it should not be: how many rows, by table."""
    made = col(Creation.author_id) == member_id, col(Creation.state) != CreationState.WITHDRAWN
    said = col(Comment.author_id) == member_id, col(Comment.state) != CommentState.WITHDRAWN
    asked: dict[str, Select[int]] = {
        "creation": _count(Creation, *made),
        "comment": _count(Comment, *said),
        "proposal": _count(Proposal, *_own_proposals(member_id)),
        "digest": _count(Digest, *_own_digests(member_id)),
        "identity": _count(Identity, col(Identity.member_id) == member_id),
    }
    for table, column in OWN:
        mine = col(getattr(table, column)) == member_id
        asked[str(table.__tablename__)] = _count(table, mine)
    connection = await view.core()
    counted = {name: await connection.scalar(it) or 0 for name, it in asked.items()}
    return {name: count for name, count in counted.items() if count}


async def _let_go_of_names(work: Work, member_id: int) -> None:
    for it in list(await work.db.exec(select(NameChange).where(NameChange.member_id == member_id))):
        assert it.id is not None
        await verdicts.empty(work, thing=it.thing, thing_id=it.id)


async def _end_questions(work: Work, member_id: int) -> None:
    """What their agent proposed goes; what they asked of others asks nobody any more."""
    own = _own_proposals(member_id)
    proposed = sa_select(col(Proposal.id)).where(*own)
    await _remove(work, StoredCall, col(StoredCall.proposal_id).in_(proposed))
    await _remove(work, StandingOrder, col(StandingOrder.member_id) == member_id)
    await _remove(work, Proposal, *own)
    asked = select(Proposal).where(Proposal.asker_id == member_id)
    for it in await work.db.exec(asked):
        if it.state is ProposalState.OPEN:
            it.state = move(PROPOSAL_MOVES, it.state, ProposalState.EXPIRED)
        it.arguments = {}
    await work.db.flush()


async def _empty_entries(work: Work, member_id: int) -> None:
    for it in await work.db.exec(select(JamEntry).where(JamEntry.author_id == member_id)):
        if JamEntryState.TAKEN_BACK in JAM_ENTRY_MOVES[it.state]:
            it.state = move(JAM_ENTRY_MOVES, it.state, JamEntryState.TAKEN_BACK)
        it.title = it.body = ""
    await work.db.flush()


def _own_proposals(member_id: int) -> tuple[ColumnElement[bool], ...]:
    """What their own agent proposed to them."""
    return col(Proposal.member_id) == member_id, col(Proposal.asker_id).is_(None)


def _own_digests(member_id: int) -> tuple[ColumnElement[bool], ...]:
    return col(Digest.member_id) == member_id, col(Digest.room_id).is_(None)


def _count(table: type[SQLModel], *where: ColumnElement[bool]) -> Select[int]:
    return sa_select(func.count()).select_from(table).where(*where)


async def _remove(work: Work, table: type[SQLModel], *where: ColumnElement[bool]) -> None:
    await work.db.exec(delete(table).where(*where).execution_options(synchronize_session=False))
