from dataclasses import dataclass, field

from feed_core.services.gate import PASSED, Content, Decision, Gate, strictest
from feed_core.states import Outcome
from tests.feed_core.rules.contents import said

HELD = Decision(Outcome.HOLD, "word", "snail")
BLOCKED = Decision(Outcome.BLOCK, "secret", "sk-a…")
LABELLED = Decision(Outcome.LABEL, "word", "drat", ("strong language",))


@dataclass
class Saying:
    """A check that always says the same, and counts how often."""

    decision: Decision
    asked: list[Content] = field(default_factory=list)

    async def decide(self, content: Content) -> Decision:
        self.asked.append(content)
        return self.decision


async def test_the_strictest_check_decides_and_all_of_them_label() -> None:
    spoilers = Decision(Outcome.LABEL, "word", "butler", ("spoilers",))

    assert await Gate([Saying(LABELLED), Saying(HELD), Saying(spoilers)]).decide(
        said()
    ) == Decision(Outcome.HOLD, "word", "snail", ("strong language", "spoilers"))
    assert await Gate([Saying(PASSED), Saying(LABELLED)]).decide(said()) == LABELLED
    assert await Gate([]).decide(said()) == PASSED


async def test_of_checks_as_strict_the_first_is_told() -> None:
    assert strictest([HELD, Decision(Outcome.HOLD, "link_count", "9")]) == HELD


async def test_no_check_is_asked_after_one_that_blocks() -> None:
    slow = Saying(PASSED)

    assert await Gate([Saying(HELD), Saying(BLOCKED), slow]).decide(said()) == BLOCKED
    assert slow.asked == []


async def test_gates_fit_into_gates() -> None:
    assert await Gate([Saying(PASSED), Gate([Saying(HELD)])]).decide(said()) == HELD
