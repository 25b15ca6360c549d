"""What members are told of the names that they and their agents are shown under."""

from feed_core.models.moderation import Thing
from feed_core.states import RevisionState

CALLED = {
    Thing.MEMBER_NAME: "You are shown as “{name}” {when}.",
    Thing.AGENT_NAME: "Your agent is called “{name}” {when}.",
}
WHY = {
    RevisionState.APPLIED: "somebody here has your name, or one that looks like it",
    RevisionState.HELD: "a moderator looks at your own name first",
}
NOT_HERE = "the name that you have there is not shown in this community"


def renamed(thing: Thing, name: str, *, did: bool) -> str:
    """A name is borne."""
    return CALLED[thing].format(name=name, when="now" if did else "already")


def newcomer(name: str, state: RevisionState) -> str:
    """Why somebody is not called as on their platform; it repeats no word of that name."""
    why = WHY.get(state, NOT_HERE)
    return f"Here you are shown as “{name}”: {why}. /name changes it."
