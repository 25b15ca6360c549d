"""Saying what one wants more of, less of, or not at all."""

from typing import Annotated

from agents import keep_words
from agents.act import Effect, act
from agents.answer import Answer, Button, Call, undoing
from agents.parameters import Doc
from agents.references import CreationRef
from agents.turn import Turn
from feed_core.models.curation import Wanted
from feed_core.services import curation

SHOWN = Doc("the creation that you were shown")
BACK = Doc("take back what you said before")


@act(
    "more",
    effect=Effect.OWN,
    private=True,
    examples=[
        "more like 4",
        "more like this one",
        "show me more things like number 12",
        "I want more of the kind of 5",
        "more in the style of the rain one, please",
        "mehr wie Nummer 3",
        "más como el 5",
    ],
)
async def more(
    turn: Turn, creation: Annotated[CreationRef, SHOWN], undo: Annotated[bool, BACK] = False
) -> Answer:
    """Get more like a creation in your feed."""
    return await _say(turn, creation, Wanted.MORE, undo=undo)


@act(
    "less",
    effect=Effect.OWN,
    private=True,
    examples=[
        "less like 4",
        "less like this one",
        "show me fewer things like number 12",
        "I want less of the kind of 5",
        "not so many like number 7",
        "weniger wie Nummer 3",
        "menos como el 5",
    ],
)
async def less(
    turn: Turn, creation: Annotated[CreationRef, SHOWN], undo: Annotated[bool, BACK] = False
) -> Answer:
    """Get less like a creation in your feed."""
    return await _say(turn, creation, Wanted.LESS, undo=undo)


@act(
    "hide",
    effect=Effect.OWN,
    private=True,
    examples=[
        "hide 4",
        "hide number 12 from me",
        "I do not want to see number 5 again",
        "never show me 3 again",
        "get 7 out of my sight",
        "hide the rain one",
        "blende Nummer 3 aus",
        "oculta el 5",
        "don't show me number 9 any more",
    ],
)
async def hide(
    turn: Turn, creation: Annotated[CreationRef, SHOWN], undo: Annotated[bool, BACK] = False
) -> Answer:
    """Hide a creation from your feed and digests; nobody is told."""
    return await _say(turn, creation, Wanted.HIDE, undo=undo)


async def _say(turn: Turn, creation: CreationRef, wanted: Wanted, *, undo: bool) -> Answer:
    """Note what is wanted, or take it back; each offers the other."""
    other = {"creation": creation.id} if undo else {"creation": creation.id, "undo": True}
    async with turn.store.work() as work:
        if undo:
            did = await curation.want_no_more(
                work, creation_id=creation.id, member_id=turn.member_id, wanted=wanted
            )
            text = keep_words.wanted_no_more(creation.id, did=did)
        else:
            await curation.want(work, creation_id=creation.id, reader=turn.reader, wanted=wanted)
            text = keep_words.wanted(creation.id, wanted)
    buttons = [undoing(Call(wanted, other), "Do it again" if undo else "Undo")]
    if wanted is Wanted.HIDE and not undo:
        whose = {"what": f"maker of {creation.id}"}
        buttons.append(Button("Mute its maker", Call("mute", whose), only_asker=True))
    return Answer(text=text, buttons=buttons, facts={"creation": creation, "undone": undo})
