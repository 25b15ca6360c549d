"""Whether a talk derails: the promised limits on threads that no rule was chosen by, and why."""

import pytest

from agents.derailing import Said, Sign, read
from benchmarks.derailing import CAUGHT, FALSE_ALARMS, share, threads


@pytest.mark.parametrize(("later", "sizes"), [(False, (100, 50)), (True, (48, 25))])
def test_threads_held_out_keep_the_limits(later: bool, sizes: tuple[int, int]) -> None:
    held_out = [it for it in threads() if not it.for_choosing and it.later == later]
    calm = [it for it in held_out if not it.derails]
    derailing = [it for it in held_out if it.derails]
    assert (len(calm), len(derailing)) == sizes
    assert share(derailing) >= CAUGHT
    assert share([it for it in threads() if not it.for_choosing and not it.derails]) <= FALSE_ALARMS


def test_reasons_are_those_that_count() -> None:
    found = read(
        [
            Said(1, "The chart has an error in row 12."),
            Said(2, "You can't read a chart. You are such an idiot."),
            Said(1, "How dare you. You always do this, you liar."),
        ]
    )
    assert found.derails
    assert {Sign.INSULT, Sign.HURT, Sign.SWEEPING, Sign.BOTH} <= {it.sign for it in found.reasons}
    assert [it.adds for it in found.reasons] == sorted(
        (it.adds for it in found.reasons), reverse=True
    )


def test_words_about_works_and_oneself_are_no_insults() -> None:
    works = ["This is garbage, and so dumb.", "I am an idiot.", "What a cruel, pathetic book!"]
    assert not read([Said(n, it) for n, it in enumerate(works)]).reasons


def test_what_is_long_past_is_no_reason() -> None:
    hot = [Said(n % 2, "You are a pathetic liar, shut up!") for n in range(4)]
    assert read(hot).derails
    assert not read([*hot, *(Said(n % 2, "The next verse is better.") for n in range(8))]).derails
