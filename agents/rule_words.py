"""Why the gate stopped something, in words its author can act on, by the rule of the verdict."""

from collections.abc import Mapping, Sequence

from feed_core.models.moderation import Verdict
from feed_core.services.gate import Decision
from feed_core.states import Outcome

LIST = "pattern:"
WHY: Mapping[str, str] = {
    "word": "“{passage}” is on this community's list of words",
    "pattern": "“{passage}” is what is called “{name}” here",
    "secret": "“{passage}” looks like the beginning of a key or a password",
    "link_denied": "links to {passage} are not wanted here",
    "link_not_allowed": "it links to {passage}, which is not on the list of known sites",
    "link_count": "it holds {passage} links",
    "link_lookalike": "{passage} is spelled with letters that only look like others",
    "repeat": "it is almost the same as #{passage}",
    "repeat_own": "you published almost the same {passage} times before",
    "repeat_picture": "its picture is almost the same as that of #{passage}",
    "rate_hour": "you did this {passage} times within an hour",
    "rate_day": "you did this {passage} times within a day",
    "reports": "{passage} members reported it",
    "moderator": "a moderator decided so: {passage}",
    "name_taken": "somebody has that name, or one that looks like it",
    "no_answer": "it could not be checked just now",
}
MEND: Mapping[str, str] = {
    "word": "Say it without, and it needs nobody's leave.",
    "pattern": "Say it without, and it needs nobody's leave.",
    "secret": "Take it out. If it is real, replace it: whoever read along has it.",
    "link_denied": "Take the link out.",
    "link_not_allowed": "Without the link it needs nobody's leave.",
    "link_count": "With fewer it needs nobody's leave.",
    "link_lookalike": "Write the site's own name.",
    "repeat": "If it builds on that one, /remix {passage} names it as a source.",
    "repeat_own": "Make it a little different, or leave it at those.",
    "repeat_picture": "If it builds on that one, /remix {passage} names it as a source.",
    "name_taken": "Choose another.",
    "rate_hour": "Try again within the hour.",
    "rate_day": "Try again tomorrow.",
}


def why(rule: str, passage: str) -> str:
    """What the rule says of the passage; part of a sentence."""
    name = rule.removeprefix(LIST)
    said = WHY.get("pattern" if name != rule else rule, "the rule “{name}” says so")
    return said.format(passage=passage, name=name)


def mend(rule: str, passage: str) -> str:
    """What the author can do about it; a sentence, or nothing."""
    said = MEND.get("pattern" if rule.startswith(LIST) else rule, "")
    return said.format(passage=passage)


def stopped(creation_id: int, title: str, why: str) -> str:
    """A creation that nobody else sees, and why."""
    return f"#{creation_id} {title}. {why}"


def kept(draft: int) -> str:
    """Where the author finds what was blocked; nothing where it is not kept."""
    return f"It is kept as d{draft}: /edit d{draft} changes it." if draft else ""


def labelled(warnings: Sequence[str], verdict: Decision | Verdict | None) -> str:
    """What readers are told first, and why; nothing where they are told nothing."""
    if not warnings:
        return ""
    shown = ", ".join(warnings)
    if verdict is None or verdict.outcome is not Outcome.LABEL:  # another rule weighed more
        return f"Readers are told first: ⚠ {shown}."
    return f"Readers are told first: ⚠ {shown} ({why(verdict.rule, verdict.passage)})."


def warned(text: str, warnings: Sequence[str]) -> str:
    """A line with what readers are told first before it."""
    return " ".join(filter(None, [notice(warnings), text]))


def notice(warnings: Sequence[str]) -> str:
    """What readers are told before they read."""
    return f"⚠ {', '.join(warnings)}" if warnings else ""
