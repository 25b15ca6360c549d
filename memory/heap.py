"""The memory of this process: what is free, but not the system's, and what nobody lets go of."""

import ctypes
import gc

ARENAS = 2
KEPT = 32 << 20  # bytes at the end of an arena that it keeps when they are free
LARGE = 8 << 20  # bytes from which on a piece goes back as soon as it is let go of
M_ARENA_MAX, M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -8, -1, -3  # of glibc's malloc.h
YOUNG = (
    10_000  # objects made until the youngest are looked through: as some ten answers under way need
)
OLDER = 5  # times that they are until those are, too, that outlived it


def give_back() -> None:
    """Let the system have what is free in the heap, where its C library can (glibc).

    It keeps 60 MB after the embedder's graph was optimised, 50 MB after the router has learned,
    up to 200 MB after a batch of long texts.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


def settle() -> None:
    """Settle how memory is shared and given back (glibc); for the start of a process.

    All threads have theirs from a few arenas: with one for each of twenty threads, what one has let
    go of is of no use to the others, up to 40 MB more, and never twice the same.

    What is free is kept for the next arrays: by itself glibc gives back more than 256 KB at once,
    and to get it again page by page is an eighth of a feed page's work.
    """
    set_option = getattr(ctypes.CDLL(None), "mallopt", None)
    if set_option is not None:
        set_option(M_ARENA_MAX, ARENAS)
        set_option(M_TRIM_THRESHOLD, KEPT)
        set_option(M_MMAP_THRESHOLD, LARGE)


def keep() -> None:
    """Let what is there now be looked through for garbage no more; for the end of a start.

    Of libraries, examples and prepared statements there are 300,000 objects, and each full look
    through them stops everything for a tenth of a second.
    """
    gc.collect()
    gc.freeze()
    gc.collect()  # how many objects this leaves says how many new ones the next full look waits for
    gc.set_threshold(YOUNG, OLDER, gc.get_threshold()[2])
