"""Fills databases with a town as fast as they take it: rows by the million, then their indexes."""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from hashlib import sha256
from itertools import groupby, islice
from pathlib import Path
from typing import Any

import numpy as np
import psycopg

from benchmarks.town import END, Moments, Town, texts
from feed_core.migrating import migrate
from feed_core.models.words import BLOCK
from feed_core.services.likeness import LONGEST_AGO, telling_text, text_keys
from feed_core.services.postgres_words import beginnings_of
from feed_core.services.rules.folding import skeleton
from feed_core.services.sqlite_words import postings_of
from feed_core.services.word_search import BODY, TAGS, TITLE, Said

Row = Sequence[Any]
NOW = datetime.fromtimestamp(END, UTC)
BEFORE = "2024-01-01 00:00:00.000000"  # everybody had joined by then
MOST_THREADS = 8  # that one creation of the town belongs to, the nearest
KINDS = ("like", "like", "like", "love", "laugh", "wow")
PERMISSIONS = ("yes", "yes", "yes", "no")
COLUMNS = {
    "member": "id uid name skeleton language zone feed created_at",
    "creation": "id uid author_id kind state title body tags language link alt label warnings "
    "visibility consent_remix consent_recommend consent_quote consent_train own_remix "
    "own_recommend own_quote own_train authorship steps tainted content_hash vector_hash "
    "created_at published_at",
    "creation_tag": "tag creation_id",
    "likeness": "key creation_id",
    "verdict": "thing thing_id content_hash outcome rule passage why decided_at",
    "edge": "child_id parent_id taken",
    "thread_entry": "thread_id creation_id depth joined_at",
    "reaction": "creation_id member_id kind created_at",
    "comment": "id creation_id author_id state body tainted warnings created_at",
    "follow": "member_id kind subject created_at",
    "bookmark": "member_id creation_id collection created_at",
}


def fill_sqlite(path: Path, town: Town) -> None:
    """A new database of this town in a file; what cannot be broken off is not logged."""
    migrate(path, now=NOW)
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -400000"):
            database.execute(f"PRAGMA {pragma}")
        later = database.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
        ).fetchall()
        for name, _ in later:
            database.execute(f"DROP INDEX {name}")
        database.execute("BEGIN")
        for table, rows in _tables(town):
            names = COLUMNS[table].split()
            database.executemany(
                f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})",
                rows,
            )
        _index(database, town)
        database.executemany(
            "INSERT INTO title_index(rowid, number, title) VALUES (?, ?, ?)",
            ((number, str(number), title) for number, title, _, _ in _said(town)),
        )
        for _, statement in later:
            database.execute(statement)
        database.execute("COMMIT")
        database.execute("PRAGMA journal_mode = WAL")


def _index(database: sqlite3.Connection, town: Town) -> None:
    for _, block in groupby(_weighed(town), lambda it: it.number // BLOCK):
        said = list(block)
        database.executemany(
            "INSERT INTO word_index VALUES (?, ?, ?)",
            ((*key, postings) for key, postings in postings_of(said).items()),
        )
        database.executemany(
            "INSERT INTO indexed_words VALUES (?, ?, ?)",
            ((it.number, " ".join(it.weights), it.length) for it in said),
        )


def fill_postgres(url: str, town: Town) -> None:
    """The same in a PostgreSQL database without tables."""
    migrate(url, now=NOW)
    with psycopg.connect(url) as database:
        database.execute("SET session_replication_role = replica")  # rows refer to what is coming
        later = database.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' "
            "AND indexname ~ '^(ix_|word_index_key|title_index_key)'"
        ).fetchall()
        for name, _ in later:
            database.execute(f'DROP INDEX "{name}"'.encode())
        for table, rows in (*_tables(town), *_postings(town)):
            names = COLUMNS.get(table) or POSTINGS[table]
            copy = f"COPY {table} ({', '.join(names.split())}) FROM STDIN"
            with database.cursor() as cursor, cursor.copy(copy.encode()) as stream:
                for row in rows:
                    stream.write_row(row)
        for _, statement in later:
            database.execute(statement.encode())
        for table in ("member", "creation", "comment", "verdict"):
            database.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) "
                f"FROM {table}".encode()
            )
    with psycopg.connect(url, autocommit=True) as database:
        database.execute("VACUUM ANALYZE")


