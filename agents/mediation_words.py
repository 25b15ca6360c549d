"""How a mediator reads, and how one is offered."""

from collections.abc import Mapping, Sequence

from agents.derailing import Reason, Sign
from agents.passages import Passage
from agents.summary import Point
from agents.summary_words import point

WHY: Mapping[Sign, str] = {
    Sign.INSULT: "somebody is called names",
    Sign.BELITTLING: "it is about what somebody can or is worth",
    Sign.ACCUSATION: "people accuse each other",
    Sign.SWEEPING: "there is “always” and “never” about people",
    Sign.DISMISSAL: "somebody is told to be quiet or to go",
    Sign.THREAT: "somebody threatens or wants to leave",
    Sign.MOCKERY: "there is scorn",
    Sign.SHOUTING: "somebody is shouted at",
    Sign.HURT: "somebody says that it hurts",
    Sign.ADDRESS: "the talk is of one another rather than of the work",
    Sign.TONE: "it sounds hostile",
    Sign.DEFENCE: "people defend themselves",
    Sign.BOTH: "it goes both ways",
    Sign.RISING: "it grows",
}
TOLD = 3  # reasons of an offer
PICKED = (
    "(Without a language model nobody weighs what was said: these are sentences as they stand, "
    "those that tell most and those that nobody answered, without any that hurt.)"
)


def offer(creation_id: int, title: str, reasons: Sequence[Reason]) -> str:
    """What a room is told where a talk derails."""
    why = "; ".join(WHY[it.sign] for it in reasons[:TOLD])
    return (
        f"The talk about #{creation_id} {title} seems to turn from the work to people ({why}; told "
        "by rules, which may be wrong). Who talks there can have a neutral agent say what you "
        "share, what is open and what you could make together. It knows nobody's memories. "
        "Nothing happens unless two of you ask."
    )


def asked(name: str, creation_id: int, title: str) -> str:
    """One of two asks."""
    return (
        f"{name} would like a neutral agent to look at the talk about #{creation_id} {title}. "
        "When somebody else who talks there joins in, it is shown here."
    )


def declined(creation_id: int) -> str:
    """An offer was put away."""
    return f"Put away: nobody is offered a mediator for #{creation_id} any more."


def turned(*, on: bool) -> str:
    """Mediation in a room was turned on or off."""
    if on:
        return (
            "Mediation is on in this room: where a talk derails, a neutral agent is offered, at "
            "most once in two weeks for a thread, and two who talk there can ask for one."
        )
    return "Mediation is off in this room: none is offered, and none is shown here."


def mediation(
    creation_id: int,
    title: str,
    common: Sequence[Point],
    still_open: Sequence[Point],
    idea: str,
    stands_on: Sequence[Passage],
    note: str,
) -> str:
    """What a mediator says."""
    refs = ", ".join(str(it.of) for it in stands_on)
    return "\n\n".join(
        filter(
            None,
            [
                f"On #{creation_id} {title}:",
                _list("What you share:", common),
                _list("What is open:", still_open),
                f"What you could make together: {idea}" + (f" ({refs})" if refs else ""),
                note,
            ],
        )
    )


def idea_instead(stands_on: Sequence[Passage]) -> str:
    """A next creation, where no model has an idea."""
    names = " and ".join(dict.fromkeys(it.name for it in stands_on if it.name))
    return f"one piece from the words of {names}." if names else "one piece from this thread."


def _list(title: str, points: Sequence[Point]) -> str:
    lines = [f"• {point(it.passage.of, it.passage.name, it.text)}" for it in points]
    return "\n".join([title, *lines]) if lines else ""
