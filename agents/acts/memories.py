"""What the agent remembers of its member."""

from functools import partial
from typing import Annotated

from agents import counting, memory_words
from agents.act import Effect, act
from agents.answer import Answer, Button, Call, undoing
from agents.foreign import hidden
from agents.parameters import Doc
from agents.references import MemoryRef
from agents.turn import Turn
from feed_core.services import members
from memory.forgetting import unsay

SHOWN = 10
FORGET_BUTTONS = 5


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
        "vergiss nicht, dass <ich allergisch gegen Nüsse bin>",
        "recuerda que <vivo en Madrid>",
    ],
)
async def remember(turn: Turn, words: Annotated[str, Doc("what to remember about you")]) -> Answer:
    """Let your agent remember something about you."""
    said = hidden(words, turn.foreign, numbered=False)  # a model with tools is told of it
    kept = await turn.parts.memories.remember(
        turn.member_id, said, source=memory_words.said_on(turn.place.platform)
    )
    ref = MemoryRef(kept.number)
    return Answer(
        text=memory_words.remembered(kept.number, kept.text),
        buttons=[undoing(Call("forget", {"memory": str(ref)}), "Forget")],
        facts={"memory": ref},
    )


@act(
    "memory show",
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
        "qué te acuerdas sobre mí",
    ],
)
async def memory_show(
    turn: Turn, page: Annotated[int, Doc("further pages hold what is older")] = 1
) -> Answer:
    """Show what your agent remembers about you, where it comes from, and why."""
    whole = await turn.parts.learner.catch_up(turn.member_id)
    await counting.recount(turn.store, turn.parts.memories, turn.member_id)
    kept = await turn.parts.memories.all(
        turn.member_id, limit=SHOWN + 1, offset=(max(page, 1) - 1) * SHOWN
    )
    shown = kept[:SHOWN]
    settings = await turn.parts.memories.preferences(turn.member_id)
    async with turn.store.read() as view:
        makers = await members.names(view, counting.makers_among([it.slot for it in shown]))
    buttons = [_forget_button(it.number) for it in shown[:FORGET_BUTTONS]]
    if len(kept) > SHOWN:
        more = memory_show.call(page=max(page, 1) + 1)
        buttons.insert(0, Button("Older ones", more, only_asker=True))
    return Answer(
        text=memory_words.shown(
            shown,
            settings=settings,
            place=turn.place.key,
            zone=turn.zone,
            page=max(page, 1),
            makers=makers,
            whole=whole,
        ),
        buttons=buttons,
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
        "forget that I have three dogs",
        "forget that I work at the harbour",
        "vergiss m3",
        "vergiss, dass ich in Wien wohne",
        "lösche die Erinnerung m1",
        "olvida m2",
        "olvida que tengo dos perros",
    ],
)
async def forget(
    turn: Turn, memory: Annotated[MemoryRef, Doc("the memory to forget, by its number")]
) -> Answer:
    """Let your agent forget something for good, and see that it is gone."""
    # What was said up to now is learned from no more then: what else was said is learned first.
    await turn.parts.learner.catch_up(turn.member_id)
    gone = await turn.parts.memories.forget(turn.member_id, memory.id)
    turn.records.append(partial(unsay, owner_id=turn.member_id, text=gone.memory.text))
    return Answer(
        text=memory_words.forgotten(gone),
        buttons=[_forget_button(it.number) for it in gone.alike],
        facts={"forgotten": memory, "alike": [MemoryRef(it.number) for it in gone.alike]},
    )


def _forget_button(number: int) -> Button:
    call = Call("forget", {"memory": f"m{number}"})
    return Button(f"Forget m{number}", call, only_asker=True, once=True)
