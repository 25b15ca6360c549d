"""What makers allow, purpose by purpose: their own answers, and what comes down to remixes.

`own_*` of a creation is its maker's answer; `consent_*` is what holds, the strictest of that and of
what holds for everything it was made from, and what all queries ask for. A changed answer comes
down to all that was made of it at once, and is written down.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CTE, Integer, Select, bindparam, update
from sqlalchemy import select as sa_select
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from feed_core.errors import CreationNotFound, NotYours, Refusal
from feed_core.events import VisibilityChanged
from feed_core.models.consent import ConsentChange, ConsentDefault
from feed_core.models.creations import Creation, Edge
from feed_core.models.members import Member
from feed_core.services import asking, room_posts
from feed_core.services.members import in_turn
from feed_core.states import CreationState, Permission, Purpose
from feed_core.store import View, Work

STRICTEST_FIRST = (Permission.NO, Permission.ASK, Permission.YES)
HOUSE: Mapping[Purpose, Permission] = {
    Purpose.REMIX: Permission.YES,
    Purpose.RECOMMEND: Permission.YES,
    Purpose.QUOTE: Permission.YES,
    Purpose.TRAIN: Permission.NO,
}
BATCH = 500
LINEAGE = "lineage"  # what is being made of a creation while its answer changes would not follow
DEFAULTS = (
    sa_select(col(Member.language), col(ConsentDefault.purpose), col(ConsentDefault.permission))
    .outerjoin(ConsentDefault, col(ConsentDefault.member_id) == col(Member.id))
    .where(col(Member.id) == bindparam("member_id", type_=Integer))
)
_UNSEEN = (CreationState.CHECKING, CreationState.BLOCKED)

Answers = Mapping[Purpose, Permission]


@dataclass(eq=False)
class OnlyRemixAsks(Refusal):
    """Makers can be asked about remixes only; all else is yes or no."""

    purpose: str
    code = "only_remix_asks"


def strictest(answers: Iterable[Permission]) -> Permission:
    """The strictest of one or more answers."""
    return min(answers, key=STRICTEST_FIRST.index)


def own(creation: Creation) -> Answers:
    """What the creation's maker answered."""
    return {it: getattr(creation, f"own_{it}") for it in Purpose}


def holding(creation: Creation) -> Answers:
    """What holds for the creation."""
    return {it: getattr(creation, f"consent_{it}") for it in Purpose}


def settled(answers: Answers, parents: Sequence[Creation]) -> Mapping[str, Permission]:
    """What a new creation keeps: its maker's answers, and what holds with all it is made from."""
    inherited = [holding(it) for it in parents]
    return {f"own_{it}": answer for it, answer in answers.items()} | {
        f"consent_{it}": strictest([answer, *(from_it[it] for from_it in inherited)])
        for it, answer in answers.items()
    }


async def defaults(view: View, member_id: int) -> Answers:
    """A member's answers for what they make from now on."""
    return (await defaults_and_language(view, member_id))[0]


async def defaults_and_language(view: View, member_id: int) -> tuple[Answers, str]:
    """A member's answers for what they make from now on, and the language that is theirs."""
    rows = await view.ask(DEFAULTS, {"member_id": member_id})
    answers = {it: permission for _, it, permission in rows if it is not None}
    return {**HOUSE, **answers}, rows[0][0] if rows else ""


async def set_default(
    work: Work, *, member_id: int, purpose: Purpose, permission: Permission
) -> bool:
    """Answer for whatever the member makes from now on; False when that was the answer before.

    Raises:
        OnlyRemixAsks: nobody can be asked about this purpose.
    """
    _require_askable(purpose, permission)
    await in_turn(work, member_id)
    before = (await defaults(work, member_id))[purpose]
    if before is permission:
        return False
    row = await work.hold_if_any(ConsentDefault, (member_id, purpose))
    if row is None:
        row = ConsentDefault(member_id=member_id, purpose=purpose)
        work.db.add(row)
    row.permission = permission
    _write_down(work, member_id, None, purpose, before, permission)
    return True


