"""Patterns that the operator wrote, each under a name that authors are told."""

from collections.abc import Mapping

from feed_core.services.gate import Content, Decision, strictest
from feed_core.services.rules.expressions import Expression
from feed_core.services.rules.folding import folded, shown, undisguised
from feed_core.states import Outcome

RULE = "pattern"
LONGEST_PASSAGE = 80


class Patterns:
    """A Check for regular expressions; each list maps a name to its expression.

    They are looked for in the text as it is shown and as it reads without disguise (small letters).
    """

    def __init__(
        self,
        *,
        block: Mapping[str, str] | None = None,
        hold: Mapping[str, str] | None = None,
        label: Mapping[str, str] | None = None,
    ) -> None:
        lists = ((Outcome.BLOCK, block), (Outcome.HOLD, hold), (Outcome.LABEL, label))
        self._patterns = [
            (outcome, name, Expression(pattern))
            for outcome, named in lists
            for name, pattern in (named or {}).items()
        ]

    async def decide(self, content: Content) -> Decision:
        """Judge by all the words that readers would see."""
        plain = folded(content.text) if self._patterns else ""
        readings = dict.fromkeys((shown(content.text), plain, undisguised(plain)))
        return strictest(
            Decision(
                outcome,
                f"{RULE}:{name}",
                found[:LONGEST_PASSAGE],
                (name,) if outcome is Outcome.LABEL else (),
            )
            for outcome, name, pattern in self._patterns
            if (found := next(filter(None, map(pattern.find, readings)), None))
        )
