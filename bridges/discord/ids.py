"""What the id of a button tells, so that a press is acknowledged before anything is looked up."""

import re
from collections.abc import Mapping

from bridges.beforehand import Peek, Press

BUTTON = re.compile(r"act:(?P<token>[\w-]{12})(?::(?P<traits>[fpr]*))?")
# A letter for each: it opens a form, only the presser sees the answer, a card changes by it.
FORM, PRIVATE, REDRAWS = "f", "p", "r"


def button_id(press: Press) -> str:
    """The id of a button: the token of its call, and how a press of it is taken."""
    traits: Mapping[str, bool] = {
        FORM: press.opens,
        PRIVATE: press.private,
        REDRAWS: press.redraws,
    }
    return f"act:{press.token}:{''.join(it for it, holds in traits.items() if holds)}"


def token_of(custom_id: str) -> str | None:
    """The token behind a button of ours; None of any other."""
    found = BUTTON.fullmatch(custom_id)
    return found["token"] if found else None


def peek_of(custom_id: str) -> Peek | None:
    """How a press is taken; None where the id does not tell, as those of old did not."""
    found = BUTTON.fullmatch(custom_id)
    if found is None or found["traits"] is None:
        return None
    traits = found["traits"]
    return Peek(PRIVATE in traits, opens=FORM in traits, redraws=REDRAWS in traits)
