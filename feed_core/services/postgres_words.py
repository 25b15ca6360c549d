"""Finds creations by their words with plain tables of PostgreSQL (see `models.words`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    CTE,
    ColumnElement,
    Float,
    FromClause,
    Integer,
    Select,
    Text,
    and_,
    bindparam,
    cast,
    delete,
    func,
    literal,
    or_,
    select,
    text,
    true,
    union,
    union_all,
)

from feed_core.models.creations import Creation
from feed_core.models.words import beginnings, indexed, postings
from feed_core.services.word_search import (
    BEGUN,
    K1,
    LENGTHS,
    MOST_RANKED,
    B,
    Hits,
    Said,
    distinct,
    number_of,
    rarity,
    said,
)
from feed_core.store import Store, View, Work

WORD, NUMBER = "", "#"  # the sign before what is begun; no term holds a "#"
NAMES = {WORD: "word", NUMBER: "number"}
LIMIT = bindparam("limit", type_=Integer)
SAMPLE = 2_000  # creations from which the frequency of a term is told

# All rows of all creations in one statement. Lists that belong to one creation come as one text
# each, since no term holds a space: that takes a tenth of the time that arrays of terms take.
PUT = text("""
    WITH said AS (
        SELECT number, length,
            string_to_array(title, ' ') AS title,
            string_to_array(terms, ' ') AS terms,
            string_to_array(weights, ' ')::smallint[] AS weights,
            string_to_array(begun, ' ') AS begun
        FROM unnest(
            CAST(:numbers AS integer[]), CAST(:lengths AS smallint[]), CAST(:titles AS text[]),
            CAST(:terms AS text[]), CAST(:weights AS text[]), CAST(:begun AS text[])
        ) AS each_one(number, length, title, terms, weights, begun)
    ), whole AS (
        INSERT INTO indexed_words (creation_id, title, terms, length)
        SELECT number, title, terms, length FROM said
    ), words AS (
        INSERT INTO word_index (term, creation_id, weight, length)
        SELECT term, number, weight, length
        FROM said, unnest(terms, weights) AS posting(term, weight)
    )
    INSERT INTO title_index (begun, creation_id)
    SELECT beginning, number FROM said, unnest(begun) AS beginning
""")


@dataclass(frozen=True, slots=True)
class PostgresWords:
    """The word index in the database's own tables, changed in the caller's transaction."""

    most_ranked: int = MOST_RANKED

    async def put(self, work: Work, *creations: Creation, new: bool = False) -> None:
        """Index creations, in place of what was indexed under their numbers; `new`: nothing was."""
        if not new:
            await self.remove(work, *(number_of(it) for it in creations))
        rows = [_row(said(it)) for it in creations]
        if rows:
            columns = {name: [row[name] for row in rows] for name in rows[0]}
            await work.write(PUT, columns)

    async def remove(self, work: Work, *creation_ids: int) -> None:
        """Take creations out; nothing happens where there are none."""
        connection = await work.core()
        taken = await connection.execute(
            delete(indexed)
            .where(indexed.c.creation_id == func.any(cast(creation_ids, ARRAY(Integer))))
            .returning(indexed.c.creation_id, indexed.c.title, indexed.c.terms)
        )
        for number, title, words in taken.all():
            for table, column, values in (
                (postings, postings.c.term, words),
                (beginnings, beginnings.c.begun, beginnings_of(number, title)),
            ):
                await connection.execute(
                    delete(table).where(
                        table.c.creation_id == number,
                        column == func.any(cast(values, ARRAY(Text))),
                    )
                )

    async def find(self, view: View, wanted: Sequence[str], *, every: bool, limit: int) -> Hits:
        """The creations that hold every term, or any of them, by BM25; of equal ones the newest."""
        asked = distinct(wanted)
        if not asked:
            return Hits([])
        rare, usual = await _rarities(view, asked)
        if not rare or (every and len(rare) < len(asked)):
            return Hits([])
        given: dict[str, object] = {"usual": usual, "limit": limit}
        rarest_first = sorted(rare.items(), key=lambda it: -it[1])
        for place, (term, counts) in enumerate(rarest_first):
            given |= {f"term_{place}": term, f"counts_{place}": counts * (K1 + 1)}
        rows = await view.ask(_best(len(rare), self.most_ranked, every=every), given)
        return Hits([number for number, _ in rows], capped=bool(rows) and rows[0][1])

    async def begun_with(
        self, view: View, begun: Sequence[str], *, numbers: bool, before_id: int, limit: int
    ) -> list[int]:
        """Creations older than `before_id`, newest first, by half-typed terms."""
        asked = sorted(distinct(begun), key=len, reverse=True)  # the longest is the rarest
        if not asked:
            return []
        given: dict[str, object] = {"before": before_id, "limit": limit}
        for place, it in enumerate(asked):
            given[f"term_{place}"] = it
            given |= {f"{name}_{place}": f"{sign}{it[:BEGUN]}" for sign, name in NAMES.items()}
        long = sum(len(it) > BEGUN for it in asked)
        rows = await view.ask(_beginning(len(asked), long, numbers=numbers), given)
        return [it for (it,) in rows]

    async def clear(self, work: Work) -> None:
        """Empty the index, leaving nothing of it behind."""
        connection = await work.core()
        await connection.execute(text("TRUNCATE word_index, title_index, indexed_words"))

    async def forget(self, store: Store) -> None:
        """Nothing: what is left are row versions, and PostgreSQL's own vacuum removes them."""


