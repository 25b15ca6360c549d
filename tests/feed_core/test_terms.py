import sqlite3
import unicodedata
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feed_core.models.words import TABLES
from feed_core.services.terms import INVISIBLE, LONGEST, terms

ANY = st.text(st.characters(), max_size=60)  # lone surrogates too
CJK = st.text(st.sampled_from("東京都雨天ひらカタ한국말"), min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("Tin_roof, RAIN!", ["tin", "roof", "rain"]),
        ("don't", ["don", "t"]),
        ("Café", ["café", "cafe"]),
        ("ёлка", ["ёлка", "елка"]),
        ("Straße", ["strasse"]),
        ("ﬁre ²", ["fire", "2"]),
        ("हिन्दी", ["हिन्दी"]),
        ("雨", ["雨"]),
        ("東京都", ["東", "東京", "京", "京都", "都"]),
        ("iPhone雨", ["iphone", "雨"]),
        ("ra\u200bi\u00adn", ["rain"]),
        ("\u202erain\u202c", ["rain"]),
        ("🌧️ on the roof", ["🌧", "on", "the", "roof"]),
        ('" * ( ) : ^ - + . …', []),
        ("a\0b", ["a", "b"]),
        ("\ud83d", []),
        ("x" * 100_000, ["x" * LONGEST]),
    ],
)
def test_a_text_has_these_terms(text: str, found: list[str]) -> None:
    assert terms(text) == found


@given(ANY)
def test_terms_are_the_same_however_unicode_writes_them(text: str) -> None:
    assert terms(unicodedata.normalize("NFC", text)) == terms(unicodedata.normalize("NFD", text))


@given(st.text("abcxyzäöüéñçøåœßαβγабвё 9_-", max_size=60))
def test_case_makes_no_difference(text: str) -> None:
    assert terms(text.upper()) == terms(text)


@given(ANY, st.sampled_from("\u200b\u200c\u200d\u2060\ufeff\u00ad\u202e"), st.data())
def test_what_cannot_be_seen_makes_no_difference(text: str, sign: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(text)))
    assert terms(text[:at] + sign + text[at:]) == terms(INVISIBLE.sub("", text))


@given(ANY, ANY)
def test_texts_side_by_side_have_the_terms_of_both(one: str, other: str) -> None:
    assert terms(f"{one} {other}") == terms(one) + terms(other)


@given(ANY)
def test_a_term_has_itself_among_its_terms(text: str) -> None:
    for term in terms(text):
        assert term in terms(term)


@given(ANY)
def test_a_word_without_its_diacritics_is_a_term_as_well(text: str) -> None:
    found = set(terms(text))
    for term in found:
        assert set(terms(term)) <= found


@given(CJK, CJK, CJK)
def test_any_piece_of_an_unspaced_run_has_only_terms_of_the_whole(
    before: str, piece: str, after: str
) -> None:
    assert set(terms(piece)) <= set(terms(before + piece + after))


@given(ANY)
def test_sqlite_takes_the_terms_as_they_are(text: str) -> None:
    made = terms(text)
    with closing(sqlite3.connect(":memory:")) as database:
        database.execute(TABLES[-1])
        database.execute("INSERT INTO title_index(rowid, title) VALUES (1, ?)", (" ".join(made),))
        database.execute("CREATE VIRTUAL TABLE seen USING fts5vocab(title_index, row)")
        seen = database.execute("SELECT term FROM seen").fetchall()

    assert {it for (it,) in seen} == set(made)


@pytest.mark.parametrize(
    "text", ["x" * 1_000_000, "é " * 500_000, "東" * 200_000, "a b " * 250_000, "́" * 1_000_000]
)
def test_the_terms_of_a_huge_text_are_short(text: str) -> None:
    assert all(len(it) <= LONGEST for it in terms(text))
