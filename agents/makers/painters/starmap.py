"""Star charts: every word of the prompt is a constellation, with a star for each letter.

The letter says where the next star stands, so the same word always has the same figure.
"""

import math
from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw

from agents.makers import lexicon
from agents.makers.languages import GERMAN, SPANISH
from agents.makers.lettering import Lettering
from agents.makers.painters.canvas import SIZE, Pixels, Plane, cloudiness, dots, laid, lit, smooth
from agents.makers.painters.motifs import outlines
from agents.makers.painters.palettes import Palette

MOST_WORDS = 6
LONGEST_NAME = 24  # letters of a constellation
MOST_STARS = 11  # in one figure
MIDDLE = SIZE / 2
RADIUS = 452.0
INK = (0.93, 0.90, 0.80)
Random = np.random.Generator
Points = Sequence[tuple[float, float]]


def charted(
    canvas: Pixels, palette: Palette, random: Random, *, words: Sequence[str], motif: str | None
) -> str:
    """Draw the chart of these words; says what it shows."""
    deep, high = (0.035, 0.055, 0.13), (0.10, 0.15, 0.30)
    mist = cloudiness(random, across=3, down=3, octaves=5)
    for plane, low, top in zip(canvas, deep, high, strict=True):
        plane[:] = low + (top - low) * smooth(0.2, 0.9, mist)
    _milky_way(canvas, mist, random)
    lines, figures, labels = _grid(), [], []
    small = lexicon.DETERMINERS | lexicon.PREPOSITIONS | GERMAN.all | SPANISH.all
    telling = [it for it in words if it.isalpha() and it != motif and it not in small]
    named = list(dict.fromkeys(telling or words))[:MOST_WORDS]
    shown = named[: MOST_WORDS - 1] if motif else named
    places = _places(len(shown) + bool(motif), random)
    if motif is not None:
        x, y = places.pop(0)
        figures.append(_outline(motif, x, y, 150.0))
        labels.append((motif, x, y + 168))
    for word, (x, y) in zip(shown, places, strict=False):
        points = _figure(word, x, y, 105.0 if len(shown) > 3 else 135.0)
        figures.append(points)
        name = word if len(word) <= LONGEST_NAME else f"{word[: LONGEST_NAME - 1]}…"
        labels.append((name, x, max(py for _, py in points) + 30))
    inside = _inside()
    lit(canvas, _field(random) * inside, (0.96, 0.96, 1.0))
    laid(canvas, _drawn(lines, 1.3) * inside * 0.28, palette.accent)
    laid(canvas, _drawn(figures, 2.2) * 0.72, palette.light)
    stars = [
        (px, py, 3.2 + 3.6 * random.random() ** 2, 1.0) for figure in figures for px, py in figure
    ]
    lit(canvas, dots([(x, y, 4.2 * r, 0.5) for x, y, r, _ in stars], blur=7), palette.accent)
    laid(canvas, dots(stars), (1.0, 0.98, 0.92))
    _rim(canvas, palette)
    laid(canvas, _written(labels), INK)
    count = len(figures)
    told = "constellation" if count == 1 else "constellations"
    shown_words = f" called {', '.join(f'“{it}”' for it, _, _ in labels)}" if labels else ""
    return f"a star chart with {count} {told}{shown_words}"


def _figure(word: str, x: float, y: float, reach: float) -> Points:
    """Stars in a walk whose turns are the letters', centred and scaled into a circle."""
    angle, at = 0.0, np.zeros(2)
    points = [at.copy()]
    for letter in word[: MOST_STARS - 1]:
        code = ord(letter.casefold())
        angle += math.radians((code * 47) % 150 - 75)
        step = 1.0 + 0.5 * ((code * 7) % 5) / 4
        at = at + step * np.array([math.cos(angle), math.sin(angle)])
        points.append(at.copy())
    cloud = np.array(points)
    cloud -= (cloud.max(axis=0) + cloud.min(axis=0)) / 2
    cloud *= reach / max(0.6, float(np.abs(cloud).max()))
    return [(x + float(px), y + float(py)) for px, py in cloud]