def _row(it: Said) -> dict[str, int | str]:
    """What `PUT` needs to know of one creation."""
    return {
        "numbers": it.number,
        "lengths": it.length,
        "titles": " ".join(it.title),
        "terms": " ".join(it.weights),
        "weights": " ".join(map(str, it.weights.values())),
        "begun": " ".join(beginnings_of(it.number, it.title)),
    }


def beginnings_of(creation_id: int, title: Sequence[str]) -> list[str]:
    """All beginnings of a title's words, and of the number."""
    signs = [(WORD, it) for it in title] + [(NUMBER, str(creation_id))]
    return list({f"{sign}{it[:to]}" for sign, it in signs for to in range(1, BEGUN + 1)})


async def _rarities(view: View, asked: Sequence[str]) -> tuple[dict[str, float], float]:
    """Of each term that is there at all the inverse document frequency; and the usual length.

    The frequency is told from the newest creations with the term and how far apart they are, which
    costs the same for the most frequent one.
    """
    rare: dict[str, float] = {}
    usual = 1.0
    for term, count, oldest, last, length in await view.ask(_newest_of(), {"asked": asked}):
        among = last if count < SAMPLE else last - oldest + 1
        rare[term] = rarity(count, among)
        usual = float(length)
    return rare, usual


@cache
def _newest_of() -> Select[Any]:
    """How many, and how far apart, the newest are of each term asked for; put together once."""
    asked = bindparam("asked", type_=ARRAY(Text))
    each = func.unnest(asked).table_valued("term").render_derived()
    newest = (
        select(postings.c.creation_id)
        .where(postings.c.term == each.c.term)
        .order_by(postings.c.creation_id.desc())
        .limit(SAMPLE)
        .lateral()
    )
    lately = select(indexed).order_by(indexed.c.creation_id.desc()).limit(LENGTHS).subquery()
    return (
        select(
            each.c.term,
            func.count(),
            func.min(newest.c.creation_id),
            select(func.max(lately.c.creation_id)).scalar_subquery(),
            select(func.avg(lately.c.length)).scalar_subquery(),
        )
        .select_from(each)
        .join(newest, true())
        .group_by(each.c.term)
    )


@cache
def _best(terms: int, most: int, *, every: bool) -> Select[Any]:
    """The best that hold so many terms, and whether there are more than `most`; made once."""
    hits = (_with_all if every else _with_any)(terms, most + 1)
    newest = select(hits.c.id, hits.c.score).order_by(hits.c.id.desc()).limit(most).subquery()
    count = select(func.count()).select_from(hits).scalar_subquery()
    best_first = newest.c.score.desc(), newest.c.id.desc()
    return select(newest.c.id, count > most).order_by(*best_first).limit(LIMIT)


