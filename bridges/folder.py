"""The data folder, and that only one Jamfeed works in it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from filelock import FileLock, Timeout

from bridges.settings import Settings
from feed_core.clock import SystemClock
from feed_core.database import Place
from feed_core.errors import ConfigurationError, FolderInUse
from feed_core.migrating import is_current, migrate

DATABASE = "jamfeed.db"
MEDIA = "media"
CHROMA = "chroma"
MEND = "choose another in JAMFEED_HOME, or mend its rights"


def folder_of(path: Path) -> Path:
    """The data folder's full path, whether it is there or not."""
    return path.expanduser().resolve()


def database_of(settings: Settings, home: Path) -> Place:
    """Where the database is: PostgreSQL where the settings name one, else a file in the folder."""
    url = settings.database_url
    return home / DATABASE if url is None else url.get_secret_value()


def made_folder(path: Path) -> Path:
    """The folder, made when it is not there.

    Raises:
        ConfigurationError: it cannot be made or written.
    """
    folder = folder_of(path)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigurationError(f"the data folder {path}", "it cannot be made", MEND) from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise ConfigurationError(f"the data folder {path}", "it cannot be written", MEND)
    return folder


@contextmanager
def data_folder(path: Path) -> Iterator[Path]:
    """The folder, made when it is not there, held until the end.

    Raises:
        ConfigurationError: it cannot be made or written.
        FolderInUse: another process holds it.
    """
    folder = made_folder(path)
    lock = FileLock(folder / "lock")
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise FolderInUse(str(path)) from error
    except OSError as error:
        raise ConfigurationError(f"the data folder {path}", "it cannot be written", MEND) from error
    try:
        yield folder
    finally:
        lock.release()


@contextmanager
def own_file(folder: Path, name: str) -> Iterator[Path]:
    """A file of this process alone among those that share a folder: the first that is free.

    Raises:
        ConfigurationError: the folder cannot be written.
    """
    first, dot, last = name.partition(".")
    for number in count():
        path = folder / f"{first}-{number}{dot}{last}"
        lock = FileLock(path.with_name(f"{path.name}.lock"))
        try:
            lock.acquire(timeout=0)
        except Timeout:
            continue
        except OSError as error:
            raise ConfigurationError(
                f"the data folder {folder}", "it cannot be written", MEND
            ) from error
        try:
            yield path
        finally:
            lock.release()
        return


def bring_up(settings: Settings, home: Path) -> None:
    """Bring an older database up; whoever works in the folder has done so already.

    Raises:
        ConfigurationError: there is no feed.
        FolderInUse: somebody works in the folder with an older database.
    """
    place = database_of(settings, home)
    if isinstance(place, Path) and not place.exists():
        raise ConfigurationError(
            f"the data folder {settings.home}", "there is no feed in it", "set JAMFEED_HOME"
        )
    try:
        with data_folder(home):
            migrate(place, now=SystemClock().now())
    except FolderInUse:
        if isinstance(place, Path) and not is_current(place):
            raise
