import json
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from memory import matrix as module
from memory.matrix import BLOCK, HEADER, LARGEST, Damaged, Matrix

DIMENSION = 64
Rows = NDArray[np.float32]


def units(count: int, seed: int = 1) -> Rows:
    """So many random unit vectors."""
    rows = np.random.default_rng(seed).standard_normal((count, DIMENSION)).astype(np.float32)
    unit: Rows = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return unit


def opened(path: Path, embedder: str = "one") -> Matrix:
    made = Matrix(path, embedder=embedder, dimension=DIMENSION)
    made.open()
    return made


@pytest.fixture
def matrix(tmp_path: Path) -> Iterator[Matrix]:
    made = opened(tmp_path / "vectors")
    yield made
    made.close()


def test_what_was_written_is_near_itself_and_survives(matrix: Matrix, tmp_path: Path) -> None:
    rows = units(5)
    matrix.put([7, 3, 9000, 1, 20_000], rows, [1, 2, 3, 4, 5])

    again = opened(tmp_path / "vectors")

    for it in (matrix, again):
        assert list(it.near(rows[2], 1)) == [9000]
        assert it.near(rows[0], 9)[7] == pytest.approx(1, abs=1e-3)
        assert set(it.near(rows[0], 9)) == {1, 3, 7, 9000, 20_000}
        assert np.flatnonzero(it.stamps()).tolist() == [1, 3, 7, 9000, 20_000]
        assert len(it.unsound()) == 0
    again.close()


def test_nothing_is_near_where_nothing_is(matrix: Matrix) -> None:
    assert matrix.near(units(1)[0], 5) == {}
    assert matrix.nearest_of(units(1)[0], 5, np.array([1, -1, 10**15])) == {}
    assert not matrix.rows(np.array([0, 1, 10**15])).any()
    matrix.remove([1, 10**9])
    matrix.put([], units(0), [])
    assert matrix.near(units(1)[0], 5) == {}


def test_what_was_removed_or_written_over_is_gone(matrix: Matrix, tmp_path: Path) -> None:
    rows = units(3)
    matrix.put([1, 2], rows[:2], [1, 1])
    before = (tmp_path / "vectors").read_bytes()
    assert rows[0].astype("<f2").tobytes() in before

    matrix.remove([1, 1, 5000])
    matrix.put([2], rows[2:], [2])

    after = (tmp_path / "vectors").read_bytes()
    assert rows[0].astype("<f2").tobytes() not in after
    assert rows[1].astype("<f2").tobytes() not in after
    assert list(matrix.near(rows[0], 5)) == [2]
    assert matrix.near(rows[2], 1)[2] == pytest.approx(1, abs=1e-3)


def test_only_those_asked_for_are_compared(matrix: Matrix) -> None:
    rows = units(50)
    matrix.put(range(50), rows, [1] * 50)

    found = matrix.nearest_of(rows[10], 3, np.array([4, 10, 11, 999, 30]))

    assert next(iter(found)) == 10
    assert set(found) < {4, 10, 11, 30}
    assert len(matrix.nearest_of(rows[10], 0, np.array([4]))) == 0


def test_among_many_the_nearest_are_found_as_by_comparing_all(
    matrix: Matrix, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "COMPARED", 400)
    count = 3 * BLOCK
    kinds = units(60, seed=5)
    noise = 0.6 * units(count, seed=2)
    rows = kinds[np.arange(count) % 60] + noise
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    matrix.put(range(count), rows, [1] * count)
    found = 0
    for asked in range(0, count, count // 20):
        exact = np.argsort(-(rows @ rows[asked]))[:10]
        found += len(set(exact.tolist()) & set(matrix.near(rows[asked], 10)))

    assert found >= 0.95 * 10 * 20


def test_the_newest_have_places_of_their_own(
    matrix: Matrix, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "COMPARED", 5)
    monkeypatch.setattr(module, "NEWEST", 1)
    wanted, other = units(2)
    blend = (wanted + 0.8 * other) / np.linalg.norm(wanted + 0.8 * other)
    matrix.put(range(100), np.repeat(wanted[None], 100, axis=0), [1] * 100)
    matrix.put([BLOCK + 1], blend[None], [1])

    assert BLOCK + 1 in matrix.near(wanted, 50)


@pytest.mark.parametrize("how", ["cut", "head", "empty head", "embedder", "short"])
def test_a_file_that_cannot_be_used_is_told(matrix: Matrix, tmp_path: Path, how: str) -> None:
    path = tmp_path / "vectors"
    matrix.put([1], units(1), [1])
    content = bytearray(path.read_bytes())
    if how == "cut":
        del content[-10:]
    elif how == "head":
        content[:HEADER] = b"\xff" * HEADER
    elif how == "empty head":
        content[:HEADER] = json.dumps({}).encode().ljust(HEADER)
    elif how == "short":
        del content[100:]
    path.write_bytes(content)

    with pytest.raises(Damaged):
        opened(path, embedder="another" if how == "embedder" else "one")


def test_rows_that_were_written_over_by_something_else_are_noticed(
    matrix: Matrix, tmp_path: Path
) -> None:
    rows = units(20)
    matrix.put(range(20), rows, [1] * 20)
    place = (tmp_path / "vectors").read_bytes().index(rows[7].astype("<f2").tobytes())
    with (tmp_path / "vectors").open("r+b") as file:
        file.seek(place)
        file.write(b"\xab" * 20)

    assert matrix.unsound().tolist() == [7]


def test_a_number_beyond_all_places_is_refused_and_changes_nothing(
    matrix: Matrix, tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match="no place"):
        matrix.put([LARGEST], units(1), [1])
    assert (tmp_path / "vectors").stat().st_size == HEADER


def test_a_full_disk_is_an_error_and_loses_nothing(
    matrix: Matrix, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = units(2)
    matrix.put([1], rows[:1], [1])

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "pwrite", full)
        with pytest.raises(OSError, match="No space"):
            matrix.put([2], rows[1:], [1])

    assert list(matrix.near(rows[1], 5)) == [1]
