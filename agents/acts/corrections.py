"""What the agent remembers, put right by its member: corrected, looked back at, restored."""

import re
from typing import Annotated

from agents import memory_words
from agents.act import Effect, act
from agents.answer import Answer, Button, Call, undoing
from agents.parameters import Doc
from agents.references import MemoryRef
from agents.turn import Turn
from memory.statements import slot_of

MEANT = 4  # memories that are offered when it is not said which is wrong
LONGEST_LABEL = 60
# What is said before the correction itself: "m2 is wrong:", "that's not true any more,".
LEAD = re.compile(
    r"^.{0,80}?\b(?:wrong|not right|not true|not correct|incorrect|any ?more|correct m\d+ to|"
    r"stimmt nicht(?: mehr)?|falsch|nicht richtig|cierto|correcto|equivocad[oa]|違う|違います)"
    r"\s*(?:[,.:;!、。–-]|\bthat\b)\s*",
    re.IGNORECASE,
)


@act(
    "memory fix",
    effect=Effect.OWN,
    private=True,
    examples=[
        "that's wrong, I moved to Lisbon",
        "m2 is wrong: I live in Lisbon",
        "correct m3: I have two cats",
        "you remember that wrongly, I am a nurse",
        "that is no longer true, I live in Porto now",
        "you have that wrong about me: I never liked rhymes",
        "m1 should say that I play the piano",
        "change m2 to: I prefer short poems",
        "das stimmt nicht mehr, ich wohne jetzt in Köln",
        "m2 ist falsch: ich habe zwei Kinder",
        "das hast du dir falsch gemerkt, ich mag keinen Tee",
        "eso no es correcto, vivo en Madrid",
        "m1 está mal: tengo dos gatos",
        "それは違う、今は大阪に住んでいます",
    ],
)
async def memory_fix(
    turn: Turn,
    memory: Annotated[MemoryRef | None, Doc("the memory that is wrong, by its number")] = None,
    words: Annotated[str, Doc("what is right, in your own words", whole=True)] = "",
) -> Answer:
    """Put right what your agent remembers; what was wrong is used no more."""
    right = LEAD.sub("", words.strip(), count=1) or words.strip()
    memories = turn.parts.memories
    await turn.parts.learner.catch_up(turn.member_id)
    if memory is None and (slot := slot_of(right)):
        same = await memories.in_slot(turn.member_id, slot)
        memory = MemoryRef(same[0]) if len(same) == 1 else None
    if memory is None:
        kept = [it.memory for it in await memories.recall(turn.member_id, right, k=MEANT)]
        return Answer(
            text=memory_words.which(right, any_kept=bool(kept)),
            buttons=[
                Button(
                    f"m{it.number} {it.text}"[:LONGEST_LABEL],
                    memory_fix.call(memory=MemoryRef(it.number), words=right),
                    only_asker=True,
                    once=True,
                )
                for it in kept
            ],
        )
    replaced = await memories.fix(
        turn.member_id, memory.id, right, source=memory_words.said_on(turn.place.platform)
    )
    undo = [undoing(_restoring(replaced.before.number))] if replaced.before else []
    return Answer(
        text=memory_words.fixed(replaced),
        buttons=undo,
        facts={"memory": MemoryRef(replaced.now.number), "fixed": memory},
    )


@act(
    "memory history",
    effect=Effect.READ,
    private=True,
    examples=[
        "show the history of m2",
        "what did you remember before about m3?",
        "which of my memories were replaced?",
        "earlier versions of m1",
        "what did you use to think of me?",
        "what did you know about me in the past?",
        "Verlauf von m2",
        "welche Erinnerungen wurden ersetzt?",
        "historial de m3",
    ],
)
async def memory_history(
    turn: Turn,
    memory: Annotated[MemoryRef | None, Doc("one memory, by its number; else all")] = None,
) -> Answer:
    """Show what your agent remembered before, and what took its place."""
    await turn.parts.learner.catch_up(turn.member_id)
    number = memory.id if memory is not None else None
    versions = await turn.parts.memories.history(turn.member_id, number)
    return Answer(
        text=memory_words.history(versions, zone=turn.zone),
        buttons=[
            _restore_button(f"Restore m{it.number}", it.number)
            for it in versions
            if it.ended_at is not None
        ][:MEANT],
        facts={"memories": [MemoryRef(it.number) for it in versions]},
    )


@act(
    "memory restore",
    effect=Effect.OWN,
    private=True,
    examples=[
        "restore m2",
        "m2 was right, use it again",
        "bring back memory 3",
        "go back to m1",
        "the old memory m4 still holds",
        "take back the correction of m2",
        "undo the change to m3",
        "stell m2 wieder her",
        "hol die frühere Erinnerung m2 zurück",
        "m1 gilt wieder",
        "restaura m2",
        "recupera el recuerdo m3",
    ],
)
async def memory_restore(
    turn: Turn, memory: Annotated[MemoryRef, Doc("the earlier memory, by its number")]
) -> Answer:
    """Let an earlier memory hold again, in place of what replaced it."""
    replaced = await turn.parts.memories.restore(turn.member_id, memory.id)
    undo = [undoing(_restoring(replaced.before.number))] if replaced.before else []
    return Answer(text=memory_words.restored(replaced), buttons=undo, facts={"memory": memory})


def _restore_button(label: str, number: int) -> Button:
    return Button(label, _restoring(number), only_asker=True)


def _restoring(number: int) -> Call:
    return Call("memory restore", {"memory": f"m{number}"})