def _with_all(terms: int, most: int) -> CTE:
    """The newest creations with all terms, and how well each fits."""
    rows = [postings.alias() for _ in range(terms)]
    first = rows[0]
    fits: ColumnElement[float] = literal(0.0)
    wanted = select(first.c.creation_id.label("id"))
    for place, row in enumerate(rows):
        fits += _fit(row, place)
        wanted = wanted.where(row.c.creation_id == first.c.creation_id, row.c.term == _term(place))
    wanted = wanted.add_columns(fits.label("score"))
    return wanted.order_by(first.c.creation_id.desc()).limit(most).cte("hits")


def _with_any(terms: int, most: int) -> CTE:
    """The newest creations with any of the terms, and how well each fits."""
    each = [
        select(postings.c.creation_id.label("id"), _fit(postings, place).label("part"))
        .where(postings.c.term == _term(place))
        .order_by(postings.c.creation_id.desc())
        .limit(most)
        .subquery()
        for place in range(terms)
    ]
    all_of_them = union_all(*(select(it.c.id, it.c.part) for it in each)).subquery()
    wanted = select(all_of_them.c.id, func.sum(all_of_them.c.part).label("score"))
    ordered = wanted.group_by(all_of_them.c.id).order_by(all_of_them.c.id.desc())
    return ordered.limit(most).cte("hits")


def _fit(row: FromClause, place: int) -> ColumnElement[float]:
    """BM25 of one term, a word of the title or a tag counting as several of the body."""
    usual, counts = (bindparam(it, type_=Float()) for it in ("usual", f"counts_{place}"))
    long = K1 * (1 - B + B * row.c.length / usual)
    return counts * row.c.weight / (row.c.weight + long)


def _term(place: int) -> ColumnElement[str]:
    return bindparam(f"term_{place}", type_=Text)


@cache
def _beginning(terms: int, long: int, *, numbers: bool) -> Select[Any]:
    """The newest with so many half-typed terms, the first of which are `long`; made once."""
    signs = (NUMBER,) if numbers else (WORD, NUMBER)
    each = []
    for sign, row in ((it, beginnings.alias()) for it in signs):
        older = select(row.c.creation_id).where(
            row.c.creation_id < bindparam("before", type_=Integer),
            _begins(row, 0, sign, long=long > 0),
            *(_also(row, it, signs, long=it < long) for it in range(1, terms)),
        )
        each.append(older.order_by(row.c.creation_id.desc()).limit(LIMIT).subquery())
    found = union(*(select(it.c.creation_id) for it in each)).subquery()
    return select(found.c.creation_id).order_by(found.c.creation_id.desc()).limit(LIMIT)


def _begins(row: FromClause, place: int, sign: str, *, long: bool) -> ColumnElement[bool]:
    """That a word or number, as the sign says, begins with the term of this place."""
    short: ColumnElement[bool] = row.c.begun == bindparam(f"{NAMES[sign]}_{place}", type_=Text)
    if not long:
        return short
    if sign == NUMBER:
        return and_(short, func.starts_with(cast(row.c.creation_id, Text), _term(place)))
    word = func.unnest(indexed.c.title).table_valued("word").render_derived().lateral()
    whole = (
        select(word.c.word)
        .select_from(indexed.join(word, func.starts_with(word.c.word, _term(place))))
        .where(indexed.c.creation_id == row.c.creation_id)
    )
    return and_(short, whole.exists())


def _also(row: FromClause, place: int, signs: Sequence[str], *, long: bool) -> ColumnElement[bool]:
    """That the creation of this row has another word or number that begins with this term."""
    other = beginnings.alias()
    same = other.c.creation_id == row.c.creation_id
    each = (_begins(other, place, it, long=long) for it in signs)
    return or_(*(select(other).where(same, it).exists() for it in each))
