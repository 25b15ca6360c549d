"""What is said of invitations."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from agents.phrases import plural
from feed_core.models.invitations import Invitation
from feed_core.services.invitations import Open

NONE_OPEN = "No invitation of yours is open. /invite makes one."
NO_MORE = "(That invitation has run out or was called back. You are here all the same.)"


def made(invitation: Invitation, address: str, zone: ZoneInfo) -> str:
    """An invitation, to be passed on."""
    rest = (
        f"It works for {_people(invitation.people)}, until {_day(invitation.expires_at, zone)}. "
        "Whoever comes by it follows you at first, and I tell you. /invitations calls it back."
    )
    return f"Pass this on to whom you want here:\n{_way(invitation, address)}\n\n{rest}"


def listed(opened: Sequence[Open], addresses: Sequence[str], zone: ZoneInfo) -> str:
    """All that still work."""
    if not opened:
        return NONE_OPEN
    lines = [
        f"{it.invitation.id} · {it.came} of {_people(it.invitation.people)} came, open until "
        f"{_day(it.invitation.expires_at, zone)}\n{_way(it.invitation, address)}"
        for it, address in zip(opened, addresses, strict=True)
    ]
    return "\n\n".join(["Your open invitations:", *lines])


def revoked(number: int) -> str:
    """One works no longer."""
    return f"Invitation {number} is called back. Who came by it stays."


def came(inviter: str) -> str:
    """A newcomer hears who invited them."""
    return f"{inviter} invited you, so you follow them: what they make comes first in your feed."


def came_before(inviter: str) -> str:
    """A member has followed an invitation."""
    return f"{inviter} invites you here, and you are a member already."


def joined(name: str, opened: Open) -> str:
    """Whoever sent an invitation hears who came by it."""
    invitation = opened.invitation
    left = f"{opened.came} of {_people(invitation.people)} came by invitation {invitation.id}."
    return f"{name} is here by your invitation, and follows you. {left}"


def _way(invitation: Invitation, address: str) -> str:
    typed = f"/start {invitation.code}"
    return f"{address}\n(on any other platform where I am: {typed})" if address else typed


def _people(count: int) -> str:
    return plural(count, "person", "people")


def _day(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%-d %B}"
