"""What follows `?start=` in a link to the bot; at most 64 of A-Z, a-z, 0-9, _ and -.

https://core.telegram.org/bots/features#deep-linking
"""

import re

TOKEN = re.compile(r"[A-Za-z0-9_-]{12}")
LEADS = {"show": "show", "thread": "thread", "remix": "remix", "link": "link", "jam": "jam show"}
LEAD = re.compile(rf"({'|'.join(LEADS)})(?:-([A-Za-z0-9-]{{1,40}}))?")
LINK = "link"


def to(username: str, payload: str = "") -> str:
    """The address that opens the bot and carries this."""
    return f"https://t.me/{username}" + (f"?start={payload}" if payload else "")


def creation(number: int) -> str:
    """What carries a creation."""
    return f"show-{number}"


def line_of(payload: str) -> str | None:
    """The command that a payload leads to: a creation, a thread, a remix, a jam or a link code."""
    found = LEAD.fullmatch(payload)
    return None if found is None else f"/{LEADS[found[1]]} {found[2] or ''}".rstrip()


def token_of(payload: str) -> str | None:
    """The button that a payload presses."""
    return payload if TOKEN.fullmatch(payload) else None
