"""What acts say about what a member keeps, follows, mutes and wants more or less of."""

from collections.abc import Mapping, Sequence

from pydantic import JsonValue

from agents.phrases import listing, plural
from feed_core.models.curation import Followed, Wanted
from feed_core.services.curation import SAVED, Collection, Subject

UNKNOWN = "a maker who is gone"


def saved(creation_id: int, kept: Collection) -> str:
    """A creation is kept, and where."""
    return f"#{creation_id} is saved{_in(kept.name)}: {plural(kept.count, 'creation')} there now."


def unsaved(creation_id: int, names: Sequence[str]) -> str:
    """A creation is kept no longer."""
    if not names:
        return f"#{creation_id} was not saved there."
    return f"#{creation_id} is taken out of {listing([_named(it) for it in names])}."


def collections(found: Sequence[Collection], missing: str = "") -> str:
    """What stands above the member's collections; `missing` is one that was asked for in vain."""
    head = f"You have no collection “{missing}”. " if missing else ""
    if not found:
        return f"{head}You have saved nothing yet. /save and a number keeps a creation."
    lines = [f"• {_named(it.name)}: {plural(it.count, 'creation')}" for it in found]
    return "\n".join([f"{head}What you keep:", *lines])


def collection(name: str, count: int) -> str:
    """What stands above one collection."""
    if not count:
        return (
            f"Nothing in {_named(name)} can be shown here: it was taken back, or belongs to a room."
        )
    return f"{_named(name)[0].upper()}{_named(name)[1:]}, {plural(count, 'creation')}:"


def subject(it: Subject, names: Mapping[int, str]) -> str:
    """What is followed or muted, in a few words."""
    match it.kind:
        case Followed.MEMBER:
            return names.get(int(it.value)) or UNKNOWN
        case Followed.TAG:
            return f"the tag “{it.value}”"
        case Followed.THREAD:
            return f"the thread #{it.value}"
        case Followed.WORD:
            return f"the word “{it.value}”"


def followed(what: str) -> str:
    """Its news is wanted."""
    return f"You follow {what}."


def unfollowed(what: str, *, did: bool) -> str:
    """Its news is wanted no longer."""
    return f"You no longer follow {what}." if did else f"You did not follow {what}."


def muted(what: str) -> str:
    """It is not shown any more."""
    return (
        f"You muted {what}. Your feed and digests leave that out from now on; /show and a number "
        "still shows anything. Nobody is told."
    )


def unmuted(what: str, *, did: bool) -> str:
    """It is shown again."""
    return f"You no longer mute {what}." if did else f"You had not muted {what}."


def follows(listed: Sequence[str]) -> str:
    """All that the member follows."""
    if not listed:
        return "You follow nobody yet. /follow and a maker's name, “tag rain” or “thread 12” does."
    return f"You follow {listing(listed)}."


def mutes(listed: Sequence[str]) -> str:
    """All that the member muted."""
    if not listed:
        return "You muted nothing. /mute and a maker's name, “tag rain” or “word rain” does."
    return f"You muted {listing(listed)}."


def which(name: str) -> str:
    """Several makers are called that."""
    return f"Several makers here are called {name}. Which of them? Each made:"


def wanted(creation_id: int, what: Wanted) -> str:
    """What the member said about a creation was heard."""
    match what:
        case Wanted.MORE:
            return f"You want more like #{creation_id}: your feed takes note."
        case Wanted.LESS:
            return f"You want less like #{creation_id}: your feed takes note."
        case Wanted.HIDE:
            return f"#{creation_id} is hidden from your feed and digests. Nobody is told."


def wanted_no_more(creation_id: int, *, did: bool) -> str:
    """What the member said about a creation is taken back."""
    if did:
        return f"Taken back: #{creation_id} is treated as any other."
    return f"There was nothing of the kind to take back about #{creation_id}."


def _in(name: str) -> str:
    return "" if name == SAVED else f" in {_named(name)}"


def _named(name: str) -> str:
    return "your saved ones" if name == SAVED else f"“{name}”"


UNDO_WHICH = "What shall I undo? The newest stands first."
NOTHING_TO_UNDO = "You did nothing within the last day that I could undo."


def typed(act: str, arguments: Mapping[str, JsonValue]) -> str:
    """A call as it is typed, in short."""
    values = [_value(name, it) for name, it in arguments.items()]
    return " ".join([f"/{act}", *filter(None, values)])


def _value(name: str, value: JsonValue) -> str:
    if isinstance(value, bool):
        return name if value else ""
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)


def undoes_earlier(lines: Sequence[str]) -> str:
    """What takes back what was done before that."""
    return f"Before that, newest first: {' · '.join(lines)}" if lines else ""
