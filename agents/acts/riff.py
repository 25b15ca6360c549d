"""Building on what people liked, without naming it; made for standing orders."""

from typing import Annotated

from agents.act import Effect, act
from agents.acts.create import remixed
from agents.answer import Answer
from agents.parameters import Doc
from agents.turn import Turn
from feed_core.services import inspiring


@act(
    "riff",
    effect=Effect.OWN,
    private=True,
    slow=True,
    examples=[
        "draft a remix of what people liked <as a haiku>",
        "draft a remix of what people liked this week <as a haiku>",
        "remix whatever is liked most right now <as a haiku>",
        "riff on something popular <as a haiku>",
        "build on what I liked lately <as a haiku>",
        "make something of the week's favourite <as a haiku>",
        "draft a remix of what people liked this week",
        "riff on something popular",
        "pick a popular piece and draft a remix of it",
        "entwirf einen Remix von dem, was gerade beliebt ist",
        "haz un borrador con lo que más gustó esta semana",
        "今週いちばん人気の作品をリミックスして",
    ],
)
async def riff(
    turn: Turn, how: Annotated[str, Doc("what to make of it, such as: as a haiku")] = ""
) -> Answer:
    """Draft a remix of what you, or most people, liked this week."""
    async with turn.store.read() as view:
        creation_id = await inspiring.most_liked(view, reader=turn.reader)
    return await remixed(turn, [creation_id], how, thread=False, seed=0)
