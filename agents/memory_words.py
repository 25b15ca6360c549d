"""What members are told of what their agents remember and may learn."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from agents.phrases import listing, plural
from feed_core.clock import zone_of
from memory.correcting import Replaced
from memory.forgetting import Forgotten
from memory.preferences import Preferences
from memory.remembered import Remembered

REASONS = {  # by MemoryReason's values, which only memory names
    "asked": "because you asked me to",
    "said": "because you said it of yourself",
    "fixed": "because you put it right",
    "liked": "counted from your reactions",
    "happened": "counted from what you did",
}
COUNTED = frozenset({"liked", "happened"})
MAKER = "liked maker "  # what the slots of such memories begin with
NOTHING = "I remember nothing about you yet. /remember tells me something."
NO_HISTORY = "Nothing that I remember of you was ever replaced."
PAUSED = "I learn nothing from what you say at the moment; /memory resume changes that."
LEARNING = "I am still learning from what you said last; ask again in a moment."
HIDDEN = "This chat is incognito: nothing of it is kept or learned. /incognito off ends that."


def remembered(number: int, text: str) -> str:
    """A memory is kept."""
    return f"I will remember (m{number}): {text}"


def shown(
    kept: Sequence[Remembered],
    *,
    settings: Preferences,
    place: str,
    zone: str,
    page: int,
    makers: Mapping[int, str],
    whole: bool,
) -> str:
    """What the agent remembers, one card for each, and what it may not learn.

    `whole`: all that was said is learned from.
    """
    if kept:
        head = ["What I remember about you:" if page == 1 else f"Page {page}:"]
    else:
        head = [NOTHING if page == 1 else f"There is no page {page}."]
    lines = [*head, *(card(it, zone=zone, makers=makers) for it in kept)]
    if not whole:
        lines.append(LEARNING)
    if settings.paused:
        lines.append(PAUSED)
    if place in settings.incognito:
        lines.append(HIDDEN)
    if settings.never:
        lines.append(f"Never remembered: {listing([rule(it) for it in settings.never])}.")
    return "\n".join(lines)


def card(it: Remembered, *, zone: str, makers: Mapping[int, str] | None = None) -> str:
    """One memory: number, text, kind, where it comes from, when and why.

    Makers are remembered by number and shown by the names that they have now.
    """
    number = it.slot.removeprefix(MAKER)
    name = (makers or {}).get(int(number)) if it.slot.startswith(MAKER) else None
    text = it.text.replace(f"member {number}", name) if name else it.text
    ended = f", until {day(it.ended_at, zone)}" if it.ended_at else ""
    since = f"{it.source}, {day(it.created_at, zone)}{ended}"
    return f"m{it.number} {text}\n({it.kind}; {since}; {REASONS[it.reason]})"


def day(moment: datetime, zone: str) -> str:
    """The day of a moment as the member's own clock shows it."""
    local = moment.astimezone(zone_of(zone))
    return f"{local.day} {local:%B %Y}"


def rule(stored: str) -> str:
    """What is never remembered, as it can be typed again."""
    return stored.partition(":")[2]


def history(versions: Sequence[Remembered], *, zone: str) -> str:
    """Versions of memories, those that hold first."""
    if not versions:
        return NO_HISTORY
    return "\n".join(
        f"{'Earlier: ' if it.ended_at else 'Now: '}{card(it, zone=zone)}" for it in versions
    )


def fixed(replaced: Replaced) -> str:
    """A memory has other words now."""
    if replaced.before is None:
        return f"m{replaced.now.number} says so already: {replaced.now.text}"
    return (
        f"Put right: m{replaced.now.number} “{replaced.now.text}” holds now, in place of "
        f"m{replaced.before.number} “{replaced.before.text}”, which I use no more."
    )


def which(right: str, *, any_kept: bool) -> str:
    """Asks which memory is meant, or says that there is none to put right."""
    if any_kept:
        return f"Which one is wrong? In its place I will remember: {right}"
    return "I remember nothing that this could put right. /remember tells me something new."


def said_on(platform: str) -> str:
    """Where a memory comes from that its owner said."""
    return f"you said so on {platform}"


def restored(replaced: Replaced) -> str:
    """An earlier memory holds again."""
    told = f"m{replaced.now.number} holds again: {replaced.now.text}"
    if replaced.before is not None:
        told += f"\nm{replaced.before.number} “{replaced.before.text}” is history now."
    return told


def forgotten(gone: Forgotten) -> str:
    """A memory is gone, as was seen by searching for it, and what says the same."""
    along = []
    if gone.versions:
        along.append(plural(gone.versions, "earlier version"))
    if gone.lines:
        along.append(f"{plural(gone.lines, 'line')} of our talk that said it")
    told = [f"m{gone.memory.number} is forgotten{', with ' + listing(along) if along else ''}."]
    told.append("I searched for it where memories, their vectors and our talk are kept: not found.")
    if gone.barred:
        told.append(f"I count it no more; /memory allow {gone.memory.slot} lets me.")
    if gone.alike:
        told.append("These say much the same and stay:")
        told += [f"m{it.number} {it.text}" for it in gone.alike]
    return "\n".join(told)


def never(rules: Sequence[str], kept: Sequence[Remembered]) -> str:
    """What is never remembered from now on, and what there is of it."""
    names = [rule(it) for it in rules]
    told = f"I will never remember anything about {listing(names)}. /memory allow takes it back."
    if kept:
        told += "\nThis I remember of it; forget it?\n"
        told += "\n".join(f"m{it.number} {it.text}" for it in kept)
    return told


def allowed(words: str, *, changed: bool) -> str:
    """Something may be remembered again."""
    if changed:
        return f"I may remember things about {words} again."
    return f"Nothing kept me from remembering things about {words}."


def paused(*, paused: bool, changed: bool) -> str:
    """Learning rests or goes on."""
    already = "" if changed else "already "
    if paused:
        return (
            f"I {already}learn nothing from what you say. What I remember stays, and /remember "
            "still works."
        )
    return f"I {already}learn from what you tell me in private; what you said before now stays out."


def heard(kept: Sequence[str]) -> str:
    """What somebody said of themselves will be remembered, or never is."""
    if not kept:
        return "I heard you, and keep nothing of it: you asked me never to remember that."
    said = listing([f"“{it}”" for it in kept])
    return f"I will keep that in mind: {said}. /memory shows all, and /forget takes it back."


def unheard(*, paused: bool) -> str:
    """What somebody said of themselves is not kept."""
    return PAUSED if paused else HIDDEN


def incognito(*, on: bool, changed: bool) -> str:
    """A chat leaves nothing behind, or does again."""
    already = "" if changed else "already "
    if on:
        return (
            f"This chat is {already}incognito: I keep nothing of what is said here and learn "
            "nothing from it, so I soon forget what you said a message ago. What you said just "
            "before, and I had not learned yet, I let go as well. /incognito off ends it."
        )
    return f"This chat is {already}like any other: what is said here is kept, and I learn from it."
