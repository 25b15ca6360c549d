"""What is said to who was away for a while."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from agents.phrases import listing, plural
from feed_core.clock import zone_of
from feed_core.models.creations import Creation
from feed_core.models.reactions import Comment
from feed_core.services.catching_up import Moved, News, Played, Said

SHOWN = 5  # lines of a group
PEOPLE = 3  # names in a line
EXCERPT = 120  # characters of a comment
PROMPT = 60

Names = Mapping[int, str]


def news(found: News, names: Names, *, after: datetime, zone: str) -> str:
    """All groups that hold something, each under its title."""
    day = after.astimezone(zone_of(zone))
    when = f"{day.day} {day:%B, %H:%M}"
    if found.nothing:
        return f"Nothing happened around you since {when}."
    groups = [
        _group("For you:", [_said(it, names) for it in found.for_me]),
        _group("Made of yours:", [_made(it, names) for it in found.of_mine]),
        _group("In threads you are in:", [_moved(it, names) for it in found.threads]),
        _group("Jams:", [_played(it) for it in found.jams]),
    ]
    return "\n\n".join(filter(None, [f"Since {when}:", *groups]))


def _group(title: str, lines: Sequence[str]) -> str:
    if not lines:
        return ""
    more = len(lines) - SHOWN
    shown = [f"• {it}" for it in lines[:SHOWN]]
    return "\n".join([title, *shown, *([f"… and {more} more."] if more > 0 else [])])


def _said(it: Said, names: Names) -> str:
    last = it.comments[-1]
    told = f"{plural(len(it.comments), 'comment')} by {_by(it.comments, names)}"
    return f"{_named(it.creation)}: {told}. “{_excerpt(last.body)}” (c{last.id})"


def _made(it: Creation, names: Names) -> str:
    return f"{_named(it)} by {names.get(it.author_id, '')}"


def _moved(it: Moved, names: Names) -> str:
    counts = [
        plural(len(it.comments), "comment") if it.comments else "",
        plural(len(it.remixes), "remix", "remixes") if it.remixes else "",
    ]
    told = listing([count for count in counts if count])
    return f"{_named(it.root)}: {told} by {_by([*it.comments, *it.remixes], names)}"


def _played(it: Played) -> str:
    told = [
        "it ended" if it.jam.ended_at is not None else "",
        f"{plural(it.added, 'new entry', 'new entries')}" if it.added else "",
        "it is your turn" if it.my_turn else "",
    ]
    return f"“{it.jam.prompt[:PROMPT]}”: {listing([one for one in told if one])}"


def _named(creation: Creation) -> str:
    return f"#{creation.id} {creation.title}".strip()


def _by(things: Iterable[Comment | Creation], names: Names) -> str:
    people = list(dict.fromkeys(names.get(it.author_id, "") for it in things))
    others = len(people) - PEOPLE
    shown = people[:PEOPLE] if others <= 0 else [*people[:PEOPLE], plural(others, "other")]
    return listing([it for it in shown if it])


def _excerpt(text: str) -> str:
    said = " ".join(text.split())
    return said if len(said) <= EXCERPT else f"{said[: EXCERPT - 1].rstrip()}…"
