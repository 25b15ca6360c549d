import io

import numpy as np
import pytest
from PIL import Image

from agents.makers.making import NoLetters, TooFewParts
from agents.makers.meme import PLANS, make_meme, parts_of
from agents.makers.memes.templates import Template
from agents.makers.memes.typesetting import BOLD, LOUD, PLAIN, SMALLEST, fitted, writable
from agents.makers.painting import paint
from feed_core.errors import EmptyText

TEMPLATES = [it for it in Template if it is not Template.AUTO]
TWO = "when it rains / and the laundry is out"


def opened(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png)).convert("RGB")


def picture(width: int = 640, height: int = 480) -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").resize((width, height)).convert("RGB").save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize("template", TEMPLATES)
def test_every_template_takes_its_parts_and_says_so_in_words(template: Template) -> None:
    parts = ["rain", "sun", "snow", "wind"][: PLANS[template].most]
    made, same = (
        make_meme(" / ".join(parts), template=template, picture=picture(), shows="", seed=1)
        for _ in range(2)
    )
    image = opened(made.png)

    assert made.png == same.png
    assert image.size == (made.width, made.height)
    assert made.width == 1080
    assert 500 < made.height < 1800
    assert made.label == f"meme, {template.value}"
    assert all(f"“{it}”" in made.alt for it in parts)
    assert len(np.unique(np.asarray(image).reshape(-1, 3)[::211], axis=0)) > 10


def test_other_words_make_another_meme() -> None:
    one, other = (
        make_meme(words, template=Template.LEVELS, picture=None, shows="", seed=3)
        for words in ("rain / sun / snow", "tea / sun / wind")
    )
    assert one.png != other.png


def test_without_a_template_one_is_chosen_by_the_parts_and_again_takes_another() -> None:
    for words in ("Monday", "tea / coffee", "one / two / three", "one / two / three / four"):
        first, again = (
            make_meme(words, template=Template.AUTO, picture=None, shows="", seed=seed)
            for seed in range(2)
        )
        assert first.label != again.label, words
    labels = {
        make_meme(TWO, template=Template.AUTO, picture=picture(), shows="", seed=seed).label
        for seed in range(4)
    }
    assert labels == {f"meme, {it}" for it in ("classic", "poster", "caption", "headline")}


def test_words_on_a_picture_leave_the_rest_of_it_as_it_was() -> None:
    base = paint("the sea", seed=0)
    made = make_meme(TWO, template=Template.CLASSIC, picture=base.png, shows=base.alt, seed=0)

    before = np.asarray(opened(base.png).resize((1080, 1080)), dtype=np.float32)
    after = np.asarray(opened(made.png), dtype=np.float32)
    assert np.abs(before[480:600] - after[480:600]).mean() < 3
    assert np.abs(before[:200] - after[:200]).mean() > 10
    assert "open sea" in made.alt


@pytest.mark.parametrize("size", [(4000, 60), (60, 4000), (1, 1)])
@pytest.mark.parametrize("template", [Template.CLASSIC, Template.CAPTION])
def test_pictures_of_any_shape_are_taken(template: Template, size: tuple[int, int]) -> None:
    made = make_meme(TWO, template=template, picture=picture(*size), shows="", seed=0)

    assert made.width == 1080
    assert made.height <= 1900


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "L", "I;16"])
def test_pictures_of_any_mode_are_taken(mode: str) -> None:
    out = io.BytesIO()
    Image.new(mode, (90, 90)).save(out, "PNG")

    assert make_meme(TWO, template=Template.CAPTION, picture=out.getvalue(), shows="", seed=0)


def test_more_parts_than_places_are_put_together_and_fewer_refused() -> None:
    made = make_meme("a / b / c / d", template=Template.CHOICE, picture=None, shows="", seed=0)
    assert "“b c d”" in made.alt

    with pytest.raises(TooFewParts) as refused:
        make_meme("only one", template=Template.LEVELS, picture=None, shows="", seed=0)
    assert (refused.value.found, refused.value.needed) == (1, 3)


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        ("top / bottom", ["top", "bottom"]),
        ("top/bottom", ["top", "bottom"]),
        ("top\nbottom", ["top", "bottom"]),
        ("top | bottom", ["top", "bottom"]),
        ("either/or // and/or", ["either/or", "and/or"]),
        ("https://example.org/a", ["https://example.org/a"]),
        ("締め切り／猫", ["締め切り", "猫"]),
        (" / / ", []),
        ("good 🎉 news ❤️ / 🎉", ["good news"]),
        ("a\u202eb\u200b c\x00", ["ab c"]),
    ],
)
def test_words_are_parted_by_strokes_and_lose_what_is_no_letter(
    words: str, parts: list[str]
) -> None:
    assert parts_of(words) == parts


@pytest.mark.parametrize("words", ["", "🎉🎉", " / ", "\u200b"])
def test_a_meme_that_says_nothing_is_refused(words: str) -> None:
    with pytest.raises(EmptyText):
        make_meme(words, template=Template.AUTO, picture=None, shows="", seed=0)


@pytest.mark.parametrize("words", ["ฝนตก", "हिन्दी", "المطر", "שלום"])
def test_writing_without_letters_at_hand_is_refused_instead_of_drawn_as_boxes(words: str) -> None:
    with pytest.raises(NoLetters):
        make_meme(words, template=Template.AUTO, picture=None, shows="", seed=0)


@pytest.mark.parametrize(
    "words",
    ["Größenwahn", "¿Mañana?", "雨の日の猫", "привет", "γειά σου", "한국어 비", "你好，世界"],
)
def test_the_writings_that_have_letters_are_kept_whole(words: str) -> None:
    assert writable(words) == words


@pytest.mark.parametrize("face", [LOUD, BOLD, PLAIN])
@pytest.mark.parametrize(
    "text",
    ["a", "rain on the tin roof", "supercalifragilistic" * 12, "猫" * 90, "word " * 80],
    ids=["one letter", "a line", "one word", "unspaced", "many words"],
)
def test_text_keeps_inside_its_box(face: object, text: str) -> None:
    block = fitted(writable(text), face, width=500, height=220, largest=90)  # type: ignore[arg-type]  # a face

    assert block.size >= SMALLEST
    assert block.width <= 500
    assert block.height <= 220 or block.size == SMALLEST


@pytest.mark.parametrize("template", [Template.CLASSIC, Template.CHOICE, Template.CHAIN])
def test_five_thousand_characters_are_cut(template: Template) -> None:
    words = " / ".join(["so many words that nobody reads them " * 35] * 4)
    made = make_meme(words, template=template, picture=picture(), shows="", seed=0)

    assert made.height < 2200
    assert len(made.title) < 60
