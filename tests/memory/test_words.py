from hypothesis import given
from hypothesis import strategies as st

from memory.words import match


def test_a_shared_word_counts_and_a_rare_one_counts_more() -> None:
    scores = match("the haiku", ["the rain", "the haiku", "the snow", "a poem"])
    assert scores[1] > scores[0] > 0.0
    assert scores[3] == 0.0


def test_case_does_not_matter() -> None:
    assert match("HAIKU", ["haiku"]) == match("haiku", ["Haiku"])


@given(query=st.text(), texts=st.lists(st.text(), max_size=20))
def test_any_texts_get_one_score_each_and_none_below_zero(query: str, texts: list[str]) -> None:
    scores = match(query, texts)
    assert len(scores) == len(texts)
    assert all(score >= 0.0 for score in scores)
