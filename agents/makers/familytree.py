"""The picture of a lineage: who made what out of what, oldest on top, readable on a phone."""

import io
from collections.abc import Sequence

from PIL import Image, ImageDraw

from agents.makers.generations import Box
from agents.makers.treecolors import CARD, FAINT, LINE, MARK, PAPER, Color, colors
from agents.makers.treepage import PAD, Card, Line, LineageNode, laid_out

BAND = 512
LARGEST = 9_900  # messengers take pictures of at most 10,000 pixels, width and height together


def draw_lineage(
    nodes: Sequence[LineageNode], edges: Sequence[tuple[int, int]], focus: int
) -> bytes:
    """A PNG of up to about two hundred creations, of which the sides sum to at most 9,900 pixels.

    Edges are (parent, child); those to unknown ids are left out. Generations stand in rows from the
    oldest down, the asked-for creation is framed, and the lines of its own family are stronger. A
    small family is 1080 pixels wide; a large one is broader and continues in columns.
    """
    plan = laid_out(nodes, edges, focus)
    page = Image.new("RGB", (plan.width, plan.height), PAPER)
    _draw_lines(page, [it for it in plan.lines if not it.strong], LINE, width=8)
    _draw_lines(page, [it for it in plan.lines if it.strong], MARK, width=11)
    for card, box in plan.cards:
        _draw_card(page, card, box)
    sides = page.width + page.height
    if sides > LARGEST:
        small = (page.width * LARGEST // sides, page.height * LARGEST // sides)
        page = page.resize(small, Image.Resampling.LANCZOS)
    out = io.BytesIO()
    page.save(out, "PNG", compress_level=4)
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
            x, y = points[-1]
            draw.polygon([(x - 17, y - 14), (x + 17, y - 14), (x, y + 14)], fill=255)
        page.paste(color, (0, top), mask.reduce(2))


def _draw_card(page: Image.Image, card: Card, box: Box) -> None:
    left, top, right, bottom = box
    width, high = right - left, bottom - top
    color = colors(card)
    rim = color.rim
    outer = _rounded(width + 2 * rim, high + 2 * rim, 19 + rim)
    page.paste(color.frame, (left - rim, top - rim), outer)
    page.paste(color.fill, (left, top), _rounded(width, high, 19))
    y = top
    if card.picture is not None:
        tall = card.picture.height
        page.paste(
            card.picture, (left, top), _rounded(width, tall + 40, 19).crop((0, 0, width, tall))
        )
        y += tall
    draw = ImageDraw.Draw(page)
    page.paste(color.badge, (left + PAD, y + 15), _rounded(card.tag, 38, 19))
    middle = (left + PAD + card.tag / 2, y + 34)
    draw.text(middle, card.number.lines[0], CARD, card.number.font, anchor="mm")
    beside = (left + PAD + card.tag + 12, y + 34)
    draw.text(beside, "".join(card.maker.lines), FAINT, card.maker.font, anchor="lm")
    for number, line in enumerate(card.title.lines):
        at = (left + PAD, y + 84 + number * card.step)
        draw.text(at, line, color.ink, card.title.font, anchor="lm")


def _rounded(width: int, height: int, radius: int) -> Image.Image:
    mask = Image.new("L", (width * 2, height * 2))
    ImageDraw.Draw(mask).rounded_rectangle(
        (0, 0, width * 2 - 1, height * 2 - 1), radius * 2, fill=255
    )
    return mask.reduce(2)
