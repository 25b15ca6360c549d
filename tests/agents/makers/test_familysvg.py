import base64
import io
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from agents.makers.familysvg import draw_lineage_svg
from agents.makers.familytree import draw_lineage
from agents.makers.treecards import LineageNode

SVG = "{http://www.w3.org/2000/svg}"
HARMLESS = {
    *("svg", "title", "rect", "g", "text", "polyline", "polygon", "clipPath", "image", "circle"),
}


def node(
    id: int, title: str = "A creation", maker: str = "Ana", thumbnail: bytes | None = None
) -> LineageNode:
    read = None if thumbnail is None else lambda: thumbnail
    return LineageNode(id, title, maker, "text", read)


def parsed(picture: bytes) -> ElementTree.Element:
    return ElementTree.fromstring(picture)


def texts(root: ElementTree.Element) -> list[str]:
    return [it.text or "" for it in root.iter(f"{SVG}text")]


def test_words_are_text_and_lines_lead_from_parent_to_child() -> None:
    nodes = [node(1, "Rain on the roof"), node(2, "The gutter sings", "Ben")]
    root = parsed(draw_lineage_svg(nodes, [(1, 2)], focus=2))

    assert {"#1", "Ana", "Rain on the roof", "#2", "Ben", "The gutter sings"} <= set(texts(root))
    assert len(list(root.iter(f"{SVG}polyline"))) == 1


def test_it_is_the_same_page_as_the_png() -> None:
    nodes = [node(n) for n in range(1, 13)]
    edges = [(n // 2, n) for n in range(2, 13)]
    with Image.open(io.BytesIO(draw_lineage(nodes, edges, focus=3))) as drawn:
        size = drawn.size
    root = parsed(draw_lineage_svg(nodes, edges, focus=3))

    assert (int(root.get("width", 0)), int(root.get("height", 0))) == size
    assert root.get("viewBox") == f"0 0 {size[0]} {size[1]}"


def test_a_thumbnail_is_encoded_anew_and_embedded() -> None:
    out = io.BytesIO()
    Image.new("RGB", (300, 200), (0, 200, 0)).save(out, "PNG")
    hidden = b"<script>alert(1)</script>"
    drawn = draw_lineage_svg([node(1, thumbnail=out.getvalue() + hidden)], [], focus=1)
    (image,) = parsed(drawn).iter(f"{SVG}image")
    kind, _, data = image.get("href", "").partition(",")

    assert kind == "data:image/jpeg;base64"
    with Image.open(io.BytesIO(base64.b64decode(data))) as embedded:
        assert np.asarray(embedded.convert("RGB")).mean(axis=(0, 1)) == pytest.approx(
            (0, 200, 0), abs=8
        )
    assert hidden not in base64.b64decode(data)


@pytest.mark.parametrize("title", ["夜の雨が屋根を打つ音をきく" * 4, "المطر على السطح", "🎉🎉"])
def test_letters_that_our_fonts_lack_are_left_to_those_of_the_viewer(title: str) -> None:
    found = "".join(texts(parsed(draw_lineage_svg([node(1, title)], [], focus=1))))

    assert title.split()[0][:8] in found


@settings(max_examples=10, deadline=None)
@given(words=st.text())
@example("<script>alert(1)</script>")
@example("]]><svg onload=alert(1)>")
@example("</text></svg><script>x</script>")
@example('" onclick="alert(1)')
@example("&lt;script&gt; &#0; &xxe;")
@example("a\x00b\x0bc\ud800\uffff")
@example("javascript:alert(1)")
def test_nothing_that_people_write_becomes_part_of_the_markup(words: str) -> None:
    root = parsed(draw_lineage_svg([node(1, words, words), node(2)], [(1, 2)], focus=1))

    for it in root.iter():
        assert it.tag.removeprefix(SVG) in HARMLESS
        assert not [name for name in it.attrib if name.lower().startswith("on")]
        assert it.get("href", "data:image/jpeg;").startswith("data:image/jpeg;")
