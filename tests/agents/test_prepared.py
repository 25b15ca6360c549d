from pathlib import Path

import numpy as np
import pytest

from agents import prepared
from agents.router import Router
from memory.embedding import Embedder


def test_the_file_has_the_vectors_of_all_examples(router: Router, embedder: Embedder) -> None:
    """Run `make fix` when this fails."""
    assert not prepared.lacks([text for text, _ in router.rows()], embedder)


def test_what_is_read_is_what_would_be_made(router: Router, embedder: Embedder) -> None:
    some = [text for text, _ in router.rows()[::40]]
    read, made = prepared.vectors_of(some, embedder), embedder.vectors(some)
    assert read.shape == made.shape
    assert (read * made).sum(axis=1).min() > 0.999


@pytest.mark.parametrize("content", [None, b"", b"PK\x03\x04 cut off", b"\x93NUMPY"])
def test_without_the_file_they_are_made(
    content: bytes | None, tmp_path: Path, embedder: Embedder
) -> None:
    file = tmp_path / "examples.npz"
    if content is not None:
        file.write_bytes(content)
    assert np.allclose(
        prepared.vectors_of(["rain", "fog"], embedder, file=file),
        embedder.vectors(["rain", "fog"]),
    )


def test_vectors_of_another_model_are_not_taken(tmp_path: Path, embedder: Embedder) -> None:
    file = tmp_path / "examples.npz"
    prepared.write(["rain"], embedder, file=file)
    assert not prepared.lacks(["rain"], embedder, file=file)

    class Other(Embedder):
        name = "another"

    assert prepared.lacks(["rain"], Other(), file=file) == ["rain"]
