"""Words and phrases that the operator listed."""

import re
from collections.abc import Mapping, Sequence

import re2

from feed_core.services.gate import PASSED, Content, Decision, strictest
from feed_core.services.rules.expressions import Expression
from feed_core.services.rules.folding import folded, undisguised
from feed_core.states import Outcome

RULE = "word"
# Scripts that put no space between words: there a word is found inside others too.
UNSPACED = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
BEFORE, AFTER = r"(?:^|[^\pL\pN\pM_])", r"(?:$|[^\pL\pN\pM_])"


class Words:
    """A Check for whole words and phrases, whatever their case, width or disguise.

    `label` maps what readers are shown to the words that call for it.
    """

    def __init__(
        self,
        *,
        block: Sequence[str] = (),
        hold: Sequence[str] = (),
        label: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        lists = [(Outcome.BLOCK, "", block), (Outcome.HOLD, "", hold)]
        lists += [(Outcome.LABEL, shown, words) for shown, words in (label or {}).items()]
        self._lists = [(outcome, shown, _any_of(words)) for outcome, shown, words in lists if words]

    async def decide(self, content: Content) -> Decision:
        """Judge by all the words that readers would see."""
        if not self._lists:
            return PASSED
        plain = folded(content.text)
        readings = dict.fromkeys((plain, undisguised(plain)))
        return strictest(
            Decision(outcome, RULE, found, (shown,) if shown else ())
            for outcome, shown, words in self._lists
            if (found := next(filter(None, map(words.find, readings)), None))
        )


def _any_of(words: Sequence[str]) -> Expression:
    spaced: list[str] = []
    unspaced: list[str] = []
    for it in sorted({folded(it) for it in words}, key=len, reverse=True):
        (unspaced if UNSPACED.search(it) else spaced).append(re2.escape(it))
    parts = [rf"{BEFORE}({'|'.join(spaced)}){AFTER}"] if spaced else []
    return Expression("|".join([*parts, *(f"({'|'.join(it)})" for it in [unspaced] if it)]))
