"""A neutral agent for a thread: two who talk there ask for it, and the room reads what it says."""

from enum import StrEnum
from typing import Annotated

from agents import mediating, mediation_words
from agents.act import Effect, act
from agents.acts.browse import show
from agents.acts.create import remix
from agents.answer import Answer, Button
from agents.mediating import mediated
from agents.parameters import Doc
from agents.passages import Passage, passages
from agents.references import CreationRef
from agents.turn import Authority, Through, Turn
from feed_core.errors import NotForAgents
from feed_core.models.curation import Followed
from feed_core.services import curation, mediation, members, threads
from feed_core.services.curation import Subject
from feed_core.services.mediation import MediationOff
from feed_core.services.muting import silence
from feed_core.services.publishing import RoomNeeded
from feed_core.services.sight import Reader, see
from feed_core.store import View

READ = 500  # comments and remixes
NOBODY = 0  # no member: sees what everybody in a room sees


class Switch(StrEnum):
    """Whether something is wanted."""

    ON = "on"
    OFF = "off"


@act(
    "mediate",
    effect=Effect.READ,
    slow=True,
    examples=[
        "mediate thread 4",
        "bring a mediator to the argument under 12",
        "we are fighting on number 5, can a neutral agent help?",
        "find common ground in the quarrel about 3",
        "help us to settle the dispute on 7",
        "a neutral view on our disagreement under 8",
        "what do we both agree on in thread 6? please mediate",
        "vermittle im Streit zu Nummer 3",
        "wir streiten unter der 5, bitte schlichten",
        "media en la discusión del 4",
        "ayúdanos a hacer las paces en el hilo 6",
        "4番の口論を仲裁して",
        "un mediador para el hilo 4",
        "necesitamos una opinión neutral sobre el 3",
        "we keep arguing about 6",
        "somebody neutral should look at the fight under 2",
        "wir brauchen einen Vermittler bei Nummer 7",
    ],
)
async def mediate(
    turn: Turn,
    thread: Annotated[CreationRef, Doc("the creation whose thread needs a neutral view")],
    decline: Annotated[bool, Doc("put the offer of a mediator away")] = False,
) -> Answer:
    """Have a neutral agent say what a thread shares, what is open, and what to make of it."""
    if decline:
        return await _decline(turn, thread)
    room_id = turn.room_id
    async with turn.store.read() as view:
        root = await see(view, thread.id, reader=turn.reader)
        if room_id is not None and not await mediation.wanted(view, room_id):
            raise MediationOff
        reader = turn.reader if room_id is None else Reader(NOBODY, room_id)
        found = await threads.whole(view, thread.id, reader=reader, limit=READ)
        first_id = _asked_before(turn, thread)
        askers = {turn.member_id, first_id or turn.member_id}
        names = await members.names(view, found.author_ids | askers)
        said = await _heard(view, passages(found, names), askers, room_id)
    together = len(askers) == 2 and askers <= found.author_ids
    if room_id is not None and turn.member_id in found.author_ids and not together:
        return Answer(
            text=mediation_words.asked(names.get(turn.member_id, ""), thread.id, root.title),
            buttons=[
                Button("Join in", mediate.call(thread), shown_hash=_asks(thread, turn.member_id)),
                mediating.no(thread.id),
            ],
            facts={"thread": thread, "waits_for_another": True},
        )
    told = await mediated(turn, said)
    sources = list(dict.fromkeys(it.creation for it in told.stands_on)) or [thread]
    return Answer(
        text=mediation_words.mediation(
            thread.id, root.title, told.common, told.open, told.idea, told.stands_on, told.note
        ),
        buttons=[
            Button("Draft it", remix.call(sources, True)),
            *(Button(str(it), show.call(it)) for it in sources),
        ],
        facts={"thread": thread, "common": len(told.common), "open": len(told.open)},
        private=room_id is None or not together,
    )


@act(
    "room mediation",
    effect=Effect.PUBLISH,
    authority=Authority.MODERATOR,
    examples=[
        "turn mediation on in this room",
        "switch the mediator of this room off",
        "as a moderator, allow mediation here",
        "no mediator shall be offered in this room any more",
        "let a mediator be offered in this channel",
        "schalte die Vermittlung in diesem Raum ein",
        "Vermittlung hier aus",
        "activa la mediación en esta sala",
        "desactiva la mediación aquí",
        "enable mediation here",
        "disable mediation in this channel",
    ],
)
async def room_mediation(
    turn: Turn, wanted: Annotated[Switch, Doc("whether a mediator may be offered and shown here")]
) -> Answer:
    """Choose whether a neutral agent may be offered in this room; it is off until you do."""
    if turn.room_id is None:
        raise RoomNeeded
    on = wanted is Switch.ON
    async with turn.store.work() as work:
        await mediation.want(work, room_id=turn.room_id, on=on)
    return Answer(text=mediation_words.turned(on=on), facts={"on": on})


async def _decline(turn: Turn, thread: CreationRef) -> Answer:
    if turn.through is Through.AGENT:
        raise NotForAgents("mediate")
    if turn.room_id is None:
        raise RoomNeeded
    async with turn.store.work() as work:
        await see(work, thread.id, reader=turn.reader)
        await mediation.decline(work, room_id=turn.room_id, creation_id=thread.id)
    return Answer(text=mediation_words.declined(thread.id), facts={"thread": thread})


def _asks(thread: CreationRef, member_id: int) -> str:
    """What the button says of who asked; nobody can type it."""
    return f"mediate:{thread.id}:{member_id}"


def _asked_before(turn: Turn, thread: CreationRef) -> int | None:
    """Who asked first, where this is a press on what they were answered."""
    before, _, member_id = turn.shown_hash.rpartition(":")
    return int(member_id) if before == f"mediate:{thread.id}" else None


async def _heard(
    view: View, said: list[Passage], askers: set[int], room_id: int | None
) -> list[Passage]:
    """The passages without those that one of the askers muted; what it is about always stays."""
    root, *rest = said
    for member_id in sorted(askers):
        quiet = await silence(view, reader=Reader(member_id, room_id))
        muted = await curation.mutes(view, member_id=member_id)
        rest = [
            it
            for it in rest
            if Subject(Followed.MEMBER, str(it.author_id)) not in muted
            and not quiet.mutes(it.author_id, it.whole)
        ]
    return [root, *rest]
