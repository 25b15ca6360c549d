"""What is said in a jam."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from math import ceil

from agents.phrases import listing, plural
from agents.room_words import called
from feed_core.models.creations import Creation
from feed_core.models.jams import JamEntry, JamState
from feed_core.models.rooms import Room
from feed_core.services.jam_turns import Chain

SHOWN = 6  # entries of a chain that stand in one answer, the last
LONGEST_PROMPT = 120  # characters, where the prompt is only named
AGREED = (
    "Who joins agrees that the others in this jam build on what they add, whatever they answered "
    "otherwise. For everybody else their own consent holds."
)

Names = Mapping[int, str]


def started(chain: Chain, names: Names, now: datetime) -> str:
    """A jam has begun."""
    return "\n".join(
        [
            f"A jam: “{chain.jam.prompt}”",
            f"Each adds something that builds on what stands before it; in {_left(chain, now)} it "
            f"ends, and the chain is published as one lineage. {AGREED}",
            turn(chain, names, now),
        ]
    )


def would_start(prompt: str, minutes: int) -> str:
    """What an agent would begin."""
    return f"I would start a jam of {plural(minutes, 'minute')} here: “{prompt}”"


def would_add(words: str) -> str:
    """What an agent would add."""
    return f"I would add: {words}"


def joined(name: str, chain: Chain, names: Names, now: datetime, *, new: bool) -> str:
    """Somebody plays along."""
    if not new:
        return f"{name} plays along already. {turn(chain, names, now)}"
    return f"{name} plays along: {_order(chain, names)}. {AGREED}\n{turn(chain, names, now)}"


def left(name: str, chain: Chain, names: Names, now: datetime, *, taken_back: int) -> str:
    """Somebody plays along no more."""
    back = f", and takes {plural(taken_back, 'entry', 'entries')} back" if taken_back else ""
    return f"{name} leaves the jam{back}. {turn(chain, names, now)}"


def added(entry: JamEntry, chain: Chain, names: Names, now: datetime) -> str:
    """The chain has one more entry."""
    return f"{_entry(entry, names)}\n{turn(chain, names, now)}"


def passed(name: str, chain: Chain, names: Names, now: datetime) -> str:
    """Somebody lets the next one go on."""
    return f"{name} passes. {turn(chain, names, now)}"


def turn(chain: Chain, names: Names, now: datetime) -> str:
    """Whose turn it is."""
    if chain.jam.state is JamState.PUBLISHING:
        return "The jam is over; what was added is being published."
    if chain.jam.state is JamState.ENDED:
        return "The jam is over."
    player = chain.turn
    if player is None:
        return f"Whoever plays may add something now; {_left(chain, now)} left."
    minutes = ceil(timedelta(seconds=chain.jam.turn_seconds) / timedelta(minutes=1))
    return f"{_name(player.member_id, names)} is next, within {plural(minutes, 'minute')}."


def shown(chain: Chain, names: Names, now: datetime) -> str:
    """A jam as it stands."""
    entries = chain.standing
    lines = [f"The jam: “{chain.jam.prompt}”", f"Playing: {_order(chain, names)}."]
    if (more := len(entries) - SHOWN) > 0:
        lines.append(f"… {plural(more, 'entry', 'entries')} before …")
    lines += [_entry(it, names) for it in entries[-SHOWN:]]
    if not entries:
        lines.append("Nothing was added yet.")
    lines.append(turn(chain, names, now))
    if chain.turn is not None:
        lines.append(f"The jam ends in {_left(chain, now)}.")
    return "\n".join(lines)


def from_elsewhere(chain: Chain, address: str) -> str:
    """How a jam is opened by somebody who is not in its room."""
    typed = f"/jam show {chain.jam.id}"
    return (
        f"From elsewhere, {address} or {typed} opens it."
        if address
        else (f"From elsewhere, {typed} opens it.")
    )


def played_in(room: Room, *, plays: bool) -> str:
    """Where a jam is played, for somebody elsewhere."""
    on = f" on {room.platform.capitalize()}" if room.name else ""
    where = f"It is played in {called(room)}{on}"
    return f"{where}: add something there when it is your turn." if plays else f"{where}."


def turn_notice(chain: Chain, names: Names, now: datetime) -> str:
    """A turn ran out."""
    last = chain.standing[-1:]
    return "\n".join(
        [
            f"The jam “{_brief(chain.jam.prompt)}” goes on. {turn(chain, names, now)}",
            *(_entry(it, names) for it in last),
        ]
    )


def ended(chain: Chain, published: Sequence[Creation], names: Names) -> str:
    """A jam is over, and what it left."""
    head = f"The jam “{_brief(chain.jam.prompt)}” is over."
    if not published:
        return f"{head} Nothing came of it this time."
    makers = list(dict.fromkeys(_name(it.author_id, names) for it in published))
    count = plural(len(published), "entry", "entries")
    lines = [f"{head} {count} by {listing(makers)}, published as one lineage:"]
    if more := max(0, len(published) - 2 * SHOWN):
        lines.append(f"… {plural(more, 'entry', 'entries')} before …")
    lines += [
        f"#{it.id} {it.title} · {_name(it.author_id, names)}" for it in published[-2 * SHOWN :]
    ]
    return "\n".join(lines)


def skipped(number: int, prompt: str, *, why: str, creation_id: int | None) -> str:
    """An author's entry was left out; `creation_id` is the one that waits for a moderator."""
    said = f"Your entry {number} in the jam “{_brief(prompt)}” was left out of the chain"
    said += f": {why}. " if why else ". "
    if creation_id is not None:
        said += f"As #{creation_id} it waits until a moderator has looked at it. "
    return f"{said}What the others added stands without it."


def _order(chain: Chain, names: Names) -> str:
    return listing([_name(it.member_id, names) for it in chain.playing])


def _entry(it: JamEntry, names: Names) -> str:
    words = f"{it.title}\n{it.body}".strip()
    return f"{it.number}. {_name(it.author_id, names)}: {words}"


def _name(member_id: int, names: Names) -> str:
    return names.get(member_id) or "Somebody"


def _left(chain: Chain, now: datetime) -> str:
    minutes = max(1, ceil((chain.jam.ends_at - now) / timedelta(minutes=1)))
    return plural(minutes, "minute")


def _brief(prompt: str) -> str:
    plain = " ".join(prompt.split())
    return plain if len(plain) <= LONGEST_PROMPT else f"{plain[: LONGEST_PROMPT - 1]}…"
