"""What is said of a member's accounts: joined, taken off, and apart again."""

from collections.abc import Sequence
from datetime import timedelta

from agents.phrases import listing, plural
from feed_core.services.link_journal import UNDONE_WITHIN

TAKE_OFF = "Take it off"
UNDO = "Undo the last link"
STAYS = (
    "What was made, said and remembered stays with you; the account taken off begins anew, "
    "as a new member."
)
THIS_ONE = "It is the account you speak from."
NOT_YOU = "If that was not you, undo it, and tell those who run this community."


def link_code(code: str, lifetime: timedelta) -> str:
    """How to use a link code."""
    minutes = round(lifetime / timedelta(minutes=1))
    return (
        f"On your other account, write: /link {code}\n"
        f"It works once, for {minutes} minutes. Tell it to nobody: it opens your account."
    )


def linked(accounts: Sequence[str]) -> str:
    """Which accounts are one member now."""
    return f"Linked: {listing(accounts)}. One feed, one agent. {_undone_within()}"


def yours(accounts: Sequence[tuple[int, str]]) -> str:
    """All accounts of a member, by the numbers that /unlink takes."""
    lines = [f"{number} · {account}" for number, account in accounts]
    return "\n".join(["Your accounts here. Which one shall I take off?", *lines])


def linked_here(platform: str, *, can_be_undone: bool) -> str:
    """To the account that gave a code: that it was used."""
    told = f"A {platform.capitalize()} account was linked by your code: one feed, one agent."
    if not can_be_undone:
        return f"{told} If that was not you, /unlink takes it off."
    return f"{told} {_undone_within()} {NOT_YOU}"


def account(platform: str, name: str) -> str:
    """An account, as it is listed."""
    return " · ".join([platform.capitalize(), *([name] if name else [])])


def sure(account: str, *, speaking: bool) -> str:
    """What happens when an account is taken off, before it is."""
    return " ".join([f"Take off {account}?", *([THIS_ONE] if speaking else []), STAYS])


def unlinked(account: str) -> str:
    """An account was taken off."""
    return f"{account} is taken off. {STAYS} /link joins them again."


def stands_alone(name: str) -> str:
    """To an account that is another member's now."""
    return (
        "This account was taken off the others it was linked with: here you are a new member, "
        f"{name}. /name changes that, and /link joins accounts again."
    )


def parted(account: str) -> str:
    """To a member one of whose accounts is another member's now."""
    return (
        f"{account} is linked with you no more. If that was not you, tell those who run this "
        "community."
    )


def undone(accounts: Sequence[str]) -> str:
    """A link was taken apart again."""
    return (
        f"Undone: {listing(accounts)} is a member of its own again, with what was its own before. "
        "What was made since stays with the other."
    )


def _undone_within() -> str:
    minutes = round(UNDONE_WITHIN / timedelta(minutes=1))
    return f"Undo takes them apart again, for {plural(minutes, 'minute')}."
