"""What people feel about creations."""

from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import func
from sqlmodel import col, select

from feed_core.events import ReactionAdded
from feed_core.models.reactions import Reaction
from feed_core.services.members import in_turn
from feed_core.services.sight import Reader, see
from feed_core.states import ReactionKind
from feed_core.store import View, Work


async def react(
    work: Work, *, creation_id: int, reader: Reader, kind: ReactionKind = ReactionKind.LIKE
) -> int:
    """Feel something about a creation, once however often; returns how many feel so now.

    Raises:
        CreationNotFound, CreationWithdrawn: it cannot be seen.
    """
    await in_turn(work, reader.member_id)
    await see(work, creation_id, reader=reader)
    key = (creation_id, reader.member_id, kind)
    if await work.hold_if_any(Reaction, key) is None:
        work.db.add(
            Reaction(
                creation_id=creation_id,
                member_id=reader.member_id,
                kind=kind,
                created_at=work.now,
            )
        )
        work.record(ReactionAdded(creation_id=creation_id, member_id=reader.member_id))
        await work.db.flush()
    return (await counts(work, [creation_id]))[creation_id][kind]


async def unreact(
    work: Work, *, creation_id: int, member_id: int, kind: ReactionKind | None = None
) -> list[ReactionKind]:
    """Take a reaction back, or all of one's own; returns those that were there."""
    await in_turn(work, member_id)
    wanted = select(Reaction).where(
        Reaction.creation_id == creation_id, Reaction.member_id == member_id
    )
    if kind is not None:
        wanted = wanted.where(Reaction.kind == kind)
    gone = list(await work.db.exec(wanted))
    for it in gone:
        await work.db.delete(it)
    await work.db.flush()
    return _in_order(it.kind for it in gone)


async def counts(
    view: View, creation_ids: Collection[int]
) -> Mapping[int, Mapping[ReactionKind, int]]:
    """How many feel what about each of these creations; nothing where nobody reacted."""
    found = await view.db.exec(
        select(Reaction.creation_id, Reaction.kind, func.count())
        .where(col(Reaction.creation_id).in_(creation_ids))
        .group_by(col(Reaction.creation_id), col(Reaction.kind))
    )
    felt: dict[int, dict[ReactionKind, int]] = {}
    for creation_id, kind, count in found:
        felt.setdefault(creation_id, {})[ReactionKind(kind)] = count
    return {it: {kind: told[kind] for kind in _in_order(told)} for it, told in felt.items()}


def _in_order(kinds: Iterable[ReactionKind]) -> list[ReactionKind]:
    given = set(kinds)
    return [it for it in ReactionKind if it in given]
