"""The cards of a lineage's picture, set in type: upright ones for rows, flat ones for a list."""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from agents.makers.generations import Box, Point
from agents.makers.lettering import Font, Lettering

MARGIN = 40
PAD = 18
TWO_LINES = 84  # pixels of height from which on a flat card has room for two lines
UNWRITABLE = "(in letters that are missing here)"


@dataclass(frozen=True, slots=True)
class LineageNode:
    """One creation as the picture shows it; a withdrawn one shows the title it is given, greyed.

    `thumbnail` reads its picture, in any size, when its card is made.
    """

    id: int
    title: str
    maker_name: str
    kind: str
    thumbnail: Callable[[], bytes] | None = None
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """Lines of text in the font that has their letters, the middle of the first at `at`.

    `room` is how wide a line may be, `most` how many there may be, `step` from one to the next.
    """

    text: str
    font: Font
    lines: Sequence[str]
    size: int
    at: Point
    room: int
    most: int = 1
    step: int = 0


@dataclass(frozen=True, slots=True)
class Card:
    """A creation set in type; all places are counted from the card's own corner."""

    node: LineageNode
    marked: bool
    width: int
    height: int
    picture: Image.Image | None
    badge: Box
    number: Words
    maker: Words
    title: Words

    @property
    def rounding(self) -> int:
        """The radius of its corners."""
        return min(19, self.height // 3)


def portrait(node: LineageNode, width: int, lettering: Lettering, *, marked: bool) -> Card:
    """An upright card, as high as its words need, with its picture on top."""
    picture = _thumbnail(node)
    tall = int(width * 0.72) if picture is not None else 0
    size = 32 if width > 300 else 29
    inner = width - 2 * PAD
    badge, number = _badge(node, lettering, (PAD, tall + 15), size=26)
    beside = badge[2] + 12
    maker = _words(
        lettering, node.maker_name, size=25, at=(beside, tall + 34), room=width - PAD - beside
    )
    title = _title(node, lettering, size=size, at=(PAD, tall + 84), room=inner, most=3)
    return Card(
        node=node,
        marked=marked,
        width=width,
        height=tall + 68 + max(1, len(title.lines)) * title.step + 10,
        picture=picture and ImageOps.fit(picture, (width, tall), Image.Resampling.LANCZOS),
        badge=badge,
        number=number,
        maker=maker,
        title=title,
    )


def row(node: LineageNode, width: int, height: int, lettering: Lettering, *, marked: bool) -> Card:
    """A flat card of this height, with its picture on the left; what does not fit is cut."""
    picture = _thumbnail(node)
    square = int(height * 1.25) if picture is not None else 0
    left = square + 14
    if height >= TWO_LINES:
        size, small = 31, 25
        upper, lower = height * 0.3, height * 0.7
        badge, number = _badge(node, lettering, (left, round(upper) - 17), size=24)
        maker_at, title_at = (badge[2] + 12, upper), (left, lower)
        maker_room, title_room = width - PAD - badge[2] - 12, width - PAD - left
    else:
        size, small = min(29, height - 8), min(25, height - 10)
        middle = height / 2
        tall = min(24, height - 14)
        badge, number = _badge(node, lettering, (left, round(middle - tall / 2 - 6)), size=tall)
        maker_room = min(200, (width - badge[2]) // 3)
        title_at = (badge[2] + 12, middle)
        title_room = width - PAD - badge[2] - 24 - maker_room
        maker_at = (width - PAD - maker_room, middle)
    return Card(
        node=node,
        marked=marked,
        width=width,
        height=height,
        picture=picture and ImageOps.fit(picture, (square, height), Image.Resampling.LANCZOS),
        badge=badge,
        number=number,
        maker=_words(lettering, node.maker_name, size=small, at=maker_at, room=maker_room),
        title=_title(node, lettering, size=size, at=title_at, room=title_room, most=1),
    )


def _badge(
    node: LineageNode, lettering: Lettering, corner: tuple[int, int], *, size: int
) -> tuple[Box, Words]:
    """The box round a creation's number, and the number in its middle."""
    left, top = corner
    font, lines = lettering.fit(f"#{node.id}", size=size, width=400, lines=1, bold=True)
    wide, high = int(font.getlength(lines[0])) + size, size + 12
    middle = (left + wide / 2, top + high / 2)
    return (left, top, left + wide, top + high), Words(
        lines[0], font, lines, size, middle, room=wide
    )


def _words(
    lettering: Lettering, text: str, *, size: int, at: Point, room: int, bold: bool = False
) -> Words:
    font, lines = lettering.fit(text, size=size, width=room, lines=1, bold=bold)
    return Words(text, font, lines, size, at, room)


def _title(
    node: LineageNode, lettering: Lettering, *, size: int, at: Point, room: int, most: int
) -> Words:
    """The title, or a word in its place where no font at hand has its letters."""
    plain = " ".join(node.title.split())
    bold = not node.withdrawn
    font, lines = lettering.fit(plain, size=size, width=room, lines=most, bold=bold)
    if plain and not lines:
        font, lines = lettering.fit(UNWRITABLE, size=size, width=room, lines=most)
    return Words(plain, font, lines, size, at, room, most, size + 8)


def _thumbnail(node: LineageNode) -> Image.Image | None:
    """The node's picture; none if it has none, took it back, or the bytes are no picture."""
    if node.thumbnail is None or node.withdrawn:
        return None
    try:
        image = Image.open(io.BytesIO(node.thumbnail()))
        image.draft("RGB", (640, 640))
        return image.convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        return None
