"""Media files, named by their content."""

import errno
import hashlib
import io
import struct
import warnings
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import uuid4

from PIL import Image
from PIL.ExifTags import Base
from PIL.Image import Transpose

from feed_core.database import NoRoom
from feed_core.errors import PictureRefused
from feed_core.recordings.sniffing import recording_type

LARGEST_FILE = 25 * 2**20
LARGEST_PIXELS = 20_000_000
KEPT_SIDE = 2048
THUMBNAIL_SIDE = 512
THUMBNAIL_QUALITY = 85  # of JPEG, up to 95
PICTURE, THUMBNAIL = "image/png", "image/jpeg"
SUFFIXES = {
    PICTURE: ".png",
    THUMBNAIL: ".jpg",
    "audio/mpeg": ".mp3",
    "audio/mp4": ".m4a",
    "audio/ogg": ".ogg",
    "audio/flac": ".flac",
    "audio/wav": ".wav",
    "audio/webm": ".weba",
    "video/mp4": ".mp4",
    "video/webm": ".webm",
    "video/quicktime": ".mov",
}
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
GONE = ".gone"  # the ending of what was put away
LIKENESS = 16  # places of a picture's side that its likeness tells apart
READABLE = ("PNG", "JPEG", "WEBP", "GIF")
# Else Pillow prints it, between the lines of whoever sits at a terminal.
warnings.filterwarnings("error", category=Image.DecompressionBombWarning)
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
    """A stored file: SHA-256 of its bytes, MIME type, and measures in bytes and pixels.

    `likeness` is what a picture looks like: 256 bits in hexadecimal, few of which differ between
    pictures that people take for the same. `thumbnail` is a smaller picture of one that is larger
    than that. A recording has neither, and no measures in pixels.
    """

    hash: str
    type: str
    size: int
    width: int = 0
    height: int = 0
    likeness: str = ""
    thumbnail: "Kept | None" = None


class MediaShelf:
    """A folder of files named by the hash of what is in them; every method blocks.

    `write` puts bytes into a new file.
    """

    def __init__(self, folder: Path, write: Callable[[Path, bytes], object] = Path.write_bytes):
        self._folder, self._write_bytes = folder, write

    def keep(self, png: bytes) -> Kept:
        """Store a PNG that Jamfeed itself drew.

        Raises:
            NoRoom: the disk is full.
        """
        with Image.open(io.BytesIO(png)) as picture:
            return self._picture(png, picture)

    def take_in(self, content: bytes) -> Kept:
        """Store a file from outside, told by its content alone.

        A picture is drawn anew: no bytes of the sender's file remain. A recording is kept as it is.

        Raises:
            PictureRefused: too large, neither picture nor recording, or not readable to its end.
            RecordingRefused: it begins as a recording and is not, or not that alone.
            NoRoom: the disk is full.
        """
        if len(content) > LARGEST_FILE:
            raise PictureRefused("too_large")
        if (kind := recording_type(content)) is not None:
            return self._write(content, kind)
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
        drawn.save(encoded, "PNG", compress_level=3)  # a third of the time of 6, as small
        return self._picture(encoded.getvalue(), drawn)

    def thumbnail(self, media_hash: str) -> Kept | None:
        """A smaller picture of a stored one; None for one that is small enough.

        Raises:
            FileNotFoundError: it is not there.
            NoRoom: the disk is full.
        """
        with Image.open(io.BytesIO(self.read(media_hash))) as picture:
            return self._thumbnail(picture)

    def read(self, media_hash: str) -> bytes:
        """The bytes of a stored file.

        Raises:
            FileNotFoundError: it is not there.
        """
        return self._found(media_hash).read_bytes()

    def type_of(self, media_hash: str) -> str:
        """The MIME type of a stored file.

        Raises:
            FileNotFoundError: it is not there.
        """
        suffix = self._found(media_hash).suffix
        return next(it for it, ending in SUFFIXES.items() if ending == suffix)

    def where(self, media_hash: str, type: str) -> Path | None:
        """Where the file of this hash and type stands, or would stand; None for unknown types."""
        suffix = SUFFIXES.get(type)
        return self._path(media_hash, suffix) if suffix is not None else None

    def has(self, media_hash: str) -> bool:
        """Whether a file stands there."""
        return any(True for _ in self._standing(media_hash))

    def put_aside(self) -> list[str]:
        """The hashes of all that was put away."""
        return [it.name.partition(".")[0] for it in self._folder.glob(f"*/*{GONE}")]

    def put_away(self, media_hash: str) -> None:
        """Take a file from its place, for good unless it is brought back."""
        for path in self._standing(media_hash):
            path.replace(path.with_suffix(f"{path.suffix}{GONE}"))

    def bring_back(self, media_hash: str) -> None:
        """Put a file back that was put away."""
        for path in self._folder.glob(f"{media_hash[:2]}/{media_hash}.*{GONE}"):
            path.replace(path.with_suffix(""))

    def throw_away(self, media_hash: str) -> None:
        """Delete what was put away."""
        for path in self._folder.glob(f"{media_hash[:2]}/{media_hash}.*{GONE}"):
            path.unlink(missing_ok=True)

    def _picture(self, png: bytes, picture: Image.Image) -> Kept:
        kept = self._write(png, PICTURE)
        return replace(
            kept,
            width=picture.width,
            height=picture.height,
            likeness=_likeness(picture),
            thumbnail=self._thumbnail(picture),
        )

    def _thumbnail(self, picture: Image.Image) -> Kept | None:
        if max(picture.size) <= THUMBNAIL_SIDE:
            return None
        seen = picture.convert("RGBA")
        small = Image.alpha_composite(Image.new("RGBA", seen.size, "white"), seen).convert("RGB")
        small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
        encoded = io.BytesIO()
        small.save(encoded, "JPEG", quality=THUMBNAIL_QUALITY, optimize=True)
        kept = self._write(encoded.getvalue(), THUMBNAIL)
        return replace(kept, width=small.width, height=small.height)

    def _write(self, content: bytes, type: str) -> Kept:
        kept = Kept(hashlib.sha256(content).hexdigest(), type, len(content))
        path = self._path(kept.hash, SUFFIXES[type])
        if path.exists():
            return kept
        unfinished = path.with_suffix(f".{uuid4().hex}.part")  # two may keep the same at once
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._write_bytes(unfinished, content)
            unfinished.replace(path)  # whoever reads finds all of it or nothing
        except OSError as error:
            unfinished.unlink(missing_ok=True)
            if error.errno in FULL:
                raise NoRoom("The folder of media") from error
            raise
        return kept

    def _found(self, media_hash: str) -> Path:
        for path in self._standing(media_hash):
            return path
        raise FileNotFoundError(media_hash)

    def _standing(self, media_hash: str) -> Iterator[Path]:
        for suffix in SUFFIXES.values():
            path = self._path(media_hash, suffix)
            if path.exists():
                yield path

    def _path(self, media_hash: str, suffix: str) -> Path:
        return self._folder / media_hash[:2] / f"{media_hash}{suffix}"


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
