"""What is said about earlier chats."""

from collections.abc import Sequence

from feed_core.clock import zone_of
from feed_core.services.conversation import Spoken
from feed_core.states import Role

EXCERPT = 300  # characters of a line
NOTHING = "I find nothing about that in our chats."
WHO = {Role.MEMBER: "you", Role.AGENT: "I"}


def found(lines: Sequence[Spoken], zone: str) -> str:
    """Lines of earlier chats, the one that answers best first, with who said each and when."""
    if not lines:
        return NOTHING
    return "\n".join(["In our chats:", *(f"• {_line(it, zone)}" for it in lines)])


def _line(it: Spoken, zone: str) -> str:
    day = it.at.astimezone(zone_of(zone))
    said = " ".join(it.text.split())
    text = said if len(said) <= EXCERPT else f"{said[: EXCERPT - 1].rstrip()}…"
    return f"“{text}” ({WHO[it.role]}, {day.day} {day:%B %Y})"
