"""Vectors by number in one file, found by nearness without being read into memory.

A vector is kept as half-precision numbers, and so are its signs, a bit for each number. How many
signs differ tells roughly how near two vectors are (Charikar 2002, "Similarity estimation
techniques from rounding algorithms"), and a million of them are compared in some ten milliseconds.
The nearest by signs are then compared exactly. The newest are given as many places among these as
all others together.

The file is read through the page cache and written by calls, so that a full disk is an error and
not the end of the process.
"""

import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float32]
Numbers: TypeAlias = NDArray[np.int64]
Stamps: TypeAlias = NDArray[np.uint64]

FORMAT = 1
HEADER = 4096  # bytes
BLOCK = 8192  # rows; the file grows by so many, as a hole that takes no room on disk
NEWEST = 6  # blocks: the live window of about 50,000
COMPARED = 4_000  # of the newest, and of all others, exactly
LARGEST = 2**26  # rows: a file of 55 GB
FAR = 0x7FFF  # signs that differ from those of a row that is not there


class Damaged(Exception):
    """The file cannot be used; the message says why, for a log."""


class Matrix:
    """A file of unit vectors; row n is thing number n. All of it blocks.

    A row's stamp says of which content its vector is; 0 is no vector. Several threads may ask at
    once, one may write meanwhile.
    """

    def __init__(self, path: Path, *, embedder: str, dimension: int) -> None:
        if dimension % 64:
            raise ValueError("the signs of a vector fill whole words of 64 bits")
        self._path, self._dimension, self._words = path, dimension, dimension // 64
        self._head = {
            "format": FORMAT,
            "embedder": embedder,
            "dimension": dimension,
            "block": BLOCK,
        }
        self._block = np.dtype(
            [
                ("stamps", "<u8", (BLOCK,)),
                ("signs", "<u8", (self._words, BLOCK)),
                ("vectors", "<f2", (BLOCK, dimension)),
            ]
        )
        self._file = -1
        self._blocks: NDArray[Any] = np.empty(0, dtype=self._block)

    def open(self) -> None:
        """Open the file, or make it.

        Raises:
            Damaged: it is of another embedder, of another format, or not whole.
            OSError: it cannot be read and written.
        """
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        size = os.fstat(self._file).st_size
        if size == 0:
            os.pwrite(self._file, json.dumps(self._head).encode().ljust(HEADER), 0)
        else:
            self._check(size)
        self._map()

    def close(self) -> None:
        """Let go of the file; who is reading finishes."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def stamps(self) -> Stamps:
        """A copy of all stamps, by number."""
        return self._blocks["stamps"].reshape(-1).copy()

    def unsound(self) -> Numbers:
        """The numbers of rows that are not what was written: signs and length do not fit."""
        found: list[Numbers] = []
        for at in range(len(self._blocks)):
            there = np.flatnonzero(self._blocks["stamps"][at])
            if len(there):
                halves = self._blocks["vectors"][at][there]
                signs = self._blocks["signs"][at][:, there].T
                rows = halves.astype(np.float32)
                odd = np.abs(np.einsum("nd,nd->n", rows, rows) - 1) > 0.02
                odd |= (_signs(halves) != signs).any(axis=1)
                found.append(there[odd] + at * BLOCK)
        return np.concatenate(found) if found else np.empty(0, dtype=np.int64)

    def put(self, numbers: Sequence[int], vectors: Floats, stamps: Sequence[int]) -> None:
        """Write these vectors under these numbers, over what was there.

        Raises:
            OSError: the disk is full or failing.
        """
        order = np.argsort(np.asarray(numbers, dtype=np.int64), kind="stable")
        rows = np.asarray(numbers, dtype=np.int64)[order]
        self._write(rows, vectors[order], np.asarray(stamps, dtype="<u8")[order])

    def remove(self, numbers: Sequence[int]) -> None:
        """Overwrite these rows with zeros.

        Raises:
            OSError: the disk is failing.
        """
        rows = np.unique(np.asarray(numbers, dtype=np.int64))
        rows = rows[rows < len(self._blocks) * BLOCK]
        nothing = np.zeros((len(rows), self._dimension), dtype=np.float32)
        self._write(rows, nothing, np.zeros(len(rows), dtype="<u8"))

    def rows(self, numbers: Numbers) -> Floats:
        """Vectors by number, shape (n, dimension); zeros where there is none."""
        there = self._there(numbers)
        found = np.zeros((len(numbers), self._dimension), dtype=np.float32)
        at, row = np.divmod(numbers[there], BLOCK)
        found[there] = self._blocks["vectors"][at, row]
        return found

    def near(self, vector: Floats, k: int) -> dict[int, float]:
        """The k numbers nearest to a unit vector: cosine by number, nearest first."""
        blocks = self._blocks
        newest = max(0, len(blocks) - NEWEST)
        signs = _signs(vector[None].astype("<f2"))[0]
        likely = [_likely(blocks[:newest], signs), _likely(blocks[newest:], signs) + newest * BLOCK]
        return self.nearest_of(vector, k, np.concatenate(likely))

    def nearest_of(self, vector: Floats, k: int, numbers: Numbers) -> dict[int, float]:
        """The same of these numbers only, every one compared exactly."""
        numbers = numbers[self._there(numbers)]
        scores = self.rows(numbers) @ vector
        best = np.lexsort((-numbers, -scores))[: max(k, 0)]
        return {int(numbers[it]): float(scores[it]) for it in best}

    def _there(self, numbers: Numbers) -> Numbers:
        """Places of those of these numbers that have a vector."""
        inside = np.flatnonzero((numbers >= 0) & (numbers < len(self._blocks) * BLOCK))
        at, row = np.divmod(numbers[inside], BLOCK)
        there: Numbers = inside[self._blocks["stamps"][at, row] != 0]
        return there

    def _write(self, rows: Numbers, vectors: Floats, stamps: Stamps) -> None:
        """Rising numbers; the stamps last, so that a row with a stamp is whole."""
        if not len(rows):
            return
        self._grow(int(rows[-1]) + 1)
        halves = vectors.astype("<f2")
        signs = _signs(halves)
        for start, end, at in _runs(rows):
            place = HEADER + at // BLOCK * self._block.itemsize
            row = at % BLOCK
            size = halves.itemsize * self._dimension
            _write(self._file, halves[start:end], place + self._offset("vectors") + row * size)
            for word in range(self._words):
                words = np.ascontiguousarray(signs[start:end, word])
                column = place + self._offset("signs") + (word * BLOCK + row) * 8
                _write(self._file, words, column)
        for start, end, at in _runs(rows):
            place = HEADER + at // BLOCK * self._block.itemsize + self._offset("stamps")
            _write(self._file, stamps[start:end], place + at % BLOCK * 8)
        os.fdatasync(self._file)

    def _offset(self, field: str) -> int:
        assert self._block.fields is not None
        return int(self._block.fields[field][1])

    def _grow(self, rows: int) -> None:
        if rows > LARGEST:
            raise ValueError(f"no place for number {rows - 1}")
        blocks = -(-rows // BLOCK)
        if blocks > len(self._blocks):
            os.ftruncate(self._file, HEADER + blocks * self._block.itemsize)
            self._map()

    def _map(self) -> None:
        count = (os.fstat(self._file).st_size - HEADER) // self._block.itemsize
        self._blocks = np.empty(0, dtype=self._block)
        if count > 0:
            self._blocks = np.memmap(self._path, self._block, "r", HEADER, (count,))

    def _check(self, size: int) -> None:
        try:
            head = json.loads(os.pread(self._file, HEADER, 0))
        except ValueError as error:
            raise Damaged("its head cannot be read") from error
        if head != self._head:
            raise Damaged("it was made with another embedder or by another Jamfeed")
        if size < HEADER or (size - HEADER) % self._block.itemsize:
            raise Damaged("it is not whole")


def _signs(halves: NDArray[np.float16]) -> NDArray[np.uint64]:
    """Which numbers of each row are above 0, as words of 64 bits, shape (n, dimension / 64)."""
    above = np.ascontiguousarray(halves).view("<i2") > 0  # the bits are ordered as the numbers are
    return np.packbits(above, axis=1).view("<u8")


def _likely(blocks: NDArray[Any], signs: NDArray[np.uint64]) -> Numbers:
    """Rows whose signs differ least, about COMPARED of them; of equals the newest."""
    differ = np.empty(len(blocks) * BLOCK, dtype=np.int16)
    for at in range(len(blocks)):
        words, part = blocks["signs"][at], differ[at * BLOCK : (at + 1) * BLOCK]
        part[:] = np.bitwise_count(words[0] ^ signs[0])
        for word in range(1, len(signs)):
            part += np.bitwise_count(words[word] ^ signs[word])
        part[blocks["stamps"][at] == 0] = FAR
    counts = np.bincount(differ, minlength=1)[:FAR].cumsum()
    if not len(counts) or not counts[-1]:
        return np.empty(0, dtype=np.int64)
    most = min(COMPARED, int(counts[-1]))
    last = int(np.searchsorted(counts, most))
    nearer, as_near = np.flatnonzero(differ < last), np.flatnonzero(differ == last)
    return np.concatenate([nearer, as_near[len(as_near) - (most - len(nearer)) :]])


def _runs(rows: Numbers) -> Iterator[tuple[int, int, int]]:
    """Where runs of following numbers in one block begin and end, and the first number of each."""
    breaks = np.flatnonzero((np.diff(rows) != 1) | (rows[1:] % BLOCK == 0)) + 1
    starts = [0, *breaks.tolist()]
    for start, end in zip(starts, [*starts[1:], len(rows)], strict=True):
        yield start, end, int(rows[start])


def _write(file: int, values: NDArray[Any], place: int) -> None:
    left = np.ascontiguousarray(values).data.cast("B")
    while left:
        done = os.pwrite(file, left, place)
        left, place = left[done:], place + done
