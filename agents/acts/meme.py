"""Memes: words on a template, on one's own picture or on a creation's."""

from typing import Annotated

from pydantic import JsonValue

from agents import drawing, workshop
from agents.act import Effect, act
from agents.answer import Answer
from agents.makers.memes.templates import Template
from agents.parameters import Doc
from agents.references import CreationRef
from agents.turn import Turn
from feed_core.errors import EmptyText
from feed_core.states import CreationKind

NOTHING = CreationRef(0)  # no creation was named


@act(
    "meme",
    effect=Effect.OWN,
    private=True,
    slow=True,
    files=True,
    examples=[
        "make a meme: <top line / bottom line>",
        "meme: <when it rains / and I forgot my umbrella>",
        "a meme that says <Monday again>",
        "make a meme of 4: <me / also me>",
        "turn the picture of number 4 into a meme: <before / after>",
        "put this caption on my photo as a meme: <nobody told the cat>",
        "a two panel meme: <no thanks / yes please>",
        "meme with speech bubbles: <hello / goodbye>",
        "make a funny meme about <my cat>",
        "mach ein Meme: <oben / unten>",
        "ein Meme aus 4: <vorher / nachher>",
        "haz un meme: <arriba / abajo>",
        "un meme del 4: <antes / después>",
    ],
)
async def meme(
    turn: Turn,
    words: Annotated[str, Doc("what it says, parted by strokes, such as: top / bottom")],
    template: Annotated[Template, Doc("how it looks; else one that fits the words")] = (
        Template.AUTO
    ),
    creation: Annotated[CreationRef, Doc("the creation whose picture it is set on")] = NOTHING,
) -> Answer:
    """Draft a meme: on a template, on your picture, or on a creation's."""
    if not words.strip():
        raise EmptyText
    picture = next((it.hash for it in turn.files if it.kind is CreationKind.IMAGE), None)
    return await memed(turn, words, template, creation.id, picture, seed=0)


async def memed(
    turn: Turn,
    words: str,
    template: Template,
    creation_id: int,
    picture: str | None,
    *,
    seed: int,
) -> Answer:
    """A meme as a draft, with what makes it again."""
    piece = await drawing.meme(
        turn,
        words=words,
        template=template,
        creation_id=creation_id,
        picture=picture,
        seed=seed,
    )
    arguments: dict[str, JsonValue] = {
        "words": words,
        "template": template.value,
        "creation": creation_id,
        "picture": picture,
    }
    recipe = {"act": "meme", "arguments": arguments}
    return await workshop.put_aside(turn, piece, recipe=recipe, seed=seed)
