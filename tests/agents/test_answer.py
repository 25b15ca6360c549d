import json
from datetime import UTC, datetime

from agents.answer import Answer
from agents.references import CreationRef, DraftRef
from feed_core.states import Taken


def test_a_model_is_told_facts_and_nothing_else() -> None:
    answer = Answer(
        text="Published as #3: a secret title",
        facts={
            "creations": [CreationRef(3), CreationRef(5)],
            "draft": DraftRef(1),
            "taken": Taken.TEXT,
            "next": datetime(2026, 3, 14, 12, tzinfo=UTC),
            "likes": 2,
            "mine": True,
            "none": None,
        },
    )
    assert json.loads(answer.told()) == {
        "creations": [3, 5],
        "draft": 1,
        "taken": "text",
        "next": "2026-03-14T12:00:00+00:00",
        "likes": 2,
        "mine": True,
        "none": None,
    }


def test_the_type_checker_keeps_strings_out_of_facts() -> None:
    """Strict mypy calls a comment unused where it has nothing against the line."""
    Answer(facts={"likes": 3})
    Answer(facts={"title": "what somebody else wrote"})  # type: ignore[dict-item]  # no words
    Answer(facts={"titles": ["what somebody else wrote"]})  # type: ignore[list-item]  # no words