def _outline(motif: str, x: float, y: float, reach: float) -> Points:
    """The outline of a thing in a few stars, closed."""
    points = outlines(motif)[0][0]
    kept = points[:: max(1, len(points) // 15)]
    return [
        (x + (px - 50) / 50 * reach, y + (py - 50) / 50 * reach * 0.9)
        for px, py in [*kept, kept[0]]
    ]


def _places(count: int, random: Random) -> list[tuple[float, float]]:
    """Middles for so many figures inside the circle, apart from each other."""
    if count <= 1:
        return [(MIDDLE, MIDDLE - 10)] * count
    turn = float(random.uniform(0, 2 * math.pi))
    ring = count if count < 5 else count - 1
    reach = RADIUS * (0.46 if count < 4 else 0.57)
    places = [
        (
            MIDDLE + reach * math.cos(turn + 2 * math.pi * n / ring),
            MIDDLE - 14 + reach * math.sin(turn + 2 * math.pi * n / ring),
        )
        for n in range(ring)
    ]
    return [*places, (MIDDLE, MIDDLE - 14)][:count]


def _grid() -> list[Points]:
    rings = [
        [
            (MIDDLE + r * math.cos(a), MIDDLE + r * math.sin(a))
            for a in np.linspace(0, 2 * math.pi, 160)
        ]
        for r in (RADIUS * 0.25, RADIUS * 0.5, RADIUS * 0.75)
    ]
    rays = [
        [(MIDDLE + r * math.cos(a), MIDDLE + r * math.sin(a)) for r in (RADIUS * 0.08, RADIUS)]
        for a in np.arange(12) * math.pi / 6
    ]
    off = 0.2 * RADIUS
    ecliptic = [
        (MIDDLE + off + 0.72 * RADIUS * math.cos(a), MIDDLE + 0.72 * RADIUS * math.sin(a))
        for a in np.linspace(0, 2 * math.pi, 160)
    ]
    return [*rings, *rays, ecliptic]


def _drawn(lines: Sequence[Points], width: float) -> Plane:
    image = Image.new("L", (SIZE * 2, SIZE * 2))
    draw = ImageDraw.Draw(image)
    for points in lines:
        draw.line([(2 * x, 2 * y) for x, y in points], 255, round(2 * width), joint="curve")
    return np.asarray(image.reduce(2), dtype=np.float32) / 255.0


def _field(random: Random) -> Plane:
    spots = [
        (
            random.random() * SIZE,
            random.random() * SIZE,
            0.5 + 1.7 * random.random() ** 7,
            random.uniform(0.25, 0.95),
        )
        for _ in range(1500)
    ]
    return dots(spots)


def _milky_way(canvas: Pixels, mist: Plane, random: Random) -> None:
    turn = float(random.uniform(-1.0, 1.0))
    line = np.linspace(-1, 1, SIZE, dtype=np.float32)
    band = np.exp(-(((line[:, None] - line[None, :] * turn) * 2.4 + (mist - 0.5)) ** 2) * 3.0)
    dust = cloudiness(random, across=9, down=9, octaves=5)
    lit(canvas, band * smooth(0.3, 0.8, dust) * 0.34, (0.66, 0.72, 0.95))


def _inside() -> Plane:
    line = np.arange(SIZE, dtype=np.float32) - MIDDLE
    return np.clip(RADIUS - np.sqrt(line[None, :] ** 2 + line[:, None] ** 2) + 0.5, 0, 1)


def _rim(canvas: Pixels, palette: Palette) -> None:
    """The paper round the chart, a double line and a scale of degrees."""
    outside = 1 - _inside()
    laid(canvas, outside, (0.05, 0.07, 0.14))
    circles = [
        [
            (MIDDLE + r * math.cos(a), MIDDLE + r * math.sin(a))
            for a in np.linspace(0, 2 * math.pi, 240)
        ]
        for r in (RADIUS + 1, RADIUS + 24)
    ]
    ticks = [
        [
            (MIDDLE + r * math.cos(a), MIDDLE + r * math.sin(a))
            for r in (RADIUS + 1, RADIUS + (24 if n % 6 == 0 else 9))
        ]
        for n, a in enumerate(np.arange(144) * 2 * math.pi / 144)
    ]
    laid(canvas, _drawn([*circles, *ticks], 1.5) * 0.85, palette.light)


def _written(labels: Sequence[tuple[str, float, float]]) -> Plane:
    image = Image.new("L", (SIZE, SIZE))
    draw = ImageDraw.Draw(image)
    lettering = Lettering()
    for text, x, y in labels:
        spaced = "\u2009".join(text.upper()) if text.isascii() else text
        font, lines = lettering.fit(spaced, size=23, width=300, lines=1)
        if lines:
            at = (min(max(x, 150), SIZE - 150), min(y, SIZE - 74))
            draw.text(at, lines[0], 255, font, anchor="mm")
    return np.asarray(image, dtype=np.float32) / 255.0
