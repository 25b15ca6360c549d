"""What members report to moderators."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import func
from sqlmodel import col, select

from feed_core.errors import EmptyText, Refusal, TextTooLong
from feed_core.models.creations import Creation
from feed_core.models.moderation import Report, ReportState, Thing
from feed_core.models.reactions import Comment
from feed_core.services import cases, commenting, moderation
from feed_core.services.cases import Case
from feed_core.services.gate import Decision
from feed_core.services.pieces import visible
from feed_core.services.sight import Reader, see
from feed_core.states import Outcome
from feed_core.store import View, Work

RULE = "reports"
LONGEST_REASON = 500


class OwnReport(Refusal):
    """What is one's own is taken back, not reported."""

    code = "own_report"


class Filed(StrEnum):
    """What came of a report."""

    NEW = "new"
    KNOWN = "known"  # the member reported it before, and nobody has decided yet
    DECIDED = "decided"  # a moderator answered their report of just this


@dataclass(frozen=True, slots=True)
class Brigade:
    """How many members' reports, within how long, hold something; 0 is never."""

    hold_at: int = 3
    within: timedelta = timedelta(days=1)


async def of_creation(
    work: Work, *, creation_id: int, reader: Reader, reason: str, brigade: Brigade
) -> Filed:
    """Report a creation.

    Raises:
        CreationNotFound, CreationWithdrawn: it cannot be seen.
        OwnReport: it is the member's own.
        EmptyText, TextTooLong: the reason cannot be read.
    """
    await see(work, creation_id, reader=reader)
    case = await cases.open_creation(work, creation_id)
    if case.revision is not None:  # what waits is the edit; what others see is what is reported
        case = Case(case.creation, reports=case.reports)
    return await _file(work, case, reader=reader, reason=reason, brigade=brigade)


async def of_comment(
    work: Work, *, comment_id: int, reader: Reader, reason: str, brigade: Brigade
) -> Filed:
    """Report a comment.

    Raises:
        CommentNotFound: it cannot be read.
        OwnReport: it is the member's own.
        EmptyText, TextTooLong: the reason cannot be read.
    """
    await commenting.read(work, comment_id, reader=reader)
    case = await cases.open_comment(work, comment_id)
    return await _file(work, case, reader=reader, reason=reason, brigade=brigade)


async def require_others(view: View, *, thing: Thing, thing_id: int, member_id: int) -> None:
    """See that a creation or comment is not the member's own, before they are asked for a reason.

    Raises:
        OwnReport: it is.
    """
    found: Comment | Creation | None
    if thing is Thing.COMMENT:
        found = await view.db.get(Comment, thing_id)
    else:
        found = await view.db.get(Creation, thing_id)
    if found is not None and found.author_id == member_id:
        raise OwnReport


async def _file(work: Work, case: Case, *, reader: Reader, reason: str, brigade: Brigade) -> Filed:
    if case.author_id == reader.member_id:
        raise OwnReport
    reason = reason.strip()
    if not visible(reason):
        raise EmptyText
    if len(reason) > LONGEST_REASON:
        raise TextTooLong(len(reason), LONGEST_REASON)
    known = await _known(work, case, reader.member_id)
    if known is not None:
        return Filed.KNOWN if known.state is ReportState.OPEN else Filed.DECIDED
    work.db.add(
        Report(
            member_id=reader.member_id,
            thing=case.thing,
            thing_id=case.thing_id,
            content_hash=case.content_hash,
            reason=reason,
            created_at=work.now,
        )
    )
    await work.db.flush()
    count = await _lately(work, case, brigade)
    many = 0 < brigade.hold_at <= count
    if many and case.shown and not await moderation.approved(work, case=case):
        await moderation.hold(work, case=case, decision=Decision(Outcome.HOLD, RULE, str(count)))
    return Filed.NEW


async def _known(view: View, case: Case, member_id: int) -> Report | None:
    found = await view.db.exec(
        select(Report).where(
            Report.member_id == member_id,
            Report.thing == case.thing,
            Report.thing_id == case.thing_id,
            Report.content_hash == case.content_hash,
        )
    )
    return found.first()


async def _lately(view: View, case: Case, brigade: Brigade) -> int:
    """How many members' reports of just this content nobody has answered, within the time."""
    counted = await view.db.exec(
        select(func.count()).where(
            Report.thing == case.thing,
            Report.thing_id == case.thing_id,
            Report.content_hash == case.content_hash,
            Report.state == ReportState.OPEN,
            col(Report.created_at) > view.now - brigade.within,
        )
    )
    return counted.one()
