"""Decisions of moderators, and the record of them."""

from collections.abc import Mapping
from enum import StrEnum

from sqlmodel import col, select

from feed_core.errors import EmptyText, Refusal, TextTooLong
from feed_core.models.moderation import Verdict
from feed_core.models.names import NameChange
from feed_core.models.revisions import Revision
from feed_core.services import (
    commenting,
    deliveries,
    drafting,
    naming,
    publishing,
    revising,
    verdicts,
)
from feed_core.services.cases import AnyCase, Case, NameCase
from feed_core.services.gate import Decision
from feed_core.services.pieces import visible
from feed_core.states import (
    REVISION_MOVES,
    CommentState,
    CreationState,
    DeliveryKind,
    Outcome,
    RevisionState,
    move,
)
from feed_core.store import View, Work

RULE = "moderator"
LONGEST_REASON = 500
LONGEST_LABEL = 40


class Ruling(StrEnum):
    """What a moderator may decide."""

    PUBLISH = "publish"
    LABEL = "label"
    BLOCK = "block"


OUTCOMES: Mapping[Ruling, Outcome] = {
    Ruling.PUBLISH: Outcome.PASS,
    Ruling.LABEL: Outcome.LABEL,
    Ruling.BLOCK: Outcome.BLOCK,
}


class OwnCase(Refusal):
    """Nobody decides on what is their own."""

    code = "own_case"


class AlreadyDecided(Refusal):
    """It is as the moderator wants it, and nobody asks for a decision."""

    code = "already_decided"


class NoLabel(Refusal):
    """A name has no room for what readers would be told first."""

    code = "no_label"


class CaseChanged(Refusal):
    """It was decided or edited since the moderator looked at it."""

    code = "case_changed"


async def decide(
    work: Work, *, case: AnyCase, ruling: Ruling, why: str, moderator_id: int, seen: str = ""
) -> int:
    """Do as a moderator says, write down who said so and why, and tell whose it is.

    `case` is locked in this transaction; `seen` is what the moderator saw of it, where they
    pressed a button below it. A label's reason is what readers are told.

    Returns:
        The number of the verdict.

    Raises:
        OwnCase, AlreadyDecided, CaseChanged: there is nothing for this moderator to decide.
        NoLabel, NameRefused: this cannot be decided on a name.
        EmptyText, TextTooLong: the reason cannot be read.
    """
    why = why.strip()
    if not visible(why):
        raise EmptyText
    longest = LONGEST_LABEL if ruling is Ruling.LABEL else LONGEST_REASON
    if len(why) > longest:
        raise TextTooLong(len(why), longest)
    if case.author_id == moderator_id:
        raise OwnCase
    if seen and seen != fingerprint(case):
        raise CaseChanged
    if isinstance(case, NameCase) and ruling is Ruling.LABEL:
        raise NoLabel
    if not case.reports and not _changes(case, ruling, why):
        raise AlreadyDecided
    verdict_id = await verdicts.numbered(
        work,
        thing=case.thing,
        thing_id=case.thing_id,
        content_hash=case.content_hash,
        decision=Decision(OUTCOMES[ruling], RULE),
        by_id=moderator_id,
        why=why,
    )
    told = _changes(case, ruling, why)
    if isinstance(case, NameCase):
        await _apply_to_name(work, case.change, ruling)
    else:
        await _apply(work, case, ruling, why)
        await _answer_reports(work, case, upheld=ruling is not Ruling.PUBLISH)
    if told:
        await tell(work, verdict_id, member_id=case.author_id)
    return verdict_id


async def hold(work: Work, *, case: Case, decision: Decision) -> None:
    """Show to nobody what others could see, until a moderator has decided; tell whose it is."""
    verdict_id = await verdicts.numbered(
        work,
        thing=case.thing,
        thing_id=case.thing_id,
        content_hash=case.content_hash,
        decision=decision,
    )
    if case.comment is not None:
        await commenting.take_down(work, case.comment, to=CommentState.HELD)
    else:
        await publishing.take_down(work, case.creation, to=CreationState.HELD)
    await tell(work, verdict_id, member_id=case.author_id)


async def tell(work: Work, verdict_id: int, *, member_id: int) -> None:
    """Tell a member in private what was decided on something of theirs."""
    await deliveries.tell(
        work, member_id=member_id, kind=DeliveryKind.VERDICT, subject_id=verdict_id
    )


async def approved(view: View, *, case: Case) -> bool:
    """Whether a moderator let this very content be seen."""
    found = await view.db.exec(
        select(Verdict.id)
        .where(
            Verdict.thing == case.thing,
            Verdict.thing_id == case.thing_id,
            Verdict.content_hash == case.content_hash,
            col(Verdict.decided_by_id).is_not(None),
            col(Verdict.outcome).in_([Outcome.PASS, Outcome.LABEL]),
        )
        .limit(1)
    )
    return found.first() is not None


async def log(view: View, *, limit: int, before_id: int | None = None) -> list[Verdict]:
    """What moderators decided, and what reports did, newest first."""
    wanted = select(Verdict).where(col(Verdict.decided_by_id).is_not(None))
    if before_id is not None:
        wanted = wanted.where(col(Verdict.id) < before_id)
    return list(await view.db.exec(wanted.order_by(col(Verdict.id).desc()).limit(limit)))


def fingerprint(case: AnyCase) -> str:
    """What a moderator saw of a case: its content, and that nobody had decided."""
    return f"{case.content_hash}:{case.state}"


def _changes(case: AnyCase, ruling: Ruling, why: str) -> bool:
    """Whether readers see something else after it."""
    if ruling is Ruling.BLOCK:
        return case.state not in (CreationState.BLOCKED, CommentState.BLOCKED)
    if isinstance(case, NameCase) or not case.shown:
        return True
    return ruling is Ruling.LABEL and why not in (case.comment or case.creation).warnings


async def _apply(work: Work, case: Case, ruling: Ruling, why: str) -> None:
    if case.revision is not None:
        await _apply_to_edit(work, case.revision, ruling, [*case.creation.warnings, why])
        return
    said = case.comment or case.creation
    if ruling is Ruling.LABEL and why not in said.warnings:
        said.warnings = [*said.warnings, why]
    if ruling is Ruling.BLOCK:
        if case.comment is not None:
            if case.state is not CommentState.BLOCKED:
                await commenting.take_down(work, case.comment, to=CommentState.BLOCKED)
        elif case.state is not CreationState.BLOCKED:
            await publishing.take_down(work, case.creation, to=CreationState.BLOCKED)
            await drafting.follow(work, case.creation)
    elif not case.shown:
        if case.comment is not None:
            await commenting.let_out(work, case.comment)
        else:
            await publishing.let_out(work, case.creation)


async def _apply_to_edit(
    work: Work, revision: Revision, ruling: Ruling, warnings: list[str]
) -> None:
    if ruling is Ruling.BLOCK:
        revision.state = move(REVISION_MOVES, revision.state, RevisionState.BLOCKED)
    else:
        labels = warnings if ruling is Ruling.LABEL else warnings[:-1]
        await revising.apply(work, revision, warnings=list(dict.fromkeys(labels)))


async def _apply_to_name(work: Work, change: NameChange, ruling: Ruling) -> None:
    if ruling is Ruling.BLOCK:
        naming.settle_as(change, RevisionState.BLOCKED)
    else:
        await naming.let_out(work, change)


async def _answer_reports(work: Work, case: Case, *, upheld: bool) -> None:
    if case.revision is not None:
        return  # what was reported is what others see, not the edit that waits
    await verdicts.answer(work, thing=case.thing, thing_id=case.thing_id, upheld=upheld)
