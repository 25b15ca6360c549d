"""Containers of sound alone, each walked from its first byte to its last.

MPEG audio layer III (ISO 11172-3) with ID3v2, Ogg (RFC 3533), FLAC (RFC 9639), RIFF WAVE.
"""

import struct
import zlib

from feed_core.recordings.broken import Broken

REVERSED = bytes(int(f"{it:08b}"[::-1], 2) for it in range(256))


def wav(content: bytes) -> str:
    """Chunks that fill the file; one of format and one of samples."""
    (size,) = struct.unpack_from("<I", content, 4)
    if size + 8 != len(content):
        raise Broken
    found, at = set(), 12
    while at < len(content):
        name, size = struct.unpack_from("<4sI", content, at)
        found.add(name)
        at += 8 + size + size % 2
    if at != len(content) or not {b"fmt ", b"data"} <= found:
        raise Broken
    return "audio/wav"


def flac(content: bytes) -> str:
    """Blocks of metadata, the stream's own first, and then frames."""
    at, last, first = 4, False, True
    while not last:
        last, kind = bool(content[at] & 0x80), content[at] & 0x7F
        if first and kind != 0:
            raise Broken
        first = False
        at += 4 + int.from_bytes(content[at + 1 : at + 4])
    if content[at] != 0xFF or content[at + 1] & 0xFE != 0xF8:
        raise Broken
    return "audio/flac"


def ogg(content: bytes) -> str:
    """Whole pages with true checksums; streams of sound alone."""
    at, streams = 0, 0
    while at < len(content):
        mark, version, flags = struct.unpack_from("<4sBB", content, at)
        count = content[at + 26]
        body = at + 27 + count
        end = body + sum(content[at + 27 : body])
        if mark != b"OggS" or version != 0 or end > len(content):
            raise Broken
        page = bytearray(content[at:end])
        page[22:26] = bytes(4)
        if _ogg_checksum(bytes(page)) != struct.unpack_from("<I", content, at + 22)[0]:
            raise Broken
        if flags & 2:  # a stream begins
            if not content[body:end].startswith((b"\x01vorbis", b"OpusHead", b"\x7fFLAC")):
                raise Broken
            streams += 1
        at = end
    if not streams:
        raise Broken
    return "audio/ogg"


def _ogg_checksum(page: bytes) -> int:
    """CRC-32 with the bits of each byte the other way round than zlib reads them."""
    found = zlib.crc32(page.translate(REVERSED), 0xFFFFFFFF) ^ 0xFFFFFFFF
    return int(f"{found:032b}"[::-1], 2)


BITRATES = {  # in kbit/s, of layer III
    3: (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
RATES = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}


def mp3(content: bytes) -> str:
    """An ID3v2 tag, if any, frames one behind the other, and an ID3v1 or APE tag, if any."""
    at, end = _id3v2(content), len(content)
    if content[end - 128 : end - 125] == b"TAG":
        end -= 128
    if content[end - 32 : end - 24] == b"APETAGEX":
        size, _, flags = struct.unpack_from("<III", content, end - 20)
        end -= size + (32 if flags & 0x8000_0000 else 0)
    frames = 0
    while at < end:
        if not content[at]:
            if any(content[at:end]):  # some writers fill up with zeros, and with nothing else
                raise Broken
            break
        at += _frame(content[at : at + 4])
        frames += 1
    if frames < 2:
        raise Broken
    return "audio/mpeg"


def _id3v2(content: bytes) -> int:
    if content[:3] != b"ID3":
        return 0
    size = 0
    for it in content[6:10]:
        if it > 0x7F:
            raise Broken
        size = size << 7 | it
    return 10 + size + (10 if content[5] & 0x10 else 0)


def _frame(header: bytes) -> int:
    """The length of a frame of MPEG audio, from its header."""
    version, layer = header[1] >> 3 & 3, header[1] >> 1 & 3
    bitrate, rate, padding = header[2] >> 4, header[2] >> 2 & 3, header[2] >> 1 & 1
    if header[0] != 0xFF or header[1] >> 5 != 7 or version == 1 or layer != 1:
        raise Broken
    if not 1 <= bitrate <= 14 or rate == 3:
        raise Broken
    kbits = BITRATES[3 if version == 3 else 2][bitrate - 1]
    return (144 if version == 3 else 72) * kbits * 1000 // RATES[version][rate] + padding
