"""What members are told who ask about themselves."""

from collections.abc import Mapping, Sequence

from agents.memory_words import COUNTED, LEARNING, day
from memory.own_questions import Asked
from memory.remembered import Remembered

UNKNOWN: Mapping[str, str] = {
    "home": "where you live",
    "job": "what your work is",
    "age": "how old you are",
    "birthday": "when your birthday is",
    "origin": "where you come from",
    "favourite": "what your favourite {what} is",
    "called": "what your {what} is called",
    "taste": "what you like",
    "": "of any {what} of yours",
}
OPINION = "whether you like {what}"


def answered(
    asked: Asked,
    found: Sequence[Remembered],
    *,
    name: str,
    zone: str,
    whole: bool,
    learns: bool,
) -> str:
    """What is known of it, with the day on which it was said; or that it is not known.

    `whole`: all that was said is learned from. `learns`: what they would tell now is kept.
    """
    lines = [_told(it, zone) for it in found]
    if asked.kind == "name":
        lines.append(f"Here you are called {name}.")
    elif not found:
        about = OPINION if asked.kind == "taste" and asked.what else UNKNOWN[asked.kind]
        told = f"I do not know {about.format(what=asked.what)}."
        lines.append(f"{told} Tell me, and I will keep it in mind." if learns else told)
    if not whole:
        lines.append(LEARNING)
    return "\n".join(lines)


def _told(it: Remembered, zone: str) -> str:
    if it.reason in COUNTED:
        return f"Counted from what you did: {it.text} (m{it.number})."
    return f"You told me on {day(it.created_at, zone)}: “{it.text}” (m{it.number})."
