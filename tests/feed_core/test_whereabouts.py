"""Where numbers stand, however far apart they lie."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from feed_core.services.whereabouts import Whereabouts

NUMBERS = st.integers(-(10**15), 10**15) | st.integers(-5, 40)


@given(st.lists(NUMBERS, unique=True), st.lists(NUMBERS))
def test_each_number_is_found_where_it_stands_and_no_other(
    numbers: list[int], wanted: list[int]
) -> None:
    asked = np.array(wanted + numbers, dtype=np.int64)
    at, known = Whereabouts(np.array(numbers, dtype=np.int64)).find(asked)
    assert known.tolist() == [it in numbers for it in asked.tolist()]
    assert [numbers[it] for it in at[known]] == [it for it in asked.tolist() if it in numbers]


@pytest.mark.parametrize("numbers", [[7, 5, 6], [7, 10**12, 6], [3], []])
def test_the_numbers_beside_them_are_not_there(numbers: list[int]) -> None:
    it = Whereabouts(np.array(numbers, dtype=np.int64))
    beside = [one + way for one in numbers for way in (-1, 1) if one + way not in numbers]
    _, known = it.find(np.array([*beside, 0, 10**15, -1], dtype=np.int64))
    assert not known.any()
