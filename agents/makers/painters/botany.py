"""Botanical plates: a plant that grows by rule, inked and coloured on old paper.

The rules are those of Przemysław Prusinkiewicz and Aristid Lindenmayer, The Algorithmic Beauty of
Plants (1990): a stem bends, branches and bears at its tips.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from agents.makers.lettering import Lettering
from agents.makers.painters.canvas import (
    SIZE,
    Color,
    Pixels,
    Plane,
    cloudiness,
    laid,
    mixed,
    smooth,
)
from agents.makers.painters.palettes import Palette

PAPER: Color = (0.955, 0.925, 0.845)
INK: Color = (0.16, 0.15, 0.13)
BOX = (690.0, 730.0)  # pixels that a plant may take
Random = np.random.Generator
Points = Sequence[tuple[float, float]]


@dataclass(slots=True)
class _Plant:
    """What has grown: stems with their width, leaves, and blossoms at the tips."""

    stems: list[tuple[Points, float]] = field(default_factory=list)
    leaves: list[tuple[Points, Points, float]] = field(default_factory=list)
    tips: list[tuple[float, float, float]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Habit:
    """How a plant grows."""

    name: str
    branching: float  # of a turn
    leaf: tuple[float, float]  # length and width, of the stem it stands on
    bloom: str
    depth: int
    opposite: bool


HABITS = (
    _Habit("a flowering branch", 0.09, (0.5, 0.34), "petals", 3, opposite=False),
    _Habit("a fern", 0.16, (0.34, 0.2), "none", 2, opposite=True),
    _Habit("an umbel", 0.07, (0.55, 0.16), "umbel", 2, opposite=False),
    _Habit("a branch with berries", 0.12, (0.46, 0.42), "berries", 3, opposite=True),
)


def pressed(canvas: Pixels, palette: Palette, random: Random, *, title: str) -> str:
    """Grow one plant and draw it; says which."""
    habit = HABITS[int(random.integers(len(HABITS)))]
    stain = cloudiness(random, across=3, down=3, octaves=5)
    for plane, color in zip(canvas, PAPER, strict=True):
        plane[:] = color - 0.09 * smooth(0.55, 0.95, stain) * (1.2 - color)
    plant = _Plant()
    lean = float(random.uniform(-0.1, 0.1))
    _grow(plant, habit, random, (0.0, 0.0), -math.pi / 2 + lean, 600.0, 0)
    _fit(plant)
    green = mixed((0.33, 0.45, 0.25), palette.far, 0.35)
    leaf_mask, veins = _leaves(plant)
    wash = cloudiness(random, across=9, down=9, octaves=3)
    _shadow(canvas, np.maximum(leaf_mask, _stems(plant)))
    laid(canvas, leaf_mask * (0.72 + 0.25 * wash), green)
    laid(canvas, leaf_mask * smooth(0.5, 0.8, wash) * 0.4, mixed(green, palette.light, 0.5))
    laid(canvas, _stems(plant) * 0.95, mixed(green, INK, 0.4))
    laid(canvas, veins * 0.75, INK)
    _bloom(canvas, plant, habit, palette, random)
    _caption(canvas, title)
    return f"a botanical plate with {habit.name}"


def _grow(
    plant: _Plant,
    habit: _Habit,
    random: Random,
    start: tuple[float, float],
    heading: float,
    length: float,
    depth: int,
) -> None:
    """One stem with its leaves, and the branches that leave it."""
    pieces = 12
    x, y = start
    bend = float(random.normal(0, 0.35))
    points = [(x, y)]
    headings = [heading]
    for _ in range(pieces):
        heading += bend / pieces + float(random.normal(0, 0.02))
        heading += (-math.pi / 2 - heading) * 0.02  # towards the light
        x, y = x + math.cos(heading) * length / pieces, y + math.sin(heading) * length / pieces
        points.append((x, y))
        headings.append(heading)
    plant.stems.append((points, 7.0 / (1 + depth * 0.9)))
    last = depth == habit.depth - 1
    side = 1 if random.random() < 0.5 else -1
    first = 2 if last else 3
    for at in range(first, pieces + 1):
        share = at / pieces
        sides = (1, -1) if habit.opposite else (side,)
        for turn in sides:
            out = headings[at] + turn * 2 * math.pi * (habit.branching + 0.02 * random.random())
            if not last and at % 3 == 1 + depth % 2:
                _grow(
                    plant, habit, random, points[at], out, length * 0.5 * (1.16 - share), depth + 1
                )
            elif last or at % 2 == 1:
                size = (length if last else length * 0.36) * habit.leaf[0] * (1.1 - 0.72 * share)
                _leaf(plant, points[at], out, max(16.0, size), habit.leaf[1])
        side = -side
    plant.tips.append((x, y, heading))


def _fit(plant: _Plant) -> None:
    """Scale and move the plant so that it fills its plate."""
    points = [it for outline, _, _ in plant.leaves for it in outline]
    points += [it for stem, _ in plant.stems for it in stem]
    left, right = min(x for x, _ in points), max(x for x, _ in points)
    top, foot = min(y for _, y in points), max(y for _, y in points)
    scale = min(BOX[0] / (right - left), BOX[1] / (foot - top))
    move_x = SIZE / 2 - scale * (left + right) / 2
    move_y = SIZE * 0.865 - scale * foot

    def moved(line: Points) -> Points:
        return [(move_x + scale * x, move_y + scale * y) for x, y in line]

    plant.stems = [(moved(line), width) for line, width in plant.stems]
    plant.leaves = [(moved(a), moved(b), scale * size) for a, b, size in plant.leaves]
    plant.tips = [(*moved([(x, y)])[0], heading) for x, y, heading in plant.tips]


def _leaf(
    plant: _Plant, at: tuple[float, float], heading: float, length: float, wide: float
) -> None:
    """A pointed leaf and its midrib."""
    c, s = math.cos(heading), math.sin(heading)
    shape = [(t, math.sin(math.pi * t**0.8) * wide) for t in np.linspace(0, 1, 12)]
    outline = [*shape, *((t, -w) for t, w in reversed(shape))]
    placed = [
        (at[0] + length * (t * c - w * s * 0.8), at[1] + length * (t * s + w * c * 0.8))
        for t, w in outline
    ]
    rib = [at, (at[0] + length * 0.86 * c, at[1] + length * 0.86 * s)]
    plant.leaves.append((placed, rib, length))


def _leaves(plant: _Plant) -> tuple[Plane, Plane]:
    """The leaves as a mask, and their outlines and veins as another."""
    fill = Image.new("L", (SIZE * 2, SIZE * 2))
    ink = Image.new("L", (SIZE * 2, SIZE * 2))
    paint, pen = ImageDraw.Draw(fill), ImageDraw.Draw(ink)
    for outline, rib, length in plant.leaves:
        doubled = [(2 * x, 2 * y) for x, y in outline]
        paint.polygon(doubled, fill=255)
        pen.line([*doubled, doubled[0]], 255, 2 if length < 60 else 3)
        pen.line([(2 * x, 2 * y) for x, y in rib], 190, 2)
    return _plane(fill), _plane(ink)


def _stems(plant: _Plant) -> Plane:
    image = Image.new("L", (SIZE * 2, SIZE * 2))
    draw = ImageDraw.Draw(image)
    for points, width in plant.stems:
        for number, (a, b) in enumerate(pairwise(points)):
            thin = width * (1 - 0.6 * number / len(points))
            draw.line([(2 * a[0], 2 * a[1]), (2 * b[0], 2 * b[1])], 255, max(2, round(2 * thin)))
    return _plane(image)


def _bloom(canvas: Pixels, plant: _Plant, habit: _Habit, palette: Palette, random: Random) -> None:
    if habit.bloom == "none":
        return
    fill = Image.new("L", (SIZE * 2, SIZE * 2))
    heart = Image.new("L", (SIZE * 2, SIZE * 2))
    ink = Image.new("L", (SIZE * 2, SIZE * 2))
    paint, middle, pen = ImageDraw.Draw(fill), ImageDraw.Draw(heart), ImageDraw.Draw(ink)
    for x, y, heading in plant.tips:
        size = float(random.uniform(26, 40))
        if habit.bloom == "berries":
            _dot(paint, pen, x, y, size * 0.46)
            _dot(middle, None, x - size * 0.14, y - size * 0.16, size * 0.09)
        elif habit.bloom == "umbel":
            for ray in np.linspace(-1.15, 1.15, 11):
                tip_x = x + 84 * math.cos(heading + ray)
                tip_y = y + 84 * math.sin(heading + ray) * 0.85
                pen.line([(2 * x, 2 * y), (2 * tip_x, 2 * tip_y)], 150, 2)
                for spot in range(6):
                    angle = spot * math.pi / 3
                    _dot(paint, pen, tip_x + 9 * math.cos(angle), tip_y + 9 * math.sin(angle), 5.4)
                _dot(middle, None, tip_x, tip_y, 3.4)
        else:
            for petal in range(5):
                angle = heading + petal * 2 * math.pi / 5
                _dot(
                    paint,
                    pen,
                    x + size * 0.72 * math.cos(angle),
                    y + size * 0.72 * math.sin(angle),
                    size * 0.56,
                )
            _dot(middle, pen, x, y, size * 0.34)
    wash = cloudiness(random, across=20, down=20, octaves=2)
    tone = mixed(palette.accent, (0.86, 0.35, 0.38), 0.25)
    laid(canvas, _plane(fill) * (0.78 + 0.2 * wash), tone)
    laid(canvas, _plane(ink) * 0.6, INK)
    light = (1.0, 0.96, 0.9) if habit.bloom == "berries" else (0.93, 0.76, 0.3)
    laid(canvas, _plane(heart) * 0.95, light)


def _dot(
    draw: ImageDraw.ImageDraw, pen: ImageDraw.ImageDraw | None, x: float, y: float, r: float
) -> None:
    box = [2 * (x - r), 2 * (y - r), 2 * (x + r), 2 * (y + r)]
    draw.ellipse(box, fill=255)
    if pen is not None:
        pen.ellipse(box, outline=255, width=2)


def _shadow(canvas: Pixels, mask: Plane) -> None:
    small = Image.fromarray((mask[::2, ::2] * 255).astype(np.uint8)).filter(ImageFilter.BoxBlur(3))
    soft = np.asarray(small.resize((SIZE, SIZE)), dtype=np.float32) / 255.0
    laid(canvas, np.roll(soft, (6, 5), (0, 1)) * 0.2, (0.35, 0.28, 0.18))


def _caption(canvas: Pixels, title: str) -> None:
    image = Image.new("L", (SIZE, SIZE))
    draw = ImageDraw.Draw(image)
    draw.rectangle((34, 34, SIZE - 35, SIZE - 35), outline=150, width=2)
    draw.rectangle((42, 42, SIZE - 43, SIZE - 43), outline=110, width=1)
    font, lines = Lettering().fit(title, size=30, width=SIZE - 260, lines=1)
    if lines:
        draw.text((SIZE / 2, SIZE - 92), lines[0], 255, font, anchor="mm")
    laid(canvas, np.asarray(image, dtype=np.float32) / 255.0 * 0.85, INK)


def _plane(image: Image.Image) -> Plane:
    return np.asarray(image.reduce(2), dtype=np.float32) / 255.0
