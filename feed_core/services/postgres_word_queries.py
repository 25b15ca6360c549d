"""What is asked of the word index in PostgreSQL's tables (see `models.words`); each made once."""

from collections.abc import Sequence
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
    func,
    or_,
    select,
    true,
    union,
    union_all,
)

from feed_core.models.words import beginnings, indexed, postings
from feed_core.services.word_search import K1, LENGTHS, B

WORD, NUMBER = "", "#"  # the sign before what is begun; no term holds a "#"
NAMES = {WORD: "word", NUMBER: "number"}
LIMIT = bindparam("limit", type_=Integer)
SAMPLE = 2_000  # creations from which the frequency of a term is told


@cache
def newest_of() -> Select[Any]:
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
def best(terms: int, most: int, *, every: bool, seeking: bool = False) -> Select[Any]:
    """The best that hold so many terms, and whether there are more than `most`; made once."""
    if not every:
        hits = _with_any(terms, most + 1)
    elif seeking:
        hits = _with_first(terms, most + 1)
    else:
        hits = _with_all(terms, most + 1)
    newest = select(hits.c.id, hits.c.score).order_by(hits.c.id.desc()).limit(most).subquery()
    count = select(func.count()).select_from(hits).scalar_subquery()
    best_first = newest.c.score.desc(), newest.c.id.desc()
    return select(newest.c.id, count > most).order_by(*best_first).limit(LIMIT)


def _with_all(terms: int, most: int) -> CTE:
    """The newest creations with all terms, and how well each fits: all rows of all are read."""
    first = postings.alias()
    source: FromClause = first
    fits = _fit(first, 0)
    for place in range(1, terms):
        row = postings.alias()
        here = and_(row.c.term == _term(place), row.c.creation_id == first.c.creation_id)
        source, fits = source.join(row, here), fits + _fit(row, place)
    wanted = select(first.c.creation_id.label("id"), fits.label("score")).select_from(source)
    newest = wanted.where(first.c.term == _term(0)).order_by(first.c.creation_id.desc())
    return newest.limit(most).cte("hits")


def _with_first(terms: int, most: int) -> CTE:
    """As `_with_all`, where few have the first term: rows of others are sought for those alone.

    One search goes along the index for all of them. A join would look each up from the root on, or
    read all rows of all terms once PostgreSQL keeps one plan for any terms. What is sought last is
    what has all terms: to put the rows of each together is quicker than to count them. They are
    joined in full because so PostgreSQL never goes through all of one for each of the other.
    """
    first = _rows_of(0).subquery("first")
    source: FromClause = first
    found, fits = _rows_of(0), _fit(first, 0)
    held: ColumnElement[int] = first.c.weight
    for place in range(1, terms):
        ids = found.with_only_columns(found.selected_columns.id).order_by("id")
        among = func.array(ids.scalar_subquery())
        sought = _rows_of(place).where(postings.c.creation_id == func.any(among))
        if place == terms - 1:
            sought = sought.order_by(postings.c.creation_id.desc()).limit(most)
        rows = sought.cte(f"sought_{place}")
        source = source.join(rows, rows.c.id == first.c.id, full=True)
        found, fits, held = select(rows), fits + _fit(rows, place), rows.c.weight
    wanted = select(first.c.id, fits.label("score")).select_from(source)
    return wanted.where(func.coalesce(held, 0) > 0).cte("hits")


def _rows_of(place: int) -> Select[Any]:
    """The rows of the term of this place."""
    row = postings.c
    wanted = select(row.creation_id.label("id"), row.weight, row.length)
    return wanted.where(row.term == _term(place))


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
    flat, by_length, counts = (
        bindparam(it, type_=Float()) for it in ("flat", "by_length", f"counts_{place}")
    )
    return counts * row.c.weight / (row.c.weight + (flat + by_length * row.c.length))


def lengths(usual: float) -> dict[str, object]:
    """How the length of a creation counts in BM25: `flat` and, for each word, `by_length`."""
    return {"flat": K1 * (1 - B), "by_length": K1 * B / usual}


def _term(place: int) -> ColumnElement[str]:
    return bindparam(f"term_{place}", type_=Text)


@cache
def beginning(terms: int, long: int, *, numbers: bool) -> Select[Any]:
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
