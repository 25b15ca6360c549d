"""A canvas of floats: gradients, noise, soft masks, and the last hand of grain."""

import io
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

SIZE = 1024

Color = tuple[float, float, float]
Plane = NDArray[np.floating[Any]]  # (rows, columns), usually 0 to 1
Pixels = NDArray[np.floating[Any]]  # (3, SIZE, SIZE), 0 to 1: three planes, for speed

Stroke = tuple[Sequence[tuple[float, float]], float, float]  # points, width, strength 0 to 1


def rows(start: int = 0, end: int = SIZE) -> Plane:
    """The row numbers as a column."""
    return np.arange(start, end, dtype=np.float32)[:, None]


def columns() -> Plane:
    """The column numbers as a row."""
    return np.arange(SIZE, dtype=np.float32)[None, :]


def mixed(a: Color, b: Color, share: float) -> Color:
    """The colour so far on the way from a to b."""
    x, y, z = (p + (q - p) * share for p, q in zip(a, b, strict=True))
    return (x, y, z)


def smooth(low: float, high: float, values: Plane) -> Plane:
    """0 below `low`, 1 above `high`, an S between them."""
    t = np.clip((values - low) / (high - low), 0.0, 1.0)
    return np.asarray(t * t * (3.0 - 2.0 * t), dtype=np.float32)


def unit(values: Plane) -> Plane:
    """The values kept between 0 and 1."""
    return np.asarray(np.clip(values, 0.0, 1.0), dtype=np.float32)


def evened(light: Plane) -> Plane:
    """The light spread from the darkest to the brightest, so that a print uses all its tones."""
    low, high = np.percentile(light[::8, ::8], (2.5, 97.5))
    return unit((light - low) / max(0.05, float(high - low)))


def brightness(canvas: Pixels) -> Plane:
    """How bright each pixel looks."""
    return np.asarray(0.3 * canvas[0] + 0.55 * canvas[1] + 0.15 * canvas[2], dtype=np.float32)


def gradient(colors: Sequence[Color], height: Plane) -> Pixels:
    """Colours laid along `height` (0 the first, 1 the last)."""
    steps = np.linspace(0.0, 1.0, 1024)
    stops = np.linspace(0.0, 1.0, len(colors))
    index = np.clip(height * 1023.0, 0, 1023).astype(np.intp)
    bands = zip(*colors, strict=True)
    tables = (np.interp(steps, stops, band).astype(np.float32) for band in bands)
    return np.stack([table.take(index) for table in tables])


def cloudiness(
    random: np.random.Generator,
    *,
    across: int,
    down: int,
    octaves: int = 4,
    size: int = 512,
    full: bool = True,
) -> Plane:
    """Fractal noise from 0 to 1 with so many cells across and down in its largest octave.

    Made at `size`, which is enough for what is soft; enlarged to SIZE unless not `full`.
    """
    total = np.zeros((size, size), dtype=np.float32)
    for octave in range(octaves):
        cells = random.random((down * 2**octave + 3, across * 2**octave + 3), dtype=np.float32)
        layer = Image.fromarray(cells).resize((size, size), Image.Resampling.BICUBIC)
        total += np.asarray(layer) * 0.5**octave
    total -= total.min()
    total /= max(1e-6, float(total.max()))
    return enlarged(total) if full else total


def enlarged(plane: Plane) -> Plane:
    """A smaller plane at full size."""
    image = Image.fromarray(plane).resize((SIZE, SIZE), Image.Resampling.BILINEAR)
    return np.asarray(image)


def skyline(random: np.random.Generator, *, cells: int, octaves: int, roughness: float) -> Plane:
    """A wandering line of SIZE heights round 0, about -1 to 1."""
    total = np.zeros(SIZE)
    x = np.linspace(0.0, 1.0, SIZE)
    for octave in range(octaves):
        count = cells * 2**octave + 2
        knots = random.uniform(-1.0, 1.0, count)
        t = x * (count - 1.001)
        left = t.astype(int)
        share = t - left
        share = share * share * (3.0 - 2.0 * share)
        total += (knots[left] * (1 - share) + knots[left + 1] * share) * roughness**octave
    return total.astype(np.float32)


def spread(canvas: Pixels, small: Pixels) -> None:
    """Fill the canvas from one of lower resolution, on which soft things are painted faster."""
    for plane, soft in zip(canvas, small, strict=True):
        plane[:] = enlarged(soft)


