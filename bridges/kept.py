"""Messages as the inbox keeps them until they are answered."""

from dataclasses import asdict, replace
from typing import Any

from agents.answer import Call
from agents.parameters import whole
from agents.turn import Place
from bridges.protocol import Incoming, Sender, Under


def storable(incoming: Incoming) -> Incoming:
    """The message without halves of surrogate pairs, which no database takes."""
    sender = replace(incoming.sender, name=whole(incoming.sender.name))
    filled = None if incoming.filled is None else whole(incoming.filled)
    foreign = [whole(it) for it in incoming.foreign]
    place = incoming.place
    place = replace(
        place,
        name=whole(place.name),
        server=whole(place.server),
        parent_name=whole(place.parent_name),
    )
    return replace(
        incoming,
        sender=sender,
        place=place,
        text=whole(incoming.text),
        filled=filled,
        foreign=foreign,
    )


def kept(incoming: Incoming) -> dict[str, Any]:
    """What is kept of a message: all but its files, of which the names."""
    plain = asdict(replace(incoming, uploads=()))
    return plain | {"uploads": [it.name for it in incoming.uploads]}


def taken_up(payload: dict[str, Any]) -> Incoming:
    """A message as it was kept, without its files."""
    call, under = payload["call"], payload.get("under")
    return Incoming(
        update_id=payload["update_id"],
        sender=Sender(**payload["sender"]),
        place=Place(**payload["place"]),
        text=payload["text"],
        call=Call(**call) if call else None,
        token=payload["token"],
        filled=payload["filled"],
        foreign=payload.get("foreign", ()),
        under=Under(**under) if under else None,
        message_id=payload.get("message_id", ""),
        overheard=payload.get("overheard", False),
    )
