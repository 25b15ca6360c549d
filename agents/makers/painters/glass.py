"""Stained glass: a scene cut into panes of colour, held in lead and lit from behind."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from agents.makers.painters.canvas import (
    SIZE,
    Pixels,
    Plane,
    cloudiness,
    columns,
    enlarged,
    laid,
    rows,
    smooth,
)
from agents.makers.painters.palettes import Palette

CELLS = 17  # panes across and down
LEAD = 3.6  # pixels on either side of a seam
HALF = SIZE // 2  # panes are measured at half the size, for speed

Numbers = NDArray[np.intp]


def glazed(
    canvas: Pixels, palette: Palette, random: np.random.Generator, shape: Plane | None = None
) -> None:
    """Turn what is on the canvas into a window; the shape is set into the lead by its outline."""
    bend = cloudiness(random, across=4, down=4, octaves=3)
    pane, seam, middle = _panes(random, bend[::2, ::2])
    if shape is not None:
        inside = shape > 0.5
        dark = float((canvas.mean(axis=0)).mean()) < 0.5
        laid(canvas, shape, palette.light if dark else palette.accent)
        pane = pane * 2 + inside
        near = np.asarray(Image.fromarray((inside * 255).astype(np.uint8)).filter(_SOFT)) / 255.0
        seam = np.minimum(seam, (np.abs(near - 0.5) * 2 * 5.5).astype(np.float32))
    colors = _colors(canvas, pane)
    shade = cloudiness(random, across=30, down=30, octaves=3)
    ripple = cloudiness(random, across=6, down=90, octaves=2)
    tones = random.uniform(0.78, 1.22, pane.max() + 1) * random.uniform(
        0.86, 1.16, (3, pane.max() + 1)
    )
    # Light comes through the middle of a pane more than along its rim.
    through = 0.82 + 0.32 * smooth(70.0, 4.0, middle)
    through *= 0.86 + 0.2 * shade + 0.14 * ripple
    lead = smooth(LEAD + 1.2, LEAD - 0.6, seam)
    edge = smooth(LEAD + 9.0, LEAD, seam) * (1 - lead)
    gleam = smooth(LEAD * 0.9, LEAD * 0.2, seam) * (0.25 + 0.3 * bend)
    frame = _frame()
    for plane, color, tone in zip(canvas, colors, tones, strict=True):
        plane[:] = np.clip((color * tone).astype(np.float32)[pane] * through, 0.0, 1.0)
        plane *= 1 - 0.42 * edge
        plane += (0.055 + 0.16 * gleam - plane) * lead
        plane += (0.05 - plane) * frame


_SOFT = ImageFilter.BoxBlur(4)


def _panes(random: np.random.Generator, bend: Plane) -> tuple[Numbers, Plane, Plane]:
    """For each pixel its pane, the distance to the seam and to the pane's middle."""
    step = HALF / CELLS
    grid = CELLS + 2
    offset_x, offset_y = random.uniform(0.06, 0.94, (2, grid * grid)).astype(np.float32)
    half = np.arange(HALF, dtype=np.float32)
    x, y = half[None, :] + (bend - 0.5) * 17, half[:, None] + (bend.T - 0.5) * 17
    column = np.clip((x / step).astype(np.intp) + 1, 1, CELLS)
    row = np.clip((y / step).astype(np.intp) + 1, 1, CELLS)
    nearest = np.full((HALF, HALF), 1e9, dtype=np.float32)
    second = nearest.copy()
    pane = np.zeros((HALF, HALF), dtype=np.intp)
    for down in (-1, 0, 1):
        for across in (-1, 0, 1):
            at = (row + down) * grid + column + across
            dx = (column + (across - 1) + offset_x[at]) * np.float32(step) - x
            dy = (row + (down - 1) + offset_y[at]) * np.float32(step) - y
            distance = (dx * dx + dy * dy).astype(np.float32)
            closer = distance < nearest
            second = np.where(closer, nearest, np.minimum(second, distance))
            pane = np.where(closer, at, pane)
            nearest = np.minimum(distance, nearest)
    middle = np.sqrt(nearest)
    seam = np.asarray(np.sqrt(second) - middle, dtype=np.float32)
    whole = np.repeat(np.repeat(pane, 2, 0), 2, 1)
    return whole, enlarged(seam), enlarged(2 * middle)


def _colors(canvas: Pixels, pane: Numbers) -> list[Plane]:
    """The mean colour of every pane, made stronger as glass is."""
    flat = pane.ravel()
    count = np.maximum(np.bincount(flat), 1)
    means = [np.bincount(flat, weights=it.ravel()) / count for it in canvas]
    grey = sum(means) / 3
    return [
        np.asarray(np.clip(0.05 + grey + (it - grey) * 1.75, 0.03, 1.0) ** 0.8, dtype=np.float32)
        for it in means
    ]


def _frame() -> Plane:
    """A dark frame with an arch on top, as windows of chapels have."""
    x, y = np.abs(columns() - SIZE / 2), rows()
    inner, spring = SIZE / 2 - 30, SIZE * 0.34
    arch = (x / inner) ** 2 + (np.maximum(spring - y, 0) / (spring - 30)) ** 2
    side = smooth(inner - 1, inner + 1, x + 0 * y)
    above = np.where(y < spring, smooth(0.995, 1.005, arch), side)
    return np.clip(above + smooth(SIZE - 30, SIZE - 28, y + 0 * x), 0.0, 1.0)
