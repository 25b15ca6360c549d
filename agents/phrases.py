"""What acts say: every sentence that Jamfeed itself answers with."""

from collections.abc import Sequence
from datetime import datetime

from agents.wording import sentence
from feed_core.clock import zone_of
from feed_core.errors import JamfeedError
from feed_core.states import Authorship

AUTHORSHIP = {
    Authorship.HUMAN: "made by hand",
    Authorship.HUMAN_EDITED_AI: "made by an agent, edited by hand",
    Authorship.AI_EDITED_HUMAN: "made by hand, edited by an agent",
    Authorship.AI: "made by an agent",
    Authorship.AGENT: "made and posted by an agent",
}


REMIX_WISH = "something new in the spirit of the sources"
REMIX_LABEL = "remix"


def draft_made(number: int) -> str:
    """A draft is there, and what it is for."""
    return f"A draft for you to decide on: d{number}."


def draft_changed(number: int) -> str:
    """A draft holds other words now."""
    return f"d{number} now reads:"


def draft_dropped(number: int) -> str:
    """A draft was put away."""
    return f"d{number} is put away."


def draft_back(number: int) -> str:
    """A draft waits again."""
    return f"d{number} is back."


def drafts_waiting(count: int) -> str:
    """How many drafts wait."""
    if not count:
        return "No draft waits for you. /write, /remix or /paint makes one."
    return f"{plural(count, 'draft')} waiting for you:"


def withdrawn(creation_id: int) -> str:
    """It is gone from the feed."""
    return f"#{creation_id} is taken back. What was made of it keeps its place in the lineage."


def maker_instead(error: JamfeedError) -> str:
    """Why a maker did what a model should have done."""
    return f"({sentence(error)} A maker did it instead.)"


def another_instead(named: str, maker: str) -> str:
    """That what is shared about an idea is too little for the form that was named."""
    return f"(What people shared about it is too little for {named}; this is {maker}.)"


def procedure_instead(error: JamfeedError) -> str:
    """Why a procedure painted what a model should have painted."""
    return f"({sentence(error)} A procedure painted it instead.)"


PICTURE_LABEL = "picture by a model"


def model_picture(prompt: str) -> str:
    """The description of a picture that nobody has looked at yet."""
    return f"A picture that a model made of the words “{prompt}”"


def mine(count: int) -> str:
    """What stands above one's own creations."""
    return "What you have made:" if count else "You have published nothing yet. /create does."


TAKEN_BACK = "(taken back)"


def digest_off(*, was_on: bool) -> str:
    """No digest comes any more."""
    return "No more digests." if was_on else "No digest was coming."


def quoted(name: str, title: str, body: str) -> str:
    """What somebody wrote, as data for a model."""
    return f"{name} wrote: {title}\n{body}".strip()


def plural(count: int, thing: str, things: str = "") -> str:
    """The count with its noun."""
    return f"{count} {thing if count == 1 else things or thing + 's'}"


def listing(words: Sequence[str]) -> str:
    """A, B and C."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def when(moment: datetime, zone: str, *, now: datetime | None = None) -> str:
    """A moment as the member's own clock shows it, with its year where that is not `now`'s."""
    local = moment.astimezone(zone_of(zone))
    other = now is not None and local.year != now.astimezone(local.tzinfo).year
    return f"{local:%A} {local.day} {local:%B}{f' {local.year}' if other else ''}, {local:%H:%M}"


WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def weekdays(days: Sequence[int]) -> str:
    """Which days of the week, in as few words as there are."""
    if len(days) == 7:
        return "every day"
    if list(days) == [0, 1, 2, 3, 4]:
        return "on weekdays"
    if list(days) == [5, 6]:
        return "at weekends"
    return "on " + listing([WEEKDAYS[it] for it in days])
