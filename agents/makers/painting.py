"""The painter: a prompt becomes a picture by procedure, always the same for one prompt and seed."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from agents.makers.making import Painting
from agents.makers.naming import found
from agents.makers.painters import (
    abstracts,
    botany,
    glass,
    linocut,
    motifs,
    papercut,
    poster,
    quilt,
    scenes,
    starmap,
    weave,
)
from agents.makers.painters.canvas import SIZE, Color, Pixels, finished
from agents.makers.painters.palettes import Palette, choose_palette
from agents.makers.painters.subjects import named, words_of
from agents.makers.titling import shortened

LONGEST_PROMPT = 2_000  # characters read; more would not change what is seen
_INKS: tuple[Color, ...] = ((0.09, 0.11, 0.19), (0.10, 0.16, 0.14), (0.20, 0.08, 0.10))


@dataclass(frozen=True, slots=True)
class Prompt:
    """What is to be painted: its words, those of other languages in English too."""

    title: str
    words: Sequence[str]

    @property
    def motif(self) -> str | None:
        """The first thing it names of which there is a silhouette."""
        return named(self.words, tuple(motifs.MOTIFS))


Hand = Callable[[Pixels, Palette, Prompt, np.random.Generator], str]


@dataclass(frozen=True, slots=True)
class Painter:
    """One way to paint: its name, the label of its pictures, the words that ask for it."""

    name: str
    label: str
    keywords: Sequence[str]
    hand: Hand
    grain: float = 0.012


def _scene(canvas: Pixels, palette: Palette, prompt: Prompt, random: np.random.Generator) -> str:
    return scenes.compose(canvas, palette, prompt.words, random).told


def _glass(canvas: Pixels, palette: Palette, prompt: Prompt, random: np.random.Generator) -> str:
    composed = scenes.compose(canvas, palette, prompt.words, random)
    glass.glazed(canvas, palette, random, composed.shape)
    return f"a stained-glass window of {composed.told}"


def _linocut(canvas: Pixels, palette: Palette, prompt: Prompt, random: np.random.Generator) -> str:
    composed = scenes.compose(canvas, palette, prompt.words, random)
    ink = _INKS[int(random.integers(len(_INKS)))]
    linocut.carved(canvas, random, ink, palette.accent)
    return f"a linocut of {composed.told}"


def _poster(canvas: Pixels, palette: Palette, prompt: Prompt, random: np.random.Generator) -> str:
    composed = scenes.compose(canvas, palette, prompt.words, random)
    inks = poster.printed(canvas, random)
    return f"a poster printed in dots of {inks}: {composed.told.partition(', in ')[0]}"


def _papercut(canvas: Pixels, palette: Palette, prompt: Prompt, random: np.random.Generator) -> str:
    land = next((it for it, asks in _LANDS.items() if asks.intersection(prompt.words)), "hills")
    motif = None if prompt.motif in {"moon", "star", "tree", "fir"} else prompt.motif
    told = papercut.cut(canvas, palette, random, land=land, motif=motif)
    return f"{told}, in {palette.name}"


def _starmap(canvas: Pixels, palette: Palette, prompt: Prompt, random: np.random.Generator) -> str:
    return starmap.charted(canvas, palette, random, words=prompt.words, motif=prompt.motif)


def _botany(canvas: Pixels, palette: Palette, prompt: Prompt, random: np.random.Generator) -> str:
    return botany.pressed(canvas, palette, random, title=prompt.title)


def _quilt(canvas: Pixels, palette: Palette, prompt: Prompt, random: np.random.Generator) -> str:
    return f"{quilt.sewn(canvas, palette, random)}, in {palette.name}"


def _weave(canvas: Pixels, palette: Palette, prompt: Prompt, random: np.random.Generator) -> str:
    return f"{weave.woven(canvas, palette, random)}, in {palette.name}"


def _flow(canvas: Pixels, palette: Palette, prompt: Prompt, random: np.random.Generator) -> str:
    abstracts.flow(canvas, palette, random)
    return f"ribbons along an unseen current, in {palette.name}"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_LANDS: Mapping[str, frozenset[str]] = {
    "hills": _words("hill hills mountain mountains valley field fields"),
    "sea": _words("sea ocean waves wave water boat whale fish beach harbour island lake river"),
    "forest": _words("forest wood woods trees fir jungle owl winter snow"),
    "city": _words("city street town skyline village train roof"),
}
SCENE = Painter(
    "scene",
    "procedural painting",
    ("painting", "landscape", "townscape", "gemälde", "landschaft", "paisaje", "風景画", "絵画"),
    _scene,
    0.020,
)
PAINTERS = (
    SCENE,
    Painter(
        "stained glass",
        "procedural stained glass",
        (
            *("stained glass", "glass window", "church window", "buntglas", "glasfenster"),
            *("kirchenfenster", "vidriera", "vitral", "ステンドグラス"),
        ),
        _glass,
    ),
    Painter(
        "linocut",
        "procedural linocut",
        (
            *("linocut", "lino", "woodcut", "wood engraving", "engraving", "linolschnitt"),
            *("holzschnitt", "linograbado", "grabado", "xilografía", "版画", "木版画"),
        ),
        _linocut,
    ),
    Painter(
        "poster",
        "procedural poster",
        (
            *("poster", "riso", "risograph", "halftone", "screen print", "plakat", "siebdruck"),
            *("cartel", "serigrafía", "ポスター", "リソグラフ"),
        ),
        _poster,
    ),
    Painter(
        "papercut",
        "procedural paper cut",
        (
            *("papercut", "paper cut", "paper cutting", "cut paper", "scherenschnitt"),
            *("papierschnitt", "papel cortado", "papel recortado", "切り絵", "切り紙"),
        ),
        _papercut,
    ),
    Painter(
        "star chart",
        "procedural star chart",
        (
            *("star chart", "starmap", "star map", "constellation", "constellations", "sternkarte"),
            *("sternbild", "carta estelar", "mapa estelar", "constelación", "星図"),
        ),
        _starmap,
    ),
    Painter(
        "botanical plate",
        "procedural botanical plate",
        (
            *("botanical", "botanical plate", "botany", "herbarium", "pressed flower"),
            *("pflanzentafel", "botanisch", "herbario", "botánica", "植物画", "ボタニカル"),
        ),
        _botany,
    ),
    Painter(
        "quilt",
        "procedural quilt",
        (
            *("quilt", "geometric", "patchwork", "tiles", "bauhaus", "mosaic", "geometrisch"),
            *("mosaik", "geométrico", "mosaico", "キルト", "幾何学"),
        ),
        _quilt,
    ),
    Painter(
        "weave",
        "procedural weave",
        (
            *("weave", "woven", "truchet", "knot", "knots", "maze", "labyrinth", "geflecht"),
            *("gewebe", "trenzado", "laberinto", "組紐", "迷路"),
        ),
        _weave,
    ),
    Painter(
        "flow field",
        "procedural flow field",
        ("flow field", "flow", "abstract", "abstrakt", "abstracto", "抽象画", "抽象"),
        _flow,
        0.020,
    ),
)
_BY_NAME = {it.name: it for it in PAINTERS}
_OF_SCENES = ("scene", "linocut", "papercut", "stained glass", "poster")
_OF_PLANTS = ("scene", "botanical plate", "linocut", "papercut", "stained glass")
_OF_NIGHTS = ("scene", "star chart", "linocut", "papercut", "poster")
_OF_NOTHING = ("flow field", "quilt", "weave", "star chart", "botanical plate")
_PLANTS = _words("flower flowers garden blossom rose roses tulips fern leaf leaves meadow")
_NIGHTS = _words("star stars night universe cosmos galaxy space planet")


def paint(prompt: str, *, seed: int) -> Painting:
    """Paint 1024 by 1024 pixels for any words at all.

    The painter is the one whose name stands in the prompt; else the seed goes round those that suit
    what it is about, the plainest first.
    """
    plain = " ".join(prompt[:LONGEST_PROMPT].split())
    words = words_of(plain)
    painter = asked_for(plain)
    if painter is not None:  # its name says how, not what
        names = {part for it in (painter.name, *painter.keywords) for part in it.split()}
        words = [it for it in words if it not in names]
    else:
        painter = suiting(words, seed)
    random = np.random.default_rng(_number(plain.casefold(), seed))
    palette = choose_palette(words, random)
    canvas: Pixels = np.zeros((3, SIZE, SIZE), dtype=np.float32)
    title = shortened(plain)
    told = painter.hand(canvas, palette, Prompt(title, words), random)
    seeded = f", seeded by the words “{title}”" if title else ""
    return Painting(
        title=title or "Untitled",
        png=finished(canvas, random, grain=painter.grain),
        width=SIZE,
        height=SIZE,
        alt=f"{painter.label.capitalize()}: {told}{seeded}",
        label=painter.label,
    )


def asked_for(prompt: str) -> Painter | None:
    """The painter that is named in the prompt."""
    return found(prompt, ((it, (it.name, *it.keywords)) for it in PAINTERS))


def suiting(words: Sequence[str], seed: int) -> Painter:
    """The painter whose turn it is, by the seed, among those that suit such words."""
    if not scenes.has_scene(words):
        begin = int(hashlib.blake2s(" ".join(words).encode()).hexdigest()[:4], 16)
        return _BY_NAME[_OF_NOTHING[(begin + seed) % len(_OF_NOTHING)]]
    names = _OF_SCENES
    if _PLANTS.intersection(words):
        names = _OF_PLANTS
    elif _NIGHTS.intersection(words):
        names = _OF_NIGHTS
    return _BY_NAME[names[seed % len(names)]]


def _number(prompt: str, seed: int) -> int:
    digest = hashlib.blake2s(f"{seed}|{prompt}".encode()).digest()
    return int.from_bytes(digest[:8], "big")
