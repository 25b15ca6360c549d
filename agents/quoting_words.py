"""How Jamfeed speaks of what was said outside the feed."""

from collections.abc import Sequence

from agents.phrases import listing, plural

SHOWN = 3  # voices that are named
LONGEST_NAME = 40

ALONE = (
    "(I read this one message only, because I do not read along here. A moderator can switch that "
    "on: /room listen on. Or forward the messages to me in private, and choose this on the first.)"
)


def head(messages: int, voices: Sequence[str]) -> str:
    """What stands above a summary of messages."""
    if messages == 1:
        return f"One message by {named(voices)}:"
    return f"{plural(messages, 'message')} by {named(voices)}, counted from the one you chose:"


def named(voices: Sequence[str]) -> str:
    """Who said it, the first few of them."""
    shown = [it[:LONGEST_NAME] for it in voices[:SHOWN]]
    more = len(voices) - len(shown)
    return listing([*shown, plural(more, "other")] if more else shown) or "somebody"


def label(made: str, voices: Sequence[str]) -> str:
    """What a thing made of what people said is called: "erasure poem of what Ben said"."""
    return f"{made} of what {named(voices)} said"
