import pytest

from feed_core.services.gate import PASSED, Decision
from feed_core.services.rules.expressions import Expression
from feed_core.services.rules.patterns import Patterns
from feed_core.states import Outcome
from tests.feed_core.rules.contents import judged


async def test_a_pattern_is_told_by_its_name_and_what_it_found() -> None:
    rules = Patterns(
        block={"number plate": r"\b[A-Z]{2}-\d{4}\b"},
        hold={"phone number": r"\+\d{9,}"},
        label={"shouting": r"[A-Z]{6,}"},
    )

    assert await judged(rules, "call +491234567890") == Decision(
        Outcome.HOLD, "pattern:phone number", "+491234567890"
    )
    assert await judged(rules, "seen: AB-1234") == Decision(
        Outcome.BLOCK, "pattern:number plate", "AB-1234"
    )
    assert await judged(rules, "RAINING") == Decision(
        Outcome.LABEL, "pattern:shouting", "RAINING", ("shouting",)
    )
    assert await judged(rules, "rain") == PASSED


async def test_a_pattern_sees_through_disguise() -> None:
    rules = Patterns(hold={"snails": "snails?"})

    assert (await judged(rules, "ѕn\u200bailѕ")).outcome is Outcome.HOLD


async def test_no_more_is_told_than_the_beginning_of_a_long_passage() -> None:
    assert len((await judged(Patterns(hold={"all": "(?s)a.*"}), "", "a" * 900)).passage) == 80


@pytest.mark.parametrize("pattern", [r"(a+)+$", r"(a|a)*b", r"(.*)*x", r"(a|aa)+$", r"(\w+\s?)*!"])
async def test_a_pattern_that_hangs_elsewhere_is_as_quick_as_any(pattern: str) -> None:
    rules = Patterns(block={"slow": pattern})

    assert (await judged(rules, "", "a" * 20_000 + "c")).outcome is Outcome.PASS


@pytest.mark.parametrize("pattern", ["(", r"(a)\1", "(?<=a)b", "a{5000}", "[z-a]", "(?P<a"])
def test_what_cannot_be_read_in_one_pass_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="RE2 cannot read this"):
        Expression(pattern)
