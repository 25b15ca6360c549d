"""A neutral agent reads a thread for those who talk there; where it derails, it is offered.

It reads the texts of the thread alone. No memory, persona or wish of anybody goes into it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from agents import mediation_words, prompts, summary_words
from agents.answer import Answer, Button, Call
from agents.derailing import CALM, FEWEST, MILD, Reading, Said, read, signs
from agents.folding import PART, SMALLEST, Part, folded, lines
from agents.passages import Passage
from agents.picking import pick
from agents.summarize import SERVICE
from agents.summarize import Reading as PartsOf
from agents.summary import (
    LONGEST,
    MediationRead,
    PartRead,
    Point,
    by_number,
    oneline,
    traced,
)
from agents.tone import Tone
from agents.turn import Parts, Turn, Writer
from feed_core.errors import Unavailable
from feed_core.models.creations import Creation
from feed_core.models.reactions import Comment
from feed_core.services import mediation
from feed_core.services.ledger import BudgetSpent
from feed_core.states import CreationState
from feed_core.store import Store

POINTS, STANDS_ON = 3, 4


@dataclass(frozen=True, slots=True)
class Mediation:
    """What people share, what is open, and what they could make next, with where it stands."""

    common: Sequence[Point]
    open: Sequence[Point]
    idea: str
    stands_on: Sequence[Passage]
    note: str = ""


async def mediated(turn: Turn, said: Sequence[Passage]) -> Mediation:
    """What a neutral reader says of a thread; sentences of it where no model answers."""
    writer = turn.parts.writer
    if writer is None:
        return _picked(said, mediation_words.PICKED)
    try:
        return await _read(turn, writer, said)
    except (Unavailable, BudgetSpent) as error:
        return _picked(said, summary_words.extract_instead(error))


async def offer_where_it_derails(store: Store, tone: Tone) -> int:
    """Offer a mediator in rooms that want it, once, where a talk derails now; returns how many."""
    async with store.read() as view:
        talks = {it: await mediation.newest(view, it) for it in await mediation.talked_in(view)}
    derailing = [it for it, said in talks.items() if (await reading(said, tone)).derails]
    for creation_id in derailing:
        async with store.work() as work:
            await mediation.offer(work, creation_id)
    return len(derailing)


async def offer_notice(parts: Parts, creation_id: int) -> Answer | None:
    """The offer as it is true when sent; None where the talk, the thread or the wish is gone."""
    async with parts.store.read() as view:
        creation = await view.db.get_one(Creation, creation_id)
        if creation.state is not CreationState.PUBLISHED or creation.room_id is None:
            return None
        if not await mediation.wanted(view, creation.room_id):
            return None
        newest = await mediation.newest(view, creation_id)
    found = await reading(newest, parts.tone)
    if not found.derails:
        return None
    return Answer(
        text=mediation_words.offer(creation_id, creation.title, found.reasons),
        buttons=[
            Button("Bring a mediator", Call("mediate", {"thread": creation_id})),
            no(creation_id),
        ],
    )


def no(creation_id: int) -> Button:
    """Puts an offer away."""
    return Button("No, thanks", Call("mediate", {"thread": creation_id, "decline": True}))


async def reading(said: Sequence[Comment], tone: Tone) -> Reading:
    """Whether these comments derail, and why."""
    if len(said) < FEWEST:
        return CALM
    tones = await tone.of([it.body for it in said])
    return read([Said(it.author_id, it.body) for it in said], tones)


async def _read(turn: Turn, writer: Writer, said: Sequence[Passage]) -> Mediation:
    size = max(SMALLEST, min(PART, writer.room // 3))
    parts = PartsOf.of_thread(turn.store, writer, said, turn.reader, background=turn.background)

    async def part(it: Part) -> PartRead:
        return await parts.of(it, PartRead, prompts.PART_WISH)

    material = Part(await folded(lines(said, size), part, size))
    whole = await parts.of(material, MediationRead, prompts.MEDIATION_WISH)
    there = by_number(said)
    stands_on = [
        there[key] for it in whole.stands_on if (key := it.strip(" []()").casefold()) in there
    ]
    found = Mediation(
        common=traced(whole.common, there, POINTS),
        open=traced(whole.open, there, POINTS),
        idea=oneline(whole.idea)[:LONGEST],
        stands_on=list(dict.fromkeys(stands_on))[:STANDS_ON],
    )
    if not found.idea:
        raise Unavailable(SERVICE)
    return found


def _picked(said: Sequence[Passage], note: str) -> Mediation:
    kind = [it for it in said if not signs(it.whole) - MILD]
    found = pick(kind)
    common = [Point(it.passage, it.text) for it in found.gist]
    stands_on = list(dict.fromkeys(it.passage for it in (*found.gist, *found.points)))[:STANDS_ON]
    return Mediation(
        common=common,
        open=[Point(it.passage, it.text) for it in (found.questions or found.points)],
        idea=mediation_words.idea_instead(stands_on),
        stands_on=stands_on,
        note=note,
    )
