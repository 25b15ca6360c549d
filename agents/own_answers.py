"""Answers to what members ask about themselves, from what their agents remember of them."""

from functools import partial

from agents import own_words
from agents.answer import Answer, Button, Call
from agents.references import MemoryRef
from agents.turn import Turn
from feed_core.services import members
from memory import own_questions
from memory.claims import kind_of
from memory.own_questions import Asked
from memory.preferences import Preferences
from memory.topics import forbidding

LOOKED_AT = 1_000  # memories, the newest
SHOWN = 3


async def own_answer(turn: Turn, text: str) -> Answer | None:
    """What the member asks about themselves, answered; None where the text asks something else."""
    asked = own_questions.read(text)
    if asked is None:
        return None
    whole = await turn.parts.learner.catch_up(turn.member_id)
    kept = await turn.parts.memories.all(turn.member_id, limit=LOOKED_AT)
    found = own_questions.answering(asked, kept)[:SHOWN]
    settings = await turn.parts.memories.preferences(turn.member_id)
    async with turn.store.read() as view:
        name = (await members.get(view, turn.member_id)).name
    turn.records.append(
        partial(
            turn.parts.memories.used,
            owner_id=turn.member_id,
            memory_ids=[it.id for it in found],
        )
    )
    return Answer(
        text=own_words.answered(
            asked,
            found,
            name=name,
            zone=turn.zone,
            whole=whole,
            learns=_learns(asked, settings, turn.place.key),
        ),
        buttons=[Button("What I remember", Call("memory show"), only_asker=True)],
        facts={"memories": [MemoryRef(it.number) for it in found]},
        private=True,
    )


def _learns(asked: Asked, settings: Preferences, place: str) -> bool:
    """Whether it would be kept in mind, if it were told."""
    heard = not settings.paused and place not in settings.incognito
    kind, slot = kind_of(asked.slot), asked.slot
    return heard and not forbidding(settings.never, kind=kind, slot=slot, text=asked.what)
