"""Silhouettes of things that prompts name: outlines of our own in a square of 100 by 100.

Each is a list of paths in the small language of SVG: M and L points, C curves, Q curves, Z closes;
a path that begins with "-" is cut out of those before it.
"""

import re
from collections.abc import Sequence
from functools import cache
from itertools import pairwise

import numpy as np
from PIL import Image, ImageDraw

from agents.makers.painters.canvas import SIZE, Plane

Points = list[tuple[float, float]]

_TOKEN = re.compile(r"[MLCQZ]|-?\d+(?:\.\d+)?")
_CIRCLE = 0.5523  # of the radius: the handles of a circle made of four curves
STEPS = 14  # straight pieces a curve is drawn in


def _circle(x: float, y: float, r: float, ry: float = 0.0) -> str:
    ry = ry or r
    k, ky = r * _CIRCLE, ry * _CIRCLE
    return (
        f"M {x - r} {y} C {x - r} {y - ky} {x - k} {y - ry} {x} {y - ry} "
        f"C {x + k} {y - ry} {x + r} {y - ky} {x + r} {y} "
        f"C {x + r} {y + ky} {x + k} {y + ry} {x} {y + ry} "
        f"C {x - k} {y + ry} {x - r} {y + ky} {x - r} {y} Z"
    )


def _box(left: float, top: float, right: float, bottom: float) -> str:
    return f"M {left} {top} L {right} {top} L {right} {bottom} L {left} {bottom} Z"


