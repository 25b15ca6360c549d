"""Which room somebody means who names one: "#jam", "<#123>", #"poetry club"."""

import re
from dataclasses import dataclass

from agents import room_words
from agents.turn import Turn
from feed_core.errors import Refusal
from feed_core.models.rooms import Room
from feed_core.services import room_names
from feed_core.services.room_names import open_to

NAMED = re.compile(
    r"(?:\b(?P<into>in|into|to|en|a|nach|im|auf)\s+)?"
    r"(?P<name>#[^\W\d][^\s,;.!?]*|#\"[^\"]+\"|<#\d+>)"
)
MOST_NAMED = 8


@dataclass(eq=False)
class RoomUnclear(Refusal):
    """Several rooms are called that, or none; `known` says which there are."""

    known: str
    code = "room_unclear"


async def room_meant(turn: Turn, words: str) -> int | None:
    """The id of the room that is named in some words; None when none is.

    A sign without "in" or "to" before it may as well be a tag.

    Raises:
        RoomUnclear: one is, and it is not clear which, or the member cannot mean it.
    """
    named = NAMED.search(words)
    if named is None:
        return None
    async with turn.store.read() as view:
        rooms = await open_to(view, turn.member_id)
        here = await view.db.get(Room, turn.room_id) if turn.room_id is not None else None
    near = here.server_id if here is not None else ""
    name = named["name"]
    found = room_names.called(rooms, name, near=near)
    if len(found) == 1:
        return found[0].id
    if not named["into"] and not found and not name.startswith("<"):
        return None
    told = (found or [it for it in rooms if it.name])[:MOST_NAMED]
    raise RoomUnclear(room_words.which(name.strip('#"'), told, known=bool(found)))


def without_room(words: str) -> str:
    """The words without the room that they name."""
    return NAMED.sub(" ", words)
