"""Completes half-typed numbers and titles, quickly enough to do it at every key."""

from functools import cache

from sqlalchemy import Integer
from sqlmodel import col, select
from sqlmodel.sql.expression import Select

from feed_core.models.creations import Creation
from feed_core.prepared import among
from feed_core.services.muting import not_muted
from feed_core.services.searching import index
from feed_core.services.sight import Reader, anybody, may_see, told
from feed_core.services.terms import terms
from feed_core.store import View

READ = 200  # characters of what was typed that count
DIGITS = 15  # of the largest number
NEWER_THAN_ALL = 10**15
LOOKED_THROUGH = 1_000  # titles, for a sign that is part of no word
AT_A_TIME = 100
ROUNDS = 5  # a reader who may see none of so many newest ones is told of no older ones

Suggestion = tuple[int, str]


async def suggestions(view: View, *, reader: Reader, typed: str, limit: int) -> list[Suggestion]:
    """Numbers and titles for what was typed: the exact number first, then the newest.

    Each begins with it, or its title has a word that begins with each word of it. After "#" digits
    are a number only. A sign that is part of no word is looked for in the newest titles.
    """
    typed = typed[:READ].strip()
    bare = typed.removeprefix("#")
    begun = terms(bare)
    if not begun:
        return await _newest(view, reader=reader, holding=bare, limit=limit)
    number = int(bare) if bare.isdecimal() and len(bare) <= DIGITS else None
    found = [] if number is None else await _open(view, [number], reader=reader, muted=True)
    before_id = NEWER_THAN_ALL
    for _ in range(ROUNDS):
        ids = await index(view).begun_with(
            view,
            begun,
            numbers=typed.startswith("#") and number is not None,
            before_id=before_id,
            limit=AT_A_TIME,
        )
        others = [it for it in ids if it != number]
        found += await _open(view, others, reader=reader)
        if len(ids) < AT_A_TIME or len(found) >= limit:
            break
        before_id = ids[-1]
    return found[:limit]


async def _open(
    view: View, ids: list[int], *, reader: Reader, muted: bool = False
) -> list[Suggestion]:
    given = {"asked": ids, **told(reader)}
    return [(number, title) for number, title in await view.ask(_asked(muted), given)]


@cache
def _asked(muted: bool) -> Select[int | None, str]:
    """Those that a reader may see and, but for `muted`, did not mute; put together once."""
    wanted = select(Creation.id, Creation.title).where(
        among(col(Creation.id), "asked", Integer()), may_see(anybody())
    )
    wanted = wanted if muted else wanted.where(not_muted(anybody()))
    return wanted.order_by(col(Creation.id).desc())


async def _newest(view: View, *, reader: Reader, holding: str, limit: int) -> list[Suggestion]:
    found = await view.db.exec(
        select(Creation.id, Creation.title)
        .where(may_see(reader), not_muted(reader))
        .order_by(col(Creation.id).desc())
        .limit(LOOKED_THROUGH if holding else limit)
    )
    fitting = [(number, title) for number, title in found if number and holding in title]
    return fitting[:limit]
