"""Linocuts: a scene carved in lines that swell with the light, and printed in one or two inks."""

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
    mixed,
    rows,
    smooth,
)

PITCH = 11.0  # pixels from line to line
PAPER: Color = (0.955, 0.93, 0.875)


def carved(canvas: Pixels, random: np.random.Generator, ink: Color, second: Color) -> None:
    """Turn what is on the canvas into a print."""
    light = evened(brightness(canvas))
    wood = cloudiness(random, across=3, down=3, octaves=3)
    tremble = cloudiness(random, across=26, down=26, octaves=2)
    # The knife follows the slope of the light, else a slow swirl.
    angle = (wood - 0.5) * 2.4 + float(random.uniform(-0.5, 0.5))
    along = columns() * np.sin(angle) + rows() * np.cos(angle)
    phase = (along + 46 * wood + (tremble - 0.5) * 5 + light * 60) / PITCH
    line = np.abs(phase - np.floor(phase) - 0.5) * 2  # 0 in the middle of a groove
    chip = (tremble - 0.5) * 0.34
    kept = smooth(-0.11, 0.11, line + chip - (light * 1.42 - 0.22))
    kept = np.maximum(kept, smooth(0.16, 0.07, light))
    kept *= smooth(0.995, 0.93, light)
    border = _border(tremble)
    speckle = cloudiness(random, across=200, down=200, octaves=1)
    ink_coat = kept * border * (1 - 0.55 * smooth(0.78, 0.95, speckle))
    tone = _tone(canvas, border, second, random)
    for plane, paper, color, key in zip(canvas, PAPER, tone, ink, strict=True):
        plane[:] = paper
        plane += (color - plane) * border
        plane += (key - plane) * ink_coat * 0.96


def _border(tremble: Plane) -> Plane:
    x = np.minimum(columns(), SIZE - 1 - columns())
    y = np.minimum(rows(), SIZE - 1 - rows())
    inside = np.minimum(x + 0 * y, y + 0 * x) + (tremble - 0.5) * 9
    return smooth(54, 58, inside)


def _tone(canvas: Pixels, border: Plane, second: Color, random: np.random.Generator) -> list[Plane]:
    """The second block under the key: rolled from one colour into another, from top to bottom."""
    down = rows() / SIZE + 0 * columns()
    warm = mixed(PAPER, second, 0.78)
    pale = mixed(PAPER, second, 0.22)
    turn = smooth(0.1, 0.95, down if random.random() < 0.5 else 1 - down)
    return [p + (w - p) * turn for p, w in zip(pale, warm, strict=True)]
