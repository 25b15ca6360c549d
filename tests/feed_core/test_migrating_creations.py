"""What was there before creations had versions, threads and more than one kind of reaction."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from feed_core.migrating import migrate
from tests.feed_core.schemas import stepped

NOW = datetime(2026, 3, 14, 12, tzinfo=UTC)
CREATION = """INSERT INTO creation VALUES (
    {id}, '{id}', 1, 'text', 'published', 'Rain', '', '[]', 'en',
    {media}, '', '', 'everyone', NULL, 'yes', 'yes', 'yes', 'no', 'human', '[]', 0, 'hash',
    '2026-01-01', {published}, NULL)"""


@pytest.fixture
def older(tmp_path: Path) -> Iterator[Path]:
    """A database of the third schema: 1 → 2 → 3, 4 made of 1 and 3, 5 held, 6 beside them."""
    path = tmp_path / "jamfeed.db"
    stepped(path, to="0003")
    with closing(sqlite3.connect(path)) as database:
        database.execute("INSERT INTO member VALUES (1, '0', 'Ana', 'en', 'UTC', '2026', NULL)")
        database.execute(
            "INSERT INTO media VALUES ('f', 'image/png', 1, 1, 1, 'sent', '2026-01-01')"
        )
        for number in range(1, 7):
            published = "NULL" if number == 5 else f"'2026-01-0{number}'"
            media = "'f'" if number == 6 else "NULL"
            database.execute(CREATION.format(id=number, published=published, media=media))
        for child, parent in ((2, 1), (3, 2), (4, 1), (4, 3), (5, 3)):
            database.execute("INSERT INTO edge VALUES (?, ?, 'text')", (child, parent))
        database.execute("INSERT INTO comment VALUES (1, 1, 1, 'Lovely', 0, '2026-01-02')")
        database.execute("INSERT INTO reaction VALUES (1, 1, 'like', '2026-01-02')")
        database.commit()
    yield path


def test_threads_are_told_from_the_lineage(older: Path) -> None:
    migrate(older, now=NOW)

    with closing(sqlite3.connect(older)) as database:
        entries = database.execute("SELECT * FROM thread_entry ORDER BY 1, 2").fetchall()
    assert entries == [
        (1, 2, 1, "2026-01-02"),
        (1, 3, 2, "2026-01-03"),
        (1, 4, 1, "2026-01-04"),
        (2, 3, 1, "2026-01-03"),
        (2, 4, 2, "2026-01-04"),
        (3, 4, 1, "2026-01-04"),
    ]


def test_words_and_titles_are_indexed_anew(older: Path) -> None:
    migrate(older, now=NOW)

    with closing(sqlite3.connect(older)) as database:
        words = database.execute("SELECT term, block, length(postings) FROM word_index").fetchall()
        begun = database.execute("SELECT rowid FROM title_index('rai' || '*')").fetchall()
        whole = database.execute("SELECT creation_id FROM indexed_words").fetchall()
    assert words == [("rain", 0, 6 * len(whole))]
    assert begun == whole == [(number,) for number in range(1, 7)]


def test_nothing_that_was_there_is_lost(older: Path) -> None:
    migrate(older, now=NOW)

    with closing(sqlite3.connect(older)) as database:
        database.execute("PRAGMA foreign_keys = ON")
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        assert database.execute("SELECT count(*) FROM creation").fetchone() == (6,)
        assert database.execute("SELECT state, body FROM comment").fetchall() == [
            ("published", "Lovely")
        ]
        assert database.execute("SELECT kind FROM reaction").fetchall() == [("like",)]
        assert database.execute("SELECT hash, wanted_at, thumbnail_hash FROM media").fetchall() == [
            ("f", "2026-01-01", None)
        ]
        assert database.execute("SELECT link, edited_at FROM creation").fetchall()[0] == ("", None)
