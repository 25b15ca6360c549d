"""What creations are about, whole and short: one says what the other does."""

import numpy as np
import pytest

from feed_core.services.crowd import Floats
from feed_core.services.meant import ENOUGH, SHORT, Meant, axes_of
from feed_core.services.taste import centred, in_common

DIMENSION, SPARE = 384, 50


def texts(count: int, directions: int = 40, seed: int = 1) -> Floats:
    """Vectors that differ in some directions much, and in all others a little."""
    rng = np.random.default_rng(seed)
    axes = np.linalg.qr(np.random.default_rng(0).normal(size=(DIMENSION, directions)))[0]
    rows = rng.normal(size=(count, directions)) @ axes.T + 0.05 * rng.normal(size=(count, 384)) / 20
    unit: Floats = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return unit


def meant(rows: Floats) -> Meant:
    mean = in_common(rows)
    nothing = Meant.nothing(rows.shape[1], axes_of(rows, mean), spare=SPARE)
    return nothing.grown(centred(rows, mean))


def in_step(it: Meant) -> bool:
    """Whether the short vectors are those of the whole ones."""
    assert it.axes is not None
    return np.allclose(it.short.rows, it.whole.rows @ it.axes, atol=1e-5)


def test_short_vectors_are_as_near_each_other_as_the_whole_ones() -> None:
    it = meant(texts(ENOUGH))
    assert it.short.rows.shape == (ENOUGH, SHORT)
    whole, short = it.whole.rows[:200], it.short.rows[:200]
    assert np.abs(whole @ whole.T - short @ short.T).max() < 0.02
    new = centred(texts(100, seed=2), in_common(texts(ENOUGH)))
    it = it.grown(new)  # what is published later differs in the same directions
    assert np.abs(new @ new.T - it.short.rows[ENOUGH:] @ it.short.rows[ENOUGH:].T).max() < 0.02


@pytest.mark.parametrize("count", [0, 1, ENOUGH - 1])
def test_of_few_nothing_is_left_out(count: int) -> None:
    it = meant(texts(count))
    assert it.short is it.whole
    assert it.grown(texts(5)).at(np.arange(count, count + 5)).short.rows.shape == (5, DIMENSION)


def test_vectors_that_are_short_already_stay_as_they_are() -> None:
    it = meant(texts(ENOUGH)[:, :SHORT])
    assert it.short is it.whole


def test_texts_that_are_not_known_yet_tell_no_directions() -> None:
    rows = texts(2 * ENOUGH)
    rows[ENOUGH - 1 :] = 0
    assert meant(rows).axes is None


def test_whole_and_short_vectors_grow_leave_and_are_filled_together() -> None:
    it = meant(texts(ENOUGH)).grown(np.zeros((3, DIMENSION), dtype=np.float32))
    it.fill(np.array([ENOUGH, ENOUGH + 2]), texts(2, seed=3))
    assert it.short.rows[ENOUGH].any()
    assert not it.short.rows[ENOUGH + 1].any()
    assert in_step(it)
    for fewer in (it.without(10), it.at(np.array([4, 7, ENOUGH])), it.grown(texts(4, seed=5))):
        assert len(fewer.short.rows) == len(fewer.whole.rows)
        assert in_step(fewer)
