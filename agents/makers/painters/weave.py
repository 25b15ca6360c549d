"""Weaves: ribbons that cross over and under each other, laid by turned tiles.

Sébastien Truchet described such tiles (Mémoire sur les combinaisons, 1704); Cyril Stanley Smith
gave them their arcs (The Tiling Patterns of Sebastien Truchet, Leonardo 20, 1987).
"""

import numpy as np

from agents.makers.painters.canvas import SIZE, Pixels, Plane, cloudiness, laid, mixed, smooth
from agents.makers.painters.palettes import Palette

Random = np.random.Generator


def woven(canvas: Pixels, palette: Palette, random: Random) -> str:
    """Lay the tiles; says how the ribbons run."""
    many = int(random.choice((6, 8, 10)))
    ground = palette.near if palette.dark else mixed(palette.near, palette.sky[0], 0.25)
    drift = cloudiness(random, across=2, down=2, octaves=3)
    for plane, low, high in zip(canvas, ground, palette.sky[0], strict=True):
        plane[:] = low + (high - low) * drift * 0.55
    size = SIZE / many
    line = (np.arange(SIZE, dtype=np.float32) + 0.5) / size
    cell = np.minimum(line.astype(np.intp), many - 1)
    u, v = line - cell, (line - cell)[:, None]
    x, y = u[None, :] + 0 * v, v + 0 * u[None, :]
    turns = random.integers(0, 2, (many, many))
    crossed = random.random((many, many)) < 0.16
    turn, cross = turns[cell[:, None], cell[None, :]], crossed[cell[:, None], cell[None, :]]
    x = np.where(turn == 1, 1 - x, x)
    first = np.abs(np.sqrt(x**2 + y**2) - 0.5)
    second = np.abs(np.sqrt((1 - x) ** 2 + (1 - y) ** 2) - 0.5)
    first = np.where(cross, np.abs(x - 0.5), first)
    second = np.where(cross, np.abs(y - 0.5), second)
    tones = _tones(palette, drift)
    for under, ribbon in enumerate((second, first)):
        _ribbon(canvas, ribbon * size, tones, size, shade=under == 1)
    return f"ribbons that curve and cross on {many} by {many} tiles"


def _tones(palette: Palette, drift: Plane) -> list[Plane]:
    """The ribbon's colour, drifting over the picture."""
    ends = (palette.accent, mixed(palette.sky[2], palette.light, 0.4), palette.far)
    share = smooth(0.2, 0.8, drift)
    return [
        np.where(share < 0.5, a + (b - a) * share * 2, b + (c - b) * (share * 2 - 1)).astype(
            np.float32
        )
        for a, b, c in zip(*ends, strict=True)
    ]


def _ribbon(
    canvas: Pixels, distance: Plane, tones: list[Plane], size: float, *, shade: bool
) -> None:
    """One ribbon with a dark rim, two bright edges and a seam, and a shadow on what is below."""
    half = size * 0.2
    if shade:
        laid(canvas, smooth(half + 16, half - 2, distance) * 0.55, (0.02, 0.02, 0.05))
    body = smooth(half + 0.8, half - 0.8, distance)
    for plane, tone in zip(canvas, tones, strict=True):
        plane += (tone * (0.78 + 0.3 * smooth(half, 0, distance)) - plane) * body
    laid(canvas, smooth(2.2, 0.8, np.abs(distance - half + 1.5)) * 0.85, (0.03, 0.03, 0.07))
    laid(canvas, smooth(2.4, 0.6, np.abs(distance - half * 0.62)) * 0.55, (1.0, 0.98, 0.92))
    laid(canvas, smooth(1.6, 0.4, distance) * 0.35, (0.03, 0.03, 0.07))
