"""What hangs in the sky or falls from it: sun, moon, stars, rain, snow, fog, birds."""

import math

import numpy as np

from agents.makers.painters.canvas import (
    SIZE,
    Pixels,
    Stroke,
    cloudiness,
    disc,
    dots,
    glow,
    gradient,
    laid,
    lit,
    mixed,
    rows,
    smooth,
    spread,
    strokes,
)
from agents.makers.painters.palettes import Palette

Random = np.random.Generator


def sky(canvas: Pixels, palette: Palette, random: Random, *, horizon: float = 0.62) -> None:
    """The sky from its top to the horizon, with long soft clouds."""
    clouds = cloudiness(random, across=2, down=5, octaves=5, full=False)
    height = np.linspace(0.0, 1.0 / horizon, len(clouds), dtype=np.float32)[:, None]
    air = gradient(palette.sky, height + (clouds - 0.5) * 0.16)
    bank = smooth(0.52, 0.92, clouds) * (0.16 if palette.dark else 0.34)
    laid(air, bank, palette.light if not palette.dark else palette.sky[2])
    laid(air, smooth(0.5, 0.1, clouds) * 0.18, palette.sky[0])
    spread(canvas, air)


def stars(canvas: Pixels, palette: Palette, random: Random, *, many: int = 420) -> None:
    """Stars thinning out towards the horizon, a few of them large."""
    spots = []
    for _ in range(many):
        x, y = random.random() * SIZE, random.random() ** 1.6 * SIZE * 0.72
        size = 0.55 + random.random() ** 6 * 1.9
        spots.append((x, y, size, 0.35 + 0.65 * random.random() * (1 - y / SIZE)))
    light = dots(spots)
    lit(canvas, light, palette.light)
    halos = [(x, y, 4 * size, 0.4) for x, y, size, _ in spots if size > 1.9]
    lit(canvas, dots(halos, blur=4) * 0.6, palette.light)


def moon(canvas: Pixels, palette: Palette, random: Random) -> None:
    """A moon with a halo; sometimes full, sometimes a crescent."""
    x, y = SIZE * random.uniform(0.2, 0.8), SIZE * random.uniform(0.14, 0.28)
    radius = random.uniform(46, 74)
    lit(canvas, glow(x, y, radius * 2.6) * 0.5, palette.light)
    face = disc(x, y, radius)
    # No star shines through its dark side.
    laid(canvas, face * 0.6, mixed(palette.sky[1], palette.sky[2], 0.35))
    if random.random() < 0.55:
        face = face * (1 - disc(x + radius * 0.5, y - radius * 0.22, radius * 0.94))
    seas = cloudiness(random, across=16, down=16, octaves=3, size=256)
    laid(canvas, face * (0.98 - 0.22 * smooth(0.45, 0.7, seas)), palette.light)


def sun(canvas: Pixels, palette: Palette, random: Random, *, low: bool) -> None:
    """A sun in its haze, near the horizon or high."""
    x = SIZE * random.uniform(0.25, 0.75)
    y = SIZE * (random.uniform(0.30, 0.41) if low else random.uniform(0.16, 0.26))
    radius = random.uniform(70, 100) if low else random.uniform(48, 66)
    lit(canvas, glow(x, y, radius * 4.2, 1.6) * 0.55, palette.light)
    laid(canvas, disc(x, y, radius) * 0.96, palette.light)


def rain(canvas: Pixels, palette: Palette, random: Random) -> None:
    """Rain in three depths, driven a little by the wind."""
    slant = random.uniform(0.08, 0.2) * (1 if random.random() < 0.5 else -1)
    for depth, (many, length, width, strength, blur) in enumerate(
        ((420, 46, 1, 0.22, 0), (190, 96, 2, 0.30, 0), (46, 210, 4, 0.24, 2))
    ):
        lines: list[Stroke] = []
        for _ in range(many):
            x, y = random.uniform(-0.1, 1.1) * SIZE, random.uniform(-0.15, 1.0) * SIZE
            reach = length * random.uniform(0.6, 1.3)
            end = (x - slant * reach, y + reach)
            lines.append((((x, y), end), width, random.uniform(0.35, 1.0)))
        mask = strokes(lines, blur=blur) * strength * (1.0 + 0.25 * depth)
        lit(canvas, mask, (0.86, 0.92, 1.0))
    veil = cloudiness(random, across=3, down=2, octaves=3, size=256)
    laid(canvas, veil * 0.10, palette.sky[2])


def snow(canvas: Pixels, palette: Palette, random: Random) -> None:
    """Snowflakes in three depths, the nearest out of focus."""
    for many, size, strength, blur in (
        (620, 1.3, 0.75, 0.0),
        (150, 3.0, 0.85, 1.0),
        (26, 11, 0.5, 5),
    ):
        spots = [
            (
                random.random() * SIZE,
                random.random() * SIZE,
                size * random.uniform(0.6, 1.4),
                random.uniform(0.5, 1.0),
            )
            for _ in range(many)
        ]
        lit(canvas, dots(spots, blur=blur) * strength, (1.0, 1.0, 1.0))


def fog(canvas: Pixels, palette: Palette, random: Random) -> None:
    """Banks of fog that lie lower in the picture."""
    banks = cloudiness(random, across=2, down=7, octaves=4)
    laid(canvas, smooth(0.4, 0.9, banks) * smooth(0.25, 0.8, rows() / SIZE) * 0.7, palette.sky[2])


def birds(canvas: Pixels, palette: Palette, random: Random) -> None:
    """A loose flock, far away."""
    x, y = SIZE * random.uniform(0.3, 0.7), SIZE * random.uniform(0.2, 0.36)
    lines: list[Stroke] = []
    for _ in range(int(random.integers(7, 15))):
        at_x, at_y = x + random.normal(0, 120), y + random.normal(0, 46)
        span, lift = random.uniform(9, 20), random.uniform(0.25, 0.6)
        left = [
            (at_x - span * t, at_y - span * lift * math.sin(t * math.pi * 0.8))
            for t in np.linspace(1, 0, 7)
        ]
        right = [
            (at_x + span * t, at_y - span * lift * math.sin(t * math.pi * 0.8))
            for t in np.linspace(0, 1, 7)
        ]
        lines.append(([*left, *right], 2.2, 0.9))
    laid(canvas, strokes(lines, scale=2), palette.near)
