"""Search: the creations that hold some words, as far as one reader may see them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache

from sqlalchemy import ColumnElement, Integer
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from feed_core import bulk
from feed_core.models.creations import Creation
from feed_core.models.tags import CreationTag
from feed_core.prepared import among
from feed_core.services import tagging
from feed_core.services.muting import Silence, not_muted, silence
from feed_core.services.postgres_words import PostgresWords
from feed_core.services.sight import Reader, anybody, may_recommend, may_see, told
from feed_core.services.sqlite_words import SqliteWords
from feed_core.services.terms import terms
from feed_core.services.word_search import MOST_RANKED, WordSearch
from feed_core.states import Authorship, CreationKind, CreationState
from feed_core.store import Store, View, Work

FIRST_LOOK = 200  # hits: most searches need no more, and each costs time
AT_A_TIME = 500  # creations looked at in one query
FEW = 5_000  # creations of one maker or tag, less than so many
FUSED = 200  # of the hits by words, the first are fused with those by meaning
FLAT = 10  # ranks: the more, the less the first ranks stand out (60 in the paper)
SOME = 0.2  # weight of hits that hold some of the words, beside 1 of those that hold all
ROUNDS = 10  # so often a reader who muted much is looked for more
NEWER_THAN_ALL = 10**15
READ = 2_000  # characters of what was typed that count
FROM_THE_FIRST = -1


@dataclass(frozen=True, slots=True)
class Only:
    """What a search is narrowed to; `since` is included, `until` is not.

    `recommended`: what its makers let come before others unasked.
    """

    kind: CreationKind | None = None
    maker_id: int | None = None
    authorship: Authorship | None = None
    tag: str = ""
    since: datetime | None = None
    until: datetime | None = None
    recommended: bool = False


EVERYTHING = Only()


@dataclass(frozen=True, slots=True)
class Found:
    """A page of what was found, best first.

    `loose`: nothing holds all the words; these hold some, or come near in meaning. `capped`: so
    much holds them that only the newest were ranked. `more`: there is another page.
    """

    creations: Sequence[Creation]
    loose: bool = False
    capped: bool = False
    more: bool = False


def index(view: View) -> WordSearch:
    """The word index that belongs to this database."""
    return PostgresWords() if view.dialect == "postgresql" else SqliteWords()


async def put(work: Work, *creations: Creation, new: bool = False) -> None:
    """Let published creations be found by their words and tags, in place of those they had.

    `new`: none of them was ever put.
    """
    await index(work).put(work, *creations, new=new)
    await tagging.put(work, *creations, new=new)


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
    near: Sequence[int] = (),
    limit: int = 5,
    skip: int = 0,
) -> Found:
    """The creations that hold every word, or, where there are none, any of them.

    Whatever was typed is words: nothing in it is an operator. `near` are those that come nearest in
    meaning, whoever may see them: they are fused in by rank. Without words all that was narrowed
    to is found, the newest first; a text in which nothing is a word finds nothing.
    """
    wanted = terms(words[:READ])
    quiet = await silence(view, reader=reader)
    if not wanted:
        if words.strip() or only == EVERYTHING:
            return Found([])
        ids = await _newest(view, reader=reader, only=only, quiet=quiet, enough=skip + limit + 1)
        return await _page(view, ids, limit, skip)
    enough = max(skip + limit + 1, FUSED if near else 0)
    for every in (True, False):
        ids, capped = await _visible(
            view, wanted, every=every, reader=reader, only=only, quiet=quiet, enough=enough
        )
        if ids:
            break
    if near:
        meant = await _open(view, near, reader=reader, only=only, quiet=quiet)
        ids = fused(ids, meant, weight=1.0 if every else SOME)
    return replace(
        await _page(view, ids, limit, skip), loose=bool(ids) and not every, capped=capped
    )


async def alike(
    view: View,
    *,
    reader: Reader,
    near: Sequence[int],
    only: Only = EVERYTHING,
    limit: int = 5,
    skip: int = 0,
) -> Found:
    """What was asked for of those that come near in meaning and may be recommended, in order."""
    only = replace(only, recommended=True)
    quiet = await silence(view, reader=reader)
    ids = await _open(view, near, reader=reader, only=only, quiet=quiet)
    return await _page(view, ids, limit, skip)


def fused(by_words: Sequence[int], by_meaning: Sequence[int], *, weight: float) -> list[int]:
    """Both in one order, by the sum of what their ranks are worth; the rest of the words follows.

    Reciprocal rank fusion (Cormack, Clarke and Buettcher 2009), the words weighed by `weight`;
    only their first FUSED take part, so that page follows page.
    """
    scores: dict[int, float] = {}
    for ids, counts in ((by_words[:FUSED], weight), (by_meaning, 1.0)):
        for rank, it in enumerate(ids, start=1):
            scores[it] = scores.get(it, 0.0) + counts / (FLAT + rank)
    best = sorted(scores, key=lambda it: (-scores[it], -it))
    return [*best, *(it for it in by_words[FUSED:] if it not in scores)]


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
            creations = found.all()
            await put(work, *creations)
            last = creations[-1].id if creations else None


async def forget(store: Store) -> None:
    """Clear what withdrawn creations left in the index's files."""
    async with store.read() as view:
        words = index(view)
    await words.forget(store)