async def change(
    work: Work, *, creation_id: int, member_id: int, purpose: Purpose, permission: Permission
) -> Creation:
    """Answer anew for one creation, from now on: what was made of it before stays.

    What holds comes down to all that was made of it, and is looser again when the answer is. One
    that was taken back can still be answered for: its remixes live on.

    Raises:
        OnlyRemixAsks: nobody can be asked about this purpose.
        CreationNotFound: there is none.
        NotYours: somebody else made it.
    """
    _require_askable(purpose, permission)
    await work.alone(LINEAGE)
    creation = await work.hold_if_any(Creation, creation_id)
    if creation is None or creation.state in _UNSEEN:
        raise CreationNotFound(creation_id)
    if creation.author_id != member_id:
        raise NotYours(creation_id)
    before = own(creation)[purpose]
    if before is not permission:
        setattr(creation, f"own_{purpose}", permission)
        _write_down(work, member_id, creation_id, purpose, before, permission)
        await _come_down(work, creation, purpose)
    return creation


async def history(view: View, *, creation_id: int) -> list[ConsentChange]:
    """What was changed about one creation, the oldest first."""
    found = await view.db.exec(
        select(ConsentChange)
        .where(ConsentChange.creation_id == creation_id)
        .order_by(col(ConsentChange.id))
    )
    return list(found)


async def bound_by(view: View, creation_id: int) -> Mapping[Purpose, list[int]]:
    """The parents because of which less holds for a creation than its maker answered."""
    parent = aliased(Creation)
    found = await view.db.exec(
        select(Creation, parent)
        .join(Edge, col(Edge.child_id) == col(Creation.id))
        .join(parent, col(parent.id) == col(Edge.parent_id))
        .where(Creation.id == creation_id)
        .order_by(col(parent.id))
    )
    bound: dict[Purpose, list[int]] = {it: [] for it in Purpose}
    for creation, it in found:
        assert it.id is not None
        said, holds, from_it = own(creation), holding(creation), holding(it)
        for purpose, numbers in bound.items():
            if said[purpose] is not holds[purpose] and from_it[purpose] is holds[purpose]:
                numbers.append(it.id)
    return bound


def _require_askable(purpose: Purpose, permission: Permission) -> None:
    if permission is Permission.ASK and purpose is not Purpose.REMIX:
        raise OnlyRemixAsks(purpose)


def _write_down(
    work: Work,
    member_id: int,
    creation_id: int | None,
    purpose: Purpose,
    before: Permission,
    after: Permission,
) -> None:
    work.db.add(
        ConsentChange(
            member_id=member_id,
            creation_id=creation_id,
            purpose=purpose,
            before=before,
            after=after,
            changed_at=work.now,
        )
    )


async def _come_down(work: Work, creation: Creation, purpose: Purpose) -> None:
    """Let what holds for a creation and all that was made of it follow from the answers."""
    assert creation.id is not None
    await work.db.flush()
    line = _line(creation.id)
    own_, holds = getattr(Creation, f"own_{purpose}"), getattr(Creation, f"consent_{purpose}")
    inherited: dict[int, dict[int, Permission]] = {}
    for child_id, parent_id, permission in await work.db.exec(
        select(Edge.child_id, Edge.parent_id, holds)
        .join(line, line.c.id == col(Edge.child_id))
        .join(Creation, col(Creation.id) == col(Edge.parent_id))
    ):
        inherited.setdefault(child_id, {})[parent_id] = permission
    known: dict[int, Permission] = {}
    became: dict[Permission, list[int]] = {}
    for id_, answer, held in await work.db.exec(
        select(Creation.id, own_, holds)
        .join(line, line.c.id == col(Creation.id))
        .order_by(col(Creation.id))  # parents first: they are always older
    ):
        assert id_ is not None
        from_parents = [known.get(it, now) for it, now in inherited.get(id_, {}).items()]
        known[id_] = strictest([answer, *from_parents])
        if known[id_] is not held:
            became.setdefault(known[id_], []).append(id_)
    for permission, ids in became.items():
        for start in range(0, len(ids), BATCH):
            batch = ids[start : start + BATCH]
            await work.db.exec(
                update(Creation)
                .where(col(Creation.id).in_(batch))
                .values({f"consent_{purpose}": permission})
                .execution_options(synchronize_session="fetch")
            )
            if purpose is Purpose.REMIX:
                await asking.follow(work, creation_ids=batch, permission=permission)
        if purpose is Purpose.RECOMMEND:
            await room_posts.follow_all(work, ids)
            for it in ids:
                work.record(VisibilityChanged(creation_id=it))


def _line(creation_id: int) -> CTE:
    """A creation and all that was made of it; edges make no circle, so this ends."""
    first: Select[Any] = sa_select(col(Creation.id).label("id")).where(
        col(Creation.id) == creation_id
    )
    line = first.cte("line", recursive=True)
    return line.union(sa_select(col(Edge.child_id)).join(line, col(Edge.parent_id) == line.c.id))
