import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.titling import title_and_body
from feed_core.services.publishing import LONGEST_TITLE


@pytest.mark.parametrize(
    ("words", "title", "body"),
    [
        ("Rain: all night", "Rain", "all night"),
        ("Rain\nall night\nlong", "Rain", "all night\nlong"),
        ("Rain", "Rain", ""),
        ("  Rain :  all night ", "Rain", "all night"),
        ("Rain:", "Rain:", ""),
        (": all night", ": all night", ""),
        ("at 10:30 it rained", "at 10:30 it rained", ""),
        ("https://example.org/x", "https://example.org/x", ""),
        ("Moth\nsmall: grey", "Moth", "small: grey"),
        ("", "", ""),
        (" \n ", "", ""),
        ("雨: 夜通し", "雨", "夜通し"),
    ],
)
def test_a_short_beginning_is_the_title(words: str, title: str, body: str) -> None:
    assert title_and_body(words) == (title, body)


def test_long_words_without_a_title_stand_whole_below_their_beginning() -> None:
    words = "the rain went on all night and nobody in the long low house could say when it began"
    title, body = title_and_body(words)
    assert title == "the rain went on all night and nobody …"
    assert body == words


@given(st.text(max_size=300))
def test_no_word_is_lost_and_no_title_too_long(words: str) -> None:
    title, body = title_and_body(words)
    assert len(title) <= LONGEST_TITLE
    kept = f"{title} {body}".split()
    for word in words.replace(":", " ").split():
        assert any(word in it for it in kept)


def test_a_hundred_thousand_characters_get_a_short_title() -> None:
    title, body = title_and_body("x" * 100_000)
    assert len(title) <= LONGEST_TITLE
    assert len(body) == 100_000