async def _page(view: View, ids: Sequence[int], limit: int, skip: int) -> Found:
    page = list(ids[skip : skip + limit])
    found = await bulk.find(view, Creation, page)
    creations = sorted(found, key=lambda it: page.index(it.id or 0))
    return Found(creations, more=len(ids) > skip + limit)


async def _visible(
    view: View,
    wanted: Sequence[str],
    *,
    every: bool,
    reader: Reader,
    only: Only,
    quiet: Silence,
    enough: int,
) -> tuple[list[int], bool]:
    """Numbers of what is found, open to the reader and asked for, best first; and if capped."""
    few = await _few(view, only)
    looks = (MOST_RANKED,) if few is not None else (FIRST_LOOK, MOST_RANKED)
    for look in looks:
        hits = await index(view).find(view, wanted, every=every, limit=look)
        likely = hits.ids if few is None else [it for it in hits.ids if it in few]
        ids: list[int] = []
        for at in range(0, len(likely), AT_A_TIME):
            batch = likely[at : at + AT_A_TIME]
            ids += await _open(view, batch, reader=reader, only=only, quiet=quiet)
            if len(ids) >= enough:
                break
        if len(ids) >= enough or len(hits.ids) < look:
            break
    return ids[:enough], hits.capped


async def _few(view: View, only: Only) -> set[int] | None:
    """All that one maker made or one tag is on, where it is quicker to have that first."""
    if only.maker_id is not None:
        these = select(Creation.id).where(Creation.author_id == only.maker_id)
    elif tag := tagging.tag_of(only.tag):
        these = select(CreationTag.creation_id).where(CreationTag.tag == tag)
    else:
        return None
    found = set(await view.db.exec(these.limit(FEW + 1)))
    return None if len(found) > FEW else {it for it in found if it is not None}


async def _newest(
    view: View, *, reader: Reader, only: Only, quiet: Silence, enough: int
) -> list[int]:
    """The newest of what was narrowed to."""
    ids: list[int] = []
    before = NEWER_THAN_ALL
    for _ in range(ROUNDS):
        found = await view.db.exec(
            select(Creation.id)
            .where(col(Creation.id) < before, *_conditions(reader, only))
            .order_by(col(Creation.id).desc())
            .limit(AT_A_TIME if not quiet.nothing else enough)
        )
        batch = [it for it in found if it is not None]
        ids += await _open(view, batch, reader=reader, only=only, quiet=quiet)
        if len(ids) >= enough or quiet.nothing or len(batch) < AT_A_TIME:
            break
        before = batch[-1]
    return ids[:enough]


async def _open(
    view: View, ids: Sequence[int], *, reader: Reader, only: Only, quiet: Silence
) -> list[int]:
    """Those of these that the reader may see, asked for and did not mute, in their order."""
    if only == EVERYTHING:
        given = {"asked": ids, **told(reader)}
        kept = {it for (it,) in await view.ask(_to_all(), given)}
    else:
        asked = select(Creation.id).where(col(Creation.id).in_(ids), *_conditions(reader, only))
        kept = set(await view.db.exec(asked))
    if not quiet.nothing:
        texts = await view.db.exec(select(Creation).where(col(Creation.id).in_(kept)))
        kept = {it.id for it in texts if not quiet.keeps_away(it)}
    return [it for it in ids if it in kept]


@cache
def _to_all() -> SelectOfScalar[int | None]:
    """Those of the asked that a reader may see and did not mute; put together once."""
    asked = among(col(Creation.id), "asked", Integer())
    return select(col(Creation.id)).where(asked, *_conditions(anybody(), EVERYTHING))


def _conditions(reader: Reader, only: Only) -> list[ColumnElement[bool]]:
    asked = [
        may_recommend(reader) if only.recommended else may_see(reader),
        not_muted(reader),
    ]
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
