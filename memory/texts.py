"""What can be remembered as a text, and when two texts are the same."""

import unicodedata

from feed_core.errors import EmptyText, TextTooLong

LIMIT = 2_000
UNSEEN = {"Zs", "Zl", "Zp", "Cc", "Cf", "Cs"}  # Unicode categories: spaces, controls, formatting


def readable(text: str) -> str:
    """The text without white space around it and without halves of surrogate pairs.

    Raises:
        EmptyText: nothing in it can be seen.
        TextTooLong: it has more than 2,000 characters.
    """
    whole = text.strip()
    if len(whole) > LIMIT:
        raise TextTooLong(len(whole), LIMIT)
    whole = whole.encode("utf-8", "replace").decode()  # SQLite takes no half pairs
    if all(unicodedata.category(character) in UNSEEN for character in whole):
        raise EmptyText
    return whole


def alike(text: str) -> str:
    """The same string for texts that differ in case, white space or composition of accents."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())
