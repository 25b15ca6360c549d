"""Containers of sound and pictures, each walked from its first byte to its last.

ISO base media and QuickTime (ISO 14496-12), WebM (RFC 9559).
"""

import struct
from collections.abc import Iterator

from feed_core.recordings.broken import Broken

TOP_BOXES = frozenset(
    b"ftyp moov mdat free skip wide uuid moof mfra sidx ssix styp meta pdin emsg prft udta".split()
)


def mp4(content: bytes) -> str:
    """Boxes that fill the file; what its tracks hold says whether there is anything to see."""
    names, handlers = set(), set()
    for name, start, end in _boxes(content, 0, len(content)):
        if name not in TOP_BOXES:
            raise Broken
        names.add(name)
        if name == b"moov":
            handlers |= _handlers(content, start, end)
    if not {b"ftyp", b"moov"} <= names:
        raise Broken
    if b"vide" in handlers:
        return "video/quicktime" if content[8:12] == b"qt  " else "video/mp4"
    if b"soun" in handlers:
        return "audio/mp4"
    raise Broken


def _boxes(content: bytes, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Each box between two places: its name, and where its content begins and ends."""
    while at < end:
        size, name = struct.unpack_from(">I4s", content, at)
        start = at + 8
        if size == 1:
            (size,) = struct.unpack_from(">Q", content, start)
            start += 8
        elif size == 0:
            size = end - at
        if size < start - at or at + size > end:
            raise Broken
        yield name, start, at + size
        at += size


def _handlers(content: bytes, start: int, end: int) -> set[bytes]:
    """What the tracks of a movie are handled as."""
    found = set()
    for track, track_at, track_end in _boxes(content, start, end):
        if track == b"trak":
            for media, media_at, media_end in _boxes(content, track_at, track_end):
                if media == b"mdia":
                    for name, at, _ in _boxes(content, media_at, media_end):
                        if name == b"hdlr":
                            found.add(content[at + 8 : at + 12])
    return found


EBML, SEGMENT, TRACKS, TRACK, TRACK_TYPE = 0x1A45DFA3, 0x18538067, 0x1654AE6B, 0xAE, 0x83
DOC_TYPE, CLUSTER = 0x4282, 0x1F43B675
IN_SEGMENT = {0x114D9B74, 0x1549A966, TRACKS, CLUSTER, 0x1C53BB6B, 0x1043A770, 0x1254C367, 0xEC}
IN_SEGMENT |= {0xBF}
IN_CLUSTER = {0xE7, 0xA3, 0xA0, 0xAB, 0xA7, 0x5854, 0xAF, 0xEC, 0xBF}


def webm(content: bytes) -> str:
    """A header, and a segment to the end of the file; its tracks say whether there are pictures."""
    identity, at, end = _element(content, 0, len(content))
    if identity != EBML or end is None:
        raise Broken
    fields = {it: content[start:stop] for it, start, stop in _elements(content, at, end)}
    if fields.get(DOC_TYPE, b"").rstrip(b"\0") != b"webm":
        raise Broken
    identity, at, stop = _element(content, end, len(content))
    if identity != SEGMENT or stop not in (None, len(content)):
        raise Broken
    kinds = set()
    while at < len(content):
        identity, start, stop = _element(content, at, len(content))
        if identity not in IN_SEGMENT:
            raise Broken
        if stop is None:  # written as it was recorded: a cluster ends where the next thing begins
            stop = _end_of_cluster(content, start) if identity == CLUSTER else None
        if stop is None:
            raise Broken
        if identity == TRACKS:
            kinds |= _track_types(content, start, stop)
        at = stop
    if kinds & {1}:
        return "video/webm"
    if kinds & {2}:
        return "audio/webm"
    raise Broken


def _element(content: bytes, at: int, end: int) -> tuple[int, int, int | None]:
    """An element's identity, where its content begins, and where it ends, if that is known."""
    length = 9 - content[at].bit_length()
    if length > 4:
        raise Broken
    identity = int.from_bytes(content[at : at + length])
    at += length
    length = 9 - content[at].bit_length()
    if length > 8:
        raise Broken
    size = int.from_bytes(content[at : at + length]) & (1 << 7 * length) - 1
    start = at + length
    if size == (1 << 7 * length) - 1:
        return identity, start, None
    if start + size > end:
        raise Broken
    return identity, start, start + size


def _elements(content: bytes, at: int, end: int) -> Iterator[tuple[int, int, int]]:
    while at < end:
        identity, start, stop = _element(content, at, end)
        if stop is None:
            raise Broken
        yield identity, start, stop
        at = stop


def _end_of_cluster(content: bytes, at: int) -> int:
    while at < len(content):
        identity, _, stop = _element(content, at, len(content))
        if identity in IN_SEGMENT - IN_CLUSTER:
            return at
        if identity not in IN_CLUSTER or stop is None:
            raise Broken
        at = stop
    return at


def _track_types(content: bytes, at: int, end: int) -> set[int]:
    return {
        int.from_bytes(content[value:stop])
        for track, start, track_end in _elements(content, at, end)
        if track == TRACK
        for identity, value, stop in _elements(content, start, track_end)
        if identity == TRACK_TYPE
    }
