"""What a member says in free words: kept after the answer, and learned from later."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from agents import memory_words
from agents.answer import Answer, Button, Call
from agents.router import LIKELY, SURE, Route
from agents.turn import Turn
from feed_core.services.conversation import Line
from feed_core.services.terms import terms
from memory.claims import Claim
from memory.remembered import Recalled
from memory.statements import statements
from memory.topics import forbidding

ABOUT_MEMORY = {"memory", "remember", "forget", "incognito"}
BESIDE = 1  # word that joins or opens what is told: "and", "actually"


def keep(turn: Turn, *lines: Line, learn_in: timedelta) -> None:
    """Note the lines of a turn with its records; what is said in rooms is learned from never."""
    turn.records.insert(  # before what an act of this turn does to what was said
        0,
        partial(
            turn.parts.memories.hear,
            owner_id=turn.member_id,
            place=turn.place.key,
            lines=[it for it in lines if it[1]],
            learn_in=learn_in if turn.place.private else None,
        ),
    )


def use(turn: Turn, recalled: Sequence[Recalled]) -> None:
    """Note with the turn's records which memories served it: those that fit better than most."""
    ids = [it.memory.id for it in recalled if it.score > 0]
    if ids:
        turn.records.append(
            partial(turn.parts.memories.used, owner_id=turn.member_id, memory_ids=ids)
        )


async def told(turn: Turn, text: str, route: Route) -> Answer | None:
    """The answer to a member who tells something of themselves; None when the text does not.

    It only says what will be remembered: that is done when the answer was shown. A plain request
    goes first, and so does one to put a memory right, which says so beside what is right.
    """
    claims = statements(text) if turn.place.private and route.likeness < SURE else []
    if not claims or (_is_about_memory(route) and _beside(text, claims) > BESIDE):
        return None
    settings = await turn.parts.memories.preferences(turn.member_id)
    if settings.paused or turn.place.key in settings.incognito:
        return Answer(text=memory_words.unheard(paused=settings.paused))
    kept = [
        it.text
        for it in claims
        if not forbidding(settings.never, kind=it.kind, slot=it.slot, text=it.text)
    ]
    button = Button("What I remember", Call("memory show"), only_asker=True)
    return Answer(text=memory_words.heard(kept), buttons=[button], private=True)


def _is_about_memory(route: Route) -> bool:
    return route.act.name.partition(" ")[0] in ABOUT_MEMORY and route.score >= LIKELY


def _beside(text: str, claims: Sequence[Claim]) -> int:
    """How many words of the text stand beside what it tells."""
    told = Counter(word for it in claims for word in terms(it.text))
    return (Counter(terms(text)) - told).total()
