"""An answer made ready to be shown: its buttons stored, each with the way to type the same."""

from agents.answer import Answer
from agents.desk import Desk
from agents.turn import Turn
from bridges.faces import write_line
from bridges.protocol import Part, Press


async def part_of(desk: Desk, turn: Turn, answer: Answer) -> Part:
    """What a platform gets of an answer."""
    tokens = await desk.store_buttons(turn, answer.buttons)
    presses = []
    for button, token in zip(answer.buttons, tokens, strict=True):
        command = write_line(desk.acts, button.call)
        presses.append(Press(button.label, token, f"{command} …" if button.blank else command))
    return Part(answer.text, answer.cards, answer.pictures, presses, answer.private)
