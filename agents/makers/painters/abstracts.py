"""Pictures without a horizon: fire, space, sound, a heart, and fields of flowing lines."""

import math

import numpy as np

from agents.makers.painters.canvas import (
    SIZE,
    Pixels,
    Stroke,
    cloudiness,
    columns,
    disc,
    dots,
    glow,
    gradient,
    laid,
    lit,
    mixed,
    rows,
    skyline,
    smooth,
    spread,
    strokes,
)
from agents.makers.painters.palettes import Palette

Random = np.random.Generator


def fire(canvas: Pixels, palette: Palette, random: Random) -> None:
    """Flames that rise out of a bed of embers."""
    half = SIZE // 2
    down = np.linspace(0.0, 1.0, half, dtype=np.float32)[:, None]
    x = np.linspace(-0.5, 0.5, half, dtype=np.float32)[None, :]
    up = 1.0 - down
    small = gradient((palette.sky[0], palette.sky[0], palette.sky[1]), down + 0.0 * x)
    big = cloudiness(random, across=4, down=3, octaves=4, full=False)
    fine = cloudiness(random, across=9, down=5, octaves=5, full=False)
    sway = ((big - 0.5) * 280 * up).astype(np.intp)
    lick = fine[np.arange(half)[:, None], (np.arange(half)[None, :] + sway) % half]
    tongues = np.sin(x * 21 + (big - 0.5) * 9.0 * (0.3 + up))
    heat = 1.28 - up * 1.35 - (x * 1.45) ** 2 * (0.6 + up)
    heat += (lick - 0.5) * 1.15 + tongues * 0.25 * up - 0.4 * smooth(0.9, 1.0, down)
    lit(small, smooth(-0.1, 1.1, heat) * 0.5, palette.sky[2])
    laid(small, smooth(0.18, 0.46, heat) * 0.92, palette.sky[2])
    laid(small, smooth(0.42, 0.72, heat) * 0.95, palette.accent)
    laid(small, smooth(0.68, 1.0, heat) * 0.95, palette.light)
    lit(small, smooth(0.98, 1.3, heat) * 0.7, (1.0, 0.98, 0.9))
    coals = cloudiness(random, across=14, down=20, octaves=3, full=False)
    bed = smooth(0.86, 0.97, down + (coals - 0.5) * 0.16)
    laid(small, bed * 0.9, mixed(palette.sky[1], palette.sky[2], 0.25))
    laid(small, bed * smooth(0.56, 0.36, coals) * 0.8, palette.near)
    lit(small, bed * np.exp(-(((coals - 0.55) / 0.05) ** 2)) * 0.9, palette.accent)
    spread(canvas, small)
    sparks = [
        (
            SIZE * (0.5 + random.normal(0, 0.2)),
            SIZE * random.uniform(0.02, 0.8),
            0.8 + random.random() ** 3 * 2.6,
            random.uniform(0.4, 1.0),
        )
        for _ in range(170)
    ]
    lit(canvas, dots(sparks), palette.light)
    halos = [(a, b, radius * 3.2, level * 0.7) for a, b, radius, level in sparks]
    lit(canvas, dots(halos, blur=5), palette.accent)


def space(canvas: Pixels, palette: Palette, random: Random) -> None:
    """A nebula, many stars, and a ringed planet."""
    half = SIZE // 2
    y = np.linspace(-1.0, 1.0, half, dtype=np.float32)[:, None]
    x = np.linspace(-1.0, 1.0, half, dtype=np.float32)[None, :]
    clouds = cloudiness(random, across=3, down=3, octaves=6, full=False)
    threads = cloudiness(random, across=5, down=5, octaves=5, full=False)
    turn = float(random.uniform(-0.9, 0.9))
    band = np.exp(-(((y - x * turn) * 1.5 + (threads - 0.5) * 1.1) ** 2))
    small = gradient((palette.sky[0], palette.sky[1]), 0.5 + 0.5 * y + 0.0 * x)
    rose = mixed(palette.sky[2], (0.75, 0.25, 0.55), 0.55)
    lit(small, band * smooth(0.3, 0.85, clouds) * 0.95, rose)
    lit(small, band * smooth(0.5, 0.95, threads) * 0.85, palette.accent)
    lit(small, band * smooth(0.55, 0.95, clouds * threads * 1.7) * 0.8, palette.light)
    dust = smooth(0.55, 0.3, threads) * smooth(0.35, 0.6, clouds)
    laid(small, band * dust * 0.6, palette.near)
    spread(canvas, small)
    spots = [
        (
            random.random() * SIZE,
            random.random() * SIZE,
            0.5 + random.random() ** 9 * 2.2,
            random.uniform(0.3, 1.0),
        )
        for _ in range(800)
    ]
    lit(canvas, dots(spots), (1.0, 0.98, 0.94))
    halos = [(a, b, 4 * radius, 0.45) for a, b, radius, _ in spots if radius > 1.7]
    lit(canvas, dots(halos, blur=4) * 0.7, palette.accent)
    _planet(canvas, palette, random)


