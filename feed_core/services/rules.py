"""The cheap check: words that the operator listed, and secrets that nobody means to publish."""

import re
import unicodedata
from collections.abc import Sequence

from feed_core.services.gate import Content, Decision
from feed_core.states import Outcome

SECRETS = re.compile(
    r"\bsk-[A-Za-z0-9_-]{20,}"  # model providers
    r"|\bgh[pousr]_[A-Za-z0-9]{30,}"  # code hosting
    r"|\bAKIA[0-9A-Z]{16}\b"  # cloud access keys
    r"|\bxox[abprs]-[A-Za-z0-9-]{10,}"  # chat tokens
    r"|(?<!\d)\d{8,10}:[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])"  # Telegram bot tokens, in URLs too
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----"
)


class WordRules:
    """A Check that needs no model; whole words and phrases, whatever their case or width.

    Characters that only format, such as a zero-width space, hide no word.
    """

    def __init__(self, *, block: Sequence[str] = (), hold: Sequence[str] = ()) -> None:
        self._block, self._hold = _any_of(block), _any_of(hold)

    async def decide(self, content: Content) -> Decision:
        """Judge by secrets first, then by what blocks, then by what holds."""
        seen = f"{content.title}\n{content.body}\n{content.alt}"
        if SECRETS.search(seen):
            return Decision(Outcome.BLOCK, rule="secret")
        text = _folded(seen)
        for pattern, outcome in ((self._block, Outcome.BLOCK), (self._hold, Outcome.HOLD)):
            if pattern is not None and (found := pattern.search(text)):
                return Decision(outcome, rule="word", passage=found[0])
        return Decision(Outcome.PASS)


def _any_of(phrases: Sequence[str]) -> re.Pattern[str] | None:
    if not phrases:
        return None
    return re.compile("|".join(rf"(?<!\w){re.escape(_folded(it))}(?!\w)" for it in phrases))


def _folded(text: str) -> str:
    shown = "".join(it for it in text if unicodedata.category(it) != "Cf")
    return " ".join(unicodedata.normalize("NFKC", shown).casefold().split())