def laid(canvas: Pixels, mask: Plane, color: Color, start: int = 0) -> None:
    """Lay a colour on the rows from `start` through a mask."""
    mask, start = _cropped(mask, start)
    for plane, tone in zip(canvas[:, start : start + mask.shape[0]], color, strict=True):
        plane += (tone - plane) * mask


def _cropped(mask: Plane, start: int) -> tuple[Plane, int]:
    """The rows of a mask that are not empty; many masks are small, and time is short."""
    used = np.flatnonzero(mask.any(axis=1))
    if not used.size:
        return mask[:0], start
    return mask[used[0] : used[-1] + 1], start + int(used[0])


def lit(canvas: Pixels, mask: Plane, color: Color, start: int = 0) -> None:
    """Add light through a mask, as glows do."""
    mask, start = _cropped(mask, start)
    for plane, tone in zip(canvas[:, start : start + mask.shape[0]], color, strict=True):
        plane += (1.0 - plane) * (np.float32(tone) * mask)


def glow(x: float, y: float, reach: float, power: float = 2.0) -> Plane:
    """A round glow that falls off from (x, y)."""
    half = np.arange(0, SIZE, 2, dtype=np.float32)
    distance = ((half[None, :] - x) ** 2 + (half[:, None] - y) ** 2) / reach**2
    return enlarged(np.asarray(1.0 / (1.0 + distance) ** power, dtype=np.float32))


def disc(x: float, y: float, radius: float) -> Plane:
    """A round disc with a soft edge."""
    distance = np.sqrt((columns() - x) ** 2 + (rows() - y) ** 2)
    return np.clip(radius - distance + 0.5, 0.0, 1.0)


def strokes(lines: Sequence[Stroke], *, blur: float = 0.0, scale: int = 1) -> Plane:
    """Lines drawn as a mask; `scale` 2 draws them twice as large for smooth edges."""
    image = Image.new("L", (SIZE * scale, SIZE * scale))
    draw = ImageDraw.Draw(image)
    for points, width, strength in lines:
        xy = [(x * scale, y * scale) for x, y in points]
        draw.line(xy, fill=int(255 * strength), width=max(1, round(width * scale)), joint=None)
    return _as_plane(image, blur, scale)


def shapes(
    polygons: Sequence[tuple[Sequence[tuple[float, float]], float]],
    *,
    blur: float = 0.0,
    scale: int = 2,
) -> Plane:
    """Filled polygons as a mask."""
    image = Image.new("L", (SIZE * scale, SIZE * scale))
    draw = ImageDraw.Draw(image)
    for points, strength in polygons:
        draw.polygon([(x * scale, y * scale) for x, y in points], fill=int(255 * strength))
    return _as_plane(image, blur, scale)


def dots(spots: Sequence[tuple[float, float, float, float]], *, blur: float = 0.0) -> Plane:
    """Round dots (x, y, radius, strength) as a mask."""
    scale = 1 if blur else 2
    image = Image.new("L", (SIZE * scale, SIZE * scale))
    draw = ImageDraw.Draw(image)
    for x, y, radius, strength in spots:
        box = [scale * edge for edge in (x - radius, y - radius, x + radius, y + radius)]
        draw.ellipse(box, fill=int(255 * strength))
    return _as_plane(image, blur, scale)


def _as_plane(image: Image.Image, blur: float, scale: int) -> Plane:
    if scale > 1:
        image = image.reduce(scale)
    if blur:
        image = image.filter(ImageFilter.BoxBlur(blur))
    return np.asarray(image, dtype=np.float32) / 255.0


def finished(canvas: Pixels, random: np.random.Generator, *, grain: float = 0.020) -> bytes:
    """Darken the corners a little, lay paper grain over all, and encode as PNG."""
    shade = 1.02 - 0.42 * ((rows() / SIZE - 0.5) ** 2 + (columns() / SIZE - 0.5) ** 2)
    paper = random.standard_normal((SIZE // 2, SIZE // 2), dtype=np.float32)
    paper = np.roll(np.repeat(np.repeat(paper, 2, 0), 2, 1), (1, 1), (0, 1)) * 0.5
    paper[::2] += random.standard_normal((SIZE // 2, SIZE), dtype=np.float32) * 0.6
    paper *= grain * 255.0
    shade *= 255.0
    pixels = np.empty((SIZE, SIZE, 3), dtype=np.uint8)
    for band, plane in enumerate(canvas):
        plane *= shade
        plane += paper
        pixels[..., band] = np.clip(plane, 0.0, 255.0, out=plane)
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG", compress_level=1)
    return out.getvalue()
