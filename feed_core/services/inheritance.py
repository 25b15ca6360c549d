"""What comes down the lineage: a share of the credit for everyone, and every limit to consent."""

from fractions import Fraction
from functools import cache
from typing import Any

from sqlalchemy import Select, case, func
from sqlalchemy import select as sa_select
from sqlmodel import col

from feed_core.errors import CreationNotFound
from feed_core.models.creations import Creation, Edge
from feed_core.services.consent import STRICTEST_FIRST, Answers
from feed_core.services.lineage import ASKED, UP, kin
from feed_core.services.sight import Reader, anybody, may_place, told
from feed_core.states import Purpose
from feed_core.store import View


async def credit(view: View, creation_id: int, *, reader: Reader) -> dict[int, Fraction]:
    """Whose work a creation is, by member, the largest share first; the shares sum to 1.

    The rule: half belongs to whoever made the creation. The other half belongs to all it was made
    from, over every generation: each ancestor weighs 1/g, where g is how many generations away it
    is nearest (a parent 1, a grandparent 1/2, …), and the half is divided by weight. A creation
    made from nothing belongs to its maker alone. A member's share is the sum over what they made,
    so everyone who made an ancestor has one, the first maker too. Withdrawn creations count; those
    that the reader may not see take no part, and shares are divided among the rest.

    Raises:
        CreationNotFound: there is none that this reader may see.
    """
    found = await view.ask(_makers(), {"asked": creation_id, **told(reader)})
    maker: int | None = None
    weights: dict[int, Fraction] = {}
    for author_id, generations, count in found:
        if generations == 0:
            maker = author_id
        else:
            weights[author_id] = weights.get(author_id, Fraction()) + Fraction(count, generations)
    if maker is None:
        raise CreationNotFound(creation_id)
    whole = sum(weights.values(), Fraction())
    shares = {it: weight / whole / 2 for it, weight in weights.items()}
    shares[maker] = shares.get(maker, Fraction()) + (Fraction(1, 2) if weights else 1)
    return dict(sorted(shares.items(), key=lambda it: (-it[1], it[0])))


@cache
def _makers() -> Select[Any]:
    """How much of a lineage is whose, and how far away; put together once."""
    line = kin(ASKED, UP)
    return (
        sa_select(col(Creation.author_id), line.c.generations, func.count())
        .join(line, line.c.id == col(Creation.id))
        .where(may_place(anybody()))
        .group_by(col(Creation.author_id), line.c.generations)
    )


async def strictest(view: View, creation_id: int) -> Answers:
    """What the makers of a creation and of all it was made from allow together.

    It is what `consent_*` of the creation holds; here it is worked out from their own answers.
    All ancestors bind, however far away, and also those that nobody may see any more. So this walk
    has no depth to count: it visits each ancestor once and ends because parents are always older.

    Raises:
        CreationNotFound: there is none of this number.
    """
    ((*strict,),) = await view.ask(_strictest(), {"asked": creation_id})
    if None in strict:
        raise CreationNotFound(creation_id)
    loosest_first = STRICTEST_FIRST[::-1]
    return {it: loosest_first[rank] for it, rank in zip(Purpose, strict, strict=True)}


@cache
def _strictest() -> Select[Any]:
    """The rank of the strictest answer to each purpose in a lineage; put together once."""
    first: Select[Any] = sa_select(col(Creation.id).label("id")).where(col(Creation.id) == ASKED)
    line = first.cte("line", recursive=True)
    line = line.union(sa_select(col(Edge.parent_id)).join(line, col(Edge.child_id) == line.c.id))
    strictest_of = (
        func.max(
            case(
                *(
                    (getattr(Creation, f"own_{it}") == value, rank)
                    for rank, value in enumerate(reversed(STRICTEST_FIRST))
                )
            )
        )
        for it in Purpose
    )
    return sa_select(*strictest_of).join(line, line.c.id == col(Creation.id))
