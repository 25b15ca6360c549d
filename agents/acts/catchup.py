"""What happened since one was last here."""

from functools import partial
from typing import Annotated

from agents import catchup_words
from agents.act import Effect, act
from agents.answer import Answer, Button, Call
from agents.days import read_day
from agents.parameters import Day, Doc
from agents.references import CreationRef
from agents.turn import Turn
from feed_core.models.creations import Creation
from feed_core.models.jams import JamState
from feed_core.services import catching_up, members
from feed_core.services.catching_up import News

OPENED = 6  # buttons
SINCE_LAST = Day("")


@act(
    "catchup",
    effect=Effect.READ,
    private=True,
    examples=[
        "what happened since I was last here?",
        "did anybody answer me?",
        "any news about my own work?",
        "who commented on my things?",
        "what is new in my threads?",
        "did anyone remix something of mine?",
        "anything happen with my posts since yesterday?",
        "have I got replies or comments?",
        "is it my turn in a jam somewhere?",
        "was ist passiert, seit ich zuletzt hier war?",
        "hat mir jemand geantwortet?",
        "gibt es Neues zu meinen Werken?",
        "¿qué pasó desde la última vez que estuve aquí?",
        "¿alguien comentó lo mío?",
        "¿hay novedades sobre lo mío?",
        "gab es neue Kommentare bei mir?",
        "new remarks about what I made",
        "tell me what people said to me lately",
        "hat jemand etwas aus meinen Sachen gemacht?",
        "¿alguien hizo algo con lo mío?",
        "what came of the threads I wrote in?",
        "¿me respondió alguien mientras no estaba?",
    ],
)
async def catchup(
    turn: Turn,
    since: Annotated[Day, Doc("from which day on; else since you last asked")] = SINCE_LAST,
) -> Answer:
    """Say what happened since you were last here: comments, remixes, your threads, jams."""
    given = read_day(since, now=turn.now, zone=turn.zone, language=turn.language) if since else None
    async with turn.store.read() as view:
        after = given or await catching_up.since(view, turn.member_id)
        found = await catching_up.news(view, reader=turn.reader, after=after)
        names = await members.names(view, _people(found))
    # What is shown now is known from then on; where nothing is shown, so is that.
    turn.records.append(partial(catching_up.note, member_id=turn.member_id, at=view.now))
    named = [it for it in _creations(found) if it.id is not None]
    refs = list(dict.fromkeys(CreationRef(it.id) for it in named if it.id is not None))
    shown = [Button(str(it), Call("show", {"creation": it.id})) for it in refs[:OPENED]]
    if any(it.jam.state is JamState.PLAYING for it in found.jams):
        shown.append(Button("See the jam", Call("jam show")))
    return Answer(
        text=catchup_words.news(found, names, after=after, zone=turn.zone),
        buttons=shown or [Button("Show the feed", Call("feed"))],
        facts={
            "since": after,
            "comments_for_you": sum(len(it.comments) for it in found.for_me),
            "remixes_of_yours": len(found.of_mine),
            "threads_that_moved": len(found.threads),
            "jams": len(found.jams),
            "creations": refs,
        },
    )


def _creations(found: News) -> list[Creation]:
    said = [it.creation for it in found.for_me]
    return [*said, *found.of_mine, *(it.root for it in found.threads)]


def _people(found: News) -> set[int]:
    said = [comment for it in found.for_me for comment in it.comments]
    said += [comment for it in found.threads for comment in it.comments]
    made = [*found.of_mine, *(remix for it in found.threads for remix in it.remixes)]
    roots = {it.root.author_id for it in found.threads}
    return roots | {it.author_id for it in said} | {it.author_id for it in made}
