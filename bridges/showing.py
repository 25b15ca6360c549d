"""An answer made ready to be shown: its buttons stored, each with the way to type the same."""

from collections.abc import Sequence
from itertools import islice

from agents.answer import Answer, Card
from agents.desk import Desk
from bridges.beforehand import Press
from bridges.faces import write_line
from bridges.protocol import Part
from feed_core.services import calls
from feed_core.store import Store


async def part_of(desk: Desk, store: Store, answer: Answer, *, asker_id: int | None) -> Part:
    """What a platform gets of an answer; `asker_id` is whom it is for, None in a room."""
    (part,) = await parts_of(desk, store, [(answer, asker_id)])
    return part


async def parts_of(
    desk: Desk, store: Store, answers: Sequence[tuple[Answer, int | None]]
) -> list[Part]:
    """The same of many, each with whom it is for; their buttons are stored together."""
    waiting = [desk.waiting(answer.buttons, asker_id=asker_id) for answer, asker_id in answers]
    tokens: list[str] = []
    if any(waiting):
        async with store.work() as work:
            tokens = await calls.store(work, [one for some in waiting for one in some])
    left = iter(tokens)
    return [
        await _part(desk, answer, list(islice(left, len(some))))
        for (answer, _), some in zip(answers, waiting, strict=True)
    ]


async def _part(desk: Desk, answer: Answer, tokens: Sequence[str]) -> Part:
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
