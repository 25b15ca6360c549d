"""Media files, named by their content."""

import hashlib
import io
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from PIL import Image
from PIL.ExifTags import Base
from PIL.Image import Transpose

from feed_core.errors import PictureRefused

LARGEST_FILE = 25 * 2**20
LARGEST_PIXELS = 20_000_000
KEPT_SIDE = 2048
LIKENESS = 16  # places of a picture's side that its likeness tells apart
READABLE = ("PNG", "JPEG", "WEBP", "GIF")
# What Pillow raises on broken files; found by breaking files.
UNREADABLE = (OSError, ValueError, SyntaxError, EOFError, struct.error, zlib.error, UserWarning)
TURNS = {  # how a picture is put upright, by its Orientation (EXIF 2.32, tag 0x0112)
    2: Transpose.FLIP_LEFT_RIGHT,
    3: Transpose.ROTATE_180,
    4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_270,
    7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_90,
}


@dataclass(frozen=True, slots=True)
class Kept:
    """A stored picture: SHA-256 of its bytes, MIME type, and measures in bytes and pixels.

    `likeness` is what it looks like: 256 bits in hexadecimal, few of which differ between pictures
    that people take for the same.
    """

    hash: str
    type: str
    size: int
    width: int
    height: int
    likeness: str = ""


class MediaShelf:
    """A folder of files named by the hash of what is in them; every method blocks."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, png: bytes) -> Kept:
        """Store a PNG that Jamfeed itself drew."""
        with Image.open(io.BytesIO(png)) as picture:
            return self._write(png, picture)

    def take_in(self, content: bytes) -> Kept:
        """Store a picture from outside, drawn anew: no bytes of the sender's file remain.

        Raises:
            PictureRefused: too large, no picture, or one that cannot be read to its end.
        """
        if len(content) > LARGEST_FILE:
            raise PictureRefused("too_large")
        try:
            with Image.open(io.BytesIO(content), formats=READABLE) as picture:
                if picture.width * picture.height > LARGEST_PIXELS:  # known from the header alone
                    raise PictureRefused("too_many_pixels")
                upright = _upright(picture)
                if upright.mode.startswith("I"):  # 16 bits a pixel, which convert() cuts off
                    upright = upright.point(lambda it: it * (1 / 257)).convert("L")
                drawn = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise PictureRefused("too_many_pixels") from error
        except UNREADABLE as error:
            raise PictureRefused("unreadable") from error
        drawn.info.clear()  # a colour profile would be written out again, and it is any bytes
        drawn.thumbnail((KEPT_SIDE, KEPT_SIDE))
        encoded = io.BytesIO()
        drawn.save(encoded, "PNG")
        return self._write(encoded.getvalue(), drawn)

    def read(self, media_hash: str) -> bytes:
        """The bytes of a stored file.

        Raises:
            FileNotFoundError: it is not there.
        """
        return self._path(media_hash).read_bytes()

    def where(self, media_hash: str, type: str) -> Path | None:
        """Where the file of this hash and type stands, or would stand; None for unknown types."""
        return self._path(media_hash) if type == "image/png" else None

    def _write(self, png: bytes, picture: Image.Image) -> Kept:
        kept = Kept(
            hash=hashlib.sha256(png).hexdigest(),
            type="image/png",
            size=len(png),
            width=picture.width,
            height=picture.height,
            likeness=_likeness(picture),
        )
        path = self._path(kept.hash)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            unfinished = path.with_suffix(f".{uuid4().hex}.part")  # two may keep the same at once
            unfinished.write_bytes(png)
            unfinished.replace(path)  # whoever reads finds all of it or nothing
        return kept

    def _path(self, media_hash: str) -> Path:
        return self._folder / media_hash[:2] / f"{media_hash}.png"


def _likeness(picture: Image.Image) -> str:
    """Whether each of 16 × 16 places is brighter than the one to its left.

    A difference hash, four times as fine as in Neal Krawetz's "Kind of Like That" (2013).
    """
    seen = picture.convert("RGBA")
    ground = Image.new("RGBA", seen.size, "white")
    grey = Image.alpha_composite(ground, seen).convert("L")
    places = grey.resize((LIKENESS + 1, LIKENESS), Image.Resampling.BOX).tobytes()
    row = LIKENESS + 1
    bits = "".join(str(int(places[at] > places[at - 1])) for at in range(len(places)) if at % row)
    return f"{int(bits, 2):0{LIKENESS**2 // 4}x}"


def _upright(picture: Image.Image) -> Image.Image:
    # Not ImageOps.exif_transpose: that writes all of the metadata anew, and fails on nonsense.
    picture.load()
    try:
        turn = TURNS.get(picture.getexif().get(Base.Orientation, 1))
    except (*UNREADABLE, TypeError):
        return picture  # whatever the note on it says, the picture is whole
    return picture if turn is None else picture.transpose(turn)
