"""What people read about rooms that are bound to the feed."""

from collections.abc import Sequence

from agents.phrases import listing
from feed_core.models.rooms import Room
from feed_core.services.binding import Binding

NOT_BOUND = (
    "This room is not bound to the feed: nothing is posted here by itself. /room bind changes that."
)
STANDS_HERE = "It is posted in this room."


def called(room: Room) -> str:
    """A room by its name, and the server it is in, where that is known."""
    name = f"“{room.name}”" if room.name else f"a room on {room.platform.capitalize()}"
    return f"{name} in {room.server}" if room.server and room.server != room.name else name


def wanted(asked: Binding) -> str:
    """What of the feed a room shows."""
    kinds = [f"{it.value}s" for it in asked.kinds] or ["creations"]
    tags = f" tagged {listing([f'#{it}' for it in asked.tags])}" if asked.tags else ""
    return f"new {listing(kinds)}{tags}"


def bound(room: Room, asked: Binding) -> str:
    """A room is bound."""
    return (
        f"From now on {wanted(asked)} that everybody may see are posted in {called(room)}, once "
        "each. What people reply to such a post counts as a comment on it, and their reactions "
        "count too. /room unbind ends it."
    )


def unbound(room: Room, *, was: bool) -> str:
    """A room is not bound any more."""
    if not was:
        return NOT_BOUND
    return (
        f"Nothing new is posted in {called(room)}. What stands there stays, and follows what its "
        "makers change or take back."
    )


def state(room: Room, asked: Binding) -> str:
    """How a room is bound."""
    if not room.bound:
        return NOT_BOUND
    heard = (
        "What is said below a post counts as a comment, also where nobody names me."
        if asked.listening
        else "Replies to a post count as comments. /room listen on has me hear the rest below it."
    )
    return f"In {called(room)} {wanted(asked)} are posted. {heard}"


def listening(*, on: bool) -> str:
    """Listening is on, or off."""
    if not on:
        return "I listen to nothing here that is not said to me."
    return (
        "What is said in the thread of a post counts as a comment on it, also where nobody names "
        "me. Discord shows me such words only when whoever runs this Jamfeed has allowed listening "
        "(JAMFEED_DISCORD_LISTENING); Telegram only where I am an administrator."
    )


def left(name: str, standing: int) -> str:
    """A room is left."""
    went = {0: "", 1: " The one message that I posted there goes away."}.get(
        standing, f" The {standing} messages that I posted there go away."
    )
    return (
        f"I have left {name}.{went} I hear nothing there, post nothing, and have forgotten "
        "what was said to me there. What people made there stays theirs. /room bind, said there, "
        "brings me back."
    )


def lost(room: Room) -> str:
    """A bound room cannot be written to."""
    return (
        f"I cannot write in {called(room)} any more, so I stopped posting there. It was deleted, "
        "or I was taken out of it, or I lost the permission to send messages. When I may again, "
        "say /room bind there."
    )


def gone(ref: str) -> str:
    """In place of a creation that a room may not show any more."""
    return f"{ref} is not shown here any more: its maker took it back, or it is not for this room."


COMMENT_GONE = "A comment stood here. It is not shown any more."


def jam_called(prompt: str) -> str:
    """What the thread of a jam is called."""
    words = " ".join(prompt.split())
    return f"Jam: {words if len(words) <= 80 else f'{words[:79].rstrip()}…'}"


def jam_thread(thread: Room) -> str:
    """Where a jam goes on."""
    what = "topic" if thread.platform == "telegram" else "thread"
    return f"A jam has begun in a {what} of its own, “{thread.name}”. Join and play there."


def which(name: str, rooms: Sequence[Room], *, known: bool) -> str:
    """A room's name that several rooms have, or none (then it is not `known`)."""
    told = listing([called(it) for it in rooms])
    if known:
        return f"Several rooms are called “{name}”: {told}. Say it in the one that you mean."
    if not rooms:
        return f"I know no room called “{name}” that you could mean. Say it in that room."
    return f"I know no room called “{name}” that you could mean. These I know: {told}."


def shared(creation_id: int, room: Room) -> str:
    """Something is on its way to a room elsewhere."""
    return f"#{creation_id} is shared in {called(room)}."
