"""The painter: a prompt becomes a picture by procedure, always the same for one prompt and seed."""

import hashlib
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass

import numpy as np

from agents.makers.making import Painting
from agents.makers.painters import abstracts, landscapes, townscapes, weather
from agents.makers.painters.canvas import SIZE, Pixels, finished
from agents.makers.painters.palettes import Palette, choose_palette
from agents.makers.titling import shortened

LABEL = "procedural painting"
LONGEST_PROMPT = 2_000  # characters read; more would not change what is seen

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
_SCENES = (
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
    _Scene(
        "rising lines like the tracks of a sound",
        abstracts.sound,
        _words(
            """song songs music sound drum drums piano violin guitar jazz melody echo voice radio
            dance noise bell choir rhythm"""
        ),
        sky=False,
    ),
    _Scene(
        "a heart woven of threads",
        abstracts.heart,
        _words("love lover lovers heart hearts kiss valentine romance beloved darling"),
        sky=False,
    ),
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


def paint(prompt: str, *, seed: int) -> Painting:
    """Paint 1024 by 1024 pixels for any words at all; unknown ones become flowing lines."""
    plain = " ".join(prompt[:LONGEST_PROMPT].split())
    words = re.findall(r"\w+", plain.casefold())
    random = np.random.default_rng(_number(plain.casefold(), seed))
    scene = _scene(words)
    palette = choose_palette(words, random)
    canvas: Pixels = np.zeros((3, SIZE, SIZE), dtype=np.float32)
    told = _painted(canvas, scene, palette, frozenset(words), random)
    title = shortened(plain)
    seeded = f", seeded by the words “{title}”" if title else ""
    return Painting(
        title=title or "Untitled",
        png=finished(canvas, random),
        width=SIZE,
        height=SIZE,
        alt=f"Procedural painting: {told}{seeded}",
        label=LABEL,
    )


def _number(prompt: str, seed: int) -> int:
    digest = hashlib.blake2s(f"{seed}|{prompt}".encode()).digest()
    return int.from_bytes(digest[:8], "big")


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
    above = _overhead(canvas, palette, words, random) if scene.sky else []
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
