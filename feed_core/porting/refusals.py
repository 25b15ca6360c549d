"""Why an export, an import or a move does not begin, or breaks off."""

from dataclasses import dataclass

from feed_core.errors import Refusal, Unavailable


@dataclass(eq=False)
class NoExport(Refusal):
    """There is no export in this folder."""

    folder: str
    code = "no_export"


@dataclass(eq=False)
class BrokenManifest(Refusal):
    """What should describe the export cannot be read."""

    file: str
    problem: str
    code = "broken_manifest"


@dataclass(eq=False)
class ExportNewer(Refusal):
    """The export was written by a newer version than this one."""

    folder: str
    version: str
    known: str
    code = "export_newer"


@dataclass(eq=False)
class ExportUnfinished(Refusal):
    """The export was broken off and not ended yet."""

    folder: str
    code = "export_unfinished"


@dataclass(eq=False)
class ExportDone(Refusal):
    """A whole export is in this folder already."""

    folder: str
    taken_at: str
    code = "export_done"


class ExportRunning(Unavailable):
    """Another export of the feed in this data folder is under way."""

    code = "export_running"


@dataclass(eq=False)
class FolderTaken(Refusal):
    """The folder for the export holds something else."""

    folder: str
    code = "folder_taken"


@dataclass(eq=False)
class FilesRefused(Refusal):
    """The operating system does not let a file be read or written."""

    path: str
    reason: str
    code = "files_refused"


@dataclass(eq=False)
class NoSpace(Unavailable):
    """The disk is full: what was written stays, and the same command goes on."""

    code = "no_space"


@dataclass(eq=False)
class ExportChanged(Refusal):
    """A file of the export is not the one that was checked a moment before."""

    file: str
    code = "export_changed"


@dataclass(eq=False)
class ImportClash(Refusal):
    """The database refuses records that passed the check: somebody else wrote meanwhile."""

    file: str
    code = "import_clash"


@dataclass(eq=False)
class ImportUnfinished(Refusal):
    """An import into this feed was broken off: until it is ended, the feed is not whole."""

    taken_at: str
    code = "import_unfinished"


@dataclass(eq=False)
class FeedMoved(Refusal):
    """All of this feed came into that database before."""

    ended_at: str
    code = "feed_moved"


class MoveTaken(Refusal):
    """The database that a feed should move into holds another one."""

    code = "move_taken"


class MoveChanged(Refusal):
    """The old feed was used since its move was broken off: the two halves would not fit."""

    code = "move_changed"


@dataclass(eq=False)
class MoveDiffers(Refusal):
    """What came into the new database is not what stands in the old one."""

    kinds: str
    code = "move_differs"
