"""Rooms and the feed: what their moderators bind shows what is new, and is heard."""

import re
from typing import Annotated

from agents import room_words
from agents.act import Effect, act
from agents.acts.mediate import Switch
from agents.answer import Answer
from agents.parameters import Doc
from agents.turn import Authority, Turn
from feed_core.models.rooms import Room
from feed_core.services import binding, leaving, members
from feed_core.services.publishing import RoomNeeded
from feed_core.states import CreationKind

TAG = re.compile(r"[^\s,;#]+")
MOST_TAGS = 10


@act(
    "room bind",
    effect=Effect.PUBLISH,
    authority=Authority.MODERATOR,
    examples=[
        "bind this room to the feed",
        "post everything new in this channel",
        "show new creations here from now on",
        "connect this channel with the feed",
        "let new pictures be posted in this room",
        "as a moderator, bind this forum to the feed",
        "binde diesen Raum an den Feed",
        "poste hier alles Neue",
        "verknüpfe diesen Raum mit dem Feed",
        "conecta esta sala con el feed",
        "vincula esta sala al feed",
        "publica aquí todo lo nuevo",
        "link this room to the feed",
        "whatever is new shall show up in this room",
    ],
)
async def room_bind(
    turn: Turn,
    kind: Annotated[CreationKind | None, Doc("only this kind; else all")] = None,
    whole: Annotated[bool, Doc("in a thread or topic: all of its channel, forum or group")] = False,
    tags: Annotated[str, Doc("only what has one of these tags, such as: rain sea")] = "",
) -> Answer:
    """Have what is new in the feed posted in this room, and what is replied to it heard."""
    room_id = await _meant(turn, whole=whole)
    async with turn.store.work() as work:
        room = await binding.bind(
            work,
            room_id=room_id,
            member_id=turn.member_id,
            tags=TAG.findall(tags)[:MOST_TAGS],
            kinds=[kind] if kind else [],
        )
    return Answer(text=room_words.bound(room, binding.of(room)), facts={"bound": True})


@act(
    "room unbind",
    effect=Effect.PUBLISH,
    authority=Authority.MODERATOR,
    examples=[
        "unbind this room from the feed",
        "post nothing new here any more",
        "stop posting creations in this channel",
        "no more creations here, please",
        "no new posts from the feed in this room any more",
        "disconnect this channel from the feed",
        "löse diesen Raum vom Feed",
        "poste hier nichts mehr",
        "desconecta esta sala del feed",
    ],
)
async def room_unbind(
    turn: Turn,
    whole: Annotated[bool, Doc("in a thread or topic: all of its channel, forum or group")] = False,
) -> Answer:
    """Post nothing new of the feed in this room any more."""
    room_id = await _meant(turn, whole=whole)
    async with turn.store.work() as work:
        was = await binding.unbind(work, room_id=room_id)
        room = await work.db.get_one(Room, room_id)
    return Answer(text=room_words.unbound(room, was=was), facts={"bound": False})


@act(
    "room listen",
    effect=Effect.PUBLISH,
    authority=Authority.MODERATOR,
    examples=[
        "listen to what is said below posts in this room",
        "hear comments in this forum without being named",
        "stop listening in this room",
        "read along under the posts in this room",
        "lies unter den Beiträgen in diesem Raum mit",
        "count what is said in the threads here as comments",
        "höre hier mit, was unter den Beiträgen gesagt wird",
        "höre hier nicht mehr mit",
        "escucha lo que se dice en los hilos de esta sala",
    ],
)
async def room_listen(
    turn: Turn,
    wanted: Annotated[Switch, Doc("whether words that do not name Jamfeed are heard below posts")],
    whole: Annotated[bool, Doc("in a thread or topic: all of its channel, forum or group")] = False,
) -> Answer:
    """Choose whether what is said below a post counts as a comment where nobody names Jamfeed."""
    room_id = await _meant(turn, whole=whole)
    on = wanted is Switch.ON
    async with turn.store.work() as work:
        await binding.listen(work, room_id=room_id, on=on)
    return Answer(text=room_words.listening(on=on), facts={"on": on})


@act(
    "room leave",
    effect=Effect.PUBLISH,
    authority=Authority.MODERATOR,
    private=True,
    examples=[
        "leave this room and take everything of yours away",
        "as a moderator: leave this channel for good",
        "go away from this room and forget it",
        "we do not want Jamfeed in this room any more",
        "delete your posts in this channel and leave",
        "verlass diesen Raum und vergiss ihn",
        "sal de esta sala y olvídala",
    ],
)
async def room_leave(
    turn: Turn,
    whole: Annotated[bool, Doc("in a thread or topic: all of its channel, forum or group")] = False,
) -> Answer:
    """Have Jamfeed leave this room: its posts go, and what it knows of the room is forgotten."""
    room_id = await _meant(turn, whole=whole)
    async with turn.store.work() as work:
        name = room_words.called(await work.db.get_one(Room, room_id))
        standing = await leaving.leave(work, room_id=room_id)
    return Answer(text=room_words.left(name, standing), facts={"messages": standing}, private=True)


@act(
    "room show",
    effect=Effect.READ,
    authority=Authority.MODERATOR,
    examples=[
        "is this room bound to the feed?",
        "what is posted in this channel by itself?",
        "how is this room set?",
        "does this room get what is new in the feed?",
        "show the settings of this room",
        "zeig die Einstellungen von diesem Raum",
        "ist dieser Raum an den Feed gebunden?",
        "¿está conectada esta sala con el feed?",
    ],
)
async def room_show(
    turn: Turn,
    whole: Annotated[bool, Doc("in a thread or topic: all of its channel, forum or group")] = False,
) -> Answer:
    """Show whether this room is bound to the feed, and to what of it."""
    room_id = await _meant(turn, whole=whole)
    async with turn.store.read() as view:
        room = await view.db.get_one(Room, room_id)
    return Answer(text=room_words.state(room, binding.of(room)), facts={"bound": room.bound})


async def _meant(turn: Turn, *, whole: bool) -> int:
    """The room where it is said, or all that it is a part of.

    Raises:
        RoomNeeded: nobody else is there, or it is no part of anything.
    """
    if turn.room_id is None or (whole and not turn.place.parent):
        raise RoomNeeded
    if not whole:
        return turn.room_id
    place = turn.place
    async with turn.store.work() as work:
        room = await members.room(
            work,
            platform=place.platform,
            external_id=place.parent,
            public=place.open,
            name=place.parent_name,
            server_id=place.server_id,
            server=place.server,
        )
        assert room.id is not None
        return room.id
