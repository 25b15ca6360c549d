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
    form = None
    if incoming.form is not None:
        form = {name: whole(it) for name, it in incoming.form.items()}
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
        form=form,
    )


def kept(incoming: Incoming) -> dict[str, Any]:
    """What is kept of a message: of its files the names, of what others said elsewhere nothing."""
    plain = asdict(replace(incoming, uploads=(), quoted=None))
    quoted = incoming.quoted is not None
    return plain | {"uploads": [it.name for it in incoming.uploads], "quoted": quoted}


def is_whole(payload: dict[str, Any]) -> bool:
    """Whether all that was asked about is kept."""
    return not (payload["uploads"] or payload.get("quoted"))


def taken_up(payload: dict[str, Any]) -> Incoming:
    """A message as it was kept, without its files."""
    call, under, about = payload["call"], payload.get("under"), payload.get("about")
    return Incoming(
        update_id=payload["update_id"],
        sender=Sender(**payload["sender"]),
        place=Place(**payload["place"]),
        text=payload["text"],
        call=Call(**call) if call else None,
        token=payload["token"],
        filled=payload["filled"],
        foreign=payload.get("foreign", ()),
        answers=payload.get("answers", ""),
        shown=payload.get("shown", ()),
        under=Under(**under) if under else None,
        message_id=payload.get("message_id", ""),
        overheard=payload.get("overheard", False),
        form=payload.get("form"),
        about=Sender(**about) if about else None,
        gone=payload.get("gone", False),
    )
