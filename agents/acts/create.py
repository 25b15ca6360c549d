"""Making something: in one's own words, or out of what others made."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import JsonValue

from agents import creation_words, describing, elsewhere, workshop
from agents.act import Effect, act
from agents.acts.make import painted, written
from agents.acts.meme import memed
from agents.answer import Answer, Call
from agents.asking import ask_makers
from agents.forms import Field, Filled, Form
from agents.makers.memes.templates import Template
from agents.menus import Menu
from agents.parameters import Doc
from agents.quoting import Quote, Quoted
from agents.references import LATEST, CreationRef, DraftRef
from agents.releasing import release
from agents.titling import SHORT, Typed, read_words, write_words
from agents.turn import Through, Turn
from feed_core.errors import NoRecipe
from feed_core.services import authorship, drafting
from feed_core.services.languages import Language
from feed_core.services.pieces import MemeNeedsPicture, Piece
from feed_core.services.remixing import AskFirst
from feed_core.services.urls import checked_url
from feed_core.states import CreationKind, Hand, Visibility

WORDS = Doc("your words; a title may come first, before a colon, and #tags last")


def _filled(form: Filled) -> dict[str, JsonValue]:
    tags = form.get("tags", "")
    listed = tags.split(",") if "," in tags else tags.split()
    named = [it.strip().lstrip("#") for it in listed]
    title = form.get("title", "").strip()[:SHORT]
    typed = Typed(title, form.get("body", "").strip(), [it for it in named if it])
    return {"words": write_words(typed)}


CREATION = Form(
    "Something of your own",
    [
        Field("title", "Title", longest=SHORT),
        Field("body", "Your words, or a link", long=True),
        Field("tags", "Tags", "such as: rain, tin roof"),
    ],
    files=True,
    fills=frozenset({"words"}),
    read=_filled,
)


async def _show_words(turn: Turn, given: Mapping[str, Any]) -> Answer:
    piece = await _own_piece(turn, given["words"], meme=given["meme"], language=given["language"])
    return await workshop.put_aside(turn, piece, recipe={}, visibility=given["visibility"])


@act(
    "create",
    effect=Effect.PUBLISH,
    files=True,
    preview=_show_words,
    form=CREATION,
    examples=[
        "publish this: <my poem>",
        "post this to the feed: <a song>",
        "share this with everybody: <a line>",
        "put this on the feed: <these words>",
        "let the others read this: <my text>",
        "here is a poem of mine, publish it: <my poem>",
        "I made this, please share it: <a story>",
        "share my picture",
        "upload this photo to the feed",
        "veröffentliche das: <mein Gedicht>",
        "publica esto: <mi poema>",
    ],
)
async def create(
    turn: Turn,
    words: Annotated[str, WORDS],
    visibility: Annotated[
        Visibility, Doc("who may see it", also=creation_words.CALLED)
    ] = Visibility.EVERYONE,
    meme: Annotated[bool, Doc("your picture is a meme")] = False,
    language: Annotated[Language, Doc("the language that it is in")] = Language.AUTO,
) -> Answer:
    """Publish something of your own: words, a link, a picture or recording, or both."""
    piece = await _own_piece(turn, words, meme=meme, language=language)
    if piece.tainted:  # nobody publishes words of a file that they did not see
        return await workshop.put_aside(turn, piece, recipe={}, visibility=visibility)
    return await release(turn, piece, visibility=visibility)


@act(
    "draft",
    effect=Effect.OWN,
    private=True,
    files=True,
    examples=[
        "keep this as a draft: <an idea>",
        "save this text for later: <a verse>",
        "store these words, but do not post them yet: <a line>",
        "start a draft: <a story>",
        "speichere das als Entwurf: <eine Idee>",
        "guarda esto como borrador: <una idea>",
    ],
)
async def draft(
    turn: Turn,
    words: Annotated[str, WORDS],
    meme: Annotated[bool, Doc("your picture is a meme")] = False,
) -> Answer:
    """Put words aside as a draft, to be published later."""
    piece = await _own_piece(turn, words, meme=meme)
    return await workshop.put_aside(turn, piece, recipe={})


@act(
    "remix",
    effect=Effect.OWN,
    private=True,
    slow=True,
    form=Form(
        "Remix",
        [Field("how", "What shall come of it?", "as a haiku, as a letter … or nothing: I choose")],
    ),
    menu=Menu("Remix this", "sources", of_words=elsewhere.remixed, asks=True),
    examples=[
        "remix the rain thread as a limerick",
        "remix 1 and 2 as an erasure poem",
        "make a haiku out of 4",
        "turn number 3 into a poem",
        "combine 1 with 2",
        "mix 3 and 7",
        "do a cut-up of number 5",
        "make a blackout poem from 6",
        "make something new out of this creation",
        "make your own version of 8",
        "build on number 2, but happier",
        "jam on 3",
        "write 4 again as a song",
        "a cento of 1, 2 and 3",
        "rewrite number 9 in the style of a letter",
        "remix the sea one",
        "mische 1 und 2",
        "mach ein Gedicht aus 3",
        "haz un poema con el 2",
        "mezcla 1 y 2",
    ],
)
async def remix(
    turn: Turn,
    sources: Annotated[list[CreationRef], Doc("creations to build on, such as 1,2")],
    thread: Annotated[bool, Doc("take their comments and remixes along")] = False,
    how: Annotated[str, Doc("what to make of it, such as: as an erasure poem")] = "",
) -> Answer:
    """Draft something new from other people's creations, or from whole threads."""
    return await remixed(turn, [it.id for it in sources], how, thread=thread, seed=0)


