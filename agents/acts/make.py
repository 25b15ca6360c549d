"""Making a picture or a text out of a few words."""

from typing import Annotated

from agents import drawing, workshop
from agents.act import Effect, act
from agents.answer import Answer
from agents.parameters import Doc
from agents.turn import Turn
from feed_core.errors import EmptyText


@act(
    "paint",
    effect=Effect.OWN,
    private=True,
    slow=True,
    examples=[
        "paint <rain on a tin roof>",
        "make a picture of <the sea at night>",
        "draw me <a forest>",
        "can you draw <a castle by a river>",
        "I want a picture of <a cat on a wall>",
        "generate an image of <a street in winter>",
        "make me a drawing of <flowers>",
        "sketch <an old ship>",
        "create an illustration with <a red house>",
        "a picture of <a lake>",
        "an image of <a field>",
        "a painting of <a hill>",
        "a portrait of <a king>",
        "an artwork showing <the sky>",
        "can you paint <a bridge>",
        "male <ein Haus am See>",
        "male mir ein Bild von <einem Baum>",
        "pinta <un barco en el mar>",
        "dibuja <una casa>",
    ],
)
async def paint(turn: Turn, prompt: Annotated[str, Doc("what to paint")]) -> Answer:
    """Draft a picture painted from a few words."""
    if not prompt.strip():
        raise EmptyText
    return await painted(turn, prompt.strip(), seed=0)


@act(
    "write",
    effect=Effect.OWN,
    private=True,
    slow=True,
    examples=[
        "write <a haiku about fog>",
        "write me <a poem about the harbour at night>",
        "make me <a limerick about a cat>",
        "draft something about <the sea>",
        "can you write <a short story about a lighthouse>",
        "compose <a song about rain>",
        "I want <a poem on winter>",
        "make <a haiku about fog and gulls>",
        "give me <four lines about bread>",
        "come up with <a verse about my old bicycle>",
        "write a poem",
        "schreib mir <ein Gedicht über den Regen>",
        "dichte <etwas über den Hafen>",
        "escribe <un poema sobre el mar>",
        "hazme <un haiku sobre la niebla>",
        "<霧についての俳句>を書いて",
    ],
)
async def write(
    turn: Turn, idea: Annotated[str, Doc("what to write, such as: a haiku about fog")]
) -> Answer:
    """Draft a text on an idea: a poem, a song, a story."""
    if not idea.strip():
        raise EmptyText
    return await written(turn, idea.strip(), seed=0)


async def painted(turn: Turn, prompt: str, *, seed: int) -> Answer:
    """A draft of a picture; each seed is another one."""
    piece, note = await drawing.paint(turn, prompt=prompt, seed=seed)
    recipe = {"act": "paint", "arguments": {"prompt": prompt}}
    return await workshop.put_aside(turn, piece, recipe=recipe, seed=seed, note=note)


async def written(turn: Turn, idea: str, *, seed: int) -> Answer:
    """A draft of a text; each seed is another one."""
    piece, note = await workshop.written(turn, idea, seed=seed)
    recipe = {"act": "write", "arguments": {"idea": idea}}
    return await workshop.put_aside(turn, piece, recipe=recipe, seed=seed, note=note)
