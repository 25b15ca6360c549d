"""What was decided on each thing that others would see: written down, found again, emptied."""

from collections.abc import Collection, Mapping

from sqlalchemy import func, insert, update
from sqlmodel import col, select

from feed_core.models.moderation import REPORT_MOVES, Report, ReportState, Thing, Verdict
from feed_core.services.gate import Decision
from feed_core.states import move
from feed_core.store import View, Work

WRITTEN = insert(Verdict)
NUMBERED = insert(Verdict).returning(col(Verdict.id))


async def record(
    work: Work, *, thing: Thing, thing_id: int, content_hash: str, decision: Decision
) -> None:
    """Write down what a check decided."""
    verdict = _row(work, thing, thing_id, content_hash, decision)
    await work.write(WRITTEN, verdict)


async def numbered(
    work: Work,
    *,
    thing: Thing,
    thing_id: int,
    content_hash: str,
    decision: Decision,
    by_id: int | None = None,
    why: str = "",
) -> int:
    """Write down what was decided; `by_id` is the moderator who did, `why` their words.

    Returns:
        The number of the verdict.
    """
    verdict = _row(work, thing, thing_id, content_hash, decision)
    verdict |= {"decided_by_id": by_id, "why": why}
    number = await (await work.core()).scalar(NUMBERED, verdict)
    assert number is not None
    return number


def _row(
    work: Work, thing: Thing, thing_id: int, content_hash: str, decision: Decision
) -> dict[str, object]:
    return {
        "thing": thing,
        "thing_id": thing_id,
        "content_hash": content_hash,
        "outcome": decision.outcome,
        "rule": decision.rule,
        "passage": decision.passage,
        "decided_by_id": None,
        "why": "",
        "decided_at": work.now,
    }


async def newest(view: View, *, thing: Thing, ids: Collection[int]) -> Mapping[int, Verdict]:
    """The last verdict on each of these things that has one."""
    last = (
        select(func.max(Verdict.id))
        .where(Verdict.thing == thing, col(Verdict.thing_id).in_(ids))
        .group_by(col(Verdict.thing_id))
    )
    found = await view.db.exec(select(Verdict).where(col(Verdict.id).in_(last)))
    return {it.thing_id: it for it in found}


async def latest(view: View, *, thing: Thing, thing_id: int) -> Verdict | None:
    """The last verdict on one thing, if there is any."""
    return (await newest(view, thing=thing, ids=[thing_id])).get(thing_id)


async def answer(work: Work, *, thing: Thing, thing_id: int, upheld: bool) -> None:
    """Answer all open reports on a thing."""
    to = ReportState.UPHELD if upheld else ReportState.DISMISSED
    await work.db.exec(
        update(Report)
        .where(
            col(Report.thing) == thing,
            col(Report.thing_id) == thing_id,
            col(Report.state) == ReportState.OPEN,
        )
        .values(state=move(REPORT_MOVES, ReportState.OPEN, to), answered_at=work.now)
    )


async def empty(work: Work, *, thing: Thing, thing_id: int) -> None:
    """Let go of the words in verdicts and reports on a thing that is taken back."""
    await answer(work, thing=thing, thing_id=thing_id, upheld=False)
    await work.db.exec(
        update(Report)
        .where(col(Report.thing) == thing, col(Report.thing_id) == thing_id)
        .values(reason="")
    )
    await work.db.exec(
        update(Verdict)
        .where(col(Verdict.thing) == thing, col(Verdict.thing_id) == thing_id)
        .values(passage="", why="")
    )
