"""Changing what one's drafts and creations say, and what they show to whoever cannot see them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any

from agents import cards, creation_words, describing, phrases
from agents.act import Effect, act
from agents.answer import Answer, Card
from agents.parameters import Doc
from agents.references import LATEST_DRAFT, CreationRef, DraftRef, PieceRef
from agents.releasing import revise
from agents.titling import Typed, read_words, write_words
from agents.turn import Through, Turn
from feed_core.errors import EmptyText, NeedsApproval, NotForAgents
from feed_core.models.creations import Draft
from feed_core.services import authorship, drafting, publishing, revising, timeline
from feed_core.services.languages import Language
from feed_core.services.pieces import Changes, Piece
from feed_core.services.urls import checked_url
from feed_core.states import CreationKind, Hand

WHICH = Doc("a draft of yours such as d1, or a creation such as #12; else your newest draft")


async def _words(turn: Turn, given: Mapping[str, Any]) -> str:
    piece = await _piece(turn, given["piece"])
    return write_words(Typed(piece.title, piece.body, piece.tags, piece.link))


async def _show(turn: Turn, given: Mapping[str, Any]) -> Answer:
    """A draft as it is, or a creation as it would be."""
    piece: PieceRef = given["piece"]
    if piece.draft:
        return await _draft_shown(turn, await _draft(turn, piece))
    said = await _piece(turn, piece)
    changes = await _changes(turn, said, given["words"])
    after = changes.made_to(said)
    card = Card(str(piece), after.title, after.body, tags=after.tags, link=after.link)
    return Answer(text=creation_words.would_edit(piece.id), cards=[card])


@act(
    "edit",
    effect=Effect.OWN,
    private=True,
    prefill=_words,
    preview=_show,
    examples=[
        "change d1 to these words",
        "edit my draft",
        "rewrite d2: <new words>",
        "edit d1: <new words>",
        "edit number 12: <new words>",
        "correct a mistake in my draft",
        "replace the words of the draft",
        "let me change the text of d3",
        "fix the spelling in my draft",
        "change the tags of my post 4",
        "correct a typo in what I published as number 7",
        "ändere den Entwurf",
        "cambia el borrador",
    ],
)
async def edit(
    turn: Turn,
    piece: Annotated[PieceRef, WHICH] = LATEST_DRAFT,
    words: Annotated[str, Doc("all it shall say: a title before a colon; #tags at the end")] = "",
    language: Annotated[Language, Doc("the language that it is in")] = Language.AUTO,
) -> Answer:
    """Put your own words in place of a draft's or of what you published."""
    if piece.draft:
        return await _edit_draft(turn, piece, words)
    if turn.through is Through.AGENT:
        raise NotForAgents("edit")
    if turn.through is not Through.HAND:
        raise NeedsApproval  # others see it
    if not words.strip():
        if language is Language.AUTO:
            return await _published(turn, piece.id, "")  # its button asks for them
        async with turn.store.work() as work:
            changed = await revising.set_language(
                work, creation_id=piece.id, member_id=turn.member_id, language=language
            )
        return await _published(
            turn, piece.id, creation_words.language_set(piece.id, changed.language)
        )
    said = await _piece(turn, piece)
    by_hand = [authorship.step(Hand.HUMAN, at=turn.now)]
    did = await revise(turn, piece.id, await _changes(turn, said, words), steps=by_hand)
    if language is not Language.AUTO:
        async with turn.store.work() as work:
            await revising.set_language(
                work, creation_id=piece.id, member_id=turn.member_id, language=language
            )
    told = creation_words.edited if did else creation_words.unchanged
    return await _published(turn, piece.id, told(piece.id))


async def _show_description(turn: Turn, given: Mapping[str, Any]) -> Answer:
    return Answer(text=creation_words.described(str(given["piece"]), given["words"].strip()))


