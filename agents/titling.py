"""Tells the title from the body in words that were typed as one."""

from feed_core.services.publishing import LONGEST_TITLE

SHORT = 80
FIRST_WORDS = 8


def title_and_body(words: str) -> tuple[str, str]:
    """Title and body of what was typed.

    A short beginning before a colon is the title, else a short first line; text that has neither is
    all body, under its first words.
    """
    text = words.strip()
    head, colon, rest = text.partition(": ")
    if colon and "\n" not in head and 0 < len(head.strip()) <= SHORT and rest.strip():
        return head.strip(), rest.strip()
    first, _, rest = text.partition("\n")
    if len(first) <= SHORT:
        return first.strip(), rest.strip()
    return " ".join(text.split()[:FIRST_WORDS])[: LONGEST_TITLE - 2] + " …", text
