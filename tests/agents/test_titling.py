from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.titling import Typed, read_words, title_and_body, write_words
from feed_core.services.pieces import LONGEST_TITLE


@pytest.mark.parametrize(
    ("words", "title", "body"),
    [
        ("Rain: all night", "Rain", "all night"),
        ("Rain\nall night\nlong", "Rain", "all night\nlong"),
        ("Rain", "Rain", ""),
        ("  Rain :  all night ", "Rain", "all night"),
        ("Rain:", "Rain", ""),  # before a picture, say
        (":", ":", ""),
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


@pytest.mark.parametrize(
    ("words", "typed"),
    [
        ("Rain: all night #sea #Tin-roof", Typed("Rain", "all night", ["sea", "Tin-roof"])),
        ("Rain: all night\n\n#sea\n#night", Typed("Rain", "all night", ["sea", "night"])),
        ("Rain: by the #sea, all night", Typed("Rain", "by the #sea, all night", ["sea"])),
        ("Rain: by the #sea\n#SEA #two", Typed("Rain", "by the #sea", ["sea", "two"])),
        ("#sea", Typed("#sea", "", ["sea"])),
        ("Rain: made of #12", Typed("Rain", "made of #12")),
        ("Rain: C# and a#b", Typed("Rain", "C# and a#b")),
        ("Rain #", Typed("Rain #")),
        ("雨: 夜通し #海 #🌧", Typed("雨", "夜通し", ["海", "🌧"])),
        ("הגשם: כל הלילה #ים", Typed("הגשם", "כל הלילה", ["ים"])),
        (
            "https://example.org/x A fine piece: look",
            Typed("A fine piece", "look", [], "https://example.org/x"),
        ),
        ("A fine piece https://example.org", Typed("A fine piece", "", [], "https://example.org")),
        ("https://example.org/x", Typed("example.org", "", [], "https://example.org/x")),
        (
            "Look https://a.example in the middle",
            Typed("Look https://a.example in the middle"),
        ),
        ("javascript:alert(1)", Typed("javascript:alert(1)")),
    ],
)
def test_tags_and_links_are_told_from_the_words(words: str, typed: Typed) -> None:
    assert replace(read_words(words), tags=list(typed.tags)) == replace(
        typed, tags=list(typed.tags)
    )
    assert list(read_words(words).tags) == list(typed.tags)


@pytest.mark.parametrize(
    "typed",
    [
        Typed("Rain", "all night"),
        Typed("Rain"),
        Typed("Rain", "all night by the #sea", ["sea", "tin roof"]),
        Typed("Rain", "all night by the #sea", ["sea"]),
        Typed("Rain", "all night\n\n#sea #night", ["sea", "night"]),
        Typed("Rain", "", ["sea"], "https://example.org/x"),
        Typed("a title that is so long that nobody would take its first line for one: " * 2),
    ],
)
def test_what_an_edit_starts_from_is_read_as_the_same(typed: Typed) -> None:
    again = read_words(write_words(typed), title=typed.title)
    assert (again.title, again.body, again.link) == (typed.title.strip(), typed.body, typed.link)
    assert set(again.tags) >= {it for it in typed.tags if " " not in it}
