"""A link is undone: each row goes back to the member whose it was."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import inspect, tuple_, update
from sqlmodel import SQLModel, col

from feed_core.clock import spread
from feed_core.errors import Refusal
from feed_core.events import AccountsLeft
from feed_core.models.creations import Draft
from feed_core.models.curation import Follow, Mute, Opinion
from feed_core.models.digests import DigestEntry, DigestSchedule, DigestSettings
from feed_core.models.invitations import Invited
from feed_core.models.ledger import Spending
from feed_core.models.members import Link, Member
from feed_core.models.orders import StandingOrder
from feed_core.services import digest_hours, naming, once, parting
from feed_core.services.link_journal import ALIKE, NUMBERED, SINGLE, Row, name_of, single_key
from feed_core.services.linking import KEYED
from feed_core.services.members import in_turn
from feed_core.services.rules.folding import skeleton
from feed_core.store import Work

AT_A_TIME = 300
HANDED_OVER = (Invited, DigestSettings, DigestSchedule)  # where the one who stays had none


class LinkNotUndone(Refusal):
    """There is no link of this member that can be undone."""

    code = "link_not_undone"


@dataclass(frozen=True, slots=True)
class Undone:
    """Whose accounts stand alone again, and which they are; `kept` is for the layers above."""

    gone_id: int
    accounts: Sequence[int]
    kept: Row


async def undo(work: Work, *, member_id: int, gone_id: int) -> Undone:
    """Make two members of one again, as they were; what was made since stays with this one.

    Raises:
        LinkNotUndone: it is too late, it was undone, or it is not this member's.
    """
    for it in sorted((member_id, gone_id)):
        await in_turn(work, it)
    link = await work.hold_if_any(Link, gone_id)
    if link is None or link.keep_id != member_id or link.expires_at <= work.now:
        raise LinkNotUndone
    kept, both = link.kept, (member_id, gone_id)
    accounts: list[int] = kept["owned"]["identity.member_id"]
    await _names(work, kept, *both)
    await _single(work, kept["single"], *both)
    for table, column in KEYED:
        await _owned(work, table, column, kept["owned"][f"{name_of(table)}.{column}"], *both)
    for numbered in NUMBERED:
        await _numbered(work, numbered, kept["numbered"][name_of(numbered)], *both)
    for alike in ALIKE:
        await _alike(work, alike, kept["alike"][name_of(alike)], *both)
    for followed in (Follow, Mute):
        await _named(work, followed, kept["named"][name_of(followed)], *both)
    await _spent(work, kept["spent"], member_id)
    await _entries(work, kept["entries"], *both)
    await parting.leave(work, accounts, member_id=member_id, still_owed=kept["owed"])
    await work.db.delete(link)
    work.record(AccountsLeft(member_id=member_id, now_id=gone_id))
    return Undone(gone_id, accounts, kept)


async def _names(work: Work, kept: Row, keep_id: int, gone_id: int) -> None:
    keep, gone = await work.hold(Member, keep_id), await work.hold(Member, gone_id)
    if keep.name == kept["name"]:  # it became plain by the link
        keep.name, keep.skeleton = kept["keeper"], skeleton(kept["keeper"])
        await work.db.flush()
    name = await naming.free(work, kept["name"], member_id=gone_id)
    gone.merged_into_id, gone.name, gone.skeleton = None, name, skeleton(name)
    await work.db.flush()


async def _single(work: Work, kept: Row, keep_id: int, gone_id: int) -> None:
    for table in SINGLE:
        theirs, had = kept[name_of(table)]
        if theirs is None:
            continue
        row = table.model_validate(theirs)
        if had is None and table in HANDED_OVER:
            moved = await work.hold_if_any(table, keep_id)
            if moved is not None and _same(moved, row):
                await work.db.delete(moved)
        if isinstance(row, DigestSchedule) and row.next_run_at is not None:
            # What came meanwhile came to both.
            row.next_run_at = digest_hours.following(row, after=work.now)
        work.db.add(row)
        await work.db.flush()


def _same(moved: SQLModel, theirs: SQLModel) -> bool:
    """Whether it is what the link handed over, and was not changed since."""
    passing = {"member_id", "next_run_at", "skipped_at", "said_empty_at", "greeted_at"}
    return moved.model_dump(exclude=passing) == theirs.model_dump(exclude=passing)


async def _owned(
    work: Work, table: type[SQLModel], column: str, keys: Sequence[Any], keep_id: int, gone_id: int
) -> None:
    owner = col(getattr(table, column))
    for some in _some(keys):
        await work.db.exec(
            update(table)
            .where(owner == keep_id, single_key(table).in_(some))
            .values({column: gone_id})
            .execution_options(synchronize_session=False)
        )


async def _numbered(
    work: Work, table: type[SQLModel], kept: Sequence[Sequence[Any]], keep_id: int, gone_id: int
) -> None:
    """Back under its own number; a draft that was decided on since stays with who decided."""
    owner, named, *_ = NUMBERED[table]
    for key, value, *state in kept:
        row = await work.hold_if_any(table, key)
        if row is None or getattr(row, owner) != keep_id:
            continue
        if isinstance(row, Draft) and [row.state] != state:
            continue
        setattr(row, owner, gone_id)
        setattr(row, named, value)
        if isinstance(row, StandingOrder) and row.next_run_at is not None:
            row.next_run_at += spread(gone_id) - spread(keep_id)
    await work.db.flush()


async def _alike(work: Work, table: type[SQLModel], kept: Row, keep_id: int, gone_id: int) -> None:
    """What one had goes back to them if it is still there, and what both had is there twice."""
    member, names = col(getattr(table, "member_id")), ALIKE[table]  # noqa: B009
    columns = [col(getattr(table, it)) for it in names]
    kinds = [table.model_fields[it].annotation or str for it in names]
    keys = [tuple(kind(it) for kind, it in zip(kinds, key, strict=True)) for key in kept["moved"]]
    for some in _some(keys):
        await work.db.exec(
            update(table)
            .where(member == keep_id, tuple_(*columns).in_(some))
            .values(member_id=gone_id)
            .execution_options(synchronize_session=False)
        )
    doubled = [[table.model_validate(it) for it in both] for both in kept["doubled"]]
    if table is Opinion:
        for row, outdone in doubled:
            await _think_again(work, row, outdone)
    names = [it.name for it in inspect(table).primary_key]
    await once.add(work, table, [row.model_dump() for row, _ in doubled], by=names)
    for it in kept["removed"]:
        await _back(work, table.model_validate(it))


async def _think_again(work: Work, theirs: SQLModel, outdone: SQLModel) -> None:
    """Of two opinions the later one stayed, under the name of the other, who has theirs again."""
    now = await work.hold_if_any(Opinion, _key(outdone))
    if now is not None and _words(now) == _words(theirs) != _words(outdone):
        await work.db.delete(now)
        await work.db.flush()
        await _back(work, outdone)


async def _named(
    work: Work, table: type[Follow] | type[Mute], kept: Sequence[Row], keep_id: int, gone_id: int
) -> None:
    """Who followed or muted the one does so again, unless they let go of both since."""
    for it in kept:
        row = table.model_validate(it["row"])
        now = await work.hold_if_any(table, (row.member_id, row.kind, str(keep_id)))
        if not it["both"]:
            if now is None:
                continue
            await work.db.delete(now)
            await work.db.flush()
        await _back(work, row)


async def _spent(work: Work, kept: Sequence[Row], keep_id: int) -> None:
    """What each spent before counts for them; what was spent since, for the one who stays."""
    for it in kept:
        theirs = Spending.model_validate(it)
        joined = await work.hold_if_any(Spending, (keep_id, theirs.purse, theirs.period))
        if joined is not None:
            joined.tokens = max(0, joined.tokens - theirs.tokens)
            joined.micros = max(0, joined.micros - theirs.micros)
        await _back(work, theirs)


async def _entries(work: Work, kept: Sequence[Sequence[int]], keep_id: int, gone_id: int) -> None:
    which = tuple_(col(DigestEntry.digest_id), col(DigestEntry.position))
    for some in _some([tuple(it) for it in kept]):
        await work.db.exec(
            update(DigestEntry)
            .where(which.in_(some), col(DigestEntry.reason_subject) == keep_id)
            .values(reason_subject=gone_id)
            .execution_options(synchronize_session=False)
        )


async def _back(work: Work, row: SQLModel) -> None:
    if await work.hold_if_any(type(row), _key(row)) is None:
        work.db.add(row)
        await work.db.flush()


def _key(row: SQLModel) -> tuple[Any, ...]:
    return tuple(getattr(row, it.name) for it in inspect(type(row)).primary_key)


def _words(row: SQLModel) -> Row:
    return row.model_dump(exclude={"member_id"})


def _some(keys: Sequence[Any]) -> list[Sequence[Any]]:
    return [keys[at : at + AT_A_TIME] for at in range(0, len(keys), AT_A_TIME)]
