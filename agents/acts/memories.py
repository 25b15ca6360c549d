"""What the agent remembers of its member."""

from typing import Annotated

from agents import phrases
from agents.act import Effect, act
from agents.answer import Answer, Button, Call
from agents.parameters import Doc
from agents.references import MemoryRef
from agents.turn import Turn

SHOWN = 10


@act(
    "remember",
    effect=Effect.OWN,
    private=True,
    examples=[
        "remember that <I love haiku>",
        "keep in mind that <I live in Lisbon>",
        "note that <I never want rhymes>",
        "remember: <I have two cats>",
        "don't forget that <I am left-handed>",
        "for the future, know that <I prefer short texts>",
        "remember <my birthday is in May>",
        "please remember <I like the colour blue>",
        "save that <I work at night>",
        "remember this about me: <I play the piano>",
        "you should know that <my name is Ana>",
        "merk dir, dass <ich gern koche>",
        "merke dir: <ich wohne in Wien>",
        "recuerda que <vivo en Madrid>",
    ],
)
async def remember(turn: Turn, words: Annotated[str, Doc("what to remember about you")]) -> Answer:
    """Let your agent remember something about you."""
    kept = await turn.parts.memories.remember(
        turn.member_id, words, source=f"you said so on {turn.place.platform}"
    )
    ref = MemoryRef(kept.number)
    return Answer(
        text=phrases.remembered(kept.number, kept.text),
        buttons=[Button("Forget", Call("forget", {"memory": str(ref)}), only_asker=True)],
        facts={"memory": ref},
    )


@act(
    "memory",
    effect=Effect.READ,
    private=True,
    examples=[
        "what do you know about me?",
        "what do you remember?",
        "show my memories",
        "list the facts you keep about me",
        "what have I told you so far?",
        "which things did you store about me?",
        "what do you remember about my taste?",
        "was weißt du von mir?",
        "was hast du dir gemerkt?",
        "qué sabes de mí",
    ],
)
async def memory(turn: Turn) -> Answer:
    """Show what your agent remembers about you."""
    kept = await turn.parts.memories.all(turn.member_id, limit=SHOWN + 1, offset=0)
    shown = kept[:SHOWN]
    return Answer(
        text=phrases.memories(
            [(it.number, it.text, it.source, it.created_at) for it in shown],
            zone=turn.zone,
            more=len(kept) > SHOWN,
        ),
        buttons=[
            Button(
                f"Forget m{it.number}",
                Call("forget", {"memory": f"m{it.number}"}),
                only_asker=True,
                once=True,
            )
            for it in shown[:5]
        ],
        facts={"memories": [MemoryRef(it.number) for it in shown]},
        private=True,
    )


@act(
    "forget",
    effect=Effect.OWN,
    private=True,
    examples=[
        "forget m2",
        "forget what I told you about Lisbon",
        "delete that memory",
        "forget memory 3",
        "erase m1",
        "remove m4 from what you remember",
        "you may forget number 2 of my memories",
        "vergiss m3",
        "lösche die Erinnerung m1",
        "olvida m2",
    ],
)
async def forget(
    turn: Turn, memory: Annotated[MemoryRef, Doc("the memory to forget, by its number")]
) -> Answer:
    """Let your agent forget something for good."""
    gone = await turn.parts.memories.forget(turn.member_id, memory.id)
    return Answer(text=phrases.forgotten(gone.number), facts={"forgotten": memory})
