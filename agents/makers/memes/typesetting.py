"""Type for memes: words as large as their box takes them, in fonts that come along.

Each letter is drawn in the first font that has it; pictographs (emoji) are left out, and a writing
for which there are no letters is refused, so that no empty boxes are drawn.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import groupby

from PIL import ImageDraw, ImageFont

from agents.makers.making import NoLetters

_INTER = str(files("fontpkg_inter") / "files" / "Inter[opsz,wght].ttf")
_ANTON = str(files("fontpkg_anton") / "files" / "Anton-Regular.ttf")
_CJK = str(files("noto_cjk_sans_jp_bold") / "NotoSansCJKjp-Bold.otf")
_NO_LETTER = "\uffff"  # no font has it: its picture is that of every missing letter
_UNSEEN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "So", "Sk", "Me"})
_KEPT = frozenset("°©®™№→←↑↓★☆♥♪")
LONGEST = 400  # characters of one part
SMALLEST = 17
LONGEST_WORD, BROKEN = 20, 14  # longer words may be broken, into pieces of so many letters
_WIDE = "\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60"
_CLOSING = "、。，！？」』）ーっゃゅょッャュョ…"
_PIECE = re.compile(rf"[{_WIDE}][{_CLOSING}]*\s*|[^\s{_WIDE}]+\s*")

Color = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Face:
    """A way to write: the fonts to look for a letter in, in order, each with its weight."""

    fonts: Sequence[tuple[str, int]]
    upper: bool = False
    leading: float = 1.16


LOUD = Face(((_ANTON, 0), (_INTER, 900), (_CJK, 0)), upper=True, leading=1.2)
PLAIN = Face(((_INTER, 650), (_CJK, 0)), leading=1.22)
BOLD = Face(((_INTER, 850), (_CJK, 0)), leading=1.12)


@dataclass(frozen=True, slots=True)
class Block:
    """Lines of text at the size that fits, each in runs of one font."""

    face: Face
    size: int
    lines: Sequence[str]

    @property
    def step(self) -> int:
        """From line to line, in pixels."""
        return round(self.size * self.face.leading)

    @property
    def height(self) -> int:
        """Of all lines, in pixels."""
        return self.step * len(self.lines)

    @property
    def width(self) -> float:
        """Of the longest line, in pixels."""
        return max((_length(line, self.face, self.size) for line in self.lines), default=0.0)


def writable(text: str) -> str:
    """The text without what cannot be drawn as a letter.

    Raises:
        NoLetters: there are letters in it that none of the fonts has.
    """
    kept: list[str] = []
    for sign in unicodedata.normalize("NFC", " ".join(text[:LONGEST].split())):
        if "\ufe00" <= sign <= "\ufe0f":
            continue  # says only how the sign before it is to be drawn
        if sign == " " or sign in _KEPT or unicodedata.category(sign) not in _UNSEEN:
            if sign == " " or any(_has(font, sign) for font, _ in LOUD.fonts):
                kept.append(sign)
            elif unicodedata.category(sign).startswith("L"):
                raise NoLetters
    return " ".join("".join(kept).split())


def fitted(
    text: str, face: Face, *, width: float, height: float, largest: int, lines: int = 12
) -> Block:
    """The text as large as its box takes it; cut with "…" where the smallest is too large."""
    said = text.upper() if face.upper else text
    low, high = SMALLEST, max(SMALLEST, largest)
    best: Block | None = None
    while low <= high:
        size = (low + high) // 2
        block = Block(face, size, _wrapped(said, face, size, width))
        fits = block.height <= height and len(block.lines) <= lines and block.width <= width
        if fits:
            best, low = block, size + 1
        else:
            high = size - 1
    if best is not None:
        return best
    found = _wrapped(said, face, SMALLEST, width)
    most = max(1, min(lines, int(height / (SMALLEST * face.leading))))
    if len(found) > most:
        found = [*found[: most - 1], found[most - 1].rstrip(" ,.;:") + "…"]
    return Block(face, SMALLEST, found)


def write(
    draw: ImageDraw.ImageDraw,
    block: Block,
    at: tuple[float, float],
    color: Color,
    *,
    stroke: int = 0,
    edge: Color = (0, 0, 0),
    align: str = "centre",
) -> None:
    """Write a block whose top is at y; x is its middle, or its left edge."""
    x, y = at
    for number, line in enumerate(block.lines):
        wide = _length(line, block.face, block.size)
        pen = x - wide / 2 if align == "centre" else x
        base = y + number * block.step + block.size * 0.98
        for font, run in _runs(line, block.face):
            loaded = _font(*font, block.size)
            draw.text(
                (pen, base), run, color, loaded, anchor="ls", stroke_width=stroke, stroke_fill=edge
            )
            pen += loaded.getlength(run)


def _wrapped(text: str, face: Face, size: int, width: float) -> list[str]:
    lines: list[str] = []
    line = ""
    for word in _breakable(text):
        longer = line + word
        if line and _length(longer.strip(), face, size) > width:
            lines.append(line.strip())
            longer = word
        line = longer
    return [*lines, line.strip()] if line.strip() else lines


def _breakable(text: str) -> list[str]:
    """Pieces between which a line may end: words with their space, signs of unspaced writing."""
    found: list[str] = []
    for piece in _PIECE.findall(text):
        if len(piece) > LONGEST_WORD:
            found += [piece[at : at + BROKEN] for at in range(0, len(piece), BROKEN)]
        else:
            found.append(piece)
    return found


def _length(text: str, face: Face, size: int) -> float:
    return sum(_font(*font, size).getlength(run) for font, run in _runs(text, face))


@lru_cache(maxsize=1024)  # a line is measured in many sizes
def _runs(text: str, face: Face) -> Sequence[tuple[tuple[str, int], str]]:
    def font_of(sign: str) -> tuple[str, int]:
        return next((it for it in face.fonts if sign == " " or _has(it[0], sign)), face.fonts[0])

    return [(font, "".join(signs)) for font, signs in groupby(text, font_of)]


@lru_cache(maxsize=256)
def _font(path: str, weight: int, size: int) -> ImageFont.FreeTypeFont:
    loaded = ImageFont.truetype(path, size)
    if weight:
        loaded.set_variation_by_axes([min(32, max(14, size)), weight])
    return loaded


@lru_cache(maxsize=4096)
def _has(path: str, sign: str) -> bool:
    font = _font(path, 0, 24)
    return bytes(font.getmask(sign)) != bytes(font.getmask(_NO_LETTER))
