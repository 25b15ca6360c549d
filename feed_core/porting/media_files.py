"""Media on their way out of a feed and into one: copied by hash, and checked against it."""

import hashlib
import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path

from feed_core.media import MediaShelf
from feed_core.porting.layout import opened, replacing

HASH = re.compile(r"[0-9a-f]{64}")
PIECE = 2**20


@dataclass(frozen=True, slots=True)
class File:
    """One file of media, as its row describes it."""

    hash: str
    type: str
    size: int

    def on(self, shelf: MediaShelf) -> Path | None:
        """Where it stands on a shelf; None when nothing of that name or type can stand there."""
        return shelf.where(self.hash, self.type) if HASH.fullmatch(self.hash) else None


def is_there(path: Path, size: int) -> bool:
    """Whether a whole file of this size stands there; what is being written has another name."""
    try:
        found = path.lstat()
    except OSError:
        return False
    return stat.S_ISREG(found.st_mode) and found.st_size == size


def holds(path: Path, file: File) -> bool:
    """Whether what stands there is the file that its row describes.

    Raises:
        FilesRefused: it cannot be read.
    """
    with opened(path) as source:
        if os.fstat(source.fileno()).st_size != file.size:
            return False
        found = hashlib.sha256()
        while piece := source.read(PIECE):
            found.update(piece)
    return found.hexdigest() == file.hash


def copy(source: Path, target: Path, file: File) -> bool:
    """Copy what its row describes; False, and nothing written, when something else stands there.

    Raises:
        FilesRefused, NoSpace: it cannot be read or written.
    """
    found = hashlib.sha256()
    try:
        with opened(source) as reading, replacing(target) as writing:
            while piece := reading.read(PIECE):
                found.update(piece)
                writing.write(piece)
            if found.hexdigest() != file.hash:
                raise _OtherContent
    except _OtherContent:
        return False
    return True


class _OtherContent(Exception):
    """Leaves the copy unwritten."""
