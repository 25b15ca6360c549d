"""Rooms by the names that people give them."""

import re
from collections.abc import Sequence

from sqlalchemy import or_
from sqlmodel import col, select

from feed_core.models.conversation import Message
from feed_core.models.creations import Creation
from feed_core.models.jams import Jam, JamPlayer
from feed_core.models.orders import StandingOrder
from feed_core.models.rooms import Room
from feed_core.services.tagging import tag_of
from feed_core.store import View

UNSPOKEN = re.compile(r"[\W_]+")
MENTION = re.compile(r"<#(\d+)>")  # as Discord writes a channel


async def open_to(view: View, member_id: int) -> list[Room]:
    """The rooms to which a member may have something sent.

    They are those in which they were, and those that moderators opened to the feed and that
    everybody may read.
    """
    places = await view.db.exec(
        select(Message.place).where(Message.member_id == member_id).distinct()
    )
    spoken = set(places.all())
    been: set[int | None] = set()
    for asked in (
        select(Creation.room_id).where(Creation.author_id == member_id).distinct(),
        select(StandingOrder.room_id).where(StandingOrder.member_id == member_id).distinct(),
        select(Jam.room_id)
        .join(JamPlayer, col(JamPlayer.jam_id) == col(Jam.id))
        .where(JamPlayer.member_id == member_id)
        .distinct(),
    ):
        been |= set((await view.db.exec(asked)).all())
    keys = [it.partition(":") for it in spoken]
    found = await view.db.exec(
        select(Room)
        .where(
            col(Room.gone_at).is_(None),
            or_(
                col(Room.bound),
                col(Room.id).in_([it for it in been if it is not None]),
                col(Room.external_id).in_([place for _, _, place in keys]),
            ),
        )
        .order_by(col(Room.id))
    )
    return [
        it
        for it in found.all()
        if it.id in been or f"{it.platform}:{it.external_id}" in spoken or (it.bound and it.public)
    ]


def called(rooms: Sequence[Room], typed: str, *, near: str = "") -> list[Room]:
    """The rooms of this name; one in the server `near` comes before those elsewhere."""
    if mention := MENTION.fullmatch(typed.strip()):
        return [it for it in rooms if it.external_id == mention[1]]
    wanted = _spoken(typed)
    named = [it for it in rooms if it.name and _spoken(it.name) == wanted]
    here = [it for it in named if near and it.server_id == near]
    return here if len(here) == 1 else named


def _spoken(name: str) -> str:
    """A name without what nobody says aloud: "#Poetry-Club" and "poetry club" are one."""
    return UNSPOKEN.sub("", tag_of(name))
