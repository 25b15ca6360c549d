"""Taking back what one did last."""

from agents import keep_words
from agents.act import Effect, act
from agents.answer import Answer, Button, Call
from agents.turn import Through, Turn
from feed_core.services import calls

MOST = 5  # that are named
LONGEST_LABEL = 80


@act(
    "undo",
    effect=Effect.OWN,
    private=True,
    examples=[
        "undo",
        "undo that",
        "undo what I did last",
        "oops, that was a mistake, undo it",
        "revert what I just did",
        "mach das rückgängig",
        "mach das Letzte rückgängig",
        "deshaz lo último",
        "deshacer",
    ],
)
async def undo(turn: Turn) -> Answer:
    """Undo what you did last, and name what can be undone before that."""
    async with turn.store.read() as view:
        found = await calls.undoable(view, member_id=turn.member_id, limit=MOST)
    if not found:
        return Answer(text=keep_words.NOTHING_TO_UNDO, facts={"undone": False})
    if turn.through is not Through.HAND:
        return Answer(
            text=keep_words.UNDO_WHICH,
            buttons=[
                Button(
                    keep_words.typed(it.act, it.arguments)[:LONGEST_LABEL],
                    Call(it.act, it.arguments),
                    only_asker=True,
                    once=True,
                )
                for it in found
            ],
            facts={"undoable": len(found)},
        )
    last, *before = found
    earlier = [keep_words.typed(it.act, it.arguments) for it in before]
    return Answer(
        text=keep_words.undoes_earlier(earlier), pressed=last.token, facts={"undone": True}
    )
