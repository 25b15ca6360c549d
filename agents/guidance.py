"""What helps people find their way: greetings, questions, help."""

from collections.abc import Sequence
from typing import Any

from agents.act import Act
from agents.forms import LONGEST_LABEL, LONGEST_NOTE
from agents.parameters import Parameter, named_ones

EVERYDAY = 13  # acts that help explains; all others it names

INTERRUPTED = (
    "I was stopped in the middle of your last message; it may be done already. "
    "/mine and /drafts show what is there."
)

TOO_MANY_STEPS = "(I stopped here: that took more steps than I may take in one go.)"

TYPE, OTHER = "Type it", "Other…"

NO_MODEL = "I run without a language model here, so"
WHICH = "Which one do you mean?"
YOUR_WORDS = "Your words"


def greeting(name: str, agent: str, known: Sequence[str], *, more: bool) -> str:
    """The first hello, and what the agent knows; `more`: that is not all of it."""
    hello = (
        f"Hello {name}, I am {agent}, your agent. Here people make small things together: "
        "write /create and a few words, /paint and an idea, or /remix and a number from the feed."
    )
    if not known:
        return (
            f"{hello}\n\nI know nothing about you yet. Tell me something worth keeping, "
            "such as “remember that I love haiku”."
        )
    facts = "\n".join(f"· {it}" for it in known)
    rest = "/memory show has the rest." if more else "/memory show says where it comes from."
    return f"{hello}\n\nThis I know about you:\n{facts}\n{rest}"


def explained(found: Act[Any]) -> str:
    """One act, whole."""
    lines = [f"{usage(found)}\n{found.summary}"]
    lines += [f"  {it.name}: {it.doc}" for it in found.parameters]
    lines.append("You can also say: " + "; ".join(f"“{it}”" for it in found.examples[:3]))
    return "\n".join(lines)


def family(acts: Sequence[Act[Any]], wanted: str) -> str:
    """Acts of one first word in a line each; `wanted` is none of them, or that word."""
    unknown = f"There is no /{_cut(wanted, LONGEST_LABEL)}, but these:" if " " in wanted else ""
    lines = [unknown] if unknown else []
    lines += [f"/{it.name} · {it.summary}" for it in acts]
    lines.append(f"/help with one of them explains it, such as /help {acts[0].name}.")
    return "\n".join(lines)


def overview(acts: Sequence[Act[Any]]) -> str:
    """All acts: the everyday ones explained in a line each, the others named."""
    lines = ["Talk to me in your own words, or use a command:"]
    lines += [f"/{it.name} · {it.summary}" for it in acts[:EVERYDAY]]
    if others := acts[EVERYDAY:]:
        lines.append("And: " + " · ".join(f"/{it.name}" for it in others))
    lines.append("/help with a command explains it, such as /help save.")
    return "\n".join(lines)


def usage(found: Act[Any]) -> str:
    """How an act is typed."""
    behind = named_ones(found.parameters)
    shown = [f"[{it.name}:…]" for it in behind]
    shown += [
        f"<{it.name}>" if it.required else f"[{it.name}]"
        for it in found.parameters
        if it not in behind
    ]
    return " ".join([f"/{found.name}", *shown])


def missing(found: Act[Any], wanted: Parameter) -> str:
    """What an act still needs."""
    return f"/{found.name} needs {wanted.doc}."


def question(found: Act[Any], wanted: Parameter) -> str:
    """What is asked for when a button with a blank is pressed."""
    return f"/{found.name}: {wanted.doc}"


NOT_LISTENING = (
    "(I cannot listen to voice notes yet, so this keeps yours as it is. For words, whoever runs "
    "Jamfeed names a speech model in agents.yaml.)"
)


def one_file(count: int) -> str:
    """That more files came than a creation holds."""
    return f"(One file fits a creation: I took the first of {count}.)" if count > 1 else ""


def heard(words: str) -> str:
    """What a voice note was taken for, so that a mishearing is seen."""
    return f"(I heard: “{_cut(words, LONGEST_NOTE)}”)"


def said_by(voices: Sequence[str]) -> str:
    """What stands above words that somebody else said."""
    return f"Said by {', '.join(voices)}" if voices else "What was said"


def in_a_form(asked: str) -> tuple[str, str]:
    """A question as the title of a form, and, where that has to be shortened, whole below it."""
    if len(asked) <= LONGEST_LABEL:
        return asked, ""
    return _cut(asked, LONGEST_LABEL), _cut(asked, LONGEST_NOTE)


def _cut(words: str, limit: int) -> str:
    return words if len(words) <= limit else f"{words[: limit - 1].rstrip()}…"


def proposed(number: int, found: Act[Any], named: Sequence[str]) -> str:
    """What the agent waits for; `named` is what it would do it with, where nothing shows it."""
    wish = found.summary.rstrip(".").lower()
    with_ = f" ({', '.join(named)})" if named else ""
    return f"I would like to do this for you: {wish}{with_}. (proposal {number})"


def lost(known: Sequence[str], likely: str, *, models: bool) -> str:
    """What is said when it is not clear what is wanted; `models`: there are some, none spoke."""
    lines = [f"I remember about you: {it}" for it in known]
    why = "Without a language model to ask just now" if models else NO_MODEL
    lines.append(f"{why} I do things rather than chat.")
    if likely:
        lines.append(f"Did you mean /{likely}? /help shows everything.")
    else:
        lines.append("Try “show my feed”, “paint rain on a roof” or /help.")
    return "\n".join(lines)
