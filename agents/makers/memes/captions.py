"""Memes on a picture: words on it, above it, below it, or on its front page."""

from collections.abc import Sequence
from random import Random

from PIL import Image

from agents.makers.memes.stage import SIDE, Sheet, covering, widened
from agents.makers.memes.typesetting import BOLD, LOUD, PLAIN, fitted, write

WHITE = (255, 255, 255)
BLACK = (12, 12, 14)
MARGIN = 44


def classic(parts: Sequence[str], picture: Image.Image, random: Random) -> Image.Image:
    """Large outlined words along the top and the bottom of the picture."""
    image = widened(picture).convert("RGB")
    sheet = Sheet(image.width, image.height, BLACK)
    sheet.image.paste(image)
    top, bottom = (parts[0], parts[1]) if len(parts) > 1 else ("", parts[0])
    for text, below in ((top, False), (bottom, True)):
        block = fitted(
            text, LOUD, width=SIDE - 2 * MARGIN, height=image.height * 0.3, largest=128, lines=3
        )
        y = image.height - block.height - 22 if below else 12
        stroke = max(2, round(block.size * 0.075))
        write(sheet.draw, block, (SIDE / 2, y), WHITE, stroke=stroke, edge=BLACK)
    return sheet.image


def caption(parts: Sequence[str], picture: Image.Image, random: Random) -> Image.Image:
    """A white bar with words above the picture."""
    image = widened(picture).convert("RGB")
    block = fitted(" ".join(parts), PLAIN, width=SIDE - 2 * MARGIN, height=380, largest=62, lines=6)
    bar = block.height + 2 * 34
    sheet = Sheet(SIDE, bar + image.height, WHITE)
    sheet.image.paste(image, (0, bar))
    write(sheet.draw, block, (MARGIN, 30), BLACK, align="left")
    return sheet.image


def poster(parts: Sequence[str], picture: Image.Image, random: Random) -> Image.Image:
    """A framed picture on black, with a large word and a smaller line below, as in an office."""
    inner = SIDE - 2 * 96
    image = covering(picture, inner, round(inner * 0.78)).convert("RGB")
    head = fitted(parts[0], BOLD, width=SIDE - 160, height=150, largest=92, lines=2)
    rest = " ".join(parts[1:])
    below = fitted(rest, PLAIN, width=SIDE - 220, height=150, largest=38, lines=3) if rest else None
    high = 84 + image.height + 54 + head.height + (below.height + 16 if below else 0) + 56
    sheet = Sheet(SIDE, high, BLACK)
    left, top = 96, 84
    sheet.panel((left - 14, top - 14, left + inner + 14, top + image.height + 14), WHITE)
    sheet.panel((left - 10, top - 10, left + inner + 10, top + image.height + 10), BLACK)
    sheet.image.paste(image, (left, top))
    y = top + image.height + 44
    write(sheet.draw, head, (SIDE / 2, y), WHITE)
    if below:
        write(sheet.draw, below, (SIDE / 2, y + head.height + 14), (206, 204, 200))
    return sheet.image


def headline(parts: Sequence[str], picture: Image.Image, random: Random) -> Image.Image:
    """The front page of a newspaper of ours."""
    paper, ink = (246, 243, 234), (28, 26, 26)
    head = fitted(parts[0], BOLD, width=SIDE - 120, height=330, largest=104, lines=3)
    image = covering(picture, SIDE - 120, 520).convert("L").convert("RGB")
    image = Image.blend(image, Image.new("RGB", image.size, paper), 0.12)
    note = " ".join(parts[1:])
    below = fitted(note, PLAIN, width=SIDE - 120, height=190, largest=40, lines=4) if note else None
    high = 196 + head.height + 30 + image.height + (below.height + 34 if below else 0) + 56
    sheet = Sheet(SIDE, high, paper)
    name = fitted("The Daily Jam", BOLD, width=SIDE - 300, height=80, largest=64, lines=1)
    write(sheet.draw, name, (SIDE / 2, 40), ink)
    for y, width in ((32, 3), (128, 5), (138, 2)):
        sheet.line([(60, y), (SIDE - 60, y)], width, ink)
    small = fitted(
        f"No. {random.randint(2, 999)} · late edition", PLAIN, width=500, height=40, largest=24
    )
    write(sheet.draw, small, (SIDE / 2, 144), ink)
    write(sheet.draw, head, (60, 186), ink, align="left")
    y = 196 + head.height + 18
    sheet.image.paste(image, (60, y))
    if below:
        write(sheet.draw, below, (60, y + image.height + 18), ink, align="left")
    return sheet.image
