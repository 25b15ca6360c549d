"""Two accounts of one person become one member."""

from collections.abc import Sequence

from sqlalchemy import and_, delete, func, or_, tuple_, update
from sqlalchemy import select as sa_select
from sqlalchemy.orm import aliased
from sqlmodel import SQLModel, col, select

from feed_core.because import OF_MEMBERS
from feed_core.clock import spread
from feed_core.events import MembersMerged
from feed_core.models.consent import ConsentChange, ConsentDefault
from feed_core.models.conversation import Message, Recap
from feed_core.models.creations import Creation, Draft
from feed_core.models.curation import Bookmark, Follow, Followed, Mute, Opinion
from feed_core.models.digests import (
    Digest,
    DigestEntry,
    DigestSchedule,
    DigestSettings,
    RoomSchedule,
)
from feed_core.models.invitations import Invitation, Invited
from feed_core.models.jams import Jam, JamEntry, JamPlayer
from feed_core.models.ledger import ModelCall
from feed_core.models.members import AgentSettings, Identity, LinkCode, LinkTry, Member
from feed_core.models.moderation import Report, Verdict
from feed_core.models.names import NameChange
from feed_core.models.proposals import Proposal, StoredCall
from feed_core.models.reactions import Comment, Reaction
from feed_core.services import catching_up, ledger, link_journal, naming, orders, seen
from feed_core.services.members import in_turn
from feed_core.states import DIGEST_MOVES, DigestState, ProposalState, move
from feed_core.store import Work

OWNED = (
    (Identity, "member_id"),
    (Creation, "author_id"),
    (Comment, "author_id"),
    (Message, "member_id"),
    (Proposal, "member_id"),
    (Proposal, "asker_id"),
    (ConsentChange, "member_id"),
    (Jam, "starter_id"),
    (JamEntry, "author_id"),
    (ModelCall, "member_id"),
    (LinkTry, "member_id"),
    (NameChange, "member_id"),
    (Verdict, "decided_by_id"),
    (Member, "merged_into_id"),
    (RoomSchedule, "member_id"),
    (Invitation, "member_id"),
)

KEYED = (*OWNED, (Report, "member_id"))  # what is handed over under the key it has


async def merge(work: Work, *, keep_id: int, gone_id: int) -> None:
    """Give everything of one member to another; nothing is lost or doubled.

    Drafts and standing orders get numbers after the keeper's own, so buttons and proposals that
    name the old numbers run out. Memories are moved by `memory`, in the same transaction.
    """
    if keep_id == gone_id:
        raise ValueError("a member cannot be merged into that member")
    for member_id in sorted((keep_id, gone_id)):
        await in_turn(work, member_id)
    await link_journal.note(work, KEYED, keep_id=keep_id, gone_id=gone_id)
    await _let_calls_run_out(work, gone_id)
    await _let_questions_run_out(work, keep_id, gone_id)
    await naming.drop(work, member_id=gone_id)
    for table, column in OWNED:
        await _hand_over(work, table, column, keep_id, gone_id)
    await _without_doubles(work, Reaction, ("creation_id", "kind"), keep_id, gone_id)
    await _without_doubles(work, ConsentDefault, ("purpose",), keep_id, gone_id)
    await _without_doubles(work, Recap, ("place",), keep_id, gone_id)
    await _without_doubles(work, JamPlayer, ("jam_id",), keep_id, gone_id)
    await _without_doubles(work, Report, ("thing", "thing_id", "content_hash"), keep_id, gone_id)
    await _move_arrival(work, keep_id, gone_id)
    await _move_curation(work, keep_id, gone_id)
    await _move_drafts(work, keep_id, gone_id)
    await _move_digests(work, keep_id, gone_id)
    await seen.join(work, keep_id=keep_id, gone_id=gone_id)
    await ledger.join(work, keep_id=keep_id, gone_id=gone_id)
    await catching_up.join(work, keep_id=keep_id, gone_id=gone_id)
    await orders.join(work, keep_id=keep_id, gone_id=gone_id)
    await _move_schedule(work, keep_id, gone_id)
    await work.db.exec(delete(LinkCode).where(col(LinkCode.member_id) == gone_id))
    await work.db.exec(delete(AgentSettings).where(col(AgentSettings.member_id) == gone_id))
    keep, gone = await work.hold(Member, keep_id), await work.hold(Member, gone_id)
    if keep.name == naming.numbered(gone.name, keep_id):  # what took their name was themselves
        keep.name, keep.skeleton = gone.name, gone.skeleton
    gone.merged_into_id = keep_id
    gone.name = gone.skeleton = ""
    work.record(MembersMerged(member_id=keep_id, gone_id=gone_id))


async def _hand_over(
    work: Work, table: type[SQLModel], column: str, keep_id: int, gone_id: int
) -> None:
    await work.db.exec(
        update(table)
        .where(col(getattr(table, column)) == gone_id)
        .values({column: keep_id})
        .execution_options(synchronize_session=False)
    )


async def _move_curation(work: Work, keep_id: int, gone_id: int) -> None:
    """What both kept, followed or muted is there once; of two opinions the later one stays."""
    await _rename_subject(work, Follow, keep_id, gone_id)
    await _rename_subject(work, Mute, keep_id, gone_id)
    await _without_doubles(work, Follow, ("kind", "subject"), keep_id, gone_id)
    await _without_doubles(work, Mute, ("kind", "subject"), keep_id, gone_id)
    await _without_doubles(work, Bookmark, ("creation_id", "collection"), keep_id, gone_id)
    earlier, later = aliased(Opinion), aliased(Opinion)
    outdone = await work.db.exec(
        select(earlier)
        .join(later, col(later.creation_id) == col(earlier.creation_id))
        .where(
            earlier.member_id == keep_id,
            later.member_id == gone_id,
            col(later.created_at) > col(earlier.created_at),
        )
    )
    for it in outdone:
        await work.db.delete(it)
    await work.db.flush()
    await _without_doubles(work, Opinion, ("creation_id",), keep_id, gone_id)


