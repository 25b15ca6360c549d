"""Twenty seconds of a crowd in Telegram; the five minutes, and the times, are the benchmark's."""

from benchmarks.figures import Figures
from benchmarks.telegram import measure


async def test_in_a_crowd_everybody_is_answered_once_in_order_and_no_limit_is_broken() -> None:
    figures = Figures("telegram", quiet=True)
    await measure(figures, seconds=10, rush=6, people=100, thinking=0.5)

    told = {name: value for name, value in figures.told.items() if "a second" in name}
    asked = [value for name, value in told.items() if name.startswith("messages")]
    assert sum(asked) > 250
    assert [name for name, value in told.items() if value and not name.startswith("messages")] == []
    assert figures.told["limits broken"] == 0
