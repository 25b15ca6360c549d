"""How memories fade: what is not used counts less when others fit as well; nothing is deleted.

The curve is Ebbinghaus's, exp(-t / S), whose strength S grows with each use, as in Zhong et al.,
"MemoryBank: Enhancing Large Language Models with Long-Term Memory" (2024).
"""

import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import Integer, Update, bindparam, update
from sqlmodel import col

from feed_core.models.memories import Memory
from feed_core.store import Work
from memory.owning import of, owned

WEIGHT = 0.3  # standard deviations of the fit that a memory can lose
STRENGTH = timedelta(days=60)  # after which an unused memory has lost two thirds of that
MOST_USES = 20  # that count


def lost(used_at: datetime | None, created_at: datetime, uses: int, *, now: datetime) -> float:
    """What a memory has lost since it was used last, or kept: 0 when fresh, up to `WEIGHT`."""
    since = max(now - max(used_at or created_at, created_at), timedelta())
    strength = STRENGTH * (1 + min(uses, MOST_USES))
    return WEIGHT * (1 - math.exp(-(since / strength)))


async def used(work: Work, owner_id: int, memory_ids: Sequence[int]) -> None:
    """Note that these memories of the owner's served an answer.

    Raises:
        ValueError: the owner id cannot be a member's.
    """
    whose = of(owner_id)
    given = [{**whose, "memory_id": it, "now": work.now} for it in memory_ids]
    if given:
        await work.write(_using(), *given)


@cache
def _using() -> Update:
    """Put together once, because every answer asks it."""
    this = owned(), col(Memory.id) == bindparam("memory_id", type_=Integer)
    return update(Memory).where(*this).values(uses=col(Memory.uses) + 1, used_at=bindparam("now"))