MOTIFS: dict[str, Sequence[str]] = {
    "cat": (
        "M 38 98 C 22 98 22 76 30 62 C 34 54 36 48 35 40 C 28 34 28 22 33 4 C 38 8 42 12 45 15 "
        "C 48 14 53 14 56 15 C 59 12 63 8 68 4 C 73 22 73 34 66 40 C 65 48 67 54 71 62 "
        "C 79 76 79 98 63 98 Z",
        "M 68 96 C 86 98 94 88 92 74 C 91 66 84 60 80 66 C 77 72 84 74 84 79 C 84 86 76 88 66 87 Z",
    ),
    "bird": (
        "M 6 46 C 12 40 16 37 22 36 C 26 26 40 24 48 32 C 58 40 66 44 76 46 L 96 40 L 90 50 "
        "L 97 56 C 84 58 76 66 62 72 C 46 78 28 72 24 56 C 22 50 20 49 16 48 Z",
        "M 44 72 L 42 88 L 36 92 L 46 91 L 54 93 L 46 88 L 48 72 Z",
        "-" + _circle(27, 42, 2.2),
    ),
    "fish": (
        "M 4 50 C 18 26 46 22 68 42 C 76 36 86 28 95 26 C 90 40 90 60 95 74 C 86 72 76 64 68 58 "
        "C 46 78 18 74 4 50 Z",
        "M 34 30 C 40 18 52 18 60 22 C 54 26 52 30 52 34 Z",
        "-" + _circle(19, 45, 3),
        "-M 32 36 C 37 44 37 56 32 64 L 34.5 65 C 40 56 40 44 34.5 35 Z",
    ),
    "whale": (
        "M 4 58 C 6 36 28 26 50 30 C 68 34 76 48 84 46 C 82 36 74 32 74 24 C 84 22 90 28 92 34 "
        "C 95 28 98 26 99 25 C 100 42 96 62 80 70 C 60 82 20 86 8 72 C 5 68 4 64 4 58 Z",
        "M 30 24 C 28 16 22 14 16 16 C 20 8 30 10 32 18 C 34 10 44 8 48 16 C 42 14 36 16 34 24 Z",
        "-" + _circle(20, 54, 2.6),
        "-M 8 66 C 20 72 32 72 42 68 L 42 70.4 C 32 75 18 75 8 69 Z",
    ),
    "boat": (
        "M 8 68 L 92 68 C 88 84 80 90 70 91 L 30 91 C 20 90 12 84 8 68 Z",
        "M 48 8 L 51 8 L 51 66 L 48 66 Z",
        "M 54 12 C 72 24 82 42 84 62 L 54 62 Z",
        "M 45 18 C 30 30 20 46 16 62 L 45 62 Z",
    ),
    "house": (
        "M 6 52 L 50 12 L 66 27 L 66 16 L 76 16 L 76 36 L 94 52 L 84 52 L 84 94 L 16 94 L 16 52 Z",
        "-" + _box(43, 66, 58, 94),
        "-" + _box(24, 58, 37, 72),
        "-" + _box(64, 58, 77, 72),
        _box(29.6, 58, 31.4, 72),
        _box(69.6, 58, 71.4, 72),
    ),
    "tree": (
        "M 46 98 L 47 70 C 32 78 12 68 14 50 C 4 40 12 24 26 24 C 30 8 54 2 64 14 C 80 12 92 28 86 "
        "42 C 94 58 78 74 62 70 C 58 72 55 71 53 70 L 55 98 Z",
    ),
    "fir": (
        "M 50 2 L 66 30 L 59 29 L 76 56 L 66 54 L 88 84 L 55 82 L 55 98 L 45 98 L 45 82 L 12 84 "
        "L 34 54 L 24 56 L 41 29 L 34 30 Z",
    ),
    "flower": (
        *(_circle(50 + 21 * np.cos(a), 34 + 21 * np.sin(a), 14) for a in np.arange(6) * np.pi / 3),
        "-" + _circle(50, 34, 10),
        _circle(50, 34, 7),
        "M 48.6 66 C 47 78 48 88 47 99 L 52 99 C 52 88 52 78 51.4 66 Z",
        "M 50 88 C 36 90 26 82 22 70 C 36 68 48 76 50 88 Z",
        "M 50 94 C 60 94 72 88 77 76 C 64 74 52 82 50 94 Z",
    ),
    "mushroom": (
        "M 4 52 C 6 22 28 6 50 6 C 72 6 94 22 96 52 C 84 60 16 60 4 52 Z",
        "M 40 58 L 60 58 C 59 72 62 84 68 94 L 32 94 C 38 84 41 72 40 58 Z",
        "-" + _circle(36, 28, 7),
        "-" + _circle(62, 22, 5),
        "-" + _circle(70, 42, 7.5),
        "-" + _circle(24, 45, 4.5),
    ),
    "cup": (
        "M 12 42 L 74 42 C 74 58 72 76 60 86 L 26 86 C 14 76 12 58 12 42 Z",
        "M 72 48 C 86 46 96 52 94 62 C 92 72 80 76 68 75 L 70 68 C 80 69 86 66 87 60 C 88 55 81 53 "
        "73 54 Z",
        "M 4 88 L 84 88 C 80 95 72 96 66 96 L 22 96 C 16 96 8 95 4 88 Z",
        "M 28 36 C 20 28 36 22 28 8 C 40 18 28 26 34 36 Z",
        "M 44 36 C 36 26 54 20 46 4 C 58 16 44 24 50 36 Z",
        "M 60 36 C 52 28 68 22 60 10 C 71 19 60 26 66 36 Z",
    ),
    "lighthouse": (
        "M 38 34 L 62 34 L 70 98 L 30 98 Z",
        "M 33 28 L 67 28 L 67 34 L 33 34 Z",
        "M 39 12 L 61 12 L 61 28 L 39 28 Z",
        "M 36 12 L 50 1 L 64 12 Z",
        "-M 36.6 46 L 63.6 46 L 65.4 60 L 34.8 60 Z",
        "-M 33 74 L 67 74 L 68.6 87 L 31.4 87 Z",
        "-" + _box(43, 16, 57, 25),
        "M 34 17 L 4 8 L 4 30 L 34 23 Z",
    ),
    "balloon": (
        "M 50 2 C 74 2 88 20 88 38 C 88 54 72 64 62 76 L 38 76 C 28 64 12 54 12 38 C 12 20 26 2 50 "
        "2 Z",
        "M 40 84 L 60 84 L 57 98 L 43 98 Z",
        "M 39 76 L 41 76 L 44 85 L 42 85 Z",
        "M 61 76 L 59 76 L 56 85 L 58 85 Z",
        "-M 36 6 C 26 22 26 50 40 74 L 42 74 C 29 50 29 22 38 5 Z",
        "-M 64 6 C 74 22 74 50 60 74 L 58 74 C 71 50 71 22 62 5 Z",
    ),
    "umbrella": (
        "M 4 52 C 6 24 26 8 50 8 C 74 8 94 24 96 52 C 90 45 82 45 76 52 C 69 45 60 45 53 "
        "50 L 53 84 "
        "C 53 98 33 98 33 84 L 38 84 C 38 92 48 92 48 84 L 48 50 C 41 45 31 45 24 52 C 18 45 10 45 "
        "4 52 Z",
        "M 48.5 2 L 51.5 2 L 51.5 10 L 48.5 10 Z",
    ),
    "moon": (
        "M 64 6 C 30 8 12 32 16 58 C 20 84 46 98 76 88 C 50 82 38 64 40 44 C 41 28 50 14 64 6 Z",
    ),
    "star": ("M 50 2 L 61 36 L 97 36 L 68 57 L 79 92 L 50 71 L 21 92 L 32 57 L 3 36 L 39 36 Z",),
    "heart": (
        "M 50 92 C 20 68 4 50 6 32 C 8 14 34 6 50 30 C 66 6 92 14 94 32 C 96 50 80 68 50 92 Z",
    ),
    "book": (
        "M 4 24 C 20 16 38 18 49 28 L 49 86 C 38 76 20 74 4 82 Z",
        "M 96 24 C 80 16 62 18 51 28 L 51 86 C 62 76 80 74 96 82 Z",
        "-M 12 34 C 22 30 34 31 42 37 L 42 39.5 C 34 34 22 33 12 37 Z",
        "-M 12 46 C 22 42 34 43 42 49 L 42 51.5 C 34 46 22 45 12 49 Z",
        "-M 88 34 C 78 30 66 31 58 37 L 58 39.5 C 66 34 78 33 88 37 Z",
        "-M 88 46 C 78 42 66 43 58 49 L 58 51.5 C 66 46 78 45 88 49 Z",
    ),
    "key": (
        _circle(24, 50, 20),
        "-" + _circle(24, 50, 10),
        "M 42 45 L 96 45 L 96 66 L 88 66 L 88 55 L 80 55 L 80 63 L 72 63 L 72 55 L 42 55 Z",
    ),
    "owl": (
        "M 22 22 C 20 14 20 8 22 3 C 32 8 42 11 50 11 C 58 11 68 8 78 3 C 80 8 80 14 78 22 C 86 38 "
        "86 66 74 84 C 66 95 34 95 26 84 C 14 66 14 38 22 22 Z",
        "-" + _circle(36, 32, 12),
        "-" + _circle(64, 32, 12),
        _circle(36, 32, 6.5),
        _circle(64, 32, 6.5),
        "-M 46 44 L 54 44 L 50 53 Z",
        "-M 34 60 C 38 66 44 66 47 60 C 44 63 38 63 34 60 Z",
        "-M 53 60 C 57 66 63 66 66 60 C 63 63 57 63 53 60 Z",
        "-M 43 72 C 47 78 53 78 57 72 C 54 75 46 75 43 72 Z",
        "M 34 92 L 42 92 L 41 99 L 35 99 Z",
        "M 58 92 L 66 92 L 65 99 L 59 99 Z",
    ),
    "rabbit": (
        "M 32 98 C 18 92 18 74 28 66 C 26 52 30 44 36 40 C 26 24 28 6 36 2 C 44 6 46 24 46 37 "
        "C 48 36 52 36 54 37 C 54 24 56 6 64 2 C 72 6 74 24 64 40 C 72 46 74 54 71 64 C "
        "84 72 84 92 "
        "70 98 Z",
        "-" + _circle(43, 50, 2.4),
        "-" + _circle(58, 50, 2.4),
        "-M 48 57 L 53 57 L 50.5 61 Z",
    ),
    "snail": (
        "M 2 84 C 4 78 10 76 18 77 C 14 50 30 32 54 32 C 76 32 90 48 88 66 C 92 62 92 52 90 44 "
        "L 86 30 L 89 29 L 93 42 L 98 28 L 100.5 29 L 96 46 C 102 62 96 82 80 84 Z",
        "-M 54 76 C 36 76 28 60 36 48 C 44 38 62 40 66 52 C 70 62 60 70 52 66 C 46 63 48 55 54 56 "
        "C 51 58 52 62 56 61 C 62 59 60 50 53 49 C 44 48 40 56 43 63 C 47 72 62 73 69 64 L 71 66 "
        "C 67 73 61 76 54 76 Z",
    ),
    "butterfly": (
        "M 48 36 C 38 12 10 4 6 18 C 2 34 18 50 40 52 C 22 54 14 70 22 82 C 32 94 46 78 49 58 Z",
        "M 52 36 C 62 12 90 4 94 18 C 98 34 82 50 60 52 C 78 54 86 70 78 82 C 68 94 54 78 51 58 Z",
        "M 48.4 30 C 46 22 40 14 36 10 L 38 9 C 43 14 48 21 50 28 C 52 21 57 14 62 9 L "
        "64 10 C 60 14 "
        "54 22 51.6 30 L 51.8 76 L 48.2 76 Z",
        "-" + _circle(24, 26, 6),
        "-" + _circle(76, 26, 6),
        "-" + _circle(32, 74, 5),
        "-" + _circle(68, 74, 5),
    ),
    "candle": (
        "M 36 46 L 64 46 L 64 90 L 36 90 Z",
        "M 22 88 L 78 88 C 76 97 66 99 60 99 L 40 99 C 34 99 24 97 22 88 Z",
        "M 48.8 46 L 51.2 46 L 51.2 36 L 48.8 36 Z",
        "M 50 2 C 62 16 64 26 58 34 C 54 38 46 38 42 34 C 36 26 38 16 50 2 Z",
        "-M 50 16 C 56 24 56 30 50 33 C 44 30 44 24 50 16 Z",
    ),
    "bicycle": (
        _circle(22, 66, 20),
        "-" + _circle(22, 66, 17),
        _circle(78, 66, 20),
        "-" + _circle(78, 66, 17),
        "M 21 67 L 37 36 L 34 30 L 26 30 L 26 27 L 44 27 L 44 30 L 38 30 L 40 35 L 64 35 L 61 26 "
        "L 66 21 L 76 21 L 76 24 L 67.5 24 L 64.6 27 L 79.6 65.6 L 77 67 L 66 39 L 49 67 L 21 69 Z",
        "-M 38.6 40.5 L 26 65.6 L 45 65 Z",
        "-M 41.5 38.4 L 48 61 L 62.5 38.4 Z",
        _circle(49, 67, 4),
    ),
    "guitar": (
        "M 40 98 C 20 98 14 82 22 70 C 28 62 28 58 26 52 C 24 42 32 36 42 38 L 45 38 L "
        "45 18 L 43 4 "
        "L 57 4 L 55 18 L 55 38 L 58 38 C 68 36 76 42 74 52 C 72 58 72 62 78 70 C 86 82 "
        "80 98 60 98 Z",
        "-" + _circle(50, 58, 8),
        "-" + _box(40, 82, 60, 85),
    ),
    "train": (
        "M 6 40 L 44 40 L 44 22 L 40 22 L 40 16 L 86 16 L 86 22 L 82 22 L 82 40 L 88 40 "
        "L 88 74 L 6 "
        "74 Z",
        "M 14 40 L 12 22 L 8 16 L 26 16 L 22 22 L 20 40 Z",
        "M 2 74 L 10 66 L 10 82 L 2 84 Z",
        "-" + _box(52, 24, 62, 38),
        "-" + _box(66, 24, 76, 38),
        *(_circle(x, 78, 10) for x in (22, 46, 72)),
        *("-" + _circle(x, 78, 4) for x in (22, 46, 72)),
        _box(2, 89, 96, 91.4),
    ),
}


