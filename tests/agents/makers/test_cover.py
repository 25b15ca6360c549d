"""The cover of a digest holds what it is told, whatever that is."""

import io

import pytest
from PIL import Image

from agents.makers.cover import Tile, draw_cover


def drawn(*tiles: Tile) -> Image.Image:
    with Image.open(io.BytesIO(draw_cover("Thursday 26 November", tiles))) as opened:
        return opened.convert("RGB")


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 6, 9])
def test_any_number_of_things_fits_the_width(count: int) -> None:
    made = drawn(*(Tile(it, "Rain on a tin roof") for it in range(1, count + 1)))

    assert made.width == 1200
    assert 500 <= made.height <= 1100


def test_a_picture_covers_its_tile_and_a_broken_one_leaves_its_words() -> None:
    file = io.BytesIO()
    Image.new("RGB", (40, 300), (0, 200, 0)).save(file, "PNG")

    made = drawn(Tile(1, "Green", file.getvalue()), Tile(2, "Broken", b"no picture"))

    green = made.getpixel((300, 350))
    assert isinstance(green, tuple) and green[1] > 180 and green[0] < 40
    assert made.getpixel((900, 200)) not in {green, (250, 246, 238)}


def test_what_cannot_be_written_is_left_out() -> None:
    assert drawn(Tile(1, "ᚠᚢᚦ 🌧️"), Tile(2, "")).width == 1200