async def _move_arrival(work: Work, keep_id: int, gone_id: int) -> None:
    """By which invitation somebody came is what it was for the one who stays, if for any."""
    if await work.hold_if_any(Invited, keep_id) is None:
        await _hand_over(work, Invited, "member_id", keep_id, gone_id)
    else:
        await work.db.exec(delete(Invited).where(col(Invited.member_id) == gone_id))


async def _rename_subject(
    work: Work, table: type[Follow] | type[Mute], keep_id: int, gone_id: int
) -> None:
    """Who follows or mutes the one who is gone does so with the one who stays, but not oneself."""
    told = await work.db.exec(
        select(table.member_id).where(
            col(table.kind) == Followed.MEMBER, col(table.subject) == str(gone_id)
        )
    )
    for member_id in told.all():
        row = await work.hold_if_any(table, (member_id, Followed.MEMBER, str(gone_id)))
        if row is None:
            continue
        if await work.hold_if_any(table, (member_id, Followed.MEMBER, str(keep_id))) is None:
            row.subject = str(keep_id)
        else:
            await work.db.delete(row)
    await work.db.flush()
    await work.db.exec(
        delete(table)
        .where(
            col(table.kind) == Followed.MEMBER,
            col(table.subject) == str(keep_id),
            col(table.member_id).in_([keep_id, gone_id]),
        )
        .execution_options(synchronize_session="fetch")
    )


async def _without_doubles(
    work: Work, table: type[SQLModel], columns: Sequence[str], keep_id: int, gone_id: int
) -> None:
    """Hand over what the keeper has not; the rest of it is there already."""
    own = [col(getattr(table, it)) for it in columns]
    member = col(getattr(table, "member_id"))  # noqa: B009  # the tables share it, their types do not
    both = sa_select(*own).where(member == keep_id)
    await work.db.exec(
        delete(table)
        .where(member == gone_id, tuple_(*own).in_(both))
        .execution_options(synchronize_session=False)
    )
    await _hand_over(work, table, "member_id", keep_id, gone_id)


async def _move_drafts(work: Work, keep_id: int, gone_id: int) -> None:
    """Hand over what each member counts for themselves, under numbers after the keeper's own."""
    owner, number = col(Draft.owner_id), col(Draft.number)
    highest = (await work.db.exec(select(func.max(number)).where(owner == keep_id))).one() or 0
    moved = await work.db.exec(select(Draft).where(owner == gone_id).order_by(number))
    for place, it in enumerate(moved, start=highest + 1):
        it.owner_id, it.number = keep_id, place


async def _let_calls_run_out(work: Work, gone_id: int) -> None:
    await work.db.exec(delete(StoredCall).where(col(StoredCall.only_id) == gone_id))
    await work.db.exec(
        update(Proposal)
        .where(
            col(Proposal.member_id) == gone_id,
            col(Proposal.asker_id).is_(None),
            col(Proposal.state) == ProposalState.OPEN,
        )
        .values(state=ProposalState.EXPIRED)
    )


async def _let_questions_run_out(work: Work, keep_id: int, gone_id: int) -> None:
    """Nobody asks themselves, and one who asked twice asks once."""
    asked = sa_select(col(Proposal.creation_id)).where(
        col(Proposal.asker_id) == keep_id, col(Proposal.state) == ProposalState.OPEN
    )
    both = (keep_id, gone_id)
    await work.db.exec(
        update(Proposal)
        .where(
            col(Proposal.asker_id).in_(both),
            col(Proposal.state) == ProposalState.OPEN,
            or_(
                col(Proposal.member_id).in_(both),
                and_(col(Proposal.asker_id) == gone_id, col(Proposal.creation_id).in_(asked)),
            ),
        )
        .values(state=ProposalState.EXPIRED)
        .execution_options(synchronize_session=False)
    )


async def _move_digests(work: Work, keep_id: int, gone_id: int) -> None:
    """Both may have one for the same hour: what was sent stays, what was not is not sent twice."""
    taken = set(await work.db.exec(select(Digest.slot).where(Digest.member_id == keep_id)))
    for digest in await work.db.exec(select(Digest).where(Digest.member_id == gone_id)):
        if digest.slot in taken:
            if digest.state is DigestState.DUE:
                digest.state = move(DIGEST_MOVES, digest.state, DigestState.FAILED)
            digest.slot = f"{digest.slot} of {gone_id}"
        digest.member_id = keep_id
    await work.db.exec(
        update(DigestEntry)
        .where(
            col(DigestEntry.reason).in_(OF_MEMBERS),
            col(DigestEntry.reason_subject) == gone_id,
        )
        .values(reason_subject=keep_id)
    )


async def _move_schedule(work: Work, keep_id: int, gone_id: int) -> None:
    told = await work.hold_if_any(DigestSettings, gone_id)
    if told is not None:
        if await work.hold_if_any(DigestSettings, keep_id) is None:
            work.db.add(DigestSettings(**{**told.model_dump(), "member_id": keep_id}))
        await work.db.delete(told)
    theirs = await work.hold_if_any(DigestSchedule, gone_id)
    if theirs is None:
        return
    kept = await work.hold_if_any(DigestSchedule, keep_id)
    if kept is None:
        kept = DigestSchedule(**{**theirs.model_dump(), "member_id": keep_id})
        if kept.next_run_at is not None:  # the hour stays; each member has a delay of their own
            kept.next_run_at += spread(keep_id) - spread(gone_id)
        work.db.add(kept)
    await work.db.delete(theirs)
