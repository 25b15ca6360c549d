"""Recordings by what is in them, whatever they are called.

A file that begins as one kind and does not end as it, that holds something behind its end, or that
another program would take for something else (a polyglot), is refused; nothing is mended or taken
out.
"""

import re
import struct
from collections.abc import Callable
from dataclasses import dataclass

from feed_core.errors import Refusal
from feed_core.recordings.broken import Broken
from feed_core.recordings.movies import mp4, webm
from feed_core.recordings.sounds import flac, mp3, ogg, wav

HEAD = 1024  # bytes in which readers of PDF and of the web look for their marks
TAIL = 22 + 65_535  # bytes in which readers of ZIP look for its directory
FOREIGN = re.compile(rb"%PDF-|<\?php|<\?xml|<!doctype|<html|<script|<svg|<body", re.IGNORECASE)
ZIP_END = b"PK\x05\x06"


@dataclass(eq=False)
class RecordingRefused(Refusal):
    """The file is no recording that can be taken."""

    problem: str
    code = "recording_refused"


def recording_type(content: bytes) -> str | None:
    """The MIME type of a recording; None for a file that does not begin as one.

    Raises:
        RecordingRefused: it begins as one and is not, or not that alone.
    """
    for begins, read in KINDS:
        if begins(content):
            try:
                found = read(content)
            except (Broken, IndexError, struct.error, RecursionError) as error:
                raise RecordingRefused("unreadable") from error
            if _is_something_else_too(content):
                raise RecordingRefused("polyglot")
            return found
    return None


def _is_something_else_too(content: bytes) -> bool:
    if FOREIGN.search(content[:HEAD]):
        return True
    at = content.rfind(ZIP_END, max(0, len(content) - TAIL))
    if at < 0 or at + 22 > len(content):
        return False
    (comment,) = struct.unpack_from("<H", content, at + 20)
    return bool(at + 22 + comment <= len(content))


KINDS: tuple[tuple[Callable[[bytes], bool], Callable[[bytes], str]], ...] = (
    (lambda it: it[:4] == b"RIFF" and it[8:12] == b"WAVE", wav),
    (lambda it: it[:4] == b"fLaC", flac),
    (lambda it: it[:4] == b"OggS", ogg),
    (lambda it: it[:3] == b"ID3" or (it[:1] == b"\xff" and it[1:2] >= b"\xe0"), mp3),
    (lambda it: it[4:8] == b"ftyp" and it[8:11] not in (b"avi", b"hei", b"mif"), mp4),
    (lambda it: it[:4] == b"\x1a\x45\xdf\xa3", webm),
)