def _planet(canvas: Pixels, palette: Palette, random: Random) -> None:
    x, y = SIZE * random.uniform(0.28, 0.72), SIZE * random.uniform(0.32, 0.68)
    radius, tilt = random.uniform(105, 165), random.uniform(-0.5, 0.5)
    lit(canvas, glow(x, y, radius * 1.5, 2.4) * 0.35, palette.accent)
    dx, dy = columns() - x, rows() - y
    along = dx * math.cos(tilt) + dy * math.sin(tilt)
    upright = dy * math.cos(tilt) - dx * math.sin(tilt)
    ring = np.sqrt(along**2 + (upright * 3.6) ** 2) / radius
    bands = 0.55 + 0.45 * np.sin(ring * 46.0) * np.sin(ring * 17.0)
    belt = smooth(1.35, 1.42, ring) * smooth(2.12, 2.02, ring) * bands
    face = disc(x, y, radius)
    laid(canvas, belt * (1 - face) * 0.8, mixed(palette.light, palette.accent, 0.3))
    waves = cloudiness(random, across=3, down=9, octaves=4)
    stripes = 0.5 + 0.5 * np.sin(upright / radius * 9.0 + (waves - 0.5) * 5.0)
    warm = mixed(palette.accent, palette.light, 0.25)
    laid(canvas, face, mixed(palette.sky[2], warm, 0.35))
    laid(canvas, face * stripes * 0.75, warm)
    laid(canvas, face * smooth(0.55, 0.85, waves) * 0.35, palette.light)
    light = (dx * -0.62 + dy * -0.55) / radius
    laid(canvas, face * smooth(0.25, -0.75, light) * 0.92, palette.near)
    rim = smooth(0.86, 1.0, np.sqrt(dx**2 + dy**2) / radius) * face * smooth(-0.1, 0.8, light)
    lit(canvas, rim * 0.6, palette.light)
    laid(
        canvas,
        belt * smooth(-0.02, 0.03, upright / radius) * face * 0.85,
        mixed(palette.light, palette.accent, 0.3),
    )


def sound(canvas: Pixels, palette: Palette, random: Random) -> None:
    """Lines of sound, each rising where the music is loud and hiding the one behind."""
    dark = mixed(palette.near, palette.sky[0], 0.35)
    canvas[:] = gradient((dark, palette.near), rows() / SIZE * np.ones((1, SIZE), dtype=np.float32))
    lit(canvas, glow(SIZE / 2, SIZE * 0.46, 360, 1.6) * 0.4, palette.sky[1])
    count, left, right = 46, 110, SIZE - 110
    x = np.arange(SIZE, dtype=np.float32)
    inside = ((x > left) & (x < right)).astype(np.float32)[None, :]
    voices = [
        (random.uniform(0.34, 0.66), random.uniform(0.04, 0.10), random.uniform(0.5, 1.0))
        for _ in range(4)
    ]
    for number in range(count):
        share = number / (count - 1)
        base = SIZE * (0.2 + 0.66 * share)
        loud = np.zeros(SIZE, dtype=np.float32)
        for middle, width, power in voices:
            drift = middle + 0.05 * math.sin(number * 0.33 + power * 9)
            loud += power * np.exp(-(((x / SIZE - drift) / width) ** 2)).astype(np.float32)
        tremble = skyline(random, cells=20, octaves=2, roughness=0.4)
        swell = 0.62 + 0.38 * tremble
        line = base - loud * swell * (40 + 62 * math.sin(share * math.pi)) - 2.0 * np.abs(tremble)
        start, end = max(0, int(line.min()) - 2), min(SIZE, int(base) + 20)
        below = rows(start, end) - line[None, :]
        laid(canvas, np.clip(below + 0.5, 0, 1) * inside, dark, start)
        steep = np.sqrt(1.0 + np.gradient(line) ** 2).astype(np.float32)[None, :]
        stroke = np.clip(1.7 - np.abs(below) / steep, 0, 1) * inside
        color = mixed(palette.light, palette.accent, abs(2 * share - 1) ** 1.3)
        laid(canvas, stroke * 0.95, color, start)


