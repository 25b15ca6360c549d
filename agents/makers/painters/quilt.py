"""Quilts: a few simple shapes in squares, turned and coloured by chance, with an order in it.

After the pattern blocks of Lewis Foreman Day (Pattern Design, 1903) and Anni Albers (On Weaving,
1965).
"""

import numpy as np

from agents.makers.painters.canvas import SIZE, Color, Pixels, Plane, cloudiness, laid, mixed, unit
from agents.makers.painters.palettes import Palette

Random = np.random.Generator


def sewn(canvas: Pixels, palette: Palette, random: Random) -> str:
    """Lay the squares; says how many and of what."""
    many = int(random.choice((5, 6, 8)))
    size = SIZE // many
    margin = (SIZE - size * many) // 2
    paper = mixed(palette.light, (1.0, 0.99, 0.95), 0.45)
    for plane, color in zip(canvas, paper, strict=True):
        plane[:] = color
    colors = _colors(palette, paper)
    kinds = list(random.permutation(len(SHAPES))[: int(random.integers(3, 6))])
    mirrored = bool(random.random() < 0.55)
    drawn: dict[tuple[int, int], tuple[int, int, Color, Color]] = {}
    for row in range(many):
        for column in range(many):
            kind = int(random.choice(kinds))
            ground, figure = random.permutation(len(colors))[:2]
            drawn[row, column] = (
                kind,
                int(random.integers(4)),
                colors[int(ground)],
                colors[int(figure)],
            )
    for (row, column), chosen in drawn.items():
        across = many - 1 - column if mirrored and column >= (many + 1) // 2 else column
        kind, turn, ground, figure = drawn[row, across] if across != column else chosen
        shape = np.rot90(SHAPES[kind](size), turn)
        if across != column:
            shape = np.fliplr(shape)
        top, left = margin + row * size, margin + column * size
        for plane, low, high in zip(canvas, ground, figure, strict=True):
            plane[top : top + size, left : left + size] = low + (high - low) * shape
    weave = cloudiness(random, across=256, down=256, octaves=1)
    laid(canvas, weave * 0.06, (0.1, 0.08, 0.1))
    order = " in mirror image" if mirrored else ""
    return f"a quilt of {many} by {many} squares with {_listed(kinds)}{order}"


def _colors(palette: Palette, paper: Color) -> list[Color]:
    return [
        paper,
        palette.near,
        palette.accent,
        mixed(palette.far, palette.sky[1], 0.3),
        mixed(palette.sky[2], palette.accent, 0.25),
    ]


def _grid(size: int) -> tuple[Plane, Plane]:
    line = (np.arange(size, dtype=np.float32) + 0.5) / size
    return line[None, :] + 0 * line[:, None], line[:, None] + 0 * line[None, :]


def _soft(inside: Plane, size: int) -> Plane:
    return unit(inside * size + 0.5)


def _quarter(size: int) -> Plane:
    x, y = _grid(size)
    return _soft(1 - np.sqrt(x**2 + y**2), size)


def _half(size: int) -> Plane:
    x, y = _grid(size)
    return _soft(0.5 - np.sqrt((x - 0.5) ** 2 + y**2), size)


def _rings(size: int) -> Plane:
    x, y = _grid(size)
    reach = np.sqrt(x**2 + y**2)
    return _soft(0.125 - np.abs((reach % 0.5) - 0.25), size) * (reach < 1.0)


def _disc(size: int) -> Plane:
    x, y = _grid(size)
    return _soft(0.36 - np.sqrt((x - 0.5) ** 2 + (y - 0.5) ** 2), size)


def _corner(size: int) -> Plane:
    x, y = _grid(size)
    return _soft((1 - x - y) * 0.7071, size)


def _leaf(size: int) -> Plane:
    x, y = _grid(size)
    near = 1 - np.sqrt(x**2 + (1 - y) ** 2)
    far = 1 - np.sqrt((1 - x) ** 2 + y**2)
    return _soft(np.minimum(near, far), size)


def _stripes(size: int) -> Plane:
    x, _ = _grid(size)
    return _soft(0.0625 - np.abs((x % 0.25) - 0.125), size)


SHAPES = (_quarter, _half, _rings, _disc, _corner, _leaf, _stripes)
_NAMES = ("quarter circles", "half circles", "arcs", "discs", "corners", "leaves", "stripes")


def _listed(kinds: list[int]) -> str:
    names = [_NAMES[it] for it in kinds]
    return f"{', '.join(names[:-1])} and {names[-1]}"
