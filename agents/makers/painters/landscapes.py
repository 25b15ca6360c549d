"""Landscapes: what lies below the sky."""

import math

import numpy as np

from agents.makers.painters.canvas import (
    SIZE,
    Pixels,
    Plane,
    Stroke,
    cloudiness,
    columns,
    dots,
    laid,
    lit,
    mixed,
    rows,
    shapes,
    skyline,
    smooth,
    strokes,
)
from agents.makers.painters.palettes import Palette

Random = np.random.Generator


def _silhouette(
    canvas: Pixels,
    line: Plane,
    color: tuple[float, float, float],
    below: float,
    mist: tuple[float, float, float],
    thick: float,
) -> None:
    """Fill from a line of heights down to the row `below`, with mist gathering at the foot."""
    start, end = max(0, int(line.min()) - 1), min(SIZE, int(below) + 2)
    if end <= start:
        return
    depth = rows(start, end) - line[None, :]
    laid(canvas, np.clip(depth + 0.5, 0, 1), color, start)
    laid(canvas, smooth(0.0, 260.0, depth) * thick, mist, start)


def hills(canvas: Pixels, palette: Palette, random: Random, *, rough: float = 0.5) -> None:
    """Ranges of hills, one behind the other, paler with the distance."""
    count = 6
    lines = []
    for depth in range(count):
        share = depth / (count - 1)
        base = SIZE * (0.52 + 0.38 * share**1.15)
        height = 120 * (1 - 0.45 * share)
        octaves = 6 if rough > 0.45 else 3
        lines.append(
            base + height * skyline(random, cells=2 + depth % 3, octaves=octaves, roughness=rough)
        )
    for depth, line in enumerate(lines):
        share = depth / (count - 1)
        below = float(lines[depth + 1].max()) if depth + 1 < count else SIZE
        color = mixed(palette.far, palette.near, share**0.9)
        color = mixed(color, palette.sky[2], 0.45 * (1 - share) ** 1.5)
        _silhouette(canvas, line, color, below, palette.sky[2], 0.42 * (1 - share * 0.75))


def dunes(canvas: Pixels, palette: Palette, random: Random) -> None:
    """Dunes with a bright side, a shadow side and ripples of wind."""
    ripples = cloudiness(random, across=3, down=3, octaves=2, size=256)
    for depth in range(5):
        share = depth / 4
        line = SIZE * (0.5 + 0.36 * share) + 95 * (1 - 0.3 * share) * skyline(
            random, cells=1 + depth % 2, octaves=2, roughness=0.35
        )
        start = max(0, int(line.min()) - 1)
        down = rows(start) - line[None, :]
        mask = np.clip(down + 0.5, 0, 1)
        color = mixed(
            mixed(palette.far, palette.sky[2], 0.4 * (1 - share)), palette.near, share * 0.55
        )
        laid(canvas, mask, color, start)
        slope = np.gradient(line)
        slope = np.convolve(slope, np.ones(41) / 41, "same").astype(np.float32)[None, :]
        fade = np.exp(-np.maximum(down, 0) / 190.0)
        laid(canvas, mask * np.clip(slope * 1.6, 0, 0.75) * fade, palette.light, start)
        laid(canvas, mask * np.clip(-slope * 1.6, 0, 0.8) * fade, palette.near, start)
        if depth >= 3:
            phase = down * 0.16 + ripples[start:] * 26 + columns() * 0.012
            wave = np.sin(phase) * smooth(6, 60, down)
            laid(canvas, mask * np.clip(wave, 0, 1) * 0.13, palette.near, start)


def sea(canvas: Pixels, palette: Palette, random: Random) -> None:
    """Open water up to the horizon, with a path of light on it."""
    top = int(SIZE * random.uniform(0.47, 0.55))
    depth = (rows(top) - top) / (SIZE - top)
    away = 1.0 / (depth + 0.045)
    swell = cloudiness(random, across=4, down=18, octaves=4)
    small = cloudiness(random, across=14, down=60, octaves=3)
    far = swell[np.clip((away * 46).astype(np.int32), 0, SIZE - 1) % SIZE, :][:, 0, :]
    ripple = small[np.clip((away * 300).astype(np.int32), 0, 10**6) % SIZE, :][:, 0, :]
    bend = smooth(0.0, 1.0, depth)
    height = far * (0.45 + 0.3 * bend) + ripple * (0.55 - 0.3 * bend)
    height = height * (1 - bend) + bend * (0.6 * swell[top:] + 0.4 * small[top:])
    water = mixed(palette.far, palette.sky[2], 0.25)
    laid(canvas, np.ones_like(height), water, top)
    laid(canvas, smooth(0.0, 0.75, depth) * np.ones_like(height), palette.near, top)
    laid(canvas, smooth(0.52, 0.8, height) * (0.5 - 0.25 * depth), palette.sky[1], top)
    laid(canvas, smooth(0.5, 0.25, height) * (0.25 + 0.3 * depth), palette.near, top)
    # The path lies below what is brightest in the sky.
    above = np.convolve(canvas[:, : top - 4].max(axis=1).sum(axis=0), np.ones(61), "valid")
    x = float(np.argmax(above)) + 30.0
    width = 34 + 150 * depth
    path = np.exp(-(((columns() - x) / width) ** 2)) * smooth(0.53, 0.66, height)
    lit(canvas, path * (0.95 - 0.55 * depth), palette.light, top)
    crest = smooth(0.76, 0.92, height) * smooth(0.1, 0.5, depth)
    lit(canvas, crest * 0.35, palette.light, top)
    haze = np.exp(-(((rows() - top) / 16.0) ** 2)) * np.ones((1, SIZE), dtype=np.float32)
    laid(canvas, haze * 0.5, palette.sky[2])


