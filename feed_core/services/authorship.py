"""Who made a creation, told from its recorded steps."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from feed_core.states import Authorship, Hand

Step = dict[str, Any]


def step(by: Hand, *, with_: str = "", at: datetime) -> Step:
    """One recorded step: by whom, with which maker or model, when."""
    return {"by": by.value, "with": with_, "at": at.isoformat()}


def computed(steps: Iterable[Mapping[str, Any]], *, by_agent: bool = False) -> Authorship:
    """What the steps amount to; `by_agent` when no person approved the publishing."""
    if by_agent:
        return Authorship.AGENT
    human = [it["by"] == Hand.HUMAN for it in steps]
    if all(human):
        return Authorship.HUMAN
    if not any(human):
        return Authorship.AI
    return Authorship.AI_EDITED_HUMAN if human[0] else Authorship.HUMAN_EDITED_AI
