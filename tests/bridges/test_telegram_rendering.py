"""What Telegram messages look like, where they are cut, and what its errors mean."""

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import InlineKeyboardMarkup
from telegram.error import NetworkError, TelegramError, TimedOut

from agents.answer import Card, Picture
from bridges.beforehand import Peek, Press
from bridges.protocol import Part
from bridges.telegram.cutting import cut, shorten, units
from bridges.telegram.failures import translated
from bridges.telegram.render import MAX_CAPTION, MAX_TEXT, markup, question, render, render_one
from bridges.telegram.sentences import CANCEL_HINT
from bridges.telegram.spans import length, pieces, plain, rich, to_html
from feed_core.errors import Unavailable, Unknown
from tests.fakes.telegram_html import parse_html

PICTURE = Picture(b"png", "a.png", "a teal field")
FAMILY = "👩‍👩‍👧"


def press(label: str) -> Press:
    return Press(label, "t" * 12, f"/{label}")


def shown(text: str, limit: int) -> list[str]:
    return [text[start:end] for start, end in cut(text, limit)]


def test_lengths_count_utf16_units() -> None:
    assert [units(it) for it in ("a", "é", "𝄞", "🐋", FAMILY)] == [1, 1, 2, 2, 8]


@given(st.text(alphabet="ab .\n🐋é\u200d\u0301👩🇦", max_size=200), st.integers(12, 60))
def test_pieces_fit_and_together_are_the_text(text: str, limit: int) -> None:
    found = shown(text, limit)
    assert all(0 < units(it) <= limit for it in found)
    assert "".join("".join(found).split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("One line of it.\n\nTwo. And more\nof it", "One line of it."),
        ("One line of it\nTwo. And more of it", "One line of it"),
        ("One line of it. Two and more of it", "One line of it."),
        ("One line of it and more of it", "One line of it and"),
        ("Onelineofitandmoreofitandmore", "Onelineofitandmoreof"),
    ],
)
def test_the_best_border_in_the_second_half_is_taken(text: str, first: str) -> None:
    assert shown(text, 20)[0] == first


@pytest.mark.parametrize("emoji", ["🐋", FAMILY, "👍🏽", "🇩🇪", "é", "☺️", "🏴\U000e0067\U000e007f"])
def test_no_cut_parts_what_is_seen_as_one_character(emoji: str) -> None:
    for lead in range(12):
        text = "x" * lead + emoji * 10
        for piece in shown(text, 20):
            assert piece.strip("x").replace(emoji, "") == ""


def test_a_cut_keeps_the_formatting_of_both_pieces() -> None:
    text = (*rich("a" * 30, "b"), *rich(" & more"))
    assert [to_html(it) for it in pieces(text, 20)] == [
        f"<b>{'a' * 20}</b>",
        f"<b>{'a' * 10}</b> &amp; more",
    ]


def test_a_shortened_text_says_that_it_is_one() -> None:
    assert shorten("rain on tin", 20) == "rain on tin"
    assert shorten("rain on the tin roof", 15) == "rain on the…"


@given(st.text(max_size=50))
def test_any_text_reads_in_telegram_as_it_was_written(text: str) -> None:
    read, entities = parse_html(to_html(rich(text)))
    expected = text.encode(errors="replace").decode().strip()
    assert read.replace("\u2060", "") == expected.replace("\u2060", "")
    assert entities == []


def test_several_cards_are_one_text_and_their_pictures_come_first() -> None:
    cards = [
        Card("#1", "Rain", "drop", byline="by Ana", reason="because you like rain"),
        Card("#2", "Teal", byline="by Ben", picture=PICTURE),
    ]
    picture, text = render(Part("New for you", cards, [PICTURE], [press("More")]))[1:]
    assert (picture.file, plain(picture.text)) == (PICTURE, "a teal field")
    assert plain(text.text) == (
        "New for you\n\n#1 Rain\ndrop\nby Ana\nbecause you like rain\n\n#2 Teal\nby Ben"
    )
    assert text.buttons == [press("More")]


def test_what_is_too_long_for_a_caption_follows_its_picture() -> None:
    card = Card("#1", "Rain", "drop " * 300, picture=PICTURE)
    picture, text = render(Part(cards=[card], buttons=[press("Like")]))
    assert (plain(picture.text), picture.buttons) == ("a teal field", ())
    assert plain(text.text).count("drop") == 300
    assert text.buttons == [press("Like")]


def test_alternative_words_give_way_to_the_card() -> None:
    card = Card("#1", "Rain", "d" * 1010, picture=PICTURE)
    (message,) = render(Part(cards=[card]))
    assert message.file == PICTURE
    assert length(message.text) <= MAX_CAPTION
    assert "teal" not in plain(message.text)


def test_one_message_leaves_out_what_does_not_fit() -> None:
    cards = [Card("#1", "Rain", "drop " * 900, picture=PICTURE), Card("#2", "Teal")]
    message = render_one(Part(cards=cards, buttons=[press("More")]))
    assert (message.file, message.buttons) == (None, [press("More")])
    assert length(message.text) <= MAX_TEXT


def test_buttons_share_rows_while_their_labels_are_short() -> None:
    labels = ["Publish", "Edit", "Again", "Drop", "A label as long as a whole row", "Yes"]
    (message,) = render(Part("?", buttons=[press(it) for it in labels]))
    keyboard = markup(message)
    assert isinstance(keyboard, InlineKeyboardMarkup)
    rows = [[button.text for button in row] for row in keyboard.inline_keyboard]
    assert rows == [labels[:4], [labels[4]], [labels[5]]]


def test_a_question_fits_however_long_what_it_starts_from() -> None:
    message = question(Peek(False, "Why? " * 200, "x" * 5000), "t" * 12, asker=None)
    assert length(message.text) <= MAX_TEXT
    assert plain(message.text).endswith(f"↳ {'t' * 12} · {CANCEL_HINT}")
    assert len(message.asks) <= 64


@pytest.mark.parametrize(
    ("error", "cause", "meaning"),
    [
        (TimedOut(), aiohttp.ServerTimeoutError(), Unknown),
        (TimedOut(), TimeoutError(), Unknown),
        (TimedOut(), aiohttp.ConnectionTimeoutError(), Unavailable),
        (NetworkError("closed"), RuntimeError("Session is closed"), Unavailable),
        (NetworkError("unknown"), aiohttp.ClientOSError(), Unknown),
        (NetworkError("unknown"), aiohttp.ServerDisconnectedError(), Unknown),
        (NetworkError("Bad Gateway (502)"), TelegramError("not JSON"), Unavailable),
        (TelegramError("Invalid server response"), None, Unknown),
    ],
)
def test_only_a_request_that_left_may_have_been_taken(
    error: TelegramError, cause: Exception | None, meaning: type[Unavailable]
) -> None:
    error.__cause__ = cause
    assert type(translated(error)) is meaning
