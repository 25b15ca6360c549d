from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from agents.lineage_words import NAMED, credit

NAMES = {1: "Ana", 2: "Ben", 3: "Cleo"}


def test_credit_is_said_in_whole_per_cents() -> None:
    half, third = Fraction(1, 2), Fraction(1, 3)

    assert credit({1: Fraction(1)}, NAMES) == "Credit: Ana 100 %"
    assert credit({1: half, 2: half}, NAMES) == "Credit: Ana 50 %, Ben 50 %"
    assert credit({1: third, 2: third, 3: third}, NAMES) == "Credit: Ana 34 %, Ben 33 %, Cleo 33 %"


def test_a_share_too_small_for_a_number_is_still_told() -> None:
    said = credit({1: Fraction(999, 1000), 2: Fraction(1, 1000)}, NAMES)

    assert said == "Credit: Ana 100 %, Ben under 1 %"


def test_a_crowd_is_told_in_one() -> None:
    said = credit(dict.fromkeys(range(1, 11), Fraction(1, 10)), NAMES)

    assert said.startswith("Credit: Ana 10 %, Ben 10 %, Cleo 10 %, somebody 10 %")
    assert said.endswith("5 others 50 %")


@given(st.lists(st.integers(1, 1000), min_size=1, max_size=NAMED))
def test_what_is_said_sums_to_a_hundred(weights: list[int]) -> None:
    shares = {n: Fraction(it, sum(weights)) for n, it in enumerate(weights)}
    said = credit(shares, {}).removeprefix("Credit: ").split(", ")

    assert sum(int(it.split()[-2]) for it in said if "under" not in it) == 100
