"""The picture of a lineage: who made what out of what, oldest on top, readable on a phone."""

import io
from collections.abc import Sequence

from PIL import Image, ImageDraw

from agents.makers.treecards import Card, LineageNode, Words
from agents.makers.treecolors import CARD, FAINT, GONE, LINE, MARK, PAPER, Color, colors
from agents.makers.treepage import LARGEST, Line, laid_out

BAND = 512


def draw_lineage(
    nodes: Sequence[LineageNode], edges: Sequence[tuple[int, int]], focus: int
) -> bytes:
    """A PNG of up to about two hundred creations, 1080 pixels wide and at most 8,820 high.

    Edges are (parent, child); those to unknown ids are left out. The oldest stands on top, the
    asked-for creation is framed, and the lines of its own family are stronger. A small family
    stands in rows, generation by generation; a large one is a list with rails beside it.
    """
    plan = laid_out(nodes, edges, focus)
    page = Image.new("RGB", (plan.width, plan.height), PAPER)
    _draw_lines(page, [it for it in plan.lines if it.faint], GONE, width=5)
    plain = [it for it in plan.lines if not it.strong and not it.faint]
    _draw_lines(page, plain, LINE, width=8)
    _draw_lines(page, [it for it in plan.lines if it.strong], MARK, width=11)
    for card, corner in plan.cards:
        _draw_card(page, card, corner)
    for card, (x, y) in plan.dots:
        side = round(2 * plan.dot)
        place = (round(x - plan.dot), round(y - plan.dot))
        page.paste(colors(card).badge, place, _rounded(side, side, side // 2))
    sides = page.width + page.height
    if sides > LARGEST:
        small = (page.width * LARGEST // sides, page.height * LARGEST // sides)
        page = page.resize(small, Image.Resampling.LANCZOS)
    out = io.BytesIO()
    page.save(out, "PNG", compress_level=3)
    return out.getvalue()


def _draw_lines(page: Image.Image, lines: Sequence[Line], color: Color, width: int) -> None:
    """Drawn at twice the size to be smooth, band by band: one sheet for all would take 200 MB."""
    reach = [(min(y for _, y in it.points) - 9, max(y for _, y in it.points) + 9) for it in lines]
    for top in range(0, page.height, BAND):
        mask = Image.new("L", (page.width * 2, min(BAND, page.height - top) * 2))
        draw = ImageDraw.Draw(mask)
        for line, (high, low) in zip(lines, reach, strict=True):
            if low < top or high > top + BAND:
                continue
            points = [(x * 2, (y - top) * 2) for x, y in line.points]
            draw.line(points, fill=255, width=width, joint="curve")
            if line.arrow:
                x, y = points[-1]
                draw.polygon([(x - 17, y - 14), (x + 17, y - 14), (x, y + 14)], fill=255)
        page.paste(color, (0, top), mask.reduce(2))


def _draw_card(page: Image.Image, card: Card, corner: tuple[int, int]) -> None:
    left, top = corner
    color, radius = colors(card), card.rounding
    rim = color.rim
    outer = _rounded(card.width + 2 * rim, card.height + 2 * rim, radius + rim)
    page.paste(color.frame, (left - rim, top - rim), outer)
    shape = _rounded(card.width, card.height, radius)
    page.paste(color.fill, corner, shape)
    if card.picture is not None:
        page.paste(card.picture, corner, shape.crop((0, 0, *card.picture.size)))
    draw = ImageDraw.Draw(page)
    x0, y0, x1, y1 = card.badge
    page.paste(color.badge, (left + x0, top + y0), _rounded(x1 - x0, y1 - y0, (y1 - y0) // 2))
    _write(draw, card.number, corner, CARD, anchor="mm")
    _write(draw, card.maker, corner, FAINT)
    _write(draw, card.title, corner, color.ink)


def _write(
    draw: ImageDraw.ImageDraw,
    words: Words,
    corner: tuple[int, int],
    color: Color,
    anchor: str = "lm",
) -> None:
    x, y = corner[0] + words.at[0], corner[1] + words.at[1]
    for number, line in enumerate(words.lines):
        draw.text((x, y + number * words.step), line, color, words.font, anchor=anchor)


def _rounded(width: int, height: int, radius: int) -> Image.Image:
    mask = Image.new("L", (width * 2, height * 2))
    ImageDraw.Draw(mask).rounded_rectangle(
        (0, 0, width * 2 - 1, height * 2 - 1), radius * 2, fill=255
    )
    return mask.reduce(2)
