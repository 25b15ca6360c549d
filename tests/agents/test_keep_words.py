"""How a call is told in a line."""

from agents.keep_words import typed


def test_a_switch_is_told_by_its_name() -> None:
    assert typed("less", {"creation": 2, "undo": True}) == "/less 2 undo"
    assert typed("less", {"creation": [1, 2], "undo": False}) == "/less 1 2"
