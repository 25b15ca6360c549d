"""Scenes: which place a prompt is about, painted from the back to the front in its weather."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

import numpy as np

from agents.makers.painters import abstracts, landscapes, motifs, townscapes, weather
from agents.makers.painters.canvas import (
    SIZE,
    Pixels,
    Plane,
    columns,
    disc,
    glow,
    laid,
    lit,
    mixed,
    rows,
)
from agents.makers.painters.palettes import Palette
from agents.makers.painters.subjects import named

Brush = Callable[[Pixels, Palette, np.random.Generator], None]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


@dataclass(frozen=True, slots=True)
class _Scene:
    """What a picture can be of: how its alternative text says it, and the words that ask for it."""

    says: str
    brush: Brush
    words: frozenset[str]
    sky: bool = True


_ROOF = _Scene(
    "a corrugated roof before distant houses",
    townscapes.roof,
    _words("roof roofs tin rooftop rooftops gutter shed corrugated iron"),
)
_HILLS = _Scene(
    "ranges of hills",
    landscapes.hills,
    _words("hill hills mountain mountains valley field fields village road path country horizon"),
)
_FLOW = _Scene("ribbons along an unseen current", abstracts.flow, frozenset(), sky=False)
_SOUND = _Scene(
    "rising lines like the tracks of a sound",
    abstracts.sound,
    _words(
        """song songs music sound drum drums piano violin guitar jazz melody echo voice radio dance
        noise bell choir rhythm"""
    ),
    sky=False,
)
_HEART = _Scene(
    "a heart woven of threads",
    abstracts.heart,
    _words("love lover lovers heart hearts kiss valentine romance beloved darling"),
    sky=False,
)
_SCENES: tuple[_Scene, ...] = (
    _ROOF,
    _Scene(
        "open sea with a path of light",
        landscapes.sea,
        _words(
            """sea ocean wave waves water tide harbour harbor beach island boat ship sail whale fish
            lake shore coast swim river"""
        ),
    ),
    _Scene(
        "city towers with lit windows and their reflection",
        townscapes.city,
        _words(
            """city cities street streets skyline tower towers town traffic neon metro subway bus
            train apartment windows office"""
        ),
    ),
    _Scene(
        "firs in the mist",
        landscapes.forest,
        _words(
            """forest wood woods tree trees jungle pine fir moss fern fox wolf deer bear owl leaf
            leaves"""
        ),
    ),
    _Scene(
        "a meadow of blossoms",
        landscapes.flowers,
        _words(
            """flower flowers garden meadow blossom blossoms petals tulip tulips rose roses daisy
            poppy lily bloom bee bees butterfly grass spring picnic"""
        ),
    ),
    _Scene(
        "dunes",
        landscapes.dunes,
        _words("desert dune dunes sand camel cactus sahara mars"),
    ),
    _Scene(
        "flames over embers",
        abstracts.fire,
        _words(
            """fire flame flames ember embers burn burning bonfire lava volcano candle dragon"""
        ),
        sky=False,
    ),
    _Scene(
        "a ringed planet before a nebula",
        abstracts.space,
        _words(
            """space galaxy planet planets comet cosmos universe orbit satellite rocket nebula alien
            astronaut saturn"""
        ),
        sky=False,
    ),
    _SOUND,
    _HEART,
    _HILLS,
)
_SKY = _words(
    """snow winter fog mist bird birds sky cloud clouds sun moon star stars night evening morning
    dawn dusk sunset sunrise summer autumn home house wind"""
)
_RAIN = _words("rain rains raining rainy drizzle storm thunder monsoon")
_SNOW = _words("snow snowy snowing winter blizzard snowflake snowflakes frost")
_SUN = _words("sun sunny sunset sunrise sunlight noon summer dawn dusk desert")
_LOW = _words("sunset sunrise dawn dusk evening morning")
_MOON = _words("moon moonlight night midnight lunar")
_FOG = _words("fog foggy mist misty haze")
_BIRDS = _words("bird birds gull gulls crow crows swallow swallows goose geese")


@dataclass(frozen=True, slots=True)
class Composed:
    """What was painted: in words, and the shape of the thing that it is about, if there is one."""

    told: str
    shape: Plane | None = None


def compose(
    canvas: Pixels, palette: Palette, words: Collection[str], random: np.random.Generator
) -> Composed:
    """Paint the scene that the words ask for; a thing that they name stands in it."""
    motif = named(list(words), tuple(motifs.MOTIFS))
    scene = _scene(words)
    if (motif in _PLACED and scene is not _FLOW) or scene in _WITHOUT:
        motif = None
    elif motif is not None and (scene in (_FLOW, _SOUND, _HEART) or motif in _STAGED):
        scene = _STAGE
    told = _painted(canvas, scene, palette, frozenset(words), random)
    if motif is None:
        return Composed(told)
    shape = _placed(canvas, motif, scene, palette, random)
    head, comma, tail = told.partition(", in ")
    return Composed(f"{_a(motif)} before {head}{comma}{tail}", shape)


def has_scene(words: Collection[str]) -> bool:
    """Whether the words name a place, a thing or a weather that can be painted."""
    known = named(list(words), tuple(motifs.MOTIFS)) is not None
    return known or _scene(words) is not _FLOW


def _scene(words: Collection[str]) -> _Scene:
    """The scene that most words ask for, of equals the first; the weather alone has its own."""
    most, scene = max(
        ((sum(word in scene.words for word in words), scene) for scene in _SCENES),
        key=lambda pair: pair[0],
    )
    if most:
        return scene
    if _RAIN & set(words):
        return _ROOF
    return _HILLS if _SKY & set(words) else _FLOW


def _painted(
    canvas: Pixels,
    scene: _Scene,
    palette: Palette,
    words: frozenset[str],
    random: np.random.Generator,
) -> str:
    """Paint from the back to the front, and say what was painted."""
    above: list[str] = []
    if scene is _STAGE:  # its disc is sun and moon enough
        weather.sky(canvas, palette, random)
    elif scene.sky:
        above = _overhead(canvas, palette, words, random)
    told: list[str] = []
    scene.brush(canvas, palette, random)
    if scene.sky and words & _FOG:
        weather.fog(canvas, palette, random)
        told.append("fog")
    if scene.sky and words & _BIRDS:
        weather.birds(canvas, palette, random)
        told.append("birds")
    if words & _RAIN:
        weather.rain(canvas, palette, random)
        told.append("rain")
    if words & _SNOW:
        weather.snow(canvas, palette, random)
        told.append("falling snow")
    under = f" under {' and '.join(above)}" if above else ""
    within = f", with {' and '.join(told)}" if told else ""
    return f"{scene.says}{under}{within}, in {palette.name}"


def _overhead(
    canvas: Pixels, palette: Palette, words: frozenset[str], random: np.random.Generator
) -> list[str]:
    """Paint the sky and what stands in it."""
    weather.sky(canvas, palette, random)
    covered = bool(words & (_RAIN | _SNOW))
    if palette.dark and not covered:
        weather.stars(canvas, palette, random)
    if not covered and (words & _MOON or palette.name == "midnight-blue"):
        weather.moon(canvas, palette, random)
        return ["stars", "a moon"] if palette.dark else ["a moon"]
    if not palette.dark and (words & _SUN or (not covered and random.random() < 0.6)):
        weather.sun(canvas, palette, random, low=bool(words & _LOW) or random.random() < 0.5)
        return ["a sun"]
    return ["stars"] if palette.dark and not covered else []


def _stage(canvas: Pixels, palette: Palette, random: np.random.Generator) -> None:
    """A large disc over a strip of ground, for one thing to stand before."""
    x, y = SIZE * 0.5, SIZE * 0.47
    lit(canvas, glow(x, y, 330, 1.8) * 0.35, palette.light)
    laid(canvas, disc(x, y, SIZE * 0.315), mixed(palette.light, palette.accent, 0.22))
    line = SIZE * 0.8 + 16 * np.sin(
        np.arange(SIZE, dtype=np.float32) / SIZE * 5.0 + random.random()
    )
    ground = np.clip(rows() - line[None, :] + 0.5, 0, 1)
    laid(canvas, ground, mixed(palette.near, palette.far, 0.3))
    laid(canvas, ground * np.clip((rows() - SIZE * 0.82) / 300, 0, 1) * 0.7, palette.near)


_STAGE = _Scene("a large disc over a strip of ground", _stage, frozenset())
_STAGED = frozenset({"candle", "guitar", "heart", "book", "key", "cup", "umbrella", "moon", "star"})
_PLACED = frozenset({"moon", "star", "heart", "tree", "fir", "flower"})  # the scene has them itself
_WITHOUT = tuple(it for it in _SCENES if it.brush in (abstracts.fire, abstracts.space))
_FLOATING = frozenset({"boat", "whale", "fish"})
_FLYING = frozenset({"bird", "balloon", "butterfly", "moon", "star"})


def _placed(
    canvas: Pixels, motif: str, scene: _Scene, palette: Palette, random: np.random.Generator
) -> Plane:
    """Set the thing where it belongs, dark against what is light and light against the dark."""
    staged = scene is _STAGE
    size = SIZE * (0.46 if staged else random.uniform(0.26, 0.34))
    x = SIZE * 0.5 - size / 2 + (0 if staged else SIZE * random.uniform(-0.2, 0.2))
    foot = 0.985 * size
    if motif in _FLYING:
        y = SIZE * 0.47 - size / 2 if staged else SIZE * random.uniform(0.1, 0.25)
    elif motif in _FLOATING:
        y = SIZE * 0.47 - size / 2 if staged else SIZE * random.uniform(0.56, 0.62) - size * 0.5
    else:
        y = SIZE * (0.815 if staged else random.uniform(0.84, 0.9)) - foot
    if scene.brush is landscapes.sea and motif not in _FLOATING | _FLYING:
        y = SIZE * random.uniform(0.62, 0.68) - foot
        _island(canvas, palette, x + size / 2, y + foot, size)
    shape = motifs.mask(motif, x=x, y=y, size=size, flip=bool(random.random() < 0.5))
    below = float((canvas.mean(axis=0) * shape).sum() / max(1.0, float(shape.sum())))
    dark = mixed(palette.near, (0.0, 0.0, 0.0), 0.35)
    laid(canvas, shape * 0.97, dark if below > 0.42 else palette.light)
    return shape


def _island(canvas: Pixels, palette: Palette, x: float, y: float, size: float) -> None:
    """A low rock in the water, for what cannot swim."""
    across = (columns() - x) / (size * 0.64)
    down = (rows() - y) / (size * 0.15)
    rock = np.clip((1 - across**2 - down**2) * 40, 0, 1) * (rows() <= y + size * 0.045)
    laid(canvas, rock, mixed(palette.near, (0.0, 0.0, 0.0), 0.25))


def _a(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"
