"""Names that others chose, in what a member typed: kept from models that can act, put back by code.

A platform writes a person's name where its member picked them from a list. Such a name may be an
order. The model gets a stand-in, and what it hands to an act gets the name back.
"""

import re
from collections.abc import Sequence

from pydantic import JsonValue

SOMEBODY = "@somebody"  # in what is kept of a conversation, where numbers would change meaning
STAND_IN = re.compile(r"@person(\d{1,3})\b")


def hidden(text: str, foreign: Sequence[str], *, numbered: bool = True) -> str:
    """The text with a stand-in for each of these names, the longest first: one may hold another."""
    for place, name in sorted(enumerate(foreign, start=1), key=lambda it: -len(it[1])):
        if name:
            text = text.replace(name, f"@person{place}" if numbered else SOMEBODY)
    return text


def restored(value: JsonValue, foreign: Sequence[str]) -> JsonValue:
    """What a model wants to hand to an act, with the names that the stand-ins stand for."""

    def name(found: re.Match[str]) -> str:
        place = int(found[1])
        return foreign[place - 1] if 1 <= place <= len(foreign) else found[0]

    match value:
        case str():
            return STAND_IN.sub(name, value)
        case list():
            return [restored(it, foreign) for it in value]
        case dict():
            return {key: restored(it, foreign) for key, it in value.items()}
        case _:
            return value