def mask(name: str, *, x: float, y: float, size: float, flip: bool = False) -> Plane:
    """A motif as a mask over the whole canvas, its square with this corner and side in pixels."""
    scale = 2
    image = Image.new("L", (SIZE * scale, SIZE * scale))
    draw = ImageDraw.Draw(image)
    for points, cut in outlines(name):
        placed = [
            (
                scale * (x + (100 - px if flip else px) * size / 100),
                scale * (y + py * size / 100),
            )
            for px, py in points
        ]
        draw.polygon(placed, fill=0 if cut else 255)
    return np.asarray(image.reduce(scale), dtype=np.float32) / 255.0


@cache
def outlines(name: str) -> list[tuple[Points, bool]]:
    """The outlines of a motif in their order, and whether each is cut out."""
    return [(_flattened(it.removeprefix("-")), it.startswith("-")) for it in MOTIFS[name]]


def _flattened(path: str) -> Points:
    points: Points = []
    tokens = _TOKEN.findall(path)
    at = 0
    command = "M"
    while at < len(tokens):
        if tokens[at].isalpha():
            command = tokens[at]
            at += 1
            continue
        count = {"C": 6, "Q": 4}.get(command, 2)
        values = [float(it) for it in tokens[at : at + count]]
        at += count
        pairs = list(zip(values[::2], values[1::2], strict=True))
        points += _curve([points[-1], *pairs]) if command in "CQ" else pairs
    return points


def _curve(handles: Points) -> Points:
    """Points along a Bézier curve after its first (de Casteljau)."""
    found: Points = []
    for step in range(1, STEPS + 1):
        share = step / STEPS
        row = handles
        while len(row) > 1:
            row = [(a + (c - a) * share, b + (d - b) * share) for (a, b), (c, d) in pairwise(row)]
        found += row
    return found
