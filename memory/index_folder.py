"""Whether the index's folder is ours and whole, found out before native code opens it."""

import json
import shutil
import sqlite3
import struct
from contextlib import closing
from pathlib import Path

from feed_core.errors import ConfigurationError

MARKER = "jamfeed-index.json"
FORMAT = 2  # of the folder: how members share shards, ids, metadata
REBUILD = "move this folder away; the index is made anew from the database at the next start"
WRITABLE = "let the user that runs Jamfeed write there, or set JAMFEED_HOME to another folder"

# hnswlib's header.bin as Chroma's hnswlib writes it (saveIndex in hnswalg.h): version, offset,
# room, count, bytes per element, ..., without padding.
HEADER = struct.Struct("<i6QiI3QdQ")
SEGMENT = ("header.bin", "data_level0.bin", "length.bin", "link_lists.bin", "index_metadata.pickle")


class Unsound(Exception):
    """The index in a folder of ours is of no use; says why."""


def prepare(folder: Path, *, embedder: str, dimension: int) -> str:
    """See that the folder holds a sound index of this embedder, or mark an empty one as ours.

    Blocking. Opening a damaged index can end the process in native code, so its files are looked
    at first. One that is damaged, of another embedder or of an earlier format is emptied: the rows
    fill it again. Returns why it was, "" where it was not.

    Raises:
        ConfigurationError: the folder is foreign, of a newer Jamfeed, or cannot be written.
    """
    ours: dict[str, str | int] = {"format": FORMAT, "embedder": embedder, "dimension": dimension}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        names = {entry.name for entry in folder.iterdir()} - {f"{MARKER}.new"}
        if MARKER in names:
            try:
                _check_marker(folder, ours)
                _check_database(folder)
                _check_segments(folder)
            except Unsound as reason:
                _empty(folder)
                _mark(folder, ours)
                return str(reason)
        elif names:
            raise ConfigurationError(
                str(folder),
                "this folder is not empty and holds no memory index of Jamfeed",
                "set JAMFEED_HOME to another folder, or move this one away",
            )
        else:
            _mark(folder, ours)
    except (FileExistsError, NotADirectoryError) as error:
        raise ConfigurationError(
            str(folder),
            "a file stands where the folder of the memory index belongs",
            "move that file away; the index is made anew from the database at the next start",
        ) from error
    except OSError as error:
        raise ConfigurationError(
            str(folder), "the folder of the memory index cannot be read and written", WRITABLE
        ) from error
    return ""


def damaged(folder: Path) -> ConfigurationError:
    """The error for an index that cannot be used."""
    return ConfigurationError(str(folder), "the memory index in this folder is damaged", REBUILD)


def _mark(folder: Path, ours: dict[str, str | int]) -> None:
    # Written first and in one step: a folder with anything in it but no marker is foreign.
    new = folder / f"{MARKER}.new"
    new.write_text(json.dumps(ours) + "\n", encoding="utf-8")
    new.replace(folder / MARKER)


def _empty(folder: Path) -> None:
    """Take everything but the marker, which tells whose it is if this is cut short."""
    for entry in folder.iterdir():
        if entry.is_dir():
            shutil.rmtree(entry)
        elif entry.name != MARKER:
            entry.unlink()


def _check_marker(folder: Path, ours: dict[str, str | int]) -> None:
    try:
        found = json.loads((folder / MARKER).read_text(encoding="utf-8"))
        version = int(found["format"])
    except (ValueError, KeyError, TypeError) as error:
        raise Unsound("it was damaged") from error
    if version > FORMAT:
        raise ConfigurationError(
            str(folder),
            f"this memory index was written by a newer Jamfeed (format {version})",
            f"install that version again, or {REBUILD}",
        )
    if version < FORMAT:
        raise Unsound("it was of an earlier format")
    if found != ours:
        raise Unsound("it was of another embedder")


def _check_database(folder: Path) -> None:
    file = folder / "chroma.sqlite3"
    if not file.exists():
        return  # made anew; that its rows are gone shows when they are counted
    try:
        with closing(sqlite3.connect(file)) as database:
            # Reads the whole file, in the background: about a second for each gigabyte.
            verdict = database.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.DatabaseError as error:
        raise Unsound("it was damaged") from error
    if verdict != ("ok",):
        raise Unsound("it was damaged")


def _check_segments(folder: Path) -> None:
    for segment in folder.iterdir():
        if segment.is_dir() and any(segment.iterdir()) and not _whole(segment):
            raise Unsound("it was damaged")


def _whole(segment: Path) -> bool:
    """Whether one graph's files are all there and as long as its header says."""
    header, data, lengths, links, names = (_size(segment / name) for name in SEGMENT)
    if header != HEADER.size:
        return False
    fields = HEADER.unpack((segment / "header.bin").read_bytes())
    count, element = fields[3], fields[4]
    if count == 0:  # the first thousand vectors still stand in the database
        return min(data, lengths, links) >= 0
    return bool(data >= count * element and min(lengths, links) >= 4 * count and names > 0)


def _size(file: Path) -> int:
    return file.stat().st_size if file.is_file() else -1
