"""Makes drafts: texts and remixes, by a model or by makers."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from agents import cards, describing, finding, phrases, quoting_words
from agents.answer import Answer
from agents.makers.choosing import made_from, named
from agents.makers.making import NothingToMake, Source
from agents.quoting import Quoted
from agents.references import CreationRef, DraftRef
from agents.turn import Turn, Writer
from feed_core import worker
from feed_core.errors import Refusal, Unavailable
from feed_core.models.creations import Creation
from feed_core.models.moderation import Thing
from feed_core.services import authorship, drafting, members, muting, remixing, threads
from feed_core.services.gate import Content
from feed_core.services.ledger import BudgetSpent
from feed_core.services.pieces import Piece
from feed_core.states import Hand, Outcome, Taken, Visibility
from feed_core.store import View

WORDS = "remix of words"  # what made a draft of what people said outside the feed


@dataclass(eq=False)
class NothingAbout(Refusal):
    """There is no model to write on an idea, and nothing about it that a maker might use."""

    idea: str
    code = "nothing_about"


async def put_aside(
    turn: Turn,
    piece: Piece,
    *,
    recipe: Mapping[str, Any],
    seed: int = 0,
    note: str = "",
    visibility: Visibility = Visibility.EVERYONE,
) -> Answer:
    """Keep a piece as a draft, and show it with what can be done; `visibility` is for later."""
    async with turn.store.work() as work:
        draft = await drafting.add(
            work, owner_id=turn.member_id, piece=piece, recipe=dict(recipe), seed=seed
        )
    sources = [CreationRef(it) for it in piece.sources]
    asked, describe = await describing.asked(turn, piece, f"d{draft.number}")
    return Answer(
        text=" ".join(filter(None, [phrases.draft_made(draft.number), note, asked])),
        cards=[await cards.draft_card(turn.parts.media, draft, visibility)],
        buttons=[*cards.draft_buttons(draft, visibility), *describe],
        facts={"draft": DraftRef(draft.number), "sources": sources},
    )


async def remix(
    turn: Turn, *, source_ids: Sequence[int], how: str, thread: bool, seed: int
) -> tuple[Piece, str]:
    """Something new from other creations, and a note on how it came about.

    A maker does it when one is named or no model is there; else the model does, and where it fails
    a maker steps in.
    """
    async with turn.store.read() as view:
        sources = await _sources(view, turn, source_ids, thread=thread)
    piece, note = await _made(turn, sources, how=how, seed=seed)
    return piece, note


async def of_words(turn: Turn, quoted: Quoted, *, how: str, seed: int) -> Answer:
    """A draft made of what people said outside the feed; they are voices, not parents of it."""
    sources = [
        Source(number, it.name, "", it.text)
        for number, it in enumerate(quoted.said, start=1)
        if it.text.strip()
    ]
    piece, note = await _made(turn, sources, how=how, seed=seed)
    voices = [it for it in quoted.voices if await _may_be_named(turn, it)]
    label = quoting_words.label(piece.label, voices)
    said = [{"name": it.name, "text": it.text} for it in quoted.said]
    return await put_aside(
        turn,
        replace(piece, sources={}, label=label),
        recipe={"act": WORDS, "arguments": {"said": said, "how": how}},
        seed=seed,
        note=note,
    )


async def _may_be_named(turn: Turn, name: str) -> bool:
    """Whether a name that somebody has elsewhere would pass as one here: all will read it."""
    content_hash = Piece(title=name, body="").content_hash
    content = Content(turn.member_id, name, "", None, content_hash, thing=Thing.MEMBER_NAME)
    decision = await worker.judge(turn.parts.check, content)
    return decision.outcome not in (Outcome.HOLD, Outcome.BLOCK)


async def written(turn: Turn, idea: str, *, seed: int) -> tuple[Piece, str]:
    """A text on an idea, and a note on how it came about.

    The model writes it. Where there is none, or it fails, a maker makes it of creations about the
    same, which are its sources then.

    Raises:
        NothingAbout: there is no model, and nothing is shared about it that may be built on.
        Unavailable, BudgetSpent: the model failed, and there is nothing for a maker either.
        NothingToMake: what there is holds too little for any maker.
    """
    failed: Unavailable | BudgetSpent | None = None
    if turn.parts.writer is not None:
        try:
            return await _by_model(turn, turn.parts.writer, [], wish=idea, label=""), ""
        except (Unavailable, BudgetSpent) as error:
            failed = error
    about = await finding.about(turn, idea)
    if not about:
        raise failed or NothingAbout(idea)
    async with turn.store.read() as view:
        sources = await _sources(view, turn, about, thread=False)
    note = phrases.maker_instead(failed) if failed else ""
    try:
        return await _by_maker(turn, sources, wish=idea, seed=seed), note
    except NothingToMake as error:  # of what is there, rather something than nothing
        if not error.instead:
            raise
        another = phrases.another_instead(error.maker, error.instead)
        note = " ".join(filter(None, [note, another]))
        return await _by_maker(turn, sources, wish=error.instead, seed=seed), note


async def _made(turn: Turn, sources: Sequence[Source], *, how: str, seed: int) -> tuple[Piece, str]:
    writer, note = turn.parts.writer, ""
    if writer is not None and named(how) is None:
        wish, label = how or phrases.REMIX_WISH, phrases.REMIX_LABEL
        try:
            return await _by_model(turn, writer, sources, wish=wish, label=label), note
        except (Unavailable, BudgetSpent) as error:
            note = phrases.maker_instead(error)
    return await _by_maker(turn, sources, wish=how, seed=seed), note


async def _by_model(
    turn: Turn, writer: Writer, sources: Sequence[Source], *, wish: str, label: str
) -> Piece:
    written = await writer.write(
        member_id=turn.member_id,
        wish=wish,
        sources=[phrases.quoted(it.maker_name, it.title, it.body) for it in sources],
        purpose="remix" if sources else "write",
        background=turn.background,
    )
    return Piece(
        title=written.title,
        body=written.body,
        label=label,
        steps=[authorship.step(Hand.MODEL, with_=written.model, at=turn.now)],
        tainted=True,
        sources={it.creation_id: Taken.IDEA for it in sources},
    )


async def _by_maker(turn: Turn, sources: Sequence[Source], *, wish: str, seed: int) -> Piece:
    made, maker = await asyncio.to_thread(made_from, sources, wish=wish, seed=seed)
    return Piece(
        title=made.title,
        body=made.body,
        label=made.label,
        steps=[authorship.step(Hand.MAKER, with_=maker.name, at=turn.now)],
        tainted=True,
        sources=made.taken,
    )


async def _sources(
    view: View, turn: Turn, source_ids: Sequence[int], *, thread: bool
) -> list[Source]:
    """What the remix is made from; of a thread its comments and the remixes that may be used."""
    creations: dict[int, Creation] = {}
    voices: list[tuple[int, int, str]] = []
    for source_id in dict.fromkeys(source_ids):
        creations[source_id] = await remixing.require_open(view, source_id, reader=turn.reader)
        if thread:
            whole = await threads.whole(view, source_id, reader=turn.reader)
            voices += [(source_id, it.author_id, it.body) for it in whole.comments]
            ids = [it.id for it in whole.remixes if it.id is not None]
            wanted = await muting.unmuted(view, ids, reader=turn.reader)
            for it in whole.remixes:
                if it.id in wanted and remixing.is_open(it, reader=turn.reader):
                    creations[it.id] = it
    names = await members.names(
        view, {it.author_id for it in creations.values()} | {author for _, author, _ in voices}
    )
    return [
        Source(number, names.get(it.author_id, ""), it.title, it.body or it.alt)
        for number, it in creations.items()
    ] + [Source(number, names.get(author, ""), "", body) for number, author, body in voices]
