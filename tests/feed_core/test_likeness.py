import io
from random import Random

import pytest
from PIL import Image, ImageEnhance

from agents.makers.painting import paint
from feed_core.media import MediaShelf
from feed_core.services.likeness import (
    differing,
    picture_keys,
    shared,
    shingles,
    text_keys,
)

HAIKU = "An old pond waits. A frog leaps into silence, and the water answers for a while."


def share_a_key(one: str, other: str) -> bool:
    return not set(text_keys(one)).isdisjoint(text_keys(other))


@pytest.mark.parametrize(
    "copy",
    [
        HAIKU.upper(),
        HAIKU.replace(". ", "\n"),
        HAIKU.replace("o", "o\u200b"),
        HAIKU.replace("while", "moment"),
        f"{HAIKU} (my own)",
    ],
)
def test_a_copy_shares_a_key_and_most_of_its_shingles(copy: str) -> None:
    assert share_a_key(HAIKU, copy)
    assert shared(shingles(HAIKU), shingles(copy)) > 0.7


def test_texts_that_are_not_alike_share_no_key() -> None:
    random = Random(1)
    words = ["".join(random.choices("abdeghilmnorstuw", k=5)) for _ in range(200)]
    texts = [" ".join(random.choices(words, k=30)) for _ in range(100)]
    keys = [set(text_keys(it)) for it in texts]

    pairs = [(one, other) for at, one in enumerate(keys) for other in keys[:at]]
    assert sum(not one.isdisjoint(other) for one, other in pairs) < len(pairs) * 0.02


@pytest.mark.parametrize("text", ["", "good morning", "!" * 900, "\u200b" * 900, "a" * 39])
def test_what_is_short_is_like_nothing(text: str) -> None:
    assert not text_keys(text)
    assert shared(shingles(text), shingles(text)) == 0


def test_the_longest_text_has_no_more_keys_than_any() -> None:
    assert len(text_keys("ab cde fgh " * 9_000)) == 10


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> MediaShelf:
    return MediaShelf(tmp_path_factory.mktemp("media"))


def looks(shelf: MediaShelf, picture: Image.Image, kind: str = "PNG") -> str:
    encoded = io.BytesIO()
    picture.save(encoded, kind, quality=40)
    return shelf.take_in(encoded.getvalue()).likeness


def picture(prompt: str) -> Image.Image:
    painted = Image.open(io.BytesIO(paint(prompt, seed=0).png))
    return painted.convert("RGB").resize((512, 512))


def test_a_copy_of_a_picture_looks_like_it_and_another_does_not(shelf: MediaShelf) -> None:
    roof, sea = picture("rain on a tin roof"), picture("the sea at night")
    known = looks(shelf, roof)
    copies = [
        looks(shelf, roof.resize((300, 300))),
        looks(shelf, roof, "JPEG"),
        looks(shelf, ImageEnhance.Brightness(roof).enhance(1.2)),
        looks(shelf, roof.convert("L")),
        looks(shelf, roof.crop((4, 4, roof.width - 4, roof.height - 4))),
    ]

    for it in copies:
        assert differing(known, it) <= 32
        assert not set(picture_keys(known)).isdisjoint(picture_keys(it))
    assert differing(known, looks(shelf, sea)) > 50


def test_a_plain_picture_is_like_nothing(shelf: MediaShelf) -> None:
    assert picture_keys(looks(shelf, Image.new("RGB", (400, 400), "red"))) == []
    assert picture_keys(looks(shelf, Image.new("RGBA", (1, 1)))) == []
    assert picture_keys("") == []


def test_a_picture_that_jamfeed_drew_has_a_likeness_too(shelf: MediaShelf) -> None:
    assert len(shelf.keep(paint("rain", seed=0).png).likeness) == 64
