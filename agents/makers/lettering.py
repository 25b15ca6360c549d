"""Type for pictures: the best font at hand for a text, lines that fit, and nothing drawn as boxes.

Fonts are looked for in packages that ship one, then among the system's, then in Pillow, whose own
knows unaccented Latin only. A letter that no font has is written without its accent or left out.
"""

import unicodedata
from importlib.resources import files
from pathlib import Path

from PIL import ImageFont

_PACKAGED = (
    ("fontpkg_inter", "files/Inter[opsz,wght].ttf"),
    ("noto_cjk_sans_jp_bold", "NotoSansCJKjp-Bold.otf"),
    ("fontpkg_noto_sans", "files/NotoSans[wdth,wght].ttf"),
)
# Families that cover many scripts, by the file names under which systems have them.
_INSTALLED = (
    "NotoSans-Regular.ttf",
    "DejaVuSans.ttf",
    "LiberationSans-Regular.ttf",
    "Arial.ttf",
    "NotoSansCJK-Regular.ttc",
    "NotoSansArabic-Regular.ttf",
    "NotoSansHebrew-Regular.ttf",
    "NotoSansDevanagari-Regular.ttf",
    "NotoSansThai-Regular.ttf",
    "Arial Unicode.ttf",
)
_NO_LETTER = "\uffff"  # no font has it: its picture is that of every missing letter
# Letters that Unicode does not take apart into a plain one and its mark.
_PLAIN = {
    "Ł": "L",
    "ł": "l",
    "Ø": "O",
    "ø": "o",
    "Đ": "D",
    "đ": "d",
    "ı": "i",
    "ß": "ss",
    "Æ": "AE",
    "æ": "ae",
    "Œ": "OE",
    "œ": "oe",
    "Þ": "Th",
    "þ": "th",
}
_NEVER_SHOWN = frozenset({"Cc", "Cn", "Co", "Cs"})

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


class Lettering:
    """The fonts of one picture; make one for each drawing, it remembers what it measured."""

    def __init__(self) -> None:
        self._faces: dict[tuple[str, int, bool], Font] = {}
        self._known: dict[tuple[str, str], bool] = {}
        self._missing: dict[str, bytes] = {}
        self._sources = [*_packaged(), *_INSTALLED]
        self._broken: set[str] = set()

    def fit(
        self, text: str, *, size: int, width: int, lines: int, bold: bool = False
    ) -> tuple[Font, list[str]]:
        """The font for a text, and the text in at most so many lines; what is cut ends in "…"."""
        font, source = self._best(text, size, bold)
        words = self._drawable(text, source).split()
        whole = " ".join(words)
        if words and lines and font.getlength(whole) <= width:  # measured once, as most are
            return font, [whole]
        found: list[str] = []
        while words and len(found) < lines:
            line = ""
            while words and font.getlength(f"{line} {words[0]}".strip()) <= width:
                line = f"{line} {words.pop(0)}".strip()
            if not line:  # one word wider than the line: break it
                line, rest = self._broken_word(words.pop(0), font, width)
                words = [rest, *words] if rest else words
            found.append(line)
        if words and found:
            last = found[-1]
            while last and font.getlength(f"{last}…") > width:
                last = last[:-1]
            found[-1] = f"{last.rstrip(' ,.;:–-')}…"
        return font, found

    def _broken_word(self, word: str, font: Font, width: int) -> tuple[str, str]:
        end = len(word)
        while end > 1 and font.getlength(word[:end]) > width:
            end -= 1
        return word[:end], word[end:]

    def _best(self, text: str, size: int, bold: bool) -> tuple[Font, str]:
        """The font that has most of the letters; of equals the first."""
        letters = {c for c in unicodedata.normalize("NFC", text) if not c.isspace()}
        best, most = "", -1
        for source in [*self._sources, ""]:
            if source in self._broken or self._face(source, size, bold) is None:
                continue
            count = sum(self._has(source, letter) for letter in letters)
            if count > most:
                best, most = source, count
            if most == len(letters):
                break
        face = self._face(best, size, bold)
        assert face is not None  # Pillow's own is always there
        return face, best

    def _drawable(self, text: str, source: str) -> str:
        kept = []
        for letter in unicodedata.normalize("NFC", text.replace("\n", " ")):
            if unicodedata.category(letter) in _NEVER_SHOWN:
                continue
            if letter.isspace() or self._has(source, letter):
                kept.append(letter)
            else:
                plain = _PLAIN.get(letter) or unicodedata.normalize("NFKD", letter)[:1]
                kept.append(plain if all(self._has(source, c) for c in plain) else "")
        return "".join(kept)

    def _has(self, source: str, letter: str) -> bool:
        known = self._known.get((source, letter))
        if known is None:
            face = self._face(source, 24, False)
            assert face is not None
            if source not in self._missing:
                self._missing[source] = bytes(face.getmask(_NO_LETTER))
            known = bytes(face.getmask(letter)) != self._missing[source]
            self._known[source, letter] = known
        return known

    def _face(self, source: str, size: int, bold: bool) -> Font | None:
        key = (source, size, bold)
        if key not in self._faces:
            try:
                self._faces[key] = _loaded(source, size, bold)
            except OSError:
                self._broken.add(source)
                return None
        return self._faces[key]


def _packaged() -> list[str]:
    found = []
    for package, name in _PACKAGED:
        try:
            path = Path(str(files(package))) / name
        except ModuleNotFoundError:
            continue
        found.append(str(path))
    return found


def _loaded(source: str, size: int, bold: bool) -> Font:
    if not source:
        return ImageFont.load_default(size)
    face = ImageFont.truetype(source, size)
    if "wght" in source:
        axes = [float(axis["default"] or 0) for axis in face.get_variation_axes()]
        names = source.rpartition("[")[2].partition("]")[0].split(",")
        axes[names.index("wght")] = 650 if bold else 430
        face.set_variation_by_axes(axes)
    return face
