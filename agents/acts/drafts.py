"""Deciding on drafts, and taking back what was published."""

from collections.abc import Mapping
from typing import Annotated, Any

from agents import cards, creation_words, phrases
from agents.act import Effect, act
from agents.answer import Answer, Call, undoing
from agents.parameters import Doc
from agents.references import LATEST, CreationRef, DraftRef
from agents.releasing import release
from agents.turn import Through, Turn
from feed_core import shelving, worker
from feed_core.errors import DraftChanged, NeedsApproval
from feed_core.services import drafting, publishing
from feed_core.states import Visibility


@act(
    "drafts",
    effect=Effect.READ,
    private=True,
    examples=[
        "show my drafts",
        "what is waiting to be published?",
        "list the drafts I have",
        "which of my drafts are left?",
        "do I have any drafts?",
        "my unpublished texts",
        "is there anything I still have to approve?",
        "zeig mir meine Entwürfe",
        "welche Entwürfe habe ich?",
        "mis borradores",
    ],
)
async def drafts(turn: Turn) -> Answer:
    """Show the drafts that wait for you."""
    async with turn.store.read() as view:
        waiting = await drafting.waiting(view, owner_id=turn.member_id, limit=5)
    return Answer(
        text=phrases.drafts_waiting(len(waiting)),
        cards=[await cards.draft_card(turn.parts.media, it) for it in waiting],
        buttons=cards.draft_buttons(waiting[0]) if len(waiting) == 1 else [],
        facts={"drafts": [DraftRef(it.number) for it in waiting]},
    )


async def _show_draft(turn: Turn, given: Mapping[str, Any]) -> Answer:
    async with turn.store.read() as view:
        found = await drafting.get(view, owner_id=turn.member_id, number=given["draft"].id or None)
    return Answer(
        cards=[await cards.draft_card(turn.parts.media, found, given["visibility"])],
        buttons=cards.draft_buttons(found, given["visibility"]),
        facts={"draft": DraftRef(found.number)},
    )


@act(
    "publish",
    effect=Effect.PUBLISH,
    preview=_show_draft,
    examples=[
        "publish it",
        "post my draft",
        "yes, publish d2",
        "send the draft out",
        "release d1 to everybody",
        "the draft is good, put it on the feed",
        "go ahead, publish that",
        "ok, post it",
        "make my draft public",
        "show d3 to everyone",
        "veröffentliche meinen Entwurf",
        "veröffentliche d1",
        "publica el borrador",
    ],
)
async def publish(
    turn: Turn,
    draft: Annotated[DraftRef, Doc("the draft to publish; else your newest")] = LATEST,
    visibility: Annotated[
        Visibility, Doc("who may see it", also=creation_words.CALLED)
    ] = Visibility.EVERYONE,
) -> Answer:
    """Show one of your drafts to everybody, or to whom you choose."""
    async with turn.store.read() as view:
        found = await drafting.to_publish(view, owner_id=turn.member_id, number=draft.id or None)
    if turn.shown_hash and turn.shown_hash != found.content_hash:
        raise DraftChanged(found.number)
    if turn.through is not Through.HAND and found.tainted:
        raise NeedsApproval
    return await release(turn, drafting.piece(found), draft=found, visibility=visibility)


@act(
    "drop",
    effect=Effect.OWN,
    private=True,
    examples=[
        "throw the draft away",
        "drop d2",
        "discard my draft",
        "delete the draft",
        "I do not want d1",
        "get rid of that draft",
        "forget about that draft",
        "cancel the draft",
        "wirf den Entwurf weg",
        "lösche d1",
        "borra el borrador",
    ],
)
async def drop(
    turn: Turn, draft: Annotated[DraftRef, Doc("the draft to drop; else your newest")] = LATEST
) -> Answer:
    """Put a draft away; it can be brought back."""
    async with turn.store.work() as work:
        gone = await drafting.drop(work, owner_id=turn.member_id, number=draft.id or None)
    ref = DraftRef(gone.number)
    return Answer(
        text=phrases.draft_dropped(gone.number),
        buttons=[undoing(Call("restore", {"draft": str(ref)}), "Bring back")],
        facts={"dropped": ref},
    )


@act(
    "restore",
    effect=Effect.OWN,
    private=True,
    examples=[
        "bring back the draft I dropped",
        "restore d2",
        "bring d1 back",
        "give me the deleted draft back",
        "undelete my draft",
        "undo dropping d3",
        "recover the draft that I discarded",
        "I want d2 back",
        "hol den Entwurf zurück",
        "recupera el borrador",
    ],
)
async def restore(turn: Turn, draft: Annotated[DraftRef, Doc("the draft to bring back")]) -> Answer:
    """Bring back a draft that was put away."""
    async with turn.store.work() as work:
        back = await drafting.restore(work, owner_id=turn.member_id, number=draft.id)
    return Answer(
        text=phrases.draft_back(back.number),
        cards=[await cards.draft_card(turn.parts.media, back)],
        buttons=cards.draft_buttons(back),
        facts={"draft": draft},
    )


@act(
    "withdraw",
    effect=Effect.PUBLISH,
    private=True,
    examples=[
        "take back number 3",
        "unpublish my last post",
        "withdraw 12",
        "delete my post number 4",
        "take my creation 5 off the feed",
        "remove number 2, I regret posting it",
        "pull 6 back",
        "retract 8",
        "nimm Nummer 3 vom Feed",
        "zieh 4 zurück",
        "retira el 3",
        "quita mi publicación 2",
    ],
)
async def withdraw(
    turn: Turn, creation: Annotated[CreationRef, Doc("your creation to take back")]
) -> Answer:
    """Take back something of yours: its content goes, its number stays."""
    async with turn.store.work() as work:
        await publishing.withdraw(work, creation_id=creation.id, member_id=turn.member_id)
    await shelving.sweep(turn.store, turn.parts.media)
    return Answer(text=phrases.withdrawn(creation.id), facts={"withdrawn": creation})


@act(
    "visibility",
    effect=Effect.PUBLISH,
    private=True,
    examples=[
        "show number 4 to everybody",
        "make 12 public",
        "let everyone see 3",
        "open number 5 to people outside this room",
        "7 should be visible to all",
        "share 2 with the whole community, not just this room",
        "make number 6 private",
        "nobody but me should see 8",
        "restrict number 4 to this room",
        "mach Nummer 3 für alle sichtbar",
        "nur ich soll Nummer 5 sehen",
        "haz público el 4",
        "que nadie más vea el 6",
        "quiero que el 7 sea privado",
    ],
)
async def visibility(
    turn: Turn,
    creation: Annotated[CreationRef, Doc("your creation")],
    visibility: Annotated[
        Visibility, Doc("who may see it from now on", also=creation_words.CALLED_THEN)
    ],
) -> Answer:
    """Choose who may see something of yours: everybody, one room, or you alone."""
    await worker.show_to(
        turn.store,
        turn.parts.check,
        creation_id=creation.id,
        member_id=turn.member_id,
        visibility=visibility,
        room_id=turn.room_id,
    )
    return Answer(
        text=creation_words.seen_by(creation.id, visibility),
        facts={"creation": creation, "visibility": visibility},
    )
