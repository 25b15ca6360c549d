"""Letters without their accents, for makers that look at letters."""

import unicodedata

_APART = {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d"}


def plain(text: str) -> str:
    """The text in small letters without accents: "Über" is "uber"."""
    bare = "".join(_APART.get(it, it) for it in text.casefold())
    decomposed = unicodedata.normalize("NFD", bare)
    return "".join(it for it in decomposed if not unicodedata.combining(it) and it not in "'’-")
