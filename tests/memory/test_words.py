from hypothesis import given
from hypothesis import strategies as st

from memory.words import Words, stems


def match(query: str, texts: list[str]) -> list[float]:
    scores: list[float] = (
        Words([stems(it) for it in texts]).match(dict.fromkeys(stems(query), 1.0)).tolist()
    )
    return scores


def test_a_shared_word_counts_and_a_rare_one_counts_more() -> None:
    scores = match("the haiku", ["the rain", "the haiku", "the snow", "a poem"])
    assert scores[1] > scores[0] > 0.0
    assert scores[3] == 0.0


def test_case_and_inflection_do_not_matter() -> None:
    assert match("HAIKU", ["haiku"]) == match("haiku", ["Haiku"])
    for asked, said in (
        *(("buy", "bought"), ("hikes", "hiking"), ("stop", "stopped"), ("try", "tried")),
        *(("berries", "berry"), ("moved", "move"), ("children", "child"), ("photos", "picture")),
    ):
        assert stems(asked) == stems(said)
    assert stems("caring") != stems("car")


def test_scripts_without_spaces_are_matched_by_pairs() -> None:
    scores = match("俳句", ["昨日俳句を書いた", "昨日は雨だった", "句会と俳優"])
    assert scores[0] > scores[2] > scores[1] == 0.0


@given(query=st.text(), texts=st.lists(st.text(), max_size=20))
def test_any_texts_get_one_score_each_and_none_below_zero(query: str, texts: list[str]) -> None:
    scores = match(query, texts)
    assert len(scores) == len(texts)
    assert all(score >= 0.0 for score in scores)
