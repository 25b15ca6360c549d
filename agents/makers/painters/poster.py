"""Posters in the manner of risographs: three inks in dots, each a hair out of place."""

import numpy as np

from agents.makers.painters.canvas import (
    SIZE,
    Color,
    Pixels,
    Plane,
    brightness,
    cloudiness,
    columns,
    evened,
    rows,
    smooth,
)

PAPER: Color = (0.965, 0.945, 0.9)
DOT = 8.0  # pixels from dot to dot
INKS: tuple[tuple[Color, Color, Color], ...] = (
    ((0.02, 0.36, 0.62), (1.0, 0.28, 0.41), (1.0, 0.82, 0.2)),  # blue, coral, yellow
    ((0.10, 0.23, 0.36), (0.95, 0.4, 0.13), (0.55, 0.8, 0.72)),  # navy, orange, mint
    ((0.23, 0.16, 0.42), (1.0, 0.36, 0.6), (0.35, 0.77, 0.86)),  # violet, pink, aqua
    ((0.06, 0.3, 0.27), (0.91, 0.3, 0.24), (0.96, 0.74, 0.35)),  # pine, brick, straw
)
NAMES = (
    "blue, coral and yellow",
    "navy, orange and mint",
    "violet, pink and aqua",
    "pine, brick and straw",
)


def printed(canvas: Pixels, random: np.random.Generator) -> str:
    """Turn what is on the canvas into a print in three inks; says which."""
    choice = int(random.integers(len(INKS)))
    light = evened(brightness(canvas))
    grain = cloudiness(random, across=220, down=220, octaves=1)
    plates = (
        smooth(0.46, 0.08, light),  # the key: what is dark
        np.clip(1.05 - np.abs(light - 0.4) * 2.1, 0, 1),
        np.clip(1.1 - np.abs(light - 0.66) * 2.0, 0, 1),
    )
    for plane, paper in zip(canvas, PAPER, strict=True):
        plane[:] = paper
    order = ((2, 0.05), (1, 1.3), (0, 0.78))  # the lightest first; each screen at its own angle
    for plate, angle in order:
        dots = _screened(plates[plate], angle, solid=plate == 2)
        dots *= 1 - 0.3 * smooth(0.7, 0.95, grain)
        dx, dy = random.integers(-3, 4, 2)
        dots = np.roll(dots, (int(dy), int(dx)), (0, 1)) * _margin()
        for plane, color in zip(canvas, INKS[choice][plate], strict=True):
            plane *= 1 - dots * (1 - color)  # inks are laid over each other
    return NAMES[choice]


def _screened(plate: Plane, angle: float, *, solid: bool) -> Plane:
    """Dots as large as the plate is dark; lines for the lightest ink."""
    c, s = np.cos(angle), np.sin(angle)
    u = (columns() * c + rows() * s) * (np.pi / DOT)
    v = (rows() * c - columns() * s) * (np.pi / DOT)
    screen = np.cos(2 * u) * 0.5 + 0.5 if solid else (np.cos(u) * np.cos(v)) * 0.5 + 0.5
    return smooth(-0.13, 0.13, plate - np.asarray(screen, dtype=np.float32) * 0.98)


def _margin() -> Plane:
    x = np.minimum(columns(), SIZE - 1 - columns())
    y = np.minimum(rows(), SIZE - 1 - rows())
    return smooth(39, 41, np.minimum(x + 0 * y, y + 0 * x))
