"""Palettes: which colours the words of a prompt ask for."""

import colorsys
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from agents.makers.painters.canvas import Color

HUE_DRIFT = 0.022  # of a turn; no two seeds have quite the same colours


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours that go together, from the top of the sky to what is near, and the light in it."""

    name: str  # as the alternative text says it: "grey-blue"
    sky: tuple[Color, Color, Color]  # top, middle, horizon
    far: Color
    near: Color
    light: Color
    accent: Color
    dark: bool  # whether lights and stars show


def _color(code: str) -> Color:
    return (int(code[:2], 16) / 255, int(code[2:4], 16) / 255, int(code[4:], 16) / 255)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _palette(name: str, codes: str, *, dark: bool = False) -> Palette:
    top, middle, horizon, far, near, light, accent = map(_color, codes.split())
    return Palette(name, (top, middle, horizon), far, near, light, accent, dark)


#            top    middle horizon far    near   light  accent
_PALETTES = {
    "rain": _palette("grey-blue", "1b2735 3a506b 7d97a8 4d6478 141c26 f3d9a4 e8a15c", dark=True),
    "night": _palette(
        "midnight-blue", "070b1f 16214a 40508a 2a3566 070a18 f4ecd0 f2b45a", dark=True
    ),
    "dusk": _palette("violet and orange", "2a1e4f 8c4a7d f3a06f 6d4a7c 1d1430 ffe3a8 f06a54"),
    "dawn": _palette("rose and gold", "7fa0c9 f0b7b0 fde3b4 b79db4 3f3a5a fff4d2 e8798a"),
    "day": _palette("clear blue", "3f8fcf 8cc3e6 e9f2ea 8fb4b8 2f5a54 fffbe8 f2b632"),
    "sea": _palette("sea-green", "1f5f86 6fb3c0 e6efdf 4f97a8 0b3b50 fff3d0 f2795a"),
    "fire": _palette("ember-red", "14060a 4a0f16 b5391c 6b1a18 120506 ffdf8a ff7a1f", dark=True),
    "forest": _palette("moss-green", "5f8f86 a9c9a4 eef0c9 7fa58a 122b23 fff6c8 e2a03f"),
    "snow": _palette("ice-white", "8fa9c4 c5d5e3 f3f4f3 b4c5d6 54708c ffffff e0867a"),
    "desert": _palette("terracotta", "d98f63 f0bd8a fbe3b8 d99a6c 7a3524 fff2cf 3f8f8c"),
    "city": _palette("neon-violet", "0d0b26 2f1f5c a0437e 4a2c69 0a0818 ffd98a ff5d8f", dark=True),
    "space": _palette("deep violet", "04040f 120b30 2b1450 301a5c 05040f f6e8ff 59d0e8", dark=True),
    "love": _palette("rose-red", "3a0d2a 98284f f08a7c b04a66 2a0a1e ffe2cf ff5f6d"),
    "autumn": _palette("amber", "6f7f8f d9b48a f6ddb0 b5713f 3b1d16 fff0c8 d9482b"),
    "spring": _palette("blossom-pink", "86b8d9 cfe3e4 fdeee0 a5c7a2 33694f fffbe9 f07fa0"),
    "gold": _palette("gold and teal", "0f3d46 2c7a78 e9c46a 4f8f84 0c2a30 fff1c2 e76f51"),
    "ink": _palette("ink-blue and cream", "f1e7d3 efe3cb e6d3b3 9fb1bd 1e2f4d fffaf0 c8472f"),
    "plum": _palette("plum and apricot", "30173d 7b3a6b f4a987 8a5482 1c0d27 ffe6c4 ffb14e"),
}
_WORDS = {
    "rain": _words(
        """
        rain rains raining rainy drizzle gutter storm thunder puddle umbrella wet
        monsoon roof
        """
    ),
    "night": _words(
        """
        night nights midnight moon moonlight star stars starlight dream dreams sleep owl
        dark
        """
    ),
    "dusk": _words(
        """
        dusk sunset evening twilight silhouette
        """
    ),
    "dawn": _words(
        """
        dawn sunrise morning daybreak rose roses
        """
    ),
    "day": _words(
        """
        day noon sun sunny sunlight sky summer kite cloud clouds bird birds window
        """
    ),
    "sea": _words(
        """
        sea ocean wave waves tide harbour harbor beach island boat ship whale fish sail
        water
        """
    ),
    "fire": _words(
        """
        fire flame flames ember embers burn burning lava volcano candle rage hell heat
        """
    ),
    "forest": _words(
        """
        forest wood woods tree trees moss fern jungle garden green leaf leaves frog
        """
    ),
    "snow": _words(
        """
        snow snowy winter ice frost icy blizzard glacier january december cold polar
        """
    ),
    "desert": _words(
        """
        desert dune dunes sand cactus camel canyon dust thirst
        """
    ),
    "city": _words(
        """
        city cities street neon skyline tower towers traffic metro subway bus train
        apartment
        """
    ),
    "space": _words(
        """
        space galaxy planet planets comet cosmos universe orbit satellite rocket nebula
        alien
        """
    ),
    "love": _words(
        """
        love lover lovers heart hearts kiss valentine romance tender darling beloved
        """
    ),
    "autumn": _words(
        """
        autumn october november harvest pumpkin rust amber
        """
    ),
    "spring": _words(
        """
        spring flower flowers blossom petals meadow april may cherry tulip tulips daisy
        bloom
        """
    ),
    "gold": _words(
        """
        gold golden honey jazz treasure bee bees
        """
    ),
    "ink": _words(
        """
        ink paper letter letters book books poem poems word words tea quiet silence
        haiku
        """
    ),
    "plum": _words(
        """
        plum wine velvet song music drum piano violin guitar melody echo
        """
    ),
}
_BY_CHANCE = ("dusk", "gold", "ink", "plum", "sea", "dawn", "autumn", "day", "night")
_HOURS = ("night", "dusk", "dawn")  # the hour of the day decides over what else is named


def choose_palette(words: Sequence[str], random: np.random.Generator) -> Palette:
    """The palette of the first word that has one, the hour before all; else one by chance."""
    asked = [name for word in words for name, known in _WORDS.items() if word in known]
    hours = [name for name in asked if name in _HOURS]
    if {"rain", "space", "city"} & set(asked):
        hours = [name for name in hours if name != "night"]  # theirs is a night of its own
    name = (hours or asked or [_BY_CHANCE[int(random.integers(len(_BY_CHANCE)))]])[0]
    palette = _PALETTES[name]
    drift = float(random.uniform(-HUE_DRIFT, HUE_DRIFT))
    top, middle, horizon = (_drifted(color, drift) for color in palette.sky)
    return replace(
        palette,
        sky=(top, middle, horizon),
        far=_drifted(palette.far, drift),
        near=_drifted(palette.near, drift),
        accent=_drifted(palette.accent, drift),
    )


def _drifted(color: Color, drift: float) -> Color:
    hue, light, saturation = colorsys.rgb_to_hls(*color)
    return colorsys.hls_to_rgb((hue + drift) % 1.0, light, saturation)
