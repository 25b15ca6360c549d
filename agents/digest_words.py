"""How a digest reads, and what is said about when it comes."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from math import ceil

from agents.order_words import call
from agents.phrases import AUTHORSHIP, listing, plural, weekdays, when
from agents.reason_words import because
from agents.references import OrderRef
from feed_core.because import Because
from feed_core.models.digests import Digest, Length, Section
from feed_core.models.orders import RunState, StandingOrder
from feed_core.models.proposals import Proposal
from feed_core.services.digest_contents import Agents, Entry

HEADINGS = {
    Section.FOR_YOU: "For you",
    Section.THREADS: "Threads you are in",
    Section.OF_YOURS: "Made of yours",
    Section.ANSWERS: "People answered you",
}
ROOM_HEADING = "New here"
AGENT = "Your agent"
LENGTHS = {
    Length.SHORT: "a short one",
    Length.USUAL: "of the usual length",
    Length.LONG: "a long one",
}
RUNS = {
    RunState.DONE: "done",
    RunState.PROPOSED: "it waits for your yes",
    RunState.REFUSED: "it could not be done",
    RunState.SKIPPED: "it was left out",
    RunState.BROKEN: "it was broken off",
}
PREVIEW = "This is what your next digest would hold now. Looking uses nothing up."
NO_DIGEST = "You have had no digest yet. /digest now makes one, /digest set says when they come."
NOTHING_LEFT = "Nothing of that digest can be shown any more: it was taken back, or you muted it."
NOTHING_WAITS = "Nothing waits for your yes."
ASK_ZONE = "Which city do you live in? Your own hours count then, also when clocks change."
SOMEBODY = "somebody"

Names = Mapping[int, str]


def head(name: str, digest: Digest, entries: Sequence[Entry], told: Agents) -> str:
    """What stands above a digest."""
    day = named_day(digest.local_date)
    if digest.room_id is not None:
        return f"New in this room, {day}:"
    if digest.says_empty:
        return f"Hello {name}. Nothing new this week: no digest was worth sending."
    if not entries and told.nothing:
        return f"Your digest, {day}: nothing new from others since your last one."
    if entries and all(it.reason.kind is Because.OWN for it in entries):
        return f"Your digest, {day}: nothing new from others. What you made yourself:"
    count = len(entries)
    counted = f": {plural(count, 'thing')}" if count else ""
    return f"Good to see you, {name}. Your digest, {day}{counted}."


def skipped(moment: datetime, zone: str) -> str:
    """That a digest was left out."""
    return f"The one of {when(moment, zone)}, was left out: I was not running then."


def may_be_lost(day: date) -> str:
    """That nobody knows whether the digest before came."""
    return f"The one of {named_day(day)} may not have arrived."


def not_arrived(day: date) -> str:
    """That the digest which is shown may not have come at its hour."""
    return (
        f"(This digest of {named_day(day)} may not have arrived at its hour, so here it is again.)"
    )


def cover(titles: Sequence[str]) -> str:
    """What a digest's cover shows, for those who do not see it."""
    return f"Cover of this digest: {listing([f'“{it}”' for it in titles])}"


def reply_hint(number: int, last: int) -> str:
    """How one goes on from a digest; not all of its numbers have a button."""
    return (
        f"Reply with “remix {number}” or “what is {number} about?”; “{last}” alone opens that one."
    )


def told_of(entry: Entry, names: Names) -> list[str]:
    """The small print of an item: who made it, why it is there, what happened."""
    creation = entry.creation
    maker = names.get(creation.author_id, SOMEBODY)
    happened = _happened(entry)
    match entry.section:
        case Section.THREADS:
            return [maker, happened]
        case Section.ANSWERS:
            return ["yours", happened]
        case _:
            return [maker, AUTHORSHIP[creation.authorship], because(entry.reason, names)]


def quoted(name: str, body: str) -> str:
    """What somebody said."""
    return f"{name}: “{body}”"


def why(number: int, title: str, reason: str, section: Section, day: date) -> str:
    """Why an item stood in a digest."""
    named = f"{number}, “{title}”," if title else f"{number}"
    because_ = {
        Section.THREADS: "you are in its thread, and something happened there",
        Section.ANSWERS: "you made it, and somebody said something about it",
    }.get(section, reason)
    told = f"because {because_}" if because_ else "because it was there"
    if because_ != reason and reason:
        told += f": {reason}"
    return f"{named} stood in your digest of {named_day(day)} {told}."


def run(order: StandingOrder) -> str:
    """How a standing order went, in a line."""
    return f"{OrderRef(order.number)}, {call(order.act, order.arguments)}: {RUNS[order.run]}"


def proposal(found: Proposal) -> str:
    """What the agent would like to do."""
    return f"I would like to do this: {call(found.act, found.arguments)}"