@act(
    "again",
    effect=Effect.OWN,
    private=True,
    slow=True,
    examples=[
        "try that again",
        "another version please",
        "make a different one",
        "do that draft once more",
        "I want another try",
        "one more time, differently",
        "give me a new variation of d1",
        "noch mal anders",
        "noch ein Versuch bitte",
        "otra vez",
        "otra versión",
    ],
)
async def again(
    turn: Turn, draft: Annotated[DraftRef, Doc("the draft to make anew; else your newest")] = LATEST
) -> Answer:
    """Make a draft once more, differently; the first version is put away."""
    async with turn.store.read() as view:
        old = await drafting.get(view, owner_id=turn.member_id, number=draft.id or None)
    seed = old.seed + 1
    match old.recipe:
        case {"act": "paint", "arguments": {"prompt": prompt}}:
            made = await painted(turn, prompt, seed=seed)
        case {"act": "write", "arguments": {"idea": idea}}:
            made = await written(turn, idea, seed=seed)
        case {
            "act": "meme",
            "arguments": {
                "words": words,
                "template": template,
                "creation": creation,
                "picture": picture,
            },
        }:
            made = await memed(turn, words, Template(template), creation, picture, seed=seed)
        case {"act": "remix", "arguments": {"sources": sources, "how": how, "thread": thread}}:
            made = await remixed(turn, sources, how, thread=thread, seed=seed)
        case {"act": workshop.WORDS, "arguments": {"said": said, "how": how}}:
            made = await workshop.of_words(
                turn, Quoted([Quote(**it) for it in said]), how=how, seed=seed
            )
        case _:
            raise NoRecipe(old.number)
    async with turn.store.work() as work:  # not before there is another one
        await drafting.drop(work, owner_id=turn.member_id, number=old.number)
    return made


async def _own_piece(
    turn: Turn, words: str, *, meme: bool = False, language: Language = Language.AUTO
) -> Piece:
    """What the member typed and sent along, with a true stand-in for what nobody described."""
    of_files = [it.text for it in turn.quoted.said] if turn.quoted else []
    typed = read_words("\n".join(filter(None, [words.strip(), *of_files])))
    file = turn.files[0] if turn.files else None
    kind = CreationKind.LINK if typed.link else CreationKind.TEXT
    if file is not None:
        kind = file.kind
    if meme:
        if kind is not CreationKind.IMAGE:
            raise MemeNeedsPicture
        kind = CreationKind.MEME
    by = Hand.MODEL if turn.through is Through.AGENT else Hand.HUMAN
    piece = Piece(
        title=typed.title,
        body=typed.body,
        kind=kind,
        tags=typed.tags,
        link=checked_url(typed.link) if typed.link else "",
        media_hash=file.hash if file else None,
        alt=file.alt if file else "",
        language="" if language is Language.AUTO else language,
        steps=[authorship.step(by, at=turn.now)],
        tainted=bool(of_files),
    )
    return await describing.with_alt(turn, piece)


async def remixed(
    turn: Turn, source_ids: list[int], how: str, *, thread: bool, seed: int
) -> Answer:
    """A draft made from these; or, where a maker has to be asked first, the asking."""
    arguments: dict[str, JsonValue] = {"sources": [*source_ids], "how": how, "thread": thread}
    try:
        piece, note = await workshop.remix(
            turn, source_ids=source_ids, how=how, thread=thread, seed=seed
        )
    except AskFirst:
        return await ask_makers(turn, source_ids, Call("remix", arguments))
    recipe = {"act": "remix", "arguments": arguments}
    return await workshop.put_aside(turn, piece, recipe=recipe, seed=seed, note=note)
