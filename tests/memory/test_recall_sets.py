"""What the sets that recall is measured on promise (docs/recall.md)."""

import pytest

from benchmarks.recall import SETS, Asked, conversations, questions

HALVES = ("train", "test")


def needs_more(asked: Asked) -> bool:
    """Whether several turns or a date are needed; plain questions of *when* do not count."""
    return len(asked.evidence) > 1 or asked.kind == "dates"


@pytest.mark.parametrize("half", HALVES)
def test_a_third_of_the_questions_need_several_turns_or_a_date(half: str) -> None:
    every = [it for name in SETS for it in questions(name, half)]
    assert sum(map(needs_more, every)) >= len(every) / 3


@pytest.mark.parametrize("name", SETS)
def test_a_pair_belongs_to_one_half_and_all_evidence_was_said_before_it_was_asked_for(
    name: str,
) -> None:
    halves = [conversations(name, half) for half in HALVES]
    assert not halves[0].keys() & halves[1].keys()
    for turns, half in zip(halves, HALVES, strict=True):
        said = {one: {it.id: it.time for it in every} for one, every in turns.items()}
        for it in questions(name, half):
            assert all((said[it.conversation][one] or it.at) <= it.at for one in it.evidence)
