"""Where a creation comes from, what came of it, and how two hang together."""

import asyncio
from typing import Annotated

from agents import lineage_words
from agents.act import Effect, act
from agents.acts.create import remix
from agents.answer import Answer, Button, Call, Picture
from agents.lineage_picture import family_picture, thumbnails_of
from agents.parameters import Doc
from agents.references import CreationRef
from agents.turn import Turn
from feed_core.services import inheritance, members
from feed_core.services import lineage as ancestry
from feed_core.services.lineage import Family
from feed_core.states import CreationState

ALONE = CreationRef(0)  # no second creation was named


@act(
    "lineage",
    effect=Effect.READ,
    slow=True,
    examples=[
        "who made this first?",
        "show the family of 12",
        "where does 4 come from?",
        "what is number 3 based on?",
        "what was made out of 5?",
        "the family tree of 2",
        "trace 6 back to its origins",
        "which creations does 9 build on?",
        "the ancestors and remixes of 7",
        "how is 4 related to 12?",
        "what have 3 and 9 to do with each other?",
        "the way from 5 to 8 over remixes",
        "the siblings of 6",
        "the lineage of 7 as svg",
        "woher kommt die 4?",
        "Stammbaum von 2",
        "wie ist die 4 mit der 12 verwandt?",
        "de dónde viene el 3",
        "qué relación hay entre el 4 y el 12",
        "show me the path from number 3 to number 11",
        "what is 6 made of?",
    ],
)
async def lineage(
    turn: Turn,
    creation: Annotated[CreationRef, Doc("the creation to trace")],
    to: Annotated[CreationRef, Doc("another one, to see how the two are related")] = ALONE,
    svg: Annotated[bool, Doc("the picture as an SVG file, sharp at any size")] = False,
) -> Answer:
    """Show a creation's family: sources, remixes, siblings; or how two creations are related."""
    if to.id and to != creation:
        return await _way(turn, creation, to, svg=svg)
    async with turn.store.read() as view:
        family = await ancestry.family(view, creation.id, reader=turn.reader)
        siblings = await ancestry.siblings(view, creation.id, reader=turn.reader)
        shares = await inheritance.credit(view, creation.id, reader=turn.reader)
        terms = await inheritance.strictest(view, creation.id)
        makers = {it.author_id for it in (*family.members, *siblings)} | shares.keys()
        names = await members.names(view, makers)
    there = any(
        it.id == family.focus_id and it.state is CreationState.PUBLISHED for it in family.members
    )
    told = lineage_words.family(family, siblings, shares, terms if there else None, names)
    again = Call("lineage", {"creation": creation.id, "svg": True})
    return Answer(
        text=told,
        pictures=[await _picture(turn, family, names, svg=svg)],
        buttons=[
            *([Button("Remix", remix.call([creation]))] if there else []),
            *([] if svg else [Button("As SVG", again)]),
        ],
        facts={
            "creation": creation,
            "ancestors": family.ancestors,
            "descendants": family.descendants,
            "siblings": len(siblings),
            **{purpose.value: permission for purpose, permission in terms.items()},
        },
    )


async def _way(turn: Turn, start: CreationRef, end: CreationRef, *, svg: bool) -> Answer:
    """The shortest way from one creation to another over sources and remixes."""
    async with turn.store.read() as view:
        way = await ancestry.way(view, start.id, end.id, reader=turn.reader)
        names = await members.names(view, {it.author_id for it in way.members} if way else set())
    if way is None:
        return Answer(
            text=lineage_words.unrelated(start.id, end.id),
            facts={"creation": start, "to": end, "steps": None},
        )
    again = Call("lineage", {"creation": start.id, "to": end.id, "svg": True})
    return Answer(
        text=lineage_words.way(way, names),
        pictures=[await _picture(turn, way, names, svg=svg)],
        buttons=[] if svg else [Button("As SVG", again)],
        facts={"creation": start, "to": end, "steps": len(way.members) - 1},
    )


async def _picture(turn: Turn, family: Family, names: lineage_words.Names, *, svg: bool) -> Picture:
    async with turn.store.read() as view:
        small = await thumbnails_of(view, family)
    drawn = await asyncio.to_thread(family_picture, family, names, turn.parts.media, small, svg=svg)
    name = f"lineage-{family.focus_id}.{'svg' if svg else 'png'}"
    return Picture(drawn, name, lineage_words.title(family))
