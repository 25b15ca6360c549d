"""The memory of this process: what is free, but not the system's, and what nobody lets go of."""

import ctypes
import gc

ARENAS = 2
M_ARENA_MAX = -8  # of glibc's malloc.h
YOUNG = 2_000  # objects made until the youngest are looked through: as many as some answers need
OLDER = 5  # times that they are until those are, too, that outlived it


def give_back() -> None:
    """Let the system have what is free in the heap, where its C library can (glibc).

    It keeps 60 MB after the embedder's graph was optimised, 50 MB after the router has learned,
    up to 200 MB after a batch of long texts.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


def share() -> None:
    """Let all threads have their memory from a few arenas (glibc); for the start of a process.

    With one for each of twenty threads, what one has let go of is of no use to the others: up to
    40 MB more, and never twice the same.
    """
    set_option = getattr(ctypes.CDLL(None), "mallopt", None)
    if set_option is not None:
        set_option(M_ARENA_MAX, ARENAS)


def keep() -> None:
    """Let what is there now be looked through for garbage no more; for the end of a start.

    Of libraries, examples and prepared statements there are 300,000 objects, and each full look
    through them stops everything for a tenth of a second.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, OLDER, gc.get_threshold()[2])
