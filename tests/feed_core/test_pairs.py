"""What belongs to which creation, whether it is in the order of subjects already or not."""

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from feed_core.services import pairs
from feed_core.services.pairs import Pairs

SUBJECTS = st.lists(st.lists(st.integers(-3, 12), unique=True, max_size=3), max_size=30)


@pytest.fixture(autouse=True, scope="module")
def few_are_loose() -> Iterator[None]:
    patch = pytest.MonkeyPatch()
    patch.setattr(pairs, "LOOSE", 5)
    yield
    patch.undo()


def listed(it: Pairs) -> list[tuple[int, int]]:
    return list(zip(it.subjects.tolist(), it.places.tolist(), strict=True))


@given(SUBJECTS, st.lists(st.integers(0, 10), max_size=4), st.sets(st.integers(-4, 14)))
def test_each_subject_tells_where_it_belongs(
    belongs: list[list[int]], cuts: list[int], wanted: set[int]
) -> None:
    told = [(it, place) for place, each in enumerate(belongs) for it in each]
    found, at = Pairs.of([]), 0
    for size in [*cuts, len(told)]:  # as creations are published: some at once
        found = found.joined(Pairs.of(told[at : at + size]))
        at += size
    assert listed(found) == told
    assert sorted(found.where(wanted).tolist()) == sorted(p for it, p in told if it in wanted)
    rising = np.array(sorted(wanted), dtype=np.int64)
    which, places = found.each(rising)
    assert sorted(zip(rising[which].tolist(), places.tolist(), strict=True)) == sorted(
        it for it in told if it[0] in wanted
    )


@given(SUBJECTS, st.integers(0, 30))
def test_what_left_belongs_to_nothing(belongs: list[list[int]], gone: int) -> None:
    told = [(it, place) for place, each in enumerate(belongs) for it in each]
    left = [(it, place - gone) for it, place in told if place >= gone]
    later = Pairs.of([]).joined(Pairs.of(told)).later(gone)
    stands = np.maximum(np.arange(len(belongs)) - gone, -1)
    part = Pairs.of(told).among(stands)
    for it in (later, part):
        assert listed(it) == left
        assert sorted(it.where({1, 2}).tolist()) == sorted(p for one, p in left if one in {1, 2})
