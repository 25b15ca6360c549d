"""A question about a creation or its thread, answered from what stands there."""

import re
from typing import Annotated

from agents import guidance, inquiry_words
from agents.act import Effect, act
from agents.acts.browse import show
from agents.answer import Answer, Button, Call
from agents.finding import SHOWN, find
from agents.inquiry import find_out
from agents.parameters import Doc
from agents.passages import passages
from agents.pointing import meant, pointed
from agents.readings import READ
from agents.references import CreationRef
from agents.turn import Turn
from feed_core.services import members, threads
from feed_core.services.sight import see

SHOWN_LAST = CreationRef(10**15)  # higher than any
OFFERED = 5
NUMBER_FIRST = re.compile(r"#?(\d{1,15})[\s,:;]+(?=\S)")  # "12 what does the bucket mean?"


@act(
    "ask about",
    effect=Effect.READ,
    slow=True,
    examples=[
        "what does her second point mean?",
        "what does he mean by the lamp?",
        "why did they drop the last line?",
        "who said that the rhyme is weak?",
        "explain the third point to me",
        "what does the poem in 12 say about the sea?",
        "does anybody in thread 4 say when it takes place?",
        "what is meant by the new key in number 3?",
        "according to 5, who has the keys?",
        "what was their argument against the title?",
        "was meint sie mit dem zweiten Punkt?",
        "warum haben sie in 4 den Titel geändert?",
        "wer hat gesagt, dass der Reim schwach ist?",
        "¿qué quiere decir con el segundo punto?",
        "¿por qué cambiaron el título en el 4?",
        "¿qué dice el poema 7 sobre el mar?",
        "what is the bucket in number 5 supposed to be?",
        "in 8, did they agree on a date?",
        "¿qué significa el último verso del 5?",
        "what are they arguing about in 6, and who is against it?",
        "wieso endet das Gedicht in 3 so?",
        "what did Ben mean by his first argument?",
    ],
)
async def ask_about(
    turn: Turn,
    question: Annotated[str, Doc("what to find out, in the member's own words", whole=True)],
    about: Annotated[CreationRef, Doc("the creation; else what was shown last")] = SHOWN_LAST,
) -> Answer:
    """Answer a question about a creation or its thread from what stands there, with quotes."""
    if about == SHOWN_LAST and (named := NUMBER_FIRST.match(question.strip())):
        about, question = CreationRef(int(named[1])), question.strip()[named.end() :]
    likely = [about.id] if about != SHOWN_LAST else await _likely(turn, question)
    if len(likely) != 1:
        return await _which(turn, question, likely)
    ref = CreationRef(likely[0])
    async with turn.store.read() as view:
        thread = await threads.whole(view, ref.id, reader=turn.reader, limit=READ)
        names = await members.names(view, thread.author_ids)
    said = passages(thread, names)
    where = (turn.member_id, turn.place.key)
    points = turn.parts.shown.points(where) if turn.parts.shown.last(where) == (ref.id,) else ()
    found = await find_out(turn, said, question, meant(question, said, points))
    others = dict.fromkeys(it.passage.creation for it in found.quotes)
    return Answer(
        text=inquiry_words.found(found, str(ref)),
        buttons=[
            Button("Open", show.call(ref)),
            *(Button(str(it), show.call(it)) for it in others if it != ref),
        ],
        facts={"about": ref, "answered": found.answered, "quotes": len(found.quotes)},
    )


async def _likely(turn: Turn, question: str) -> list[int]:
    """What a question is about that names no number: what was shown, or what its words mean."""
    shown = list(turn.parts.shown.last((turn.member_id, turn.place.key)))
    if len(shown) == 1 and (SHOWN.search(question) or pointed(question) is not None):
        return shown
    found = await find(turn, question)
    return found if len(found) == 1 or len(shown) != 1 else shown


async def _which(turn: Turn, question: str, likely: list[int]) -> Answer:
    """Ask back, privately; what is offered is what the words may mean."""
    buttons = []
    async with turn.store.read() as view:
        for number in likely[:OFFERED]:
            title = (await see(view, number, reader=turn.reader)).title
            call = Call("ask about", {"question": question, "about": number})
            buttons.append(Button(f"#{number} {title}"[:40], call, only_asker=True))
    return Answer(
        text=guidance.WHICH if buttons else inquiry_words.NOT_SHOWN,
        buttons=[
            *buttons,
            Button("Name it", Call("ask about", {"question": question}), True, blank="about"),
        ],
        facts={"answered": False},
        private=True,
    )