def question(found: Proposal, names: Names) -> str:
    """What another member asks."""
    who = names.get(found.asker_id or 0, SOMEBODY)
    return f"{who} asks whether they may remix your #{found.creation_id}"


def waiting(count: int) -> str:
    """What waits from before."""
    one = count == 1
    return f"{count} more {'thing' if one else 'things'} from before still {_s(count)} for your yes"


def later(number: int) -> str:
    """An item comes once more."""
    return f"{number} comes once more, in your next digest."


def no_item(number: int, count: int, day: date) -> str:
    """There is no such number in the digest."""
    held = f"it has 1 to {count}" if count > 1 else "it has 1 only" if count else "it holds nothing"
    return f"There is no {number} in your digest of {named_day(day)}: {held}."


def hours_set(
    times: Sequence[str],
    days: Sequence[int],
    zone: str,
    *,
    platform: str,
    following: datetime | None,
    length: Length,
    says_empty: bool,
    cover: bool = False,
) -> str:
    """When and where the digest comes, and what it is like."""
    told = [
        f"Your digest comes {weekdays(days)} at {listing(list(times))} ({zone}) to your "
        f"{platform.capitalize()} account, {LENGTHS[length]}."
    ]
    if following is not None:
        told.append(f"The next one: {when(following, zone)}.")
    if cover:
        told.append("A picture of what stands in it comes on top.")
    if says_empty:
        told.append("When a week brings nothing new, I say so once.")
    return " ".join(told)


def guessed(zone: str, now: datetime) -> str:
    """The zone that is guessed from the language, to be confirmed."""
    return (
        f"I guessed your time zone from your language: {zone}, where it is {now:%H:%M} now. "
        "Is that right?"
    )


def zone_lost(zone: str) -> str:
    """That there is no such zone any more, and what counts instead."""
    return f"I do not know the time zone {zone} any more, so your hours count in UTC."


def zone_set(zone: str, now: datetime) -> str:
    """In which zone the member lives from now on."""
    return f"Your time zone is {zone}, where it is {now:%H:%M} now."


def hours_moved(times: Sequence[str], zone: str, following: datetime | None) -> str:
    """What becomes of the digest when its member travels."""
    if following is None:
        return "No digest is coming."
    at = listing(list(times))
    return f"Your digest still comes at {at}, by the clock there. Next: {when(following, zone)}."


NONE_COMES = "No digest comes to you. /digest set 8:00 lets one come every day at eight."
UNTIL_WHEN = "Until which day shall no digest come?"


def paused(following: datetime, zone: str, *, now: datetime) -> str:
    """No digest comes until then."""
    return f"No digest until then. The next one: {when(following, zone, now=now)}."


def quiet(begins: str, ends: str) -> str:
    """When nothing comes unasked."""
    return (
        f"Quiet from {begins} to {ends}: whatever I would tell you unasked waits until {ends}. "
        "Answers to you come at once."
    )


QUIET_OFF = "No quiet hours: I tell you things when they happen."


def in_quiet(ends: str) -> str:
    """That a digest's hour is in the quiet hours."""
    return f"That is in your quiet hours, so it comes when they end, at {ends}."


def crowded(wait: timedelta) -> str:
    """That so many digests go out at a member's minute that theirs may come later."""
    minutes = plural(ceil(wait / timedelta(minutes=1)), "minute")
    return f"Many digests go out at that minute: yours may come up to {minutes} later."


def room_set(
    times: Sequence[str], days: Sequence[int], zone: str, following: datetime | None
) -> str:
    """When a room's digest comes."""
    next_ = f" The next one: {when(following, zone)}." if following is not None else ""
    return (
        f"This room gets a digest {weekdays(days)} at {listing(list(times))} ({zone}), of what "
        f"everybody here may see.{next_} /room digest off ends it."
    )


def room_off(*, was_on: bool) -> str:
    """No digest comes to the room any more."""
    return "This room gets no more digests." if was_on else "This room had no digest."


def quiet_hours(first: time, last: time) -> tuple[str, str]:
    """Quiet hours as they are kept."""
    return f"{first:%H:%M}", f"{last:%H:%M}"


def _happened(entry: Entry) -> str:
    news = entry.news
    made = ", ".join(f"#{it}" for it in news.remixes[:3])
    counts = [
        plural(news.comments, "new comment") if news.comments else "",
        f"{plural(len(news.remixes), 'new remix', 'new remixes')} ({made})" if made else "",
    ]
    return listing([it for it in counts if it])


def named_day(day: date) -> str:
    """A day as it stands above a digest."""
    return f"{day:%A} {day.day} {day:%B}"


def _s(count: int) -> str:
    return "waits" if count == 1 else "wait"
