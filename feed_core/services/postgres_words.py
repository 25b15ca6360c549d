"""Finds creations by their words with plain tables of PostgreSQL (see `models.words`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

from sqlalchemy import (
    ARRAY,
    Integer,
    Text,
    cast,
    delete,
    func,
    text,
)

from feed_core.models.creations import Creation
from feed_core.models.words import beginnings, indexed, postings
from feed_core.services.postgres_word_queries import (
    NAMES,
    NUMBER,
    SAMPLE,
    WORD,
    beginning,
    best,
    lengths,
    newest_of,
)
from feed_core.services.word_search import (
    BEGUN,
    K1,
    MOST_RANKED,
    Hits,
    Said,
    distinct,
    number_of,
    rarity,
    said,
)
from feed_core.store import Store, View, Work

SEEK = 10  # as many rows are read in the time in which one of another term is sought

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
class Held:
    """Of so many creations, `count` hold a term; `last` is the number of the newest of all."""

    count: int
    among: int
    last: int

    @property
    def share(self) -> float:
        """From 0 to 1."""
        return self.count / self.among

    @property
    def rows(self) -> float:
        """How many hold it of all."""
        return self.share * self.last


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
        held, usual = await _held(view, asked)
        if not held or (every and len(held) < len(asked)):
            return Hits([])
        given: dict[str, object] = {"limit": limit, **lengths(usual)}
        rarest_first = sorted(held.items(), key=lambda it: it[1].share)
        for place, (term, it) in enumerate(rarest_first):
            counts = rarity(it.count, it.among) * (K1 + 1)
            given |= {f"term_{place}": term, f"counts_{place}": counts}
        seeking = every and _is_sooner_sought([it for _, it in rarest_first], self.most_ranked)
        rows = await view.ask(
            best(len(held), self.most_ranked, every=every, seeking=seeking), given
        )
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
        rows = await view.ask(beginning(len(asked), long, numbers=numbers), given)
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


def _is_sooner_sought(rarest_first: Sequence[Held], most: int) -> bool:
    """Whether to seek all others for each that holds the rarest term, or to read all rows.

    Where they are read, that ends when there are enough hits; about as many are there as if the
    terms had nothing to do with each other.
    """
    rarest, *others = rarest_first
    hits = rarest.rows * prod(it.share for it in others)
    read = sum(it.rows for it in rarest_first) * min(1.0, most / max(hits, 1.0))
    return bool(others) and rarest.rows * SEEK * len(others) < read


async def _held(view: View, asked: Sequence[str]) -> tuple[dict[str, Held], float]:
    """How many hold each term that is there at all; and the usual length.

    That is told from the newest creations with the term and how far apart they are, which costs the
    same for the most frequent one.
    """
    held: dict[str, Held] = {}
    usual = 1.0
    for term, count, oldest, last, length in await view.ask(newest_of(), {"asked": asked}):
        held[term] = Held(count, last if count < SAMPLE else last - oldest + 1, last)
        usual = float(length) or 1.0  # the newest may hold no words
    return held, usual