def forest(canvas: Pixels, palette: Palette, random: Random) -> None:
    """Rows of firs that come out of the mist."""
    for depth in range(5):
        share = depth / 4
        base = SIZE * (0.60 + 0.40 * share) + 26 * skyline(
            random, cells=3, octaves=3, roughness=0.5
        )
        trees = []
        x = -40.0
        while x < SIZE + 40:
            tall = random.uniform(95, 175) * (0.75 + 1.35 * share)
            foot = float(base[int(np.clip(x, 0, SIZE - 1))]) + 10
            trees.append((_fir(x, foot, tall, random), 1.0))
            x += tall * random.uniform(0.13, 0.34)
        color = mixed(mixed(palette.far, palette.sky[2], 0.5), palette.near, share**1.2)
        laid(canvas, shapes(trees, scale=2 if depth > 2 else 1), color)
        _silhouette(canvas, base, color, SIZE, palette.sky[2], 0.0)
        if depth < 4:
            rising = smooth(float(base.mean()) - 170, float(base.mean()) + 40, rows())
            veil = cloudiness(random, across=3, down=6, octaves=3, size=256)
            laid(canvas, rising * (0.35 + 0.4 * veil) * 0.62 * (1 - 0.45 * share), palette.sky[2])


def _fir(x: float, foot: float, tall: float, random: Random) -> list[tuple[float, float]]:
    tiers, wide = 9, tall * random.uniform(0.17, 0.24)
    left, right = [], []
    for tier in range(1, tiers + 1):
        y = foot - tall + tall * tier / tiers
        reach = wide * (tier / tiers) ** 0.9 * random.uniform(0.82, 1.12)
        left += [(x - reach, y), (x - reach * 0.45, y - tall * 0.012)]
        right += [(x + reach * random.uniform(0.9, 1.1), y), (x + reach * 0.45, y - tall * 0.012)]
    return [(x, foot - tall), *right, (x, foot), *reversed(left)]


def flowers(canvas: Pixels, palette: Palette, random: Random) -> None:
    """A meadow: grass, stems and blossoms, large and sharp in front, small and soft behind."""
    ground = SIZE * 0.55 + 20 * skyline(random, cells=2, octaves=3, roughness=0.5)
    _silhouette(canvas, ground, mixed(palette.far, palette.sky[2], 0.3), SIZE, palette.near, 0.55)
    hues = (
        palette.accent,
        palette.light,
        mixed(palette.accent, palette.sky[0], 0.45),
        mixed(palette.accent, palette.light, 0.5),
    )
    for depth in range(4):
        share = depth / 3
        blades: list[Stroke] = []
        base = SIZE * (0.62 + 0.42 * share)
        for _ in range(520 if depth < 3 else 300):
            x, tall = random.random() * SIZE, random.uniform(26, 70) * (0.6 + 2.2 * share)
            bend = random.normal(0, 0.28) * tall
            foot = base + random.uniform(-30, 60) * (0.5 + share)
            blades.append(
                (
                    ((x, foot), (x + bend * 0.35, foot - tall * 0.6), (x + bend, foot - tall)),
                    1.2 + 2.2 * share,
                    random.uniform(0.45, 1.0),
                )
            )
        grass = mixed(palette.far, palette.near, 0.25 + 0.7 * share)
        laid(canvas, strokes(blades, scale=1), grass)
        laid(canvas, strokes(blades[::5], scale=1) * 0.5, mixed(grass, palette.light, 0.45))
        heads: dict[int, list[tuple[list[tuple[float, float]], float]]] = {n: [] for n in range(4)}
        hearts = []
        stems: list[Stroke] = []
        for _ in (range(90), range(46), range(24), range(9))[depth]:
            x = random.random() * SIZE
            y = base - random.uniform(0.2, 1.0) * (60 + 170 * share)
            size = random.uniform(4.0, 7.0) * (1 + 5.2 * share**1.3)
            stems.append(
                (
                    ((x, y), (x + size * 0.4, y + size * 3), (x + size * 0.2, y + size * 7)),
                    1 + 3 * share,
                    0.9,
                )
            )
            hue = int(random.integers(4)) if depth > 1 else int(random.integers(2)) + depth
            heads[hue] += _blossom(x, y, size, random)
            hearts.append((x, y - size * 0.05, size * 0.24, 1.0))
        laid(canvas, strokes(stems, scale=1) * 0.9, mixed(grass, palette.near, 0.4))
        for number, petals in heads.items():
            if petals:
                mask = shapes(petals, scale=2 if depth > 1 else 1)
                laid(canvas, mask, mixed(hues[number], palette.sky[2], 0.35 * (1 - share)))
        laid(canvas, dots(hearts), mixed(palette.near, palette.accent, 0.3))


def _blossom(
    x: float, y: float, size: float, random: Random
) -> list[tuple[list[tuple[float, float]], float]]:
    petals, turn, flat = (
        int(random.integers(5, 9)),
        random.uniform(0, 6.3),
        random.uniform(0.6, 0.95),
    )
    found = []
    for petal in range(petals):
        angle = turn + petal * 2 * math.pi / petals
        points = []
        for step in range(7):
            t = step / 6 * math.pi
            out, side = size * (0.12 + 0.88 * math.sin(t / 2) ** 1.4), math.sin(t) * size * 0.34
            points.append((out, side))
        outline = points + [(out, -side) for out, side in reversed(points)]
        found.append(
            (
                [
                    (
                        x + out * math.cos(angle) - side * math.sin(angle),
                        y + flat * (out * math.sin(angle) + side * math.cos(angle)),
                    )
                    for out, side in outline
                ],
                random.uniform(0.78, 1.0),
            )
        )
    return found