@act(
    "describe",
    effect=Effect.OWN,
    private=True,
    preview=_show_description,
    examples=[
        "describe my picture 12: <a red boat at dawn>",
        "the alt text of number 4 is <two dancers on a roof>",
        "set the alt text of 3 to <a dog asleep>",
        "say what can be seen in picture 7: <a bridge in fog>",
        "for people who cannot see it, d1 shows <a cat>",
        "beschreibe mein Bild 3: <ein Boot>",
        "describe mi imagen 5: <un barco>",
    ],
)
async def describe(
    turn: Turn,
    piece: Annotated[PieceRef, Doc("your picture or recording, a creation or a draft")],
    words: Annotated[str, Doc("what there is to see or hear in it")],
) -> Answer:
    """Say what a picture of yours shows, for those who cannot see it."""
    if not words.strip():
        raise EmptyText
    alt = Changes(alt=words.strip())
    told = creation_words.described(str(piece), words.strip())
    if not piece.draft:
        if turn.through is not Through.HAND:
            raise NeedsApproval  # others are told so
        await revise(turn, piece.id, alt)  # it is about the picture, and no part of making it
        return await _published(turn, piece.id, told)
    async with turn.store.work() as work:
        draft = await drafting.edit(
            work, owner_id=turn.member_id, number=piece.id or None, changes=alt
        )
    return await _draft_shown(turn, draft, told)


async def _edit_draft(turn: Turn, piece: PieceRef, words: str) -> Answer:
    if not words.strip():
        return await _draft_shown(turn, await _draft(turn, piece))  # its button asks for them
    said = drafting.piece(await _draft(turn, piece))
    changes = await _changes(turn, said, words)
    by = Hand.MODEL if turn.through is Through.AGENT else Hand.HUMAN
    async with turn.store.work() as work:
        changed = await drafting.edit(
            work,
            owner_id=turn.member_id,
            number=piece.id or None,
            changes=changes,
            steps=[authorship.step(by, at=work.now)],
        )
    return await _draft_shown(turn, changed, phrases.draft_changed(changed.number))


async def _changes(turn: Turn, said: Piece, words: str) -> Changes:
    """What the typed words make of a piece; what they do not speak of stays."""
    typed = read_words(words, title=said.title)
    link = checked_url(typed.link) if typed.link else ""
    kept = None if said.kind is CreationKind.LINK and not link else link
    alt = None
    if said.media_hash is not None and said.alt == await describing.stand_in(turn, said):
        alt = await describing.stand_in(turn, replace(said, title=typed.title))
    return Changes(typed.title, typed.body, typed.tags, kept, alt)


async def _draft(turn: Turn, piece: PieceRef) -> Draft:
    async with turn.store.read() as view:
        return await drafting.get(view, owner_id=turn.member_id, number=piece.id or None)


async def _piece(turn: Turn, piece: PieceRef) -> Piece:
    if piece.draft:
        return drafting.piece(await _draft(turn, piece))
    async with turn.store.read() as view:
        creation = await publishing.own(view, creation_id=piece.id, member_id=turn.member_id)
    return revising.piece(creation)


async def _draft_shown(turn: Turn, draft: Draft, told: str = "") -> Answer:
    return Answer(
        text=told,
        cards=[await cards.draft_card(turn.parts.media, draft)],
        buttons=cards.draft_buttons(draft),
        facts={"draft": DraftRef(draft.number)},
    )


async def _published(turn: Turn, creation_id: int, told: str) -> Answer:
    """One's own creation as it is now."""
    async with turn.store.read() as view:
        creation = await publishing.own(view, creation_id=creation_id, member_id=turn.member_id)
        items = await timeline.items(view, [creation], reader=turn.reader)
        shown = await cards.cards(turn.parts.media, view, items, excerpt=False)
    return Answer(
        text=told,
        cards=shown,
        buttons=cards.own_buttons(creation),
        facts={"creation": CreationRef(creation_id)},
    )
