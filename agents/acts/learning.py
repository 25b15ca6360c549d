"""What the agent may learn about its member, and where."""

from enum import StrEnum
from typing import Annotated

from agents import memory_words
from agents.act import Effect, act
from agents.answer import Answer, Button, Call, undoing
from agents.parameters import Doc
from agents.turn import Turn

OFFERED = 5


class OnOff(StrEnum):
    """Whether something holds."""

    ON = "on"
    OFF = "off"


@act(
    "memory never",
    effect=Effect.OWN,
    private=True,
    examples=[
        "never remember <where I live>",
        "never keep anything about <my health>",
        "do not ever remember <my age>",
        "you must never store <what I do for a living>",
        "nothing about <my family> should be remembered",
        "I don't want you to remember anything about <my divorce>",
        "merk dir nie, <wo ich wohne>",
        "merk dir niemals etwas über <meine Gesundheit>",
        "du sollst dir nie etwas über <meine Familie> merken",
        "no recuerdes nunca <dónde vivo>",
        "nunca guardes nada sobre <mi trabajo>",
        "絶対に覚えないで: <住所>",
    ],
)
async def memory_never(
    turn: Turn,
    kind: Annotated[str, Doc("such as home, work, family, health, taste, or your own words")],
) -> Answer:
    """Say what your agent is never to remember."""
    await turn.parts.learner.catch_up(
        turn.member_id
    )  # what it has of it is offered to be forgotten
    rules = await turn.parts.memories.never(turn.member_id, kind)
    kept = (await turn.parts.memories.under(turn.member_id, rules))[:OFFERED]
    buttons = [
        Button(
            f"Forget m{it.number}",
            Call("forget", {"memory": f"m{it.number}"}),
            only_asker=True,
            once=True,
        )
        for it in kept
    ]
    undo = undoing(memory_allow.call(kind=kind))
    return Answer(
        text=memory_words.never(rules, kept),
        buttons=[*buttons, undo],
        facts={"kept": len(kept)},
    )


@act(
    "memory allow",
    effect=Effect.OWN,
    private=True,
    examples=[
        "you may remember <where I live> again",
        "you are allowed to keep <my age> again",
        "it is all right to remember <my work> now",
        "du darfst dir <meine Arbeit> wieder merken",
        "du darfst wieder behalten, <wo ich wohne>",
        "puedes volver a recordar <dónde vivo>",
        "ya puedes recordar <mi trabajo>",
    ],
)
async def memory_allow(
    turn: Turn,
    kind: Annotated[str, Doc("what it may remember again, as you said it before")],
) -> Answer:
    """Let your agent remember again what you said it never may."""
    changed = await turn.parts.memories.allow(turn.member_id, kind)
    return Answer(
        text=memory_words.allowed(" ".join(kind.split()), changed=changed),
        facts={"changed": changed},
    )


@act(
    "memory pause",
    effect=Effect.OWN,
    private=True,
    examples=[
        "learn nothing about me for now",
        "stop remembering what I tell you",
        "pause your memory",
        "take no notes about me",
        "do not learn from what I write",
        "lerne nichts mehr über mich",
        "merk dir vorerst nichts",
        "no aprendas nada de mí por ahora",
        "deja de recordar lo que digo",
    ],
)
async def memory_pause(turn: Turn) -> Answer:
    """Let your agent learn nothing from what you say; what it knows stays."""
    return await _paused(turn, paused=True)


@act(
    "memory resume",
    effect=Effect.OWN,
    private=True,
    examples=[
        "learn about me again",
        "you may learn from our talks again",
        "resume your memory",
        "continue to learn about me",
        "go on learning from our talks",
        "lerne wieder aus dem, was ich sage",
        "take notes about me again",
        "lerne wieder über mich",
        "du darfst wieder von mir lernen",
        "aprende de mí otra vez",
    ],
)
async def memory_resume(turn: Turn) -> Answer:
    """Let your agent learn from what you say again."""
    return await _paused(turn, paused=False)


@act(
    "incognito",
    effect=Effect.OWN,
    private=True,
    examples=[
        "go incognito",
        "incognito on",
        "incognito off",
        "this chat is off the record",
        "keep nothing of what we say here",
        "this stays between us, do not keep it",
        "end the incognito chat",
        "behalte nichts von diesem Gespräch",
        "dieses Gespräch bleibt unter uns",
        "das bleibt unter uns",
        "heb nichts von dieser Unterhaltung auf",
        "talk with me off the record",
        "no guardes nada de esta conversación",
        "modo incógnito",
    ],
)
async def incognito(turn: Turn, switch: Annotated[OnOff, Doc("on or off")] = OnOff.ON) -> Answer:
    """Have a chat of which nothing is kept or learned."""
    on = switch is OnOff.ON
    changed = await turn.parts.memories.incognito(turn.member_id, turn.place.key, on=on)
    other = OnOff.OFF if on else OnOff.ON
    return Answer(
        text=memory_words.incognito(on=on, changed=changed),
        buttons=[Button(f"Incognito {other}", incognito.call(switch=other), only_asker=True)],
        facts={"incognito": on},
    )


async def _paused(turn: Turn, *, paused: bool) -> Answer:
    if paused:  # what it said it would keep in mind it keeps
        await turn.parts.learner.catch_up(turn.member_id)
    changed = await turn.parts.memories.pause(turn.member_id, paused=paused)
    label, call = ("Resume", "memory resume") if paused else ("Pause", "memory pause")
    return Answer(
        text=memory_words.paused(paused=paused, changed=changed),
        buttons=[Button(label, Call(call), only_asker=True)],
        facts={"paused": paused},
    )
