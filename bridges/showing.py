"""An answer made ready to be shown: its buttons stored, each with the way to type the same."""

from agents.answer import Answer, Card
from agents.desk import Desk
from bridges.faces import write_line
from bridges.protocol import Part, Press
from feed_core.store import Store


async def part_of(desk: Desk, store: Store, answer: Answer, *, asker_id: int | None) -> Part:
    """What a platform gets of an answer; `asker_id` is whom it is for, None in a room."""
    tokens = await desk.store_buttons(store, answer.buttons, asker_id=asker_id)
    presses = []
    for button, token in zip(answer.buttons, tokens, strict=True):
        command = write_line(desk.acts, button.call)
        asks, found = button.blank is not None, desk.find(button.call.act)
        presses.append(
            Press(
                button.label,
                token,
                f"{command} …" if asks else command,
                asks,
                private=found.private,
                opens=await desk.form(None, button.call, blank=button.blank) is not None,
                redraws=found.redraws,
            )
        )
    return Part(
        answer.text,
        answer.cards,
        answer.pictures,
        presses,
        answer.private,
        answer.labels,
        answer.redrawn,
        groups=answer.groups,
    )


def hashtags(card: Card) -> str:
    """A card's tags as one line."""
    return " ".join(f"#{'_'.join(it.split())}" for it in card.tags)
