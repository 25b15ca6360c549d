"""The picture of a lineage as SVG: the same page, with words that can be searched and copied.

Nothing of what people wrote gets in as markup: the tree is built as elements and written out by the
standard library, pictures are encoded anew, and the only references are to parts of the file.
"""

import base64
import io
import unicodedata
from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, tostring

from PIL import Image

from agents.makers.treecards import Card, LineageNode, Words
from agents.makers.treecolors import CARD, FAINT, GONE, LINE, MARK, PAPER, Color, colors
from agents.makers.treepage import Line, laid_out

FONTS = "Inter, 'Noto Sans', 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
_NEVER_WRITTEN = frozenset({"Cc", "Cs", "Cn", "Co"})  # what XML 1.0 forbids is among them


def draw_lineage_svg(
    nodes: Sequence[LineageNode], edges: Sequence[tuple[int, int]], focus: int
) -> bytes:
    """An SVG 1.1 document in UTF-8 of the page that `draw_lineage` draws, at its full size.

    Text is text, with the whole title as each card's tooltip; thumbnails are embedded as JPEG.
    """
    page = laid_out(nodes, edges, focus)
    root = Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {page.width} {page.height}",
            "width": str(page.width),
            "height": str(page.height),
            "font-family": FONTS,
        },
    )
    SubElement(root, "title").text = f"Lineage of #{focus}"
    SubElement(root, "rect", {"width": "100%", "height": "100%", "fill": _hex(PAPER)})
    for line in sorted(page.lines, key=lambda it: (it.strong, not it.faint)):
        _draw_line(root, line)
    for card, corner in page.cards:
        _draw_card(root, card, corner)
    for card, (x, y) in page.dots:
        place = {"cx": f"{x:g}", "cy": f"{y:g}", "r": f"{page.dot:g}"}
        SubElement(root, "circle", {**place, "fill": _hex(colors(card).badge)})
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _draw_line(root: Element, line: Line) -> None:
    color = _hex(MARK if line.strong else GONE if line.faint else LINE)
    x, y = line.points[-1]
    head = [(x - 8.5, y - 7), (x + 8.5, y - 7), (x, y + 7)]
    wide = "5.5" if line.strong else "2.5" if line.faint else "4"
    style = {"fill": "none", "stroke": color, "stroke-width": wide, "stroke-linejoin": "round"}
    SubElement(root, "polyline", {"points": _points(line.points), **style})
    if line.arrow:
        SubElement(root, "polygon", {"points": _points(head), "fill": color})


def _draw_card(root: Element, card: Card, corner: tuple[int, int]) -> None:
    left, top = corner
    color = colors(card)
    group = SubElement(root, "g", {"transform": f"translate({left} {top})"})
    tooltip = f"#{card.node.id} {card.title.text} · {card.maker.text}"
    SubElement(group, "title").text = _written(tooltip)
    size = {"width": str(card.width), "height": str(card.height), "rx": str(card.rounding)}
    stroke = {"stroke": _hex(color.frame), "stroke-width": str(2 * color.rim)}
    SubElement(group, "rect", {**size, **stroke})
    SubElement(group, "rect", {**size, "fill": _hex(color.fill)})
    if card.picture is not None:
        clip = SubElement(group, "clipPath", {"id": f"card{card.node.id}"})
        SubElement(clip, "rect", size)
        wide, high = card.picture.size
        measures = {"width": str(wide), "height": str(high)}
        inside = {"clip-path": f"url(#card{card.node.id})", "href": _data_uri(card.picture)}
        SubElement(group, "image", {**measures, **inside})
    x0, y0, x1, y1 = card.badge
    place = {"x": str(x0), "y": str(y0), "width": str(x1 - x0), "height": str(y1 - y0)}
    SubElement(group, "rect", {**place, "rx": str((y1 - y0) // 2), "fill": _hex(color.badge)})
    _write(group, card.number, CARD, {"text-anchor": "middle", "font-weight": "650"})
    _write(group, card.maker, FAINT, {})
    weight = "430" if card.node.withdrawn else "650"
    _write(group, card.title, color.ink, {"font-weight": weight})


def _write(group: Element, words: Words, color: Color, style: dict[str, str]) -> None:
    x, y = words.at
    # The middle of small letters is about a third of the size above the line they stand on.
    y += words.size * 0.35
    for number, line in enumerate(_lines(words)):
        place = {"x": f"{x:g}", "y": f"{y + number * words.step:g}"}
        size = {"font-size": str(words.size), "fill": _hex(color)}
        SubElement(group, "text", {**place, **size, **style}).text = line


def _lines(words: Words) -> list[str]:
    """The lines as they were set; set by estimate, if our fonts lack letters that a viewer's may
    have.
    """
    text = _written(words.text)
    drawn = " ".join(words.lines).removesuffix("…")
    if text.replace(" ", "").startswith(drawn.replace(" ", "")) and drawn.strip():
        return list(words.lines)
    found, line, used = [], "", 0.0
    for letter in text:
        wide = words.size * (1.0 if unicodedata.east_asian_width(letter) in "WF" else 0.6)
        if used + wide > words.room:
            found.append(line)
            line, used = "", 0.0
        line, used = line + letter, used + wide
    found.append(line)
    if len(found) > words.most:
        found = [*found[: words.most - 1], f"{found[words.most - 1][:-1]}…"]
    return [it.strip() for it in found if it.strip()]


def _written(text: str) -> str:
    """On one line, and without what has no place in XML."""
    plain = " ".join(text.split())
    return "".join(it for it in plain if unicodedata.category(it) not in _NEVER_WRITTEN)


def _data_uri(picture: Image.Image) -> str:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=82)
    return f"data:image/jpeg;base64,{base64.b64encode(out.getvalue()).decode('ascii')}"


def _points(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def _hex(color: Color) -> str:
    return "#{:02x}{:02x}{:02x}".format(*color)
