"""What people built: a wet roof at night, and a city by the water."""

import math

import numpy as np

from agents.makers.painters.canvas import (
    SIZE,
    Pixels,
    Stroke,
    cloudiness,
    columns,
    dots,
    glow,
    laid,
    lit,
    mixed,
    rows,
    shapes,
    smooth,
    strokes,
)
from agents.makers.painters.palettes import Palette

Random = np.random.Generator


def roof(canvas: Pixels, palette: Palette, random: Random) -> None:
    """A corrugated roof in the foreground, wet, with roofs and lit windows behind."""
    _far_roofs(canvas, palette, random)
    top = int(SIZE * random.uniform(0.50, 0.56))
    lean = random.uniform(-0.35, 0.35)
    eave = top + (columns() - SIZE / 2) * lean * 0.16
    start = int(eave.min()) - 2
    y = rows(start)
    inside = np.clip(y - eave + 0.5, 0, 1)
    depth = np.clip((y - eave) / (SIZE - top), 0.0, 1.0)
    # The ridges run together at a point far above: `across` is the same all along one ridge.
    across = (columns() - SIZE * (0.5 + lean)) / (y - eave + 620.0)
    phase = across * 118.0
    wave = np.sin(phase)
    tin = mixed(palette.far, palette.near, 0.25)
    laid(canvas, inside, tin, start)
    laid(canvas, inside * smooth(0.15, -0.9, wave) * 0.8, palette.near, start)
    laid(canvas, inside * smooth(0.35, 1.0, wave) * 0.34, palette.sky[2], start)
    wet = cloudiness(random, across=34, down=3, octaves=3)[start:]
    shine = np.exp(-(((wave - 0.72) / 0.16) ** 2)) * smooth(0.38, 0.75, wet)
    lit(canvas, inside * shine * 0.75, mixed(palette.sky[2], palette.light, 0.45), start)
    rust = cloudiness(random, across=26, down=9, octaves=3, size=256)[start:]
    stain = mixed(palette.near, (0.55, 0.27, 0.12), 0.75)
    laid(canvas, inside * smooth(0.6, 0.85, rust) * smooth(0.9, -0.6, wave) * 0.4, stain, start)
    for seam in (0.02, 0.36, 0.80):
        edge = np.exp(-np.maximum(depth - seam, 0) * 42.0) * (depth >= seam)
        laid(canvas, inside * edge * 0.55, palette.near, start)
        rim = np.exp(-((np.abs(depth - seam + 0.004) * 260.0) ** 2))
        lit(canvas, inside * rim * (0.25 + 0.35 * np.clip(wave, 0, 1)), palette.sky[2], start)
    glowing = glow(SIZE * (0.5 + lean), top + 40, 330, 1.4)[start:]
    lit(canvas, inside * glowing * smooth(-0.2, 1.0, wave) * 0.34, palette.accent, start)
    laid(canvas, inside * smooth(0.5, 1.1, depth) * 0.55, palette.near, start)
    _splashes(canvas, palette, random, top)


def _far_roofs(canvas: Pixels, palette: Palette, random: Random) -> None:
    windows, panes = [], []
    for depth in range(3):
        color = mixed(palette.far, palette.near, 0.2 + 0.3 * depth)
        color = mixed(color, palette.sky[1], 0.35 - 0.15 * depth)
        houses = []
        x = -60.0
        while x < SIZE + 40:
            width = random.uniform(110, 210) * (0.75 + 0.25 * depth)
            base = SIZE * (0.40 + 0.05 * depth) + random.uniform(-34, 34)
            peak = random.uniform(26, 72)
            middle = x + width * random.uniform(0.35, 0.65)
            houses.append(
                (
                    [
                        (x, SIZE * 0.7),
                        (x, base),
                        (middle, base - peak),
                        (x + width, base),
                        (x + width, SIZE * 0.7),
                    ],
                    1.0,
                )
            )
            if random.random() < 0.5:
                chimney = x + width * random.uniform(0.15, 0.3)
                houses.append(
                    (
                        [
                            (chimney, base + 10),
                            (chimney, base - peak * 0.9),
                            (chimney + 15, base - peak * 0.9),
                            (chimney + 15, base + 10),
                        ],
                        1.0,
                    )
                )
            if random.random() < 0.42 and depth:
                at, sill = x + width * random.uniform(0.3, 0.65), base + random.uniform(14, 34)
                windows.append(
                    ([(at, sill), (at + 18, sill), (at + 18, sill + 26), (at, sill + 26)], 1.0)
                )
                panes.append((at + 9, sill + 13, 30.0, 0.8))
            x += width * random.uniform(0.72, 1.0)
        laid(canvas, shapes(houses, scale=1), color)
    laid(canvas, shapes(windows) * 0.95, palette.light)
    lit(canvas, dots(panes, blur=22) * 0.75, palette.accent)


