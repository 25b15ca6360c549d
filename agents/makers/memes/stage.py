"""What the templates of memes are drawn with: a sheet, colours, shapes and creatures."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from agents.makers.memes.typesetting import Color
from agents.makers.painters.motifs import outlines

SIDE = 1080
SCALE = 2  # shapes are drawn twice as large, for smooth edges

Points = Sequence[tuple[float, float]]
Stroke = Callable[[ImageDraw.ImageDraw], None]  # what draws a shape on a mask


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
        self._shape(lambda pen: pen.polygon(_doubled(points), fill=255), color)

    def ellipse(self, x: float, y: float, rx: float, ry: float, color: Color) -> None:
        """Fill an ellipse round a point."""
        box = _doubled([(x - rx, y - ry), (x + rx, y + ry)])
        self._shape(lambda pen: pen.ellipse(box, fill=255), color)

    def panel(
        self, box: tuple[float, float, float, float], color: Color, *, radius: float = 0
    ) -> None:
        """Fill a rectangle, perhaps with round corners."""
        corners = _doubled([box[:2], box[2:]])
        self._shape(lambda pen: pen.rounded_rectangle(corners, radius * SCALE, fill=255), color)

    def line(self, points: Points, width: float, color: Color) -> None:
        """Draw a line with round ends."""

        def stroke(pen: ImageDraw.ImageDraw) -> None:
            doubled = _doubled(points)
            pen.line(doubled, 255, round(width * SCALE), joint="curve")
            half = width * SCALE / 2
            for x, y in (doubled[0], doubled[-1]):
                pen.ellipse((x - half, y - half, x + half, y + half), fill=255)

        self._shape(stroke, color)

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
        ground = Image.new("L", (self.width * SCALE, self.height * SCALE))
        cut = Image.new("L", ground.size)
        pens = (ImageDraw.Draw(ground), ImageDraw.Draw(cut))
        for points, is_hole in outlines(name):
            placed = [
                (x + (100 - px if flip else px) * side / 100, y + py * side / 100)
                for px, py in points
            ]
            doubled = _doubled(placed)
            if is_hole:
                pens[0].polygon(doubled, fill=0)
                pens[1].polygon(doubled, fill=255)
            else:
                pens[0].polygon(doubled, fill=255)
                pens[1].polygon(doubled, fill=0)
        if holes is not None:
            self.image.paste(holes, (0, 0), cut.reduce(SCALE))
        self.image.paste(color, (0, 0), ground.reduce(SCALE))

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
        mask = Image.new("L", (self.width, self.height))
        left, top, right, bottom = box
        ImageDraw.Draw(mask).rounded_rectangle((left, top + 9, right, bottom + 12), radius, fill=70)
        self.image.paste((20, 16, 24), (0, 0), mask.filter(ImageFilter.GaussianBlur(11)))

    def _shape(self, stroke: Stroke, color: Color) -> None:
        mask = Image.new("L", (self.width * SCALE, self.height * SCALE))
        stroke(ImageDraw.Draw(mask))
        self.image.paste(color, (0, 0), mask.reduce(SCALE))


def _doubled(points: Points) -> list[tuple[float, float]]:
    return [(x * SCALE, y * SCALE) for x, y in points]


def blended(a: Color, b: Color, share: float) -> Color:
    """A colour so far on the way from one to another."""
    share = min(1.0, share)
    red, green, blue = (round(x + (y - x) * share) for x, y in zip(a, b, strict=True))
    return red, green, blue


def covering(picture: Image.Image, width: int, height: int) -> Image.Image:
    """A picture scaled and cut so that it fills a box."""
    scale = max(width / picture.width, height / picture.height)
    wide, high = (
        max(width, round(picture.width * scale)),
        max(height, round(picture.height * scale)),
    )
    scaled = picture.resize((wide, high), Image.Resampling.LANCZOS)
    left, top = (wide - width) // 2, (high - height) // 2
    return scaled.crop((left, top, left + width, top + height))


def widened(picture: Image.Image) -> Image.Image:
    """A picture as wide as a meme is, in its own proportions up to three to four."""
    high = round(SIDE * picture.height / picture.width)
    return covering(picture, SIDE, min(max(high, SIDE * 9 // 16), SIDE * 4 // 3))
