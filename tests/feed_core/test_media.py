import errno
import hashlib
import io
import struct
import subprocess
import sys
import warnings
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageOps, PngImagePlugin

from feed_core.database import NoRoom
from feed_core.errors import PictureRefused
from feed_core.media import KEPT_SIDE, LARGEST_FILE, THUMBNAIL_SIDE, MediaShelf
from feed_core.recordings.sniffing import RecordingRefused
from tests.fakes.recordings import TYPES, recording

CANARY = b"<script>canary</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9"/></svg>'


@pytest.fixture
def shelf(tmp_path: Path) -> MediaShelf:
    return MediaShelf(tmp_path / "media")


def encoded(kind: str, mode: str = "RGB", size: tuple[int, int] = (40, 30), **saved: Any) -> bytes:
    picture = Image.linear_gradient("L").convert("RGBA").convert(mode).resize(size)
    file = io.BytesIO()
    picture.save(file, kind, **saved)
    return file.getvalue()


def chunk(kind: bytes, content: bytes) -> bytes:
    return (
        struct.pack(">I", len(content))
        + kind
        + content
        + struct.pack(">I", zlib.crc32(kind + content))
    )


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few hundred bytes that says it is this large."""
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        [
            chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
            chunk(b"IDAT", zlib.compress(bytes(1000))),
            chunk(b"IEND", b""),
        ]
    )


def shown(shelf: MediaShelf, content: bytes) -> Image.Image:
    """The picture as it is kept."""
    kept = shelf.take_in(content)
    picture = Image.open(io.BytesIO(shelf.read(kept.hash)))
    picture.load()
    assert picture.size == (kept.width, kept.height)
    return picture


def refusal(shelf: MediaShelf, content: bytes) -> str:
    with pytest.raises(PictureRefused) as refused:
        shelf.take_in(content)
    return refused.value.problem


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_pictures_of_four_kinds_are_kept_as_png_under_their_hash(
    shelf: MediaShelf, kind: str
) -> None:
    kept = shelf.take_in(encoded(kind))

    content = shelf.read(kept.hash)
    assert kept.hash == hashlib.sha256(content).hexdigest()
    assert (kept.type, kept.size, kept.width, kept.height) == ("image/png", len(content), 40, 30)
    assert content.startswith(b"\x89PNG")


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA"])
def test_every_kind_of_pixel_can_be_read(shelf: MediaShelf, mode: str) -> None:
    assert shown(shelf, encoded("PNG", mode)).mode in {"RGB", "RGBA"}


def test_sixteen_bits_a_pixel_keep_their_brightness(shelf: MediaShelf) -> None:
    file = io.BytesIO()
    Image.new("I;16", (4, 4), 32_768).save(file, "PNG")

    assert shown(shelf, file.getvalue()).getpixel((1, 1)) == (127, 127, 127)


@pytest.mark.parametrize("mode", ["CMYK", "L", "YCbCr"])
def test_every_kind_of_photograph_can_be_read(shelf: MediaShelf, mode: str) -> None:
    assert shown(shelf, encoded("JPEG", mode)).mode == "RGB"


@pytest.mark.parametrize(
    "size", [(5_000, 5_000), (10_000, 10_000), (65_000, 65_000), (2**31 - 1, 1)]
)
def test_a_bomb_is_known_by_its_header(shelf: MediaShelf, size: tuple[int, int]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert refusal(shelf, bomb(*size)) == "too_many_pixels"


def test_the_warning_that_pillow_gives_in_between_changes_no_answer(shelf: MediaShelf) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert refusal(shelf, bomb(10_000, 10_000)) == "too_many_pixels"


def test_of_a_bomb_nothing_is_printed(tmp_path: Path) -> None:
    (tmp_path / "bomb.png").write_bytes(bomb(10_000, 10_000))
    taken = (
        "import sys\nfrom pathlib import Path\nfrom feed_core.errors import PictureRefused\n"
        "from feed_core.media import MediaShelf\nhere = Path(sys.argv[1])\n"
        "try:\n    MediaShelf(here / 'media').take_in((here / 'bomb.png').read_bytes())\n"
        "except PictureRefused as error:\n    print(error.problem)\n"
    )
    command = [sys.executable, "-c", taken, str(tmp_path)]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    assert (ran.stdout, ran.stderr) == ("too_many_pixels\n", "")


def test_a_file_that_is_too_large_is_not_even_opened(shelf: MediaShelf) -> None:
    assert refusal(shelf, encoded("PNG") + bytes(LARGEST_FILE)) == "too_large"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GIF89a",
        b"\x89PNG\r\n\x1a\n",
        SVG,
        b"%PDF-1.7",
        b"<html><img></html>",
        bytes(1000),
        encoded("TIFF"),
        encoded("BMP"),
        encoded("ICO"),
        encoded("PNG")[:-40],
        encoded("JPEG")[:-200],
        encoded("WEBP")[:-60],
        encoded("GIF")[:-700],
        bomb(2_000, 2_000),
    ],
    ids=lambda it: it[:8].hex(),
)
def test_what_is_no_whole_picture_of_the_four_kinds_is_refused(
    shelf: MediaShelf, content: bytes
) -> None:
    assert refusal(shelf, content) == "unreadable"


def test_of_a_moving_picture_the_first_frame_is_kept(shelf: MediaShelf) -> None:
    frames = [Image.new("RGB", (20, 10), it) for it in ("red", "green", "blue")]
    file = io.BytesIO()
    frames[0].save(file, "GIF", save_all=True, append_images=frames[1:], duration=50)

    still = shown(shelf, file.getvalue())

    assert getattr(still, "n_frames", 1) == 1
    colour = still.convert("RGB").getpixel((3, 3))
    assert isinstance(colour, tuple)
    assert colour[0] > 250
    assert colour[1:] == (0, 0)


def test_a_picture_taken_sideways_is_turned_upright(shelf: MediaShelf) -> None:
    picture = Image.new("RGB", (40, 20), "white")
    picture.paste("black", (0, 0, 20, 20))  # the left half
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned: rotate by 90 degrees clockwise to show
    file = io.BytesIO()
    picture.save(file, "JPEG", exif=exif, quality=95)

    upright = shown(shelf, file.getvalue())

    assert upright.size == (20, 40)
    top, bottom = upright.getpixel((10, 3)), upright.getpixel((10, 36))
    assert isinstance(top, tuple)
    assert isinstance(bottom, tuple)
    assert max(top) < 40
    assert min(bottom) > 215


@pytest.mark.parametrize("orientation", [0, *range(1, 9), 99])
def test_every_way_to_hold_a_camera_is_put_upright(shelf: MediaShelf, orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    content = encoded("PNG", exif=exif)
    upright = ImageOps.exif_transpose(Image.open(io.BytesIO(content)))

    kept = shown(shelf, content)

    assert (kept.size, kept.tobytes()) == (upright.size, upright.tobytes())


@pytest.mark.parametrize("kind", ["PNG", "GIF", "WEBP"])
def test_what_was_transparent_stays_so(shelf: MediaShelf, kind: str) -> None:
    clear = Image.new("RGBA", (20, 10), (0, 0, 0, 0))
    clear.paste((255, 0, 0, 255), (0, 0, 10, 10))
    file = io.BytesIO()
    (clear.quantize(4) if kind == "PNG" else clear).save(file, kind)

    kept = shown(shelf, file.getvalue())

    assert kept.mode == "RGBA"
    alpha = kept.getchannel("A")
    assert (alpha.getpixel((3, 3)), alpha.getpixel((16, 3))) == (255, 0)


def test_no_bytes_of_the_senders_file_remain(shelf: MediaShelf) -> None:
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", CANARY.decode())
    text.add_text("Long", CANARY.decode() * 20, zip=True)
    text.add_itxt("XML:com.adobe.xmp", CANARY.decode())
    exif = Image.Exif()
    exif[0x010E] = CANARY.decode()
    files = [
        encoded("PNG", pnginfo=text, exif=exif, icc_profile=CANARY * 10),
        encoded("JPEG", exif=exif, icc_profile=CANARY * 10, comment=CANARY),
        encoded("WEBP", exif=exif.tobytes(), icc_profile=CANARY * 10, xmp=CANARY),
        encoded("GIF", "P", comment=CANARY),
        encoded("PNG") + CANARY,  # one that is a web page too
        encoded("JPEG") + b"PK\x03\x04" + CANARY,
    ]

    for content in files:
        kept = shelf.read(shelf.take_in(content).hash)
        kinds = []
        at = 8
        while at < len(kept):
            (length,) = struct.unpack(">I", kept[at : at + 4])
            kinds.append(kept[at + 4 : at + 8])
            at += length + 12
        assert set(kinds) == {b"IHDR", b"IDAT", b"IEND"}
        assert at == len(kept)
        assert CANARY not in kept


def test_a_large_picture_is_made_smaller_and_a_thin_one_stays_there(shelf: MediaShelf) -> None:
    large = shelf.take_in(encoded("PNG", "L", (KEPT_SIDE * 2, 100)))
    thin = shelf.take_in(encoded("PNG", "L", (9_000, 1)))

    assert (large.width, large.height) == (KEPT_SIDE, 50)
    assert (thin.width, thin.height) == (KEPT_SIDE, 1)


def test_one_picture_sent_by_many_at_once_is_kept_once(shelf: MediaShelf, tmp_path: Path) -> None:
    content = encoded("PNG", size=(300, 300))

    with ThreadPoolExecutor(8) as pool:
        kept = set(pool.map(shelf.take_in, [content] * 24))

    assert len(kept) == 1
    assert len([it for it in (tmp_path / "media").rglob("*") if it.is_file()]) == 1


def test_what_jamfeed_drew_is_kept_as_it_is(shelf: MediaShelf) -> None:
    drawn = encoded("PNG")

    assert shelf.read(shelf.keep(drawn).hash) == drawn


WHOLE = [encoded(kind) for kind in ("PNG", "JPEG", "WEBP", "GIF")] + [
    encoded("PNG", "P", exif=Image.Exif()),
    encoded(
        "JPEG", exif=b"Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03" + bytes(14)
    ),
]


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    content=st.sampled_from(WHOLE),
    changes=st.lists(
        st.tuples(st.integers(0, 3_000), st.binary(min_size=1, max_size=6)), max_size=4
    ),
    end=st.integers(0, 3_000),
)
def test_a_broken_file_is_refused_or_kept_but_never_breaks_us(
    shelf: MediaShelf, content: bytes, changes: list[tuple[int, bytes]], end: int
) -> None:
    broken = bytearray(content)
    for at, put in changes:
        at %= len(broken)
        broken[at : at + len(put)] = put
    try:
        kept = shelf.take_in(bytes(broken[: max(end, 8)]))
    except (PictureRefused, RecordingRefused) as refused:
        assert refused.problem in {"unreadable", "too_many_pixels"}
    else:
        assert kept.size == len(shelf.read(kept.hash))


@pytest.mark.parametrize("name", TYPES)
def test_a_recording_is_kept_as_it_is_under_its_hash(shelf: MediaShelf, name: str) -> None:
    content = recording(name)

    kept = shelf.take_in(content)

    assert kept.hash == hashlib.sha256(content).hexdigest()
    assert (kept.type, kept.size, kept.thumbnail) == (TYPES[name], len(content), None)
    assert shelf.read(kept.hash) == content
    assert shelf.type_of(kept.hash) == TYPES[name]
    assert not kept.type.startswith("image/")


def test_a_recording_that_is_something_else_too_is_refused(
    shelf: MediaShelf, tmp_path: Path
) -> None:
    with pytest.raises(RecordingRefused):
        shelf.take_in(recording("squares.mp4") + encoded("PNG"))
    with pytest.raises(PictureRefused, match="too_large"):
        shelf.take_in(recording("tone.wav") + bytes(LARGEST_FILE))
    assert not (tmp_path / "media").exists()


@pytest.mark.parametrize(
    ("size", "small"),
    [((2000, 1000), (512, 256)), ((300, 3000), (51, 512)), ((513, 10), (512, 10))],
)
def test_a_large_picture_has_a_smaller_one_made_once(
    shelf: MediaShelf, size: tuple[int, int], small: tuple[int, int]
) -> None:
    kept = shelf.take_in(encoded("PNG", "RGBA", size))

    assert kept.thumbnail is not None
    picture = Image.open(io.BytesIO(shelf.read(kept.thumbnail.hash)))
    assert picture.format == "JPEG"
    assert picture.size == (kept.thumbnail.width, kept.thumbnail.height) == small
    assert max(small) == THUMBNAIL_SIDE
    assert shelf.thumbnail(kept.hash) == kept.thumbnail
    assert shelf.take_in(encoded("PNG", "RGBA", size)) == kept


def test_a_small_picture_is_its_own_thumbnail(shelf: MediaShelf) -> None:
    assert shelf.take_in(encoded("PNG", size=(512, 512))).thumbnail is None
    assert shelf.keep(encoded("PNG")).thumbnail is None


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_said_and_leaves_nothing_half_written(tmp_path: Path, code: int) -> None:
    def full(path: Path, content: bytes) -> None:
        path.write_bytes(content[: len(content) // 2])
        raise OSError(code, "No space left on device")

    shelf = MediaShelf(tmp_path / "media", write=full)
    for content in (encoded("PNG"), recording("tone.mp3")):
        with pytest.raises(NoRoom):
            shelf.take_in(content)
    assert [it for it in (tmp_path / "media").rglob("*") if it.is_file()] == []


def test_any_other_trouble_of_the_disk_is_no_full_one(tmp_path: Path) -> None:
    def broken(path: Path, content: bytes) -> None:
        raise OSError(errno.EIO, "Input/output error")

    with pytest.raises(OSError, match="Input/output"):
        MediaShelf(tmp_path, write=broken).take_in(encoded("PNG"))


def test_what_was_put_away_comes_back_or_is_gone(shelf: MediaShelf) -> None:
    kept = shelf.take_in(encoded("PNG"))

    shelf.put_away(kept.hash)
    assert not shelf.has(kept.hash)
    assert shelf.put_aside() == [kept.hash]
    shelf.bring_back(kept.hash)
    assert shelf.has(kept.hash)
    shelf.put_away(kept.hash)
    shelf.throw_away(kept.hash)
    assert shelf.put_aside() == []
    with pytest.raises(FileNotFoundError):
        shelf.read(kept.hash)
    shelf.put_away(kept.hash)  # a second time, and for what never was, nothing happens
    shelf.bring_back("f" * 64)
