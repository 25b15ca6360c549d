import io

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from agents.makers.making import Painting
from agents.makers.painters.motifs import MOTIFS, mask
from agents.makers.painters.subjects import words_of
from agents.makers.painting import PAINTERS, Painter, asked_for, paint, suiting

SAYS = {
    "rain on a tin roof": ["corrugated roof", "rain", "grey-blue", "“Rain on a tin roof”"],
    "night forest under the moon": ["firs", "a moon", "stars"],
    "city at night in the rain": ["rain"],
    "snow in the mountains": ["hills", "falling snow"],
    "birds at dawn": ["hills", "birds", "a sun"],
    "eine Katze": ["a cat"],
    "un barco en el mar": ["a boat", "open sea"],
    "夜の海": ["open sea", "stars"],
    "a planet made of tea": [],
}


def pixels(png: bytes) -> NDArray[np.float32]:
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"), dtype=np.float32)


NAMED = {  # by painter
    "flow field": ("a flow field of quantum anxiety", ["ribbons"]),
    "star chart": ("star chart of a small owl", ["constellations", "“owl”", "“small”"]),
}


@pytest.mark.parametrize("prompt", SAYS)
def test_every_prompt_gives_a_png_that_is_lively_and_well_exposed_and_is_told(prompt: str) -> None:
    painting = paint(prompt, seed=0)

    assert painting.alt.startswith("Procedural ")
    assert [part for part in SAYS[prompt] if part not in painting.alt] == []
    lively_and_well_exposed(painting)


def lively_and_well_exposed(painting: Painting) -> None:
    picture = pixels(painting.png)
    assert (painting.width, painting.height) == (1024, 1024)
    assert picture.shape == (1024, 1024, 3)
    grey = picture.mean(axis=2)
    assert 12 < grey.mean() < 235
    assert grey.std() > 10
    assert len(np.unique(picture.astype(np.uint8).reshape(-1, 3)[::97], axis=0)) > 300
    assert 100_000 < len(painting.png) < 4_000_000


def test_one_prompt_and_seed_paint_one_picture_however_it_is_typed_and_another_seed_another() -> (
    None
):
    once, twice, again = (
        paint(prompt, seed=seed)
        for prompt, seed in (("the sea", 4), ("  the SEA ", 4), ("the sea", 5))
    )

    assert once.png == twice.png
    assert np.abs(pixels(once.png) - pixels(again.png)).mean() > 5


@pytest.mark.parametrize("painter", PAINTERS, ids=lambda it: it.name)
def test_every_painter_is_asked_for_by_name_and_paints_lively_pictures_of_its_own(
    painter: Painter,
) -> None:
    for keyword in (painter.name, *painter.keywords):
        chosen = asked_for(f"{keyword}: rain")
        assert chosen is not None
        assert chosen.name == painter.name, keyword
    usual = f"a cat in the garden at night, {painter.keywords[0]}"
    prompt, says = NAMED.get(painter.name, (usual, []))
    painting = paint(prompt, seed=0)

    assert painting.label == painter.label
    assert painting.alt.casefold().startswith(painter.label)
    assert [part for part in says if part not in painting.alt] == []
    lively_and_well_exposed(painting)


def test_again_goes_round_the_painters_that_suit_the_prompt() -> None:
    prompt = "a cat in the forest"
    labels = [suiting(words_of(prompt), seed).label for seed in range(5)]

    assert len(set(labels)) == 5
    assert labels[0] == "procedural painting"
    assert paint(prompt, seed=3).label == labels[3]


def test_words_of_four_languages_are_known() -> None:
    for prompt, word in [
        ("Regen auf dem Dach", "rain"),
        ("LLUVIA en el tejado", "roof"),
        ("雨の夜の猫", "cat"),
        ("rain", "rain"),
    ]:
        assert word in words_of(prompt)


@pytest.mark.parametrize("name", MOTIFS)
def test_every_silhouette_fills_a_good_part_of_its_square_and_stays_in_it(name: str) -> None:
    shape = mask(name, x=300, y=300, size=400)

    assert 0.08 < shape[300:700, 300:700].mean() < 0.8
    assert shape.sum() - shape[295:705, 295:705].sum() < 1


@pytest.mark.parametrize("prompt", ["", "🎉 مطر", "star chart\x00b\n\n" + "x" * 100_000])
def test_any_words_at_all_can_be_painted(prompt: str) -> None:
    painting = paint(prompt, seed=0)

    assert painting.title
    assert len(painting.title) < 60
    assert len(painting.alt) < 300
    assert pixels(painting.png).std() > 10
