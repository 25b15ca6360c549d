"""Makes pictures: paintings, and memes on templates, on one's own picture or on somebody's."""

import asyncio
import re

from agents import phrases
from agents.makers.making import Painting
from agents.makers.memes.templates import ON_PICTURES, Template
from agents.makers.titling import shortened
from agents.picturing import PictureDeclined
from agents.turn import Drawn, Through, Turn
from feed_core import shelving
from feed_core.errors import PictureRefused, Unavailable
from feed_core.services import authorship, remixing
from feed_core.services.authorship import Step
from feed_core.services.ledger import BudgetSpent
from feed_core.services.pieces import Piece
from feed_core.states import CreationKind, Hand, Taken

PROCEDURAL = re.compile(r"\b(?:procedural|prozedural\w*|procedimental)\b", re.IGNORECASE)
PICTURES = (CreationKind.IMAGE, CreationKind.MEME)


async def paint(turn: Turn, *, prompt: str, seed: int) -> tuple[Piece, str]:
    """A picture of a few words, with its words as title, and a note on how it came about.

    A picture model paints it where there is one; a procedure does where there is none, where the
    model fails, and where the words ask for a procedural picture.
    """
    painter, note = turn.parts.painter, ""
    if painter is not None and PROCEDURAL.search(prompt) is None:
        try:
            drawn = await painter.paint(
                member_id=turn.member_id, prompt=prompt, background=turn.background
            )
            return await _by_model(turn, drawn, prompt), ""
        except (Unavailable, BudgetSpent, PictureDeclined, PictureRefused) as error:
            note = phrases.procedure_instead(error)
    painted = await asyncio.to_thread(_paint, prompt, seed)
    by = authorship.step(Hand.MAKER, with_=painted.label, at=turn.now)
    return await _kept(turn, painted, CreationKind.IMAGE, [by]), note


async def _by_model(turn: Turn, drawn: Drawn, prompt: str) -> Piece:
    """The piece for what a picture model sent, drawn anew like any picture from outside."""
    shelf = turn.parts.media
    kept = await shelving.keep(turn.store, shelf, drawn.picture, shelf.take_in, origin="painted")
    title = shortened(" ".join(prompt.split()))
    return Piece(
        title=title,
        kind=CreationKind.IMAGE,
        media_hash=kept.hash,
        alt=phrases.model_picture(title),
        label=phrases.PICTURE_LABEL,
        steps=[authorship.step(Hand.MODEL, with_=drawn.model, at=turn.now)],
    )


async def meme(
    turn: Turn, *, words: str, template: Template, creation_id: int, picture: str | None, seed: int
) -> Piece:
    """A meme that says these words; on a creation's picture it is a remix of that creation.

    `picture` is the hash of one that its member sent along.

    Raises:
        EmptyText, NoLetters, TooFewParts: the words do not fill the template.
        CreationNotFound, CreationWithdrawn, RemixNotAllowed, AskFirst: it cannot be built on.
    """
    taken: dict[int, Taken] = {}
    shows = prompt = ""
    if creation_id:
        async with turn.store.read() as view:
            creation = await remixing.require_open(view, creation_id, reader=turn.reader)
        shown = creation.media_hash if creation.kind in PICTURES else None
        picture = picture or shown
        shows, prompt = creation.alt or creation.title, creation.title
        taken = {creation_id: Taken.PICTURE if shown else Taken.PROMPT}
    on = await asyncio.to_thread(turn.parts.media.read, picture) if picture else None
    made = await asyncio.to_thread(
        _meme, words, template, picture=on, shows=shows, seed=seed, prompt=prompt
    )
    if Template(made.label.rpartition(" ")[2]) not in ON_PICTURES:
        taken = {}  # a template that shows figures of its own takes nothing
    said_by = Hand.MODEL if turn.through is Through.AGENT else Hand.HUMAN
    steps = [
        authorship.step(said_by, at=turn.now),
        authorship.step(Hand.MAKER, with_=made.label, at=turn.now),
    ]
    return await _kept(turn, made, CreationKind.MEME, steps, taken)


async def _kept(
    turn: Turn,
    made: Painting,
    kind: CreationKind,
    steps: list[Step],
    taken: dict[int, Taken] | None = None,
) -> Piece:
    """The piece for a picture, whose file is kept."""
    shelf = turn.parts.media
    kept = await shelving.keep(turn.store, shelf, made.png, shelf.keep, origin="painted")
    return Piece(
        title=made.title,
        kind=kind,
        media_hash=kept.hash,
        alt=made.alt,
        label=made.label,
        steps=steps,
        tainted=bool(taken),  # its alt text holds their words
        sources=taken or {},
    )


# What draws is imported when it is first used: most starts draw nothing.


def _paint(prompt: str, seed: int) -> Painting:
    from agents.makers.painting import paint as procedural

    return procedural(prompt, seed=seed)


def _meme(
    words: str, template: Template, *, picture: bytes | None, shows: str, seed: int, prompt: str
) -> Painting:
    from agents.makers.meme import make_meme

    return make_meme(
        words, template=template, picture=picture, shows=shows, seed=seed, prompt=prompt
    )
