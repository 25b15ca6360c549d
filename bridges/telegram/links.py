"""What follows `?start=` in a link to the bot; at most 64 of A-Z, a-z, 0-9, _ and -.

https://core.telegram.org/bots/features#deep-linking
"""

import re

from feed_core.services.invitations import LENGTH
from feed_core.services.link_codes import LETTERS

TOKEN = re.compile(r"[A-Za-z0-9_-]{12}")
LEADS = {
    **{it: it for it in ("show", "thread", "remix", "link")},
    "jam": "jam show",
    "invite": "start",
}
LEAD = re.compile(rf"({'|'.join(LEADS)})(?:-([A-Za-z0-9-]{{1,40}}))?")
LINK = "link"
ASKED = "asked"  # for what was asked where it could not be answered
INVITATION = re.compile(rf"[{LETTERS}]{{{LENGTH}}}")


def to(username: str, payload: str = "") -> str:
    """The address that opens the bot and carries this."""
    return f"https://t.me/{username}" + (f"?start={payload}" if payload else "")


def creation(number: int) -> str:
    """What carries a creation."""
    return f"show-{number}"


def line_of(payload: str) -> str | None:
    """The command that a payload leads to: a creation, a thread, a remix, a jam, a link code
    or an invitation; the code of one may also be typed behind /start.
    """
    if INVITATION.fullmatch(payload):
        return f"/start {payload}"
    found = LEAD.fullmatch(payload)
    return None if found is None else f"/{LEADS[found[1]]} {found[2] or ''}".rstrip()


def token_of(payload: str) -> str | None:
    """The button that a payload presses."""
    return payload if TOKEN.fullmatch(payload) else None
