import io
import random

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from agents.makers.familytree import draw_lineage
from agents.makers.lettering import Lettering
from agents.makers.treecards import LineageNode
from agents.makers.treepage import LARGEST, WIDTH, laid_out

Pixels = NDArray[np.int16]


def png(color: tuple[int, int, int]) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (300, 200), color).save(out, "PNG")
    return out.getvalue()


def node(
    id: int,
    *,
    title: str = "A creation",
    maker_name: str = "Ana",
    kind: str = "text",
    thumbnail: bytes | None = None,
    withdrawn: bool = False,
) -> LineageNode:
    read = None if thumbnail is None else lambda: thumbnail
    return LineageNode(id, title, maker_name, kind, read, withdrawn)


def opened(picture: bytes) -> Pixels:
    image = Image.open(io.BytesIO(picture))
    assert image.format == "PNG"
    assert image.width == WIDTH
    assert image.width + image.height <= 10_000
    assert 1 / 20 < image.width / image.height < 20
    return np.asarray(image.convert("RGB")).astype(np.int16)


def near(picture: Pixels, color: tuple[int, int, int], within: int = 12) -> int:
    return int((np.abs(picture - np.array(color, dtype=np.int16)).max(axis=2) < within).sum())


def test_parents_stand_above_their_child_and_thumbnails_are_shown() -> None:
    nodes = [
        node(1, kind="image", thumbnail=png((255, 0, 0))),
        node(2, kind="image", thumbnail=png((0, 0, 255))),
        node(3, kind="image", thumbnail=png((0, 255, 0))),
    ]
    picture = opened(draw_lineage(nodes, [(1, 3), (2, 3)], focus=3))

    rows = {}
    for name, color in {"red": (255, 0, 0), "blue": (0, 0, 255), "green": (0, 255, 0)}.items():
        found = np.argwhere(np.abs(picture - np.array(color, dtype=np.int16)).max(axis=2) < 12)
        assert len(found) > 5_000
        rows[name] = found[:, 0].mean()
    assert rows["red"] == pytest.approx(rows["blue"], abs=2)
    assert rows["green"] > rows["red"] + 200


def test_the_asked_for_creation_is_marked() -> None:
    nodes = [node(1), node(2)]
    first = opened(draw_lineage(nodes, [(1, 2)], focus=1))
    second = opened(draw_lineage(nodes, [(1, 2)], focus=2))

    half = first.shape[0] // 2
    mark = (226, 88, 62)
    assert near(first[:half], mark) > 3 * near(first[half:], mark)
    assert near(second[half:], mark) > 3 * near(second[:half], mark)


def grown(count: int) -> tuple[list[LineageNode], list[tuple[int, int]]]:
    """A family of so many, each made from one of the six before it."""
    chance = random.Random(count)
    nodes = [node(n, kind=chance.choice(["text", "image", "meme"])) for n in range(1, count + 1)]
    return nodes, [(chance.randint(max(1, n - 6), n - 1), n) for n in range(2, count + 1)]


@pytest.mark.parametrize("count", [1, 12, 40])
def test_the_picture_stays_the_same_however_its_family_is_told(count: int) -> None:
    nodes, edges = grown(count)
    once = draw_lineage(nodes, edges, focus=1)

    assert once == draw_lineage(list(reversed(nodes)), list(reversed(edges)), focus=1)
    assert opened(once).shape[0] > 150


def test_up_to_two_hundred_creations_fit() -> None:
    assert opened(draw_lineage(*grown(200), focus=1)).shape[0] <= LARGEST


SHAPES = {
    "a chain": [(n, n + 1) for n in range(1, 200)],
    "one remix": [(1, 200)],
    "strangers": [],
    "one parent": [(1, n) for n in range(2, 201)],
    "two parents each": [(n // 2, n) for n in range(2, 201)] + [(n // 3, n) for n in range(3, 201)],
    "a ladder": [(n, n + 2) for n in range(1, 199)] + [(n, n + 3) for n in range(1, 198)],
}


@pytest.mark.parametrize("shape", SHAPES)
def test_two_hundred_creations_of_any_shape_can_be_read_on_a_phone(shape: str) -> None:
    nodes = [node(n, title="The last bus is always empty", maker_name="Ana") for n in range(1, 201)]
    plan = laid_out(nodes, SHAPES[shape], focus=25)

    assert plan.width == WIDTH
    assert plan.width + plan.height <= LARGEST
    for card, (left, top) in plan.cards:
        assert left + card.width <= WIDTH
        assert top + card.height <= plan.height
        assert card.title.size >= 26  # of 1080: almost ten on a screen of 400
        assert len("".join(card.title.lines)) >= 12


@pytest.mark.parametrize("count", [20, 30])
def test_a_family_too_large_for_rows_is_a_list_with_pictures(count: int) -> None:
    nodes = [node(n, thumbnail=png((255, 0, 0))) for n in range(1, count + 1)]
    edges = [(n // 2, n) for n in range(2, count + 1)]
    plan = laid_out(nodes, edges, focus=7)
    picture = opened(draw_lineage(nodes, edges, focus=7))

    assert len(plan.dots) == count
    tops = sorted(top for _, (_, top) in plan.cards)
    assert len(set(tops)) == count
    assert near(picture, (255, 0, 0)) > count * 1_000


def test_a_withdrawn_creation_shows_no_picture_and_broken_bytes_do_no_harm() -> None:
    nodes = [
        node(1, kind="image", thumbnail=png((0, 255, 0)), withdrawn=True),
        node(2, kind="image", thumbnail=b"not a picture"),
        node(3, title="", maker_name=""),
    ]
    picture = opened(draw_lineage(nodes, [(1, 2), (2, 3), (9, 3)], focus=7))

    assert near(picture, (0, 255, 0)) == 0


@pytest.mark.parametrize(
    "title",
    ["", "🎉🎉", "夜", "المطر", "é" * 500, "Donaudampfschifffahrtsgesellschaft " * 9, "a\nb\x00c"],
)
def test_any_title_can_be_drawn(title: str) -> None:
    assert opened(draw_lineage([node(1, title=title, maker_name=title)], [], focus=1)).std() > 1


def test_text_is_cut_to_the_lines_it_is_given() -> None:
    font, lines = Lettering().fit("one two three four five six " * 9, size=30, width=300, lines=2)

    assert len(lines) == 2
    assert lines[1].endswith("…")
    assert all(font.getlength(line) <= 300 for line in lines)


def test_a_letter_no_font_has_is_never_drawn_as_a_box() -> None:
    _, lines = Lettering().fit("café \U000e0fff\uffff noir", size=30, width=900, lines=1)

    assert len(lines) == 1
    assert lines[0] in {"café noir", "cafe noir"}


def test_a_title_in_letters_that_no_font_has_is_not_left_blank() -> None:
    ((card, _),) = laid_out([node(1, title="\U0001e900\U0001e901")], [], focus=1).cards

    assert card.title.lines
