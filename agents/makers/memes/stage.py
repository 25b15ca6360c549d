"""What the templates of memes are drawn with: a sheet, colours, shapes and creatures."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import ceil, floor

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from agents.makers.memes.typesetting import Color
from agents.makers.painters.motifs import outlines

SIDE = 1080
BLUR = 11  # of shadows, in pixels
SCALE = 2  # shapes are drawn twice as large, for smooth edges

Points = Sequence[tuple[float, float]]
Stroke = Callable[[ImageDraw.ImageDraw, Points], None]  # draws a shape of such points on a mask
Box = tuple[int, int, int, int]  # left, top, right, bottom


@dataclass(frozen=True, slots=True)
class Colors:
    """Colours that go together: ground, a second ground, ink, and two that stand out."""

    ground: Color
    second: Color
    ink: Color
    bright: Color
    cool: Color


SCHEMES = (
    Colors((250, 240, 215), (244, 211, 148), (38, 34, 46), (226, 88, 62), (52, 134, 116)),
    Colors((222, 238, 240), (164, 208, 214), (24, 40, 66), (240, 120, 70), (32, 110, 150)),
    Colors((246, 226, 226), (236, 176, 178), (52, 24, 50), (206, 58, 92), (84, 92, 160)),
    Colors((232, 240, 218), (186, 210, 150), (30, 48, 38), (232, 142, 40), (60, 120, 76)),
    Colors((236, 230, 246), (196, 180, 226), (40, 28, 70), (236, 92, 120), (92, 80, 180)),
)


@dataclass(slots=True)
class Sheet:
    """A picture that shapes are laid on; `draw` is for its text."""

    width: int
    height: int
    color: Color
    image: Image.Image = field(init=False)

    def __post_init__(self) -> None:
        self.image = Image.new("RGB", (self.width, self.height), self.color)

    @property
    def draw(self) -> ImageDraw.ImageDraw:
        """A pen on the sheet."""
        return ImageDraw.Draw(self.image)

    def polygon(self, points: Points, color: Color) -> None:
        """Fill a polygon."""
        self._shape(points, lambda pen, doubled: pen.polygon(doubled, fill=255), color)

    def ellipse(self, x: float, y: float, rx: float, ry: float, color: Color) -> None:
        """Fill an ellipse round a point."""
        box = [(x - rx, y - ry), (x + rx, y + ry)]
        self._shape(box, lambda pen, doubled: pen.ellipse(doubled, fill=255), color)

    def panel(
        self, box: tuple[float, float, float, float], color: Color, *, radius: float = 0
    ) -> None:
        """Fill a rectangle, perhaps with round corners."""

        def stroke(pen: ImageDraw.ImageDraw, doubled: Points) -> None:
            pen.rounded_rectangle(doubled, radius * SCALE, fill=255)

        self._shape([box[:2], box[2:]], stroke, color)

    def line(self, points: Points, width: float, color: Color) -> None:
        """Draw a line with round ends."""

        def stroke(pen: ImageDraw.ImageDraw, doubled: Points) -> None:
            pen.line(doubled, 255, round(width * SCALE), joint="curve")
            half = width * SCALE / 2
            for x, y in (doubled[0], doubled[-1]):
                pen.ellipse((x - half, y - half, x + half, y + half), fill=255)

        self._shape(points, stroke, color, wide=width)

    def creature(
        self,
        name: str,
        box: tuple[float, float, float],
        color: Color,
        *,
        flip: bool = False,
        holes: Color | None = None,
    ) -> None:
        """Draw a silhouette in a square (x, y, side), what is cut out of it in another colour."""
        x, y, side = box
        placed = [
            (
                [
                    (x + (100 - px if flip else px) * side / 100, y + py * side / 100)
                    for px, py in points
                ],
                is_hole,
            )
            for points, is_hole in outlines(name)
        ]
        used = self._used([it for points, _ in placed for it in points])
        ground, cut = _mask(used), _mask(used)
        pens = (ImageDraw.Draw(ground), ImageDraw.Draw(cut))
        for points, is_hole in placed:
            doubled = _doubled(points, used)
            if is_hole:
                pens[0].polygon(doubled, fill=0)
                pens[1].polygon(doubled, fill=255)
            else:
                pens[0].polygon(doubled, fill=255)
                pens[1].polygon(doubled, fill=0)
        if holes is not None:
            self.image.paste(holes, used[:2], cut.reduce(SCALE))
        self.image.paste(color, used[:2], ground.reduce(SCALE))

    def rays(
        self, x: float, y: float, reach: float, count: int, color: Color, share: float
    ) -> None:
        """Rays of light from a point, over everything, as strong as the share says."""
        mask = Image.new("L", (self.width, self.height))
        pen = ImageDraw.Draw(mask)
        for number in range(count):
            a = 2 * np.pi * number / count
            b = a + np.pi / count
            pen.polygon(
                [
                    (x, y),
                    (x + reach * np.cos(a), y + reach * np.sin(a)),
                    (x + reach * np.cos(b), y + reach * np.sin(b)),
                ],
                fill=round(255 * share),
            )
        self.image.paste(color, (0, 0), mask.filter(ImageFilter.GaussianBlur(1)))

    def shade(self, box: tuple[float, float, float, float], radius: float) -> None:
        """A soft shadow below a panel."""
        left, top, right, bottom = box
        cast = (left, top + 9), (right, bottom + 12)
        used = self._used(cast, wide=BLUR * 4)
        mask = Image.new("L", (used[2] - used[0], used[3] - used[1]))
        corners = [(x - used[0], y - used[1]) for x, y in cast]
        ImageDraw.Draw(mask).rounded_rectangle(corners, radius, fill=70)
        self.image.paste((20, 16, 24), used[:2], mask.filter(ImageFilter.GaussianBlur(BLUR)))

    def _shape(self, points: Points, stroke: Stroke, color: Color, *, wide: float = 0) -> None:
        used = self._used(points, wide=wide)
        mask = _mask(used)
        stroke(ImageDraw.Draw(mask), _doubled(points, used))
        self.image.paste(color, used[:2], mask.reduce(SCALE))

    def _used(self, points: Points, *, wide: float = 0) -> Box:
        """The part of the sheet that a shape so much wider than its points can be seen on."""
        xs, ys = zip(*points, strict=True)
        left, top = (max(0, floor(min(it) - wide) - 1) for it in (xs, ys))
        right, bottom = ceil(max(xs) + wide) + 2, ceil(max(ys) + wide) + 2
        return left, top, max(left, min(self.width, right)), max(top, min(self.height, bottom))


def _mask(used: Box) -> Image.Image:
    return Image.new("L", ((used[2] - used[0]) * SCALE, (used[3] - used[1]) * SCALE))


def _doubled(points: Points, used: Box) -> list[tuple[float, float]]:
    return [((x - used[0]) * SCALE, (y - used[1]) * SCALE) for x, y in points]


def blended(a: Color, b: Color, share: float) -> Color:
    """A colour so far on the way from one to another."""
    share = min(1.0, share)
    red, green, blue = (round(x + (y - x) * share) for x, y in zip(a, b, strict=True))
    return red, green, blue


def covering(picture: Image.Image, width: int, height: int) -> Image.Image:
    """A picture scaled and cut so that it fills a box."""
    scale = max(width / picture.width, height / picture.height)
    wide, high = width / scale, height / scale
    left, top = (picture.width - wide) / 2, (picture.height - high) / 2
    right, bottom = min(picture.width, left + wide), min(picture.height, top + high)
    box = (max(0.0, left), max(0.0, top), right, bottom)
    return picture.resize((width, height), Image.Resampling.LANCZOS, box)


def widened(picture: Image.Image) -> Image.Image:
    """A picture as wide as a meme is, in its own proportions up to three to four."""
    high = round(SIDE * picture.height / picture.width)
    return covering(picture, SIDE, min(max(high, SIDE * 9 // 16), SIDE * 4 // 3))
