"""What an export looks like on disk: `feed.json`, a file of lines for each kind, and media."""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, BinaryIO, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import from_json

from feed_core.migrating import HEAD
from feed_core.models.columns import new_uid
from feed_core.porting.refusals import (
    BrokenManifest,
    ExportNewer,
    FilesRefused,
    NoExport,
    NoSpace,
)

VERSION = 1  # of the layout; a reader takes its own and older ones
MANIFEST = "feed.json"
MEDIA = "media"
LARGEST_MANIFEST = 64 * 2**20  # bytes; it may name many missing files
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class Stage(StrEnum):
    """How far an export has come."""

    ROWS = "rows"
    MEDIA = "media"
    COMPLETE = "complete"


class Part(BaseModel):
    """The records of one kind: how many, and what their file has to be."""

    model_config = ConfigDict(extra="forbid", strict=True)

    kind: str
    rows: int = Field(ge=0)
    bytes: int = Field(ge=0)
    sha256: str
    columns: list[str]


class Files(BaseModel):
    """The media of an export; `missing` were gone from the feed itself already."""

    model_config = ConfigDict(extra="forbid", strict=True)

    files: int = 0
    bytes: int = 0
    missing: list[str] = Field(default_factory=list)


class Manifest(BaseModel):
    """What `feed.json` says."""

    model_config = ConfigDict(extra="forbid", strict=True, populate_by_name=True)

    jamfeed: Literal["feed"] = "feed"
    version: int = VERSION
    database: str = HEAD
    uid: UUID = Field(default_factory=new_uid)
    taken_at: AwareDatetime
    stage: Stage = Stage.ROWS
    records: list[Part] = Field(default_factory=list)
    media: Files = Field(default_factory=Files)


def read_manifest(folder: Path) -> Manifest:
    """What the export in this folder says of itself.

    Raises:
        NoExport, BrokenManifest, ExportNewer, FilesRefused: it is none that can be read here.
    """
    path = folder / MANIFEST
    if not path.exists():
        raise NoExport(str(folder))
    with opened(path) as file:
        told = file.read(LARGEST_MANIFEST + 1)
    if len(told) > LARGEST_MANIFEST:
        raise BrokenManifest(str(path), "it is too large")
    try:
        _refuse_newer(folder, from_json(told))
        return Manifest.model_validate_json(told)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise BrokenManifest(str(path), f"{where}: {first['msg']}") from error
    except ValueError as error:
        raise BrokenManifest(str(path), "it is no JSON") from error


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write it in place of what was there, at once."""
    path = folder / MANIFEST
    with replacing(path) as file:
        file.write(manifest.model_dump_json(indent=1).encode() + b"\n")


def lines_of(folder: Path, kind: str) -> Path:
    """The file with the records of one kind."""
    return folder / f"{kind}.jsonl"


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """A file that takes the place of `path` when it is whole and safe on disk.

    Raises:
        NoSpace, FilesRefused: it cannot be written.
    """
    unfinished = path.with_name(f"{path.name}.part")
    with words_for(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with unfinished.open("wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(path)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """A regular file to read: no link, no pipe, no device.

    Raises:
        FilesRefused: it is not there, not regular, or may not be read.
    """
    with words_for(path):
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        with os.fdopen(os.open(path, flags | getattr(os, "O_BINARY", 0)), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise FilesRefused(str(path), "it is no regular file")
            yield file


@contextmanager
def words_for(path: Path) -> Iterator[None]:
    """Turn what the operating system says of a path into an error of ours."""
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise NoSpace(str(path)) from error
        raise FilesRefused(str(path), (error.strerror or "unknown").lower()) from error


def _refuse_newer(folder: Path, told: Any) -> None:
    """Before all else: what a newer version wrote may look like anything."""
    if not isinstance(told, dict):
        return
    version, database = told.get("version"), told.get("database")
    if isinstance(version, int) and version > VERSION:
        raise ExportNewer(str(folder), str(version), str(VERSION))
    if isinstance(database, str) and database > HEAD:
        raise ExportNewer(str(folder), f"{version}, schema {database}", f"{VERSION}, schema {HEAD}")


def day(moment: datetime) -> str:
    """A moment as errors name it."""
    return f"{moment:%Y-%m-%d %H:%M} UTC"
