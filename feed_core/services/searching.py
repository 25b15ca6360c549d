"""Search: the creations that hold some words, as far as one reader may see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement
from sqlmodel import col, select

from feed_core.models.creations import Creation
from feed_core.models.tags import CreationTag
from feed_core.services import tagging
from feed_core.services.muting import Silence, not_muted, silence
from feed_core.services.postgres_words import PostgresWords
from feed_core.services.sight import Reader, may_see
from feed_core.services.sqlite_words import SqliteWords
from feed_core.services.terms import terms
from feed_core.services.word_search import MOST_RANKED, WordSearch
from feed_core.states import Authorship, CreationKind, CreationState
from feed_core.store import Store, View, Work

FIRST_LOOK = 200  # hits: most searches need no more, and each costs time
AT_A_TIME = 500  # creations looked at in one query
READ = 2_000  # characters of what was typed that count
FROM_THE_FIRST = -1


@dataclass(frozen=True, slots=True)
class Only:
    """What a search is narrowed to; `since` is included, `until` is not."""

    kind: CreationKind | None = None
    maker_id: int | None = None
    authorship: Authorship | None = None
    tag: str = ""
    since: datetime | None = None
    until: datetime | None = None


EVERYTHING = Only()


@dataclass(frozen=True, slots=True)
class Found:
    """A page of what was found, best first.

    `loose`: nothing holds all the words, these hold some. `capped`: so much holds them that only
    the newest were ranked. `more`: there is another page.
    """

    creations: Sequence[Creation]
    loose: bool = False
    capped: bool = False
    more: bool = False


def index(view: View) -> WordSearch:
    """The word index that belongs to this database."""
    return PostgresWords() if view.dialect == "postgresql" else SqliteWords()


async def put(work: Work, creation: Creation) -> None:
    """Let a published creation be found by its words and tags, in place of those it had."""
    await index(work).put(work, creation)
    await tagging.put(work, creation)


async def remove(work: Work, creation_id: int) -> None:
    """Let a creation be found no longer."""
    await index(work).remove(work, creation_id)
    await tagging.remove(work, creation_id)


async def search(
    view: View,
    *,
    reader: Reader,
    words: str,
    only: Only = EVERYTHING,
    limit: int = 5,
    skip: int = 0,
) -> Found:
    """The creations that hold every word, or, where there are none, any of them.

    Whatever was typed is words: nothing in it is an operator. A text without words finds nothing.
    """
    wanted = terms(words[:READ])
    for every in (True, False):
        ids, capped = await _visible(
            view, wanted, every=every, reader=reader, only=only, enough=skip + limit + 1
        )
        if ids:
            page = ids[skip : skip + limit]
            found = await view.db.exec(select(Creation).where(col(Creation.id).in_(page)))
            creations = sorted(found, key=lambda it: page.index(it.id or 0))
            return Found(creations, not every, capped, len(ids) > skip + limit)
    return Found([])


async def rebuild(store: Store) -> None:
    """Make the indexes of words and tags anew from the creations, in small transactions."""
    async with store.work() as work:
        await index(work).clear(work)
        await tagging.clear(work)
    last: int | None = FROM_THE_FIRST
    while last is not None:
        async with store.work() as work:
            found = await work.db.exec(
                select(Creation)
                .where(Creation.state == CreationState.PUBLISHED, col(Creation.id) > last)
                .order_by(col(Creation.id))
                .limit(AT_A_TIME)
            )
            last = None
            for creation in found:
                await put(work, creation)
                last = creation.id


async def forget(store: Store) -> None:
    """Clear what withdrawn creations left in the index's files."""
    async with store.read() as view:
        words = index(view)
    await words.forget(store)


async def _visible(
    view: View, wanted: Sequence[str], *, every: bool, reader: Reader, only: Only, enough: int
) -> tuple[list[int], bool]:
    """Numbers of what is found, open to the reader and asked for, best first; and if capped."""
    quiet = await silence(view, reader=reader)
    for look in (FIRST_LOOK, MOST_RANKED):
        hits = await index(view).find(view, wanted, every=every, limit=look)
        ids: list[int] = []
        for at in range(0, len(hits.ids), AT_A_TIME):
            batch = hits.ids[at : at + AT_A_TIME]
            ids += await _open(view, batch, reader=reader, only=only, quiet=quiet)
            if len(ids) >= enough:
                break
        if len(ids) >= enough or len(hits.ids) < look:
            break
    return ids[:enough], hits.capped


async def _open(
    view: View, ids: Sequence[int], *, reader: Reader, only: Only, quiet: Silence
) -> list[int]:
    found = await view.db.exec(
        select(Creation.id).where(col(Creation.id).in_(ids), *_conditions(reader, only))
    )
    kept = set(found)
    if not quiet.nothing:
        texts = await view.db.exec(select(Creation).where(col(Creation.id).in_(kept)))
        kept = {it.id for it in texts if not quiet.keeps_away(it)}
    return [it for it in ids if it in kept]


def _conditions(reader: Reader, only: Only) -> list[ColumnElement[bool]]:
    asked = [may_see(reader), not_muted(reader)]
    if only.kind is not None:
        asked.append(col(Creation.kind) == only.kind)
    if only.maker_id is not None:
        asked.append(col(Creation.author_id) == only.maker_id)
    if only.authorship is not None:
        asked.append(col(Creation.authorship) == only.authorship)
    if tag := tagging.tag_of(only.tag):
        tagged = select(CreationTag.creation_id).where(CreationTag.tag == tag)
        asked.append(col(Creation.id).in_(tagged))
    if only.since is not None:
        asked.append(col(Creation.published_at) >= only.since)
    if only.until is not None:
        asked.append(col(Creation.published_at) < only.until)
    return asked
