import pytest
from hypothesis import given
from hypothesis import strategies as st

from feed_core.errors import EmptyText, TextTooLong
from feed_core.services.directions import closed
from feed_core.services.muting import folded
from feed_core.services.pieces import (
    LONGEST_ALT,
    LONGEST_TAG,
    MOST_TAGS,
    Changes,
    NotWords,
    Piece,
    TooManyTags,
    binary,
    distinct_tags,
)
from feed_core.services.urls import LinkRefused
from feed_core.states import CreationKind

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x10\0\0\0\x10\x08\x06\0\0\0\x1f\xf3\xff\xa1" * 4
ZIP = b"PK\x03\x04\x14\0\0\0\x08\0\xd7\x8e\x9c\x5a\xff\xfe\x12\x9a\0\0\0\x80" * 4


@pytest.mark.parametrize("content", [PNG, ZIP, bytes(range(256)), b"\0" * 100])
def test_the_inside_of_a_file_is_no_words(content: bytes) -> None:
    for text in (content.decode(errors="replace"), content.decode("latin-1")):
        assert binary(text)
        with pytest.raises(NotWords):
            Piece("Rain", text).check()


@pytest.mark.parametrize(
    "text",
    [
        "rain on a tin roof",
        "שלום, עולם",
        "مرحبا بالعالم",
        "\u202eright to left\u202c",
        "zero\u200bwidth\u200djoiner",
        "👩‍👩‍👧‍👦 🇵🇹",
        "สวัสดีชาวโลก",
        "雨が降る\n\t夜",
        "one \ufffd that was lost",
        "a\x07",
        "",
    ],
)
def test_words_of_any_language_are_words(text: str) -> None:
    assert not binary(text)
    Piece("Rain", text).check()


@pytest.mark.parametrize(
    ("piece", "refusal"),
    [
        (Piece(""), EmptyText),
        (Piece("\u200b\u200d\ufeff"), EmptyText),
        (Piece("Rain", "x" * 100_000), TextTooLong),
        (Piece("x" * 100_000), TextTooLong),
        (Piece("Rain", alt="x" * (LONGEST_ALT + 1)), TextTooLong),
        (Piece("Rain", tags=["x" * (LONGEST_TAG + 1)]), TextTooLong),
        (Piece("Rain", tags=[str(n) for n in range(MOST_TAGS + 1)]), TooManyTags),
        (Piece("Rain", link="javascript:alert(1)"), LinkRefused),
        (Piece("Rain", media_hash="f"), ValueError),
        (Piece("Rain", media_hash="f", alt=" \u200b"), ValueError),
    ],
)
def test_what_cannot_be_shown_is_refused(piece: Piece, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        piece.check()


def test_the_hash_tells_all_that_others_see() -> None:
    rain = Piece("Rain")
    pieces = [
        rain,
        Piece("Rain", "x"),
        Piece("Rain", alt="x"),
        Piece("Rain", media_hash="x"),
        Piece("Rain", tags=["x"]),
        Piece("Rain", link="x"),
        Piece("Rain", kind=CreationKind.MEME),
    ]
    assert len({it.content_hash for it in pieces}) == len(pieces)
    assert Piece("Rain", language="de", label="haiku").content_hash == rain.content_hash


def test_changes_touch_what_they_name_alone() -> None:
    piece = Piece("Rain", "Drip.", tags=["sea"], alt="drops")
    assert Changes(alt="a drum").made_to(piece) == Piece(
        "Rain", "Drip.", tags=["sea"], alt="a drum"
    )
    assert Changes(tags=[]).made_to(piece).tags == []
    assert Changes().made_to(piece) == piece


@given(st.lists(st.text(max_size=8)))
def test_tags_are_there_once_and_in_their_order(typed: list[str]) -> None:
    kept = distinct_tags(typed)
    assert len({folded(it) for it in kept}) == len(kept)
    assert distinct_tags(kept) == kept
    assert distinct_tags(["#Sea", "rain", "SEA", "", "#"]) == ["Sea", "rain"]


@pytest.mark.parametrize(
    ("text", "as_shown"),
    [
        ("plain שלום", "plain שלום"),
        ("\u202eexe.gnp", "\u202eexe.gnp\u202c"),
        ("\u2067one\ntwo", "\u2067one\u2069\ntwo"),
        ("\u2068a \u202eb\u2069 c", "\u2068a \u202eb\u2069 c"),
        ("\u202ea \u2066b", "\u202ea \u2066b\u2069\u202c"),
        ("\u202aa\u202c\u202c \u2069", "\u202aa\u202c\u202c \u2069"),
    ],
)
def test_what_turns_a_text_round_ends_with_it(text: str, as_shown: str) -> None:
    assert closed(text) == as_shown
    assert closed(as_shown) == as_shown
    piece = Piece(text, text, alt=text, tags=[text])
    assert (piece.title, piece.body, piece.alt, piece.tags) == (*[as_shown] * 3, [as_shown])
