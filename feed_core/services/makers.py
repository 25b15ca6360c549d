"""Makers by their names: whoever made something that the reader may see."""

import re
from collections.abc import Iterable

from sqlalchemy import ColumnElement, exists, func, or_
from sqlmodel import col, select

from feed_core.models.creations import Creation
from feed_core.models.members import Member
from feed_core.services.muting import folded
from feed_core.services.sight import Reader, may_see
from feed_core.store import View

READ = 80  # characters of what was typed that count
LONGEST = 4  # words of a name that are looked up at once
MOST = 200  # makers of one name

Maker = tuple[int, str]
WORD = re.compile(r"[^\s,;:!?“”\"„«»()]+")
POSSESSIVE = re.compile(r"['’]s?$")


async def suggestions(view: View, *, reader: Reader, typed: str, limit: int) -> list[Maker]:
    """Makers of whose name a word begins with what was typed: the whole name first."""
    begun = typed.strip()[:READ].removeprefix("@").strip()
    # Every database makes the letters of ASCII small, and each other way to spell costs time.
    plain = begun.isascii()
    small = func.lower(col(Member.name))
    wanted = [
        begins(it, autoescape=True)
        for name in ((small,) if plain else (col(Member.name), small))
        for spelled in ([begun.lower()] if plain else _spellings(begun))
        for it, begins in ((spelled, name.startswith), (f" {spelled}", name.contains))
    ]
    found = await _made(view, or_(*wanted), reader=reader, limit=limit * 2)
    said = folded(begun)
    found.sort(key=lambda it: (not folded(it[1]).startswith(said), folded(it[1]), it[0]))
    return found[:limit]


async def named(view: View, *, reader: Reader, text: str) -> list[Maker]:
    """Makers whose whole name stands in the text, also as in "Ben's", and those it begins.

    Only one side or the other may be longer: "Ben" finds Ben and Ben Ali, "something by Ben" Ben.
    """
    words = [POSSESSIVE.sub("", it.removeprefix("@")) for it in WORD.findall(text[:READ])]
    runs = {
        " ".join(words[at : at + length])
        for length in range(1, LONGEST + 1)
        for at in range(len(words) - length + 1)
    }
    spelled = {it for run in runs if run for it in _spellings(run)}
    if not spelled:
        return []
    names = (col(Member.name), func.lower(col(Member.name)))
    wanted: list[ColumnElement[bool]] = [name.in_(spelled) for name in names]
    if 0 < len(words) <= LONGEST:
        wanted += [
            name.startswith(f"{it} ", autoescape=True)
            for it in _spellings(" ".join(words))
            for name in names
        ]
    return await _made(view, or_(*wanted), reader=reader, limit=MOST)


async def made_something(view: View, member_id: int, *, reader: Reader) -> bool:
    """Whether the reader may see anything that this member made."""
    made = select(Creation.id).where(Creation.author_id == member_id, may_see(reader))
    return (await view.db.exec(made.limit(1))).first() is not None


async def _made(
    view: View, wanted: ColumnElement[bool], *, reader: Reader, limit: int
) -> list[Maker]:
    made = exists().where(col(Creation.author_id) == col(Member.id), may_see(reader))
    found = await view.db.exec(
        select(Member.id, Member.name)
        .where(wanted, col(Member.merged_into_id).is_(None), made)
        .order_by(col(Member.id))
        .limit(limit)
    )
    return [(member_id, name) for member_id, name in found if member_id is not None]


def _spellings(words: str) -> Iterable[str]:
    """The ways to write a name that databases cannot be trusted to take for the same."""
    plain = words.encode("utf-8", "replace").decode().replace("\0", "")
    return {plain, plain.lower(), plain.casefold(), plain.title(), plain.upper()}
