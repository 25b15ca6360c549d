import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agents.answer import Answer
from agents.references import CreationRef, DraftRef
from feed_core.states import Taken

LEAKS = """
from agents.answer import Answer

Answer(facts={"title": "what somebody else wrote"})
Answer(facts={"titles": ["what somebody else wrote"]})
Answer(facts={"likes": 3})
"""


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


@pytest.mark.timeout(180)
def test_the_type_checker_keeps_strings_out_of_facts(tmp_path: Path) -> None:
    file = tmp_path / "leaks.py"
    file.write_text(LEAKS)
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--follow-imports=silent", str(file)],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    wrong = [line for line in checked.stdout.splitlines() if "-item]" in line]
    assert len(wrong) == 2, checked.stdout
