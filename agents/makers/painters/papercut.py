"""Paper cuts: a scene of coloured sheets, one before the other, each with its shadow."""

import numpy as np
from PIL import Image, ImageFilter

from agents.makers.painters import motifs
from agents.makers.painters.canvas import (
    SIZE,
    Color,
    Pixels,
    Plane,
    cloudiness,
    columns,
    disc,
    dots,
    mixed,
    rows,
    shapes,
    skyline,
    smooth,
    unit,
)
from agents.makers.painters.palettes import Palette

LAYERS = 5
Random = np.random.Generator


def cut(canvas: Pixels, palette: Palette, random: Random, *, land: str, motif: str | None) -> str:
    """Lay the sheets from the back to the front; says what they show.

    `land` is one of "hills", "sea", "forest", "city".
    """
    grain = cloudiness(random, across=160, down=160, octaves=2)
    back = mixed(palette.sky[1], palette.sky[2], 0.5)
    for plane, tone in zip(canvas, back, strict=True):
        plane[:] = tone
    x, y = SIZE * random.uniform(0.32, 0.68), SIZE * random.uniform(0.3, 0.4)
    for reach, share in ((0.36, 0.3), (0.27, 0.55), (0.18, 1.0)):
        _sheet(canvas, disc(x, y, SIZE * reach), mixed(back, palette.light, share), grain, 5)
    for _ in range(int(random.integers(1, 4))):
        _sheet(canvas, _cloud(random), mixed(palette.light, palette.sky[2], 0.25), grain, 6)
    for layer in range(LAYERS):
        share = layer / (LAYERS - 1)
        color = mixed(mixed(palette.far, palette.sky[2], 0.35 * (1 - share)), palette.near, share)
        foot = SIZE * (0.5 + 0.36 * share)
        sheet = _land(land, foot, share, random)
        _sheet(canvas, sheet, color, grain, 7 + 2 * layer)
        if motif is not None and layer == 2:
            size = SIZE * 0.3
            at = SIZE * random.uniform(0.28, 0.46)
            column = int(at + size / 2)
            top = float(np.argmax(sheet[:, column] > 0.5))
            lift = {"bird": 1.9, "balloon": 1.6, "butterfly": 1.6}.get(motif, 0.97)
            shape = motifs.mask(motif, x=at, y=max(60.0, top - size * lift), size=size)
            _sheet(canvas, shape, mixed(palette.accent, palette.near, 0.1), grain, 8)
    _sheet(canvas, _window(random), mixed(palette.near, palette.sky[0], 0.3), grain, 20)
    thing = f"{'an' if motif and motif[0] in 'aeiou' else 'a'} {motif} among " if motif else ""
    return f"{thing}{_SAYS[land]}, cut from sheets of paper under a round sun"


_SAYS = {
    "hills": "hills in layers",
    "sea": "waves in layers",
    "forest": "rows of firs",
    "city": "rows of houses",
}


def _sheet(canvas: Pixels, mask: Plane, color: Color, grain: Plane, depth: int) -> None:
    """Lay one sheet with a shadow that falls to the lower right, and a bright upper edge."""
    shadow = _blurred(mask, depth * 0.8)
    shadow = np.roll(shadow, (depth, depth // 2), (0, 1)) * (1 - mask)
    edge = np.clip(mask - np.roll(mask, (2, 1), (0, 1)), 0, 1)
    for plane, tone in zip(canvas, color, strict=True):
        plane *= 1 - 0.46 * shadow
        plane += (tone * (0.93 + 0.12 * grain) - plane) * mask
        plane += (1 - plane) * edge * 0.3


def _blurred(mask: Plane, radius: float) -> Plane:
    small = Image.fromarray((mask[::2, ::2] * 255).astype(np.uint8))
    soft = small.filter(ImageFilter.GaussianBlur(radius / 2)).resize((SIZE, SIZE))
    return np.asarray(soft, dtype=np.float32) / 255.0


def _land(kind: str, foot: float, share: float, random: Random) -> Plane:
    x = np.arange(SIZE, dtype=np.float32)
    if kind == "sea":
        length = 150 - 50 * (1 - share)
        swing = np.abs(np.sin((x + random.uniform(0, length)) * np.pi / length))
        line = foot + 30 - 58 * swing**0.6 - 12 * np.sin(x / SIZE * 5 + share * 9)
    elif kind == "city":
        line = np.full(SIZE, foot + 40, dtype=np.float32)
        at = -int(random.integers(0, 60))
        while at < SIZE:
            wide, high = (
                int(random.integers(46, 120)),
                random.uniform(10, 210) * (1.1 - 0.5 * share),
            )
            line[max(0, at) : max(0, at + wide)] = foot - high
            at += wide
    else:
        line = foot + 92 * (1 - 0.4 * share) * skyline(random, cells=2, octaves=3, roughness=0.4)
    land = np.clip(rows() - line[None, :] + 0.5, 0, 1)
    if kind == "forest":
        trees = []
        for place in np.arange(-40, SIZE + 40, 54 + 26 * share):
            spot = float(place + random.uniform(-14, 14))
            ground = float(line[int(np.clip(spot, 0, SIZE - 1))])
            trees.append(
                (_fir(spot, ground + 34, random.uniform(90, 190) * (0.7 + 0.5 * share)), 1.0)
            )
        land = np.maximum(land, shapes(trees))
    return np.asarray(land, dtype=np.float32)


def _fir(x: float, foot: float, high: float) -> list[tuple[float, float]]:
    right = [
        (x + high * w, foot - high * h)
        for w, h in ((0, 1), (0.15, 0.68), (0.08, 0.7), (0.22, 0.38), (0.12, 0.41), (0.3, 0.07))
    ]
    return [
        *right,
        (x + high * 0.04, foot - high * 0.09),
        (x + high * 0.04, foot),
        (x - high * 0.04, foot),
        (x - high * 0.04, foot - high * 0.09),
        *((2 * x - a, b) for a, b in reversed(right)),
    ]


def _cloud(random: Random) -> Plane:
    x, y = random.uniform(0.15, 0.85) * SIZE, random.uniform(0.14, 0.34) * SIZE
    wide = random.uniform(70, 120)
    puffs = [
        (x + wide * at, y - rise * wide * 0.3, wide * (0.26 + 0.2 * rise), 1.0)
        for at, rise in ((-0.75, 0.1), (-0.35, 0.7), (0.1, 1.0), (0.5, 0.6), (0.85, 0.1))
    ]
    body = [
        (x - wide * 0.8, y),
        (x + wide * 0.9, y),
        (x + wide * 0.9, y + 18),
        (x - wide * 0.8, y + 18),
    ]
    cloud = np.maximum(dots(puffs), shapes([(body, 1.0)]))
    return np.asarray(cloud * smooth(y + 19, y + 17, rows()), dtype=np.float32)


def _window(random: Random) -> Plane:
    """The foremost sheet, with a wavy round opening."""
    dx, dy = columns() - SIZE / 2, rows() - SIZE / 2
    turn = np.arctan2(dy, dx)
    wave = 9 * np.sin(turn * 9 + random.uniform(0, 6)) + 6 * np.sin(turn * 5 + random.uniform(0, 6))
    reach = (np.abs(dx) ** 4 + np.abs(dy) ** 4) ** 0.25
    return unit(reach - (SIZE * 0.462 + wave) + 0.5)
