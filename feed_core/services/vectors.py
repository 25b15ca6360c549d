"""Which creations want a vector, and which have one that has to go."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import bindparam, func, update
from sqlmodel import col, select

from feed_core.models.creations import WITHOUT_VECTOR, Creation
from feed_core.states import CreationState
from feed_core.store import View, Work


@dataclass(frozen=True, slots=True)
class Due:
    """A creation whose vector does not fit it: what it says now, or None where none may stay."""

    creation_id: int
    content_hash: str
    text: str | None


async def due(view: View, *, limit: int, largest: int) -> list[Due]:
    """The newest creations, up to the largest number, whose vector is missing or another's."""
    found = await view.db.exec(
        select(Creation)
        .where(WITHOUT_VECTOR, col(Creation.id) <= largest)
        .order_by(col(Creation.id).desc())
        .limit(limit)
    )
    return [
        Due(it.id, it.content_hash, said(it) if it.state is CreationState.PUBLISHED else None)
        for it in found
        if it.id is not None
    ]


def said(creation: Creation) -> str:
    """What of a creation tells what it means, the most telling first."""
    told = (creation.title, " ".join(creation.tags), creation.body, creation.alt)
    return "\n".join(filter(None, told))


async def waiting(view: View, *, most: int) -> int:
    """How many published creations have no vector of their content yet, counted up to `most`."""
    some = (
        select(Creation.id)
        .where(WITHOUT_VECTOR, Creation.state == CreationState.PUBLISHED)
        .limit(most)
        .subquery()
    )
    return (await view.db.exec(select(func.count()).select_from(some))).one()


async def settle(work: Work, done: Collection[Due]) -> None:
    """Note that these have the vector they should have; what was edited meanwhile is due again."""
    marks = [
        {"number": it.creation_id, "was": it.content_hash, "now": it.content_hash}
        if it.text is not None
        else {"number": it.creation_id, "was": it.content_hash, "now": ""}
        for it in done
    ]
    if marks:
        await (await work.core()).execute(
            update(Creation)
            .where(
                col(Creation.id) == bindparam("number"),
                col(Creation.content_hash) == bindparam("was"),
            )
            .values(vector_hash=bindparam("now")),
            marks,
        )


async def recorded(view: View, *, after: int, limit: int) -> dict[int, str]:
    """For which contents the next creations have vectors, as the database has it; "" for none."""
    found = await view.db.exec(
        select(Creation.id, Creation.vector_hash)
        .where(col(Creation.id) > after)
        .order_by(col(Creation.id))
        .limit(limit)
    )
    return {number: vector_hash for number, vector_hash in found if number is not None}


async def correct(work: Work, wrong: Mapping[int, str]) -> None:
    """Note that the vectors of these are gone; of one that changed meanwhile nothing is noted."""
    marks = [{"number": number, "was": known} for number, known in wrong.items()]
    if marks:
        await (await work.core()).execute(
            update(Creation)
            .where(
                col(Creation.id) == bindparam("number"),
                col(Creation.vector_hash) == bindparam("was"),
            )
            .values(vector_hash=""),
            marks,
        )


async def these(view: View, creation_ids: Collection[int]) -> list[Due]:
    """What these creations say now, also of those whose number no creation has: None."""
    found = await view.db.exec(select(Creation).where(col(Creation.id).in_(creation_ids)))
    known = {it.id: it for it in found}
    return [
        Due(number, it.content_hash, said(it) if it.state is CreationState.PUBLISHED else None)
        if (it := known.get(number)) is not None
        else Due(number, "", None)
        for number in creation_ids
    ]


async def contents(view: View, *, after: int, limit: int) -> dict[int, str]:
    """The hash of what each of the next creations says; "" for what is not published."""
    found = await view.db.exec(
        select(Creation.id, Creation.content_hash, Creation.state)
        .where(col(Creation.id) > after)
        .order_by(col(Creation.id))
        .limit(limit)
    )
    return {
        number: content_hash if state is CreationState.PUBLISHED else ""
        for number, content_hash, state in found
        if number is not None
    }