def _tables(town: Town) -> Iterator[tuple[str, Iterable[Row]]]:
    people = range(1, town.size.members + 1)
    yield (
        "member",
        (
            (it, _uid(it), name, skeleton(name), "en", "UTC", "for-you", BEFORE)
            for it, name in ((it, f"m{it}") for it in people)
        ),
    )
    yield "creation", _creations(town)
    yield (
        "creation_tag",
        sorted((tag, number) for number, _, _, tags in _said(town) for tag in tags.split()),
    )
    yield "likeness", sorted(_likenesses(town))
    yield "verdict", _verdicts(town)
    child, parent = (it.tolist() for it in town.edges)
    yield "edge", zip(child, parent, ["text"] * len(child), strict=True)
    yield "thread_entry", _threads(town)
    creation, member, when = town.reactions
    kinds = np.array(KINDS)[(creation * 7 + member) % len(KINDS)].tolist()
    yield "reaction", zip(creation.tolist(), member.tolist(), kinds, moments(when), strict=True)
    creation, member, when = town.comments
    yield (
        "comment",
        (
            (number, it, who, "published", "so good", 0, "[]", at)
            for number, (it, who, at) in enumerate(
                zip(creation.tolist(), member.tolist(), moments(when), strict=True), start=1
            )
        ),
    )
    follows = np.stack(town.follows, axis=1).tolist()
    yield "follow", ((member, "member", str(maker), BEFORE) for member, maker in follows)
    kept = np.stack(town.bookmarks, axis=1).tolist()
    yield "bookmark", ((member, it, "saved", BEFORE) for member, it in kept)


def _creations(town: Town) -> Iterator[Row]:
    made = zip(town.makers.tolist(), moments(town.published), strict=True)
    said = (it for piece in texts(town) for it in piece)
    for number, ((maker, at), (title, body, tags)) in enumerate(
        zip(made, said, strict=True), start=1
    ):
        content = sha256(title.encode()).hexdigest()
        yield (
            *(number, _uid(number), maker, "text", "published", title, body, json.dumps(tags)),
            *("en", "", "", "", "[]", "everyone", *PERMISSIONS, *PERMISSIONS, "human", "[]", 0),
            *(content, content, at, at),
        )


def _likenesses(town: Town) -> Iterator[tuple[int, int]]:
    """The keys by which copies are found; those of what is older are let go of."""
    first = int(np.searchsorted(town.published, END - LONGEST_AGO.total_seconds()))
    said = islice((it for piece in texts(town) for it in piece), first, None)
    for number, (title, body, _) in enumerate(said, start=first + 1):
        for key in set(text_keys(telling_text(title, body))):
            yield key, number


def _verdicts(town: Town) -> Iterator[Row]:
    """What the gate decided on each, which was to let it pass."""
    said = (it for piece in texts(town) for it in piece)
    for number, (at, (title, _, _)) in enumerate(
        zip(moments(town.published), said, strict=True), start=1
    ):
        yield "creation", number, sha256(title.encode()).hexdigest(), "pass", "", "", "", at


def _said(town: Town) -> Iterator[tuple[int, str, str, str]]:
    """Number, title, body and tags of each, as their terms are indexed."""
    number = 0
    for piece in texts(town):
        for title, body, tags in piece:
            number += 1
            yield number, title.lower(), body, " ".join(tags)


def _threads(town: Town) -> Iterator[Row]:
    """Which threads each remix belongs to: those of its parents, and what they began."""
    at = moments(town.published)
    belongs: dict[int, dict[int, int]] = {}
    child, parent = (it.tolist() for it in town.edges)
    for number, source in zip(child, parent, strict=True):  # children come in rising order
        near = belongs.setdefault(number, {})
        near[source] = 1
        for thread, depth in belongs.get(source, {}).items():
            near[thread] = min(near.get(thread, depth + 1), depth + 1)
    for number, near in belongs.items():
        for thread in sorted(near, key=lambda it: (near[it], it))[:MOST_THREADS]:
            yield thread, number, near[thread], at[number - 1]


POSTINGS = {
    "word_index": "term creation_id weight length",
    "title_index": "begun creation_id",
    "indexed_words": "creation_id title terms length",
}


def _postings(town: Town) -> Iterator[tuple[str, Iterable[Row]]]:
    yield (
        "word_index",
        (
            (term, it.number, weight, it.length)
            for it in _weighed(town)
            for term, weight in it.weights.items()
        ),
    )
    yield (
        "title_index",
        (
            (begun, number)
            for number, title, _, _ in _said(town)
            for begun in beginnings_of(number, title.split())
        ),
    )
    yield (
        "indexed_words",
        ((it.number, it.title, list(it.weights), it.length) for it in _weighed(town)),
    )


def _weighed(town: Town) -> Iterator[Said]:
    """What a word index keeps of each creation."""
    for number, title, body, tags in _said(town):
        weights: Counter[str] = Counter()
        parts = [it.split() for it in (title, body, tags)]
        for weight, words in zip((TITLE, BODY, TAGS), parts, strict=True):
            for word in words:
                weights[word] += weight
        yield Said(number, parts[0], weights, sum(map(len, parts)))


def moments(when: Moments) -> list[str]:
    """Moments as both databases read them, and SQLite keeps them."""
    told = np.datetime_as_string((when * 1e6).astype("datetime64[us]")).astype("S26")
    told.view("S1").reshape(len(told), 26)[:, 10] = b" "
    found: list[str] = told.astype(str).tolist()
    return found


def _uid(number: int) -> str:
    return f"{number:032x}"
