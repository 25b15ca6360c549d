"""A room's digest: of what everybody there may see."""

from typing import Annotated

from agents import digest_words
from agents.act import Effect, act
from agents.acts.own_hours import OFF
from agents.answer import Answer
from agents.hours import read_wish
from agents.parameters import Doc
from agents.turn import Authority, Turn
from feed_core.services import digest_hours
from feed_core.services.publishing import RoomNeeded


@act(
    "room digest",
    effect=Effect.PUBLISH,
    authority=Authority.MODERATOR,
    examples=[
        "give this room a daily digest at <9:00>",
        "post a digest in this channel <on Fridays at 17:00>",
        "a digest for everybody here <every day at noon>",
        "turn this room's digest <off>",
        "end the digest of this channel: <off>",
        "dieser Raum soll einen Digest bekommen, <täglich um 9>",
        "kein Digest mehr für diesen Raum: <aus>",
        "un resumen para esta sala <cada día a las 9>",
    ],
)
async def room_digest(
    turn: Turn,
    when: Annotated[str, Doc("times and days, such as: 9:00 on weekdays; or: off", whole=True)],
) -> Answer:
    """Give this room a digest of what everybody here may see, as a moderator."""
    if turn.room_id is None:
        raise RoomNeeded
    if OFF.match(when):
        async with turn.store.work() as work:
            was_on = await digest_hours.stop_room(work, room_id=turn.room_id)
        return Answer(text=digest_words.room_off(was_on=was_on), facts={"was_on": was_on})
    hours = read_wish(when, zone=turn.zone, usual=turn.parts.profile.digest.time)
    async with turn.store.work() as work:
        row = await digest_hours.schedule_room(
            work,
            room_id=turn.room_id,
            member_id=turn.member_id,
            times=hours.times,
            weekdays=hours.weekdays,
            zone=hours.zone,
        )
    return Answer(
        text=digest_words.room_set(row.times, row.weekdays, row.zone, row.next_run_at),
        facts={"next": row.next_run_at},
    )
