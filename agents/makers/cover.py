"""The cover of a digest: what stands in it, as tiles of pictures and of first words."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw

from agents.makers.making import NoLetters
from agents.makers.memes.typesetting import BOLD, PLAIN, Color, fitted, writable, write

WIDTH, BAND, GAP = 1200, 150, 12
TALL = {1: 520, 2: 420, 3: 360}  # of a row of tiles, by how many stand in it
MOST = 6
PAPER: Color = (250, 246, 238)
INK: Color = (32, 30, 34)
COLORS: Sequence[tuple[Color, Color]] = (  # of a tile without a picture, and of its words
    ((226, 88, 62), (255, 250, 244)),
    ((36, 92, 110), (245, 250, 248)),
    ((242, 186, 73), (48, 36, 20)),
    ((96, 70, 128), (250, 246, 255)),
    ((74, 124, 89), (246, 252, 246)),
    ((205, 92, 130), (255, 248, 250)),
)


@dataclass(frozen=True, slots=True)
class Tile:
    """One thing of the digest: its number there, its title, and an encoded picture, if any."""

    number: int
    title: str
    picture: bytes | None = None


def draw_cover(head: str, tiles: Sequence[Tile]) -> bytes:
    """A JPEG, 1200 pixels wide, of the first six of these; blocks while it draws."""
    shown = tiles[:MOST]
    across = {1: 1, 2: 2, 4: 2}.get(len(shown), 3)
    rows = [shown[at : at + across] for at in range(0, len(shown), across)]
    height = BAND + sum(TALL[len(it)] + GAP for it in rows)
    image = Image.new("RGB", (WIDTH, height), PAPER)
    draw = ImageDraw.Draw(image)
    block = fitted(_letters(head), BOLD, width=WIDTH - 80, height=BAND - 50, largest=64, lines=1)
    write(draw, block, (40, (BAND - block.height) / 2), INK, align="left")
    top = BAND
    for row in rows:
        tall = TALL[len(row)]
        wide = (WIDTH - GAP * (len(row) + 1)) / len(row)
        for at, tile in enumerate(row):
            left = round(GAP + at * (wide + GAP))
            _draw(image, tile, (left, top, round(left + wide), top + tall))
        top += tall + GAP
    out = io.BytesIO()
    image.save(out, "JPEG", quality=86)
    return out.getvalue()


def _draw(image: Image.Image, tile: Tile, box: tuple[int, int, int, int]) -> None:
    left, top, right, bottom = box
    wide, tall = right - left, bottom - top
    paint, ink = COLORS[(tile.number - 1) % len(COLORS)]
    draw = ImageDraw.Draw(image)
    picture = _opened(tile.picture)
    if picture is None:
        draw.rectangle(box, fill=paint)
        block = fitted(
            _letters(tile.title), BOLD, width=wide - 60, height=tall - 150, largest=76, lines=5
        )
        write(
            draw, block, (left + 30, top + 110 + (tall - 150 - block.height) / 2), ink, align="left"
        )
    else:
        scale = max(wide / picture.width, tall / picture.height)
        size = (max(wide, round(picture.width * scale)), max(tall, round(picture.height * scale)))
        at = ((size[0] - wide) // 2, (size[1] - tall) // 2)
        covering = picture.resize(size).crop((*at, at[0] + wide, at[1] + tall))
        image.paste(covering, (left, top))
        words = fitted(_letters(tile.title), PLAIN, width=wide - 40, height=44, largest=30, lines=1)
        draw.rectangle((left, bottom - 60, right, bottom), fill=INK)
        write(draw, words, (left + 20, bottom - 56 + (48 - words.height) / 2), PAPER, align="left")
    badge = fitted(str(tile.number), BOLD, width=80, height=52, largest=40, lines=1)
    draw.ellipse((left + 20, top + 20, left + 88, top + 88), fill=PAPER)
    write(draw, badge, (left + 54, top + 54 - badge.height / 2), INK)


def _opened(picture: bytes | None) -> Image.Image | None:
    if picture is None:
        return None
    try:
        with Image.open(io.BytesIO(picture)) as opened:
            return opened.convert("RGB")
    except (OSError, Image.DecompressionBombError):
        return None


def _letters(text: str) -> str:
    """What can be drawn of it; a writing for which there are no letters is left out."""
    try:
        return writable(text)
    except NoLetters:
        return "".join(it for it in text if it.isascii()).strip()
