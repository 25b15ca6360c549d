"""What members are told of how their agents are set."""

from collections.abc import Sequence

from agents.phrases import listing
from agents.tongues import name_of
from feed_core.models.ledger import Purse
from feed_core.services.languages import Language
from feed_core.services.ledger import Amount, Budgets, Most, Period, Spent

SWITCH = {True: "Resume", False: "Pause"}  # by whether the agent is paused
FREEDOM = {True: "Let it do so alone", False: "Ask me first"}  # by whether it is free
LET = "Yes, let it"
ANY_LANGUAGE = "the one that you write in"
NO_MODEL = "none: plain words are matched to commands, and procedures write and paint"
PAUSED = "Paused: it answers you, and does nothing by itself. /agent resume ends that."
UNHEARD = "It will show when a language model speaks for me; there is none here now."
MICROS = 1_000_000
PURSES = {
    Purse.MEMBER: "Spent by you",
    Purse.BACKGROUND: "Of it by me unasked",
    Purse.ALL: "By everybody here",
}
PERIODS = {Period.DAY: "today", Period.MONTH: "this month"}


def shown(
    *,
    name: str,
    tone: str,
    language: str,
    models: Sequence[str],
    alone: Sequence[str],
    paused: bool,
    spent: Spent,
    budgets: Budgets,
    currency: str,
) -> str:
    """How an agent is set, and what it has spent; `alone` is what it may do without asking."""
    lines = [
        f"{name}, your agent",
        f"Tone: {tone}",
        f"Language: {name_of(language) if language else ANY_LANGUAGE}",
        f"Model: {', then '.join(models) or NO_MODEL}",
        _freedom(alone),
    ]
    if paused:
        lines.append(PAUSED)
    if models or spent[Purse.MEMBER, Period.MONTH].tokens:
        lines += [
            f"{whose} {then}: {_part(spent[purse, period], budgets[purse, period], currency)}"
            for purse, whose in PURSES.items()
            for period, then in PERIODS.items()
        ]
    return "\n".join(lines)


def _part(spent: Amount, most: Most, currency: str) -> str:
    """How much of what may be spent is spent."""
    money = f"{spent.micros / MICROS:,.2f}"
    tokens = f"{spent.tokens:,}"
    if most.tokens is not None:
        tokens += f" of {most.tokens:,}"
    if most.micros is not None:
        money += f" of {most.micros / MICROS:,.2f}"
    return f"{tokens} tokens, {money} {currency}"


def _freedom(alone: Sequence[str]) -> str:
    if not alone:
        return "Leash: it asks you before it does anything that others see."
    return f"Leash: alone it does {listing(alone)}; it asks you before all else that others see."


def tone(tone: str, *, heard: bool) -> str:
    """Another tone is set, or none; `heard` where a language model speaks."""
    told = f"I will speak like this: {tone}." if tone else "I will speak as I did at first."
    return told if heard else f"{told} {UNHEARD}"


def language(language: Language, *, heard: bool) -> str:
    """Another language is set, or any."""
    if language is Language.AUTO:
        return "I will answer in the language that you write in."
    name = name_of(language)
    if heard:
        return f"I will answer in {name}."
    return (
        f"What you write is read as {name} where it tells no language itself. Answers of my own "
        "will be in it when a language model speaks for me; there is none here now."
    )


def leash(act: str, *, alone: bool, paused: bool) -> str:
    """What the agent may do alone, or no longer."""
    if not alone:
        return f"I will ask you before I do this: /{act}."
    told = (
        f"I may do this without asking you now: /{act}. What holds words of others I still show "
        "you first."
    )
    return f"{told} But I am paused: /agent resume ends that." if paused else told


def really(act: str) -> str:
    """Asks for a tap before the leash gets longer."""
    return f"Shall I do this without asking you first: /{act}? Others see what comes of it."


def paused(*, paused: bool, changed: bool) -> str:
    """The agent rests or goes on."""
    already = "" if changed else "already "
    if paused:
        return f"I am {already}paused: I answer you, and do nothing by myself."
    return f"I am {already}at work: I do what your leash lets me do. /agent shows it."
