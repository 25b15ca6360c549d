"""The memory of this process that is free, but not the system's."""

import ctypes

ARENAS = 2
M_ARENA_MAX = -8  # of glibc's malloc.h


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