def _splashes(canvas: Pixels, palette: Palette, random: Random, top: int) -> None:
    """Drops that burst where they hit, and the spray that hangs over it."""
    spots: list[tuple[float, float, float, float]] = []
    jets: list[Stroke] = []
    for _ in range(110):
        y = random.uniform(top + 14, SIZE)
        near = (y - top) / (SIZE - top)
        x, size = random.random() * SIZE, 3.0 + 9.0 * near
        for turn in np.linspace(-0.95, 0.95, 5) + random.normal(0, 0.12):
            out, up = size * math.sin(turn), -size * math.cos(turn) * random.uniform(0.6, 1.3)
            from_ = (x + out * 0.3, y + up * 0.25)
            jets.append(((from_, (x + out, y + up)), 1, 0.25 + 0.4 * random.random()))
            spots.append((x + out * 1.25, y + up * 1.2, 0.7 + 0.8 * near * random.random(), 0.9))
    lit(canvas, strokes(jets) * 0.7 + dots(spots) * 0.7, palette.sky[2])
    spray = np.exp(-(((rows() - top + 6) / 30.0) ** 2)) * cloudiness(
        random, across=9, down=4, octaves=3, size=256
    )
    lit(canvas, spray * 0.5, palette.sky[2])


def city(canvas: Pixels, palette: Palette, random: Random) -> None:
    """Towers with lit windows, and their reflection in wet ground."""
    ground = int(SIZE * 0.8)
    for depth in range(4):
        share = depth / 3
        towers, panes = [], []
        x = -30.0
        while x < SIZE:
            width = random.uniform(46, 104) * (0.7 + 0.55 * share)
            tall = random.uniform(150, 470) * (1.05 - 0.32 * share)
            roof_at = ground - tall
            towers.append(
                ([(x, ground), (x, roof_at), (x + width, roof_at), (x + width, ground)], 1.0)
            )
            if random.random() < 0.35:
                mast = x + width / 2
                towers.append(
                    ([(mast - 1.5, roof_at), (mast, roof_at - 46), (mast + 1.5, roof_at)], 1.0)
                )
            pane, gap = 5.0 + 2.5 * share, 11.0 + 4.0 * share
            awake = random.uniform(0.12, 0.5)
            for row in np.arange(roof_at + 12, ground - 10, gap * 1.25):
                panes += [
                    (column, row, pane, random.uniform(0.45, 1.0))
                    for column in np.arange(x + 7, x + width - pane - 4, gap)
                    if random.random() < awake
                ]
            x += width * random.uniform(0.9, 1.35)
        color = mixed(mixed(palette.far, palette.sky[2], 0.35), palette.near, share)
        laid(canvas, shapes(towers, scale=1), color)
        boxes = [
            ([(px, py), (px + s, py), (px + s, py + s * 1.35), (px, py + s * 1.35)], level)
            for px, py, s, level in panes
        ]
        lamp = mixed(palette.light, palette.accent, float(random.uniform(0.0, 0.7)))
        mask = shapes(boxes, scale=1)
        laid(canvas, mask * (0.4 + 0.5 * share), lamp)
        haze = smooth(SIZE * 0.35, ground, rows()) * np.ones((1, SIZE), dtype=np.float32)
        laid(canvas, haze * 0.22 * (1 - share), palette.sky[2])
    mirror = canvas[:, 2 * ground - SIZE : ground][:, ::-1].copy()
    shake = cloudiness(random, across=5, down=40, octaves=3)[ground:]
    index = np.clip(np.arange(SIZE)[None, :] + ((shake - 0.5) * 44).astype(int), 0, SIZE - 1)
    canvas[:, ground:] = mirror[:, np.arange(SIZE - ground)[:, None], index] * 0.72
    laid(canvas, smooth(0.5, 0.9, shake) * 0.3, palette.near, ground)