def heart(canvas: Pixels, palette: Palette, random: Random) -> None:
    """A heart woven of threads, with a glow behind it."""
    clouds = cloudiness(random, across=3, down=3, octaves=4, full=False)
    down = np.linspace(0.0, 0.8, len(clouds), dtype=np.float32)[:, None]
    spread(canvas, gradient(palette.sky, down + (clouds - 0.5) * 0.35))
    middle_x, middle_y, size = SIZE / 2, SIZE * 0.49, SIZE * 0.0225
    lit(canvas, glow(middle_x, middle_y, 300, 1.6) * 0.55, palette.light)
    lines: dict[int, list[Stroke]] = {0: [], 1: [], 2: []}
    for thread in range(150):
        scale = size * (1.0 - 0.62 * (thread / 150) ** 1.4) * random.uniform(0.97, 1.03)
        swing, phase = random.uniform(0.0, 0.055), random.uniform(0, 6.3)
        points = []
        for t in np.linspace(0, 2 * math.pi, 90):
            out = scale * (1 + swing * math.sin(5 * t + phase))
            hx = 16 * math.sin(t) ** 3
            hy = 13 * math.cos(t) - 5 * math.cos(2 * t) - 2 * math.cos(3 * t) - math.cos(4 * t)
            points.append((middle_x + out * hx, middle_y - out * hy))
        lines[thread % 3].append((points, random.uniform(0.8, 2.6), random.uniform(0.35, 0.9)))
    colors = (palette.light, palette.accent, mixed(palette.accent, palette.near, 0.5))
    for number in (2, 1, 0):
        laid(canvas, strokes(lines[number], scale=2) * 0.85, colors[number])
    motes = [
        (
            random.random() * SIZE,
            random.random() * SIZE,
            1 + 5 * random.random() ** 4,
            random.uniform(0.2, 0.7),
        )
        for _ in range(130)
    ]
    lit(canvas, dots(motes, blur=1.0), palette.light)


def flow(canvas: Pixels, palette: Palette, random: Random) -> None:
    """Ribbons that follow an unseen current."""
    clouds = cloudiness(random, across=2, down=2, octaves=4, full=False)
    down = np.linspace(0.0, 0.75, len(clouds), dtype=np.float32)[:, None]
    spread(canvas, gradient(palette.sky, down + clouds * 0.35))
    field = cloudiness(random, across=2, down=2, octaves=2, size=256)
    other = cloudiness(random, across=2, down=2, octaves=1, size=256)
    angle = field * random.uniform(5.0, 8.0) + other * 2.0 + random.uniform(0, 6.3)
    many, steps, stride = 760, 46, 14.0
    x, y = random.random((2, many)) * SIZE * 1.2 - SIZE * 0.1
    trail = np.empty((steps, many, 2))
    for step in range(steps):
        trail[step, :, 0], trail[step, :, 1] = x, y
        at = angle[np.clip(y, 0, SIZE - 1).astype(int), np.clip(x, 0, SIZE - 1).astype(int)]
        x, y = x + np.cos(at) * stride, y + np.sin(at) * stride
    tones = (
        palette.near,
        palette.far,
        mixed(palette.far, palette.light, 0.5),
        palette.accent,
        palette.light,
    )
    begin = np.clip(trail[0] / 2, 0, len(clouds) - 1).astype(int)
    order = np.argsort(clouds[begin[:, 1], begin[:, 0]])
    groups = np.array_split(order, [int(many * s) for s in (0.34, 0.58, 0.76, 0.88)])
    for tone, group, width in zip(tones, groups, (9.0, 7.0, 5.0, 6.0, 2.6), strict=True):
        lines: list[Stroke] = [
            (
                trail[: int(random.integers(14, steps)), n].tolist(),
                width * float(random.uniform(0.35, 1.25)),
                float(random.uniform(0.7, 1.0)),
            )
            for n in group
        ]
        if width > 5.5:  # the broad ones cast a shadow
            shade = strokes([(points, w + 2, 0.5) for points, w, _ in lines], blur=3)
            laid(canvas, np.roll(shade, (5, 3), (0, 1)) * 0.4, palette.near)
        laid(canvas, strokes(lines, scale=2) * 0.95, tone)
