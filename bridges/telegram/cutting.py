"""Where a text is cut so that Telegram takes it; lengths count UTF-16 units."""

import re
import unicodedata

# The best place first: between paragraphs, lines, sentences, words.
BORDERS = [re.compile(it) for it in (r"\n\s*\n", r"\n", r"(?<=[.!?…])\s", r"\s")]
JOINER = "\u200d"


def units(text: str) -> int:
    """The length of a text as Telegram counts it."""
    return len(text) + sum(character > "\uffff" for character in text)


def cut(text: str, limit: int) -> list[tuple[int, int]]:
    """Start and end of each piece of a text, none longer than `limit` units.

    Only white space at the cuts falls between pieces; nothing is cut inside what is seen as one
    character.
    """
    pieces = []
    start = 0
    while start < len(text):
        end = _reach(text, start, limit)
        if end < len(text):
            end = _border(text, start, end)
        if text[start:end].strip():
            pieces.append((start, end))
        start = end
        while start < len(text) and text[start].isspace():
            start += 1
    return pieces


def shorten(text: str, limit: int) -> str:
    """The beginning of a text that is longer than `limit` units, with an ellipsis; else all."""
    if units(text) <= limit:
        return text
    start, end = cut(text, limit - 1)[0]
    return f"{text[start:end].rstrip()}…"


def _reach(text: str, start: int, limit: int) -> int:
    """How far a piece may go at most."""
    end = min(start + limit, len(text))
    while units(text[start:end]) > limit:
        end -= (units(text[start:end]) - limit + 1) // 2
    return end


def _border(text: str, start: int, end: int) -> int:
    """The best place to cut between the middle of a piece and its end."""
    window = text[start : end + 1]  # what follows may be the white space to cut at
    for border in BORDERS:
        found = [it.start() for it in border.finditer(window) if it.start() > len(window) // 2]
        if found:
            return start + found[-1]
    for at in range(end, start, -1):
        if not _within_character(text, at):
            return at
    return end


def _within_character(text: str, at: int) -> bool:
    """Whether a cut before this index would part what is seen as one character (an emoji)."""
    before, after = text[at - 1], text[at]
    if JOINER in (before, after) or unicodedata.category(after).startswith("M"):
        return True
    if "\U0001f3fb" <= after <= "\U0001f3ff" or "\U000e0020" <= after <= "\U000e007f":
        return True  # a skin tone, a tag of a flag
    flags = re.search("[\U0001f1e6-\U0001f1ff]*$", text[max(at - 64, 0) : at])
    letter = "\U0001f1e6" <= after <= "\U0001f1ff"  # two of these make a flag
    return letter and flags is not None and len(flags.group()) % 2 == 1
