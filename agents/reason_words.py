"""Why something is shown, in a sentence's second half: "because you bookmarked three haiku …"."""

from collections.abc import Mapping

from agents.phrases import plural
from feed_core.because import Because
from feed_core.services.reasons import Reason

NUMBERS = (
    *("no", "one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
)
# Tags that name a form, by which makers call what they make: one of it, and several.
FORMS = {
    "haiku": ("haiku", "haiku"),
    "tanka": ("tanka", "tanka"),
    "limerick": ("limerick", "limericks"),
    "sonnet": ("sonnet", "sonnets"),
    "poem": ("poem", "poems"),
    "poetry": ("poem", "poems"),
    "cento": ("cento", "centos"),
    "collage": ("collage", "collages"),
    "drawing": ("drawing", "drawings"),
    "meme": ("meme", "memes"),
    "painting": ("painting", "paintings"),
    "photo": ("photo", "photos"),
    "song": ("song", "songs"),
    "story": ("story", "stories"),
}


def because(reason: Reason, names: Mapping[int, str]) -> str:
    """Why something is shown."""
    maker = names.get(reason.subject or 0, "its maker")
    more = reason.count - 1
    match reason.kind:
        case Because.OWN | Because.THERE:
            return ""
        case Because.LATER:
            return "you put it off until now"
        case Because.EDITED:
            return "it was edited since you saw it"
        case Because.TALKED_ABOUT:
            return f"{_many(reason.count, 'comment')} since you saw it"
        case Because.REMIXED:
            return f"{_many(reason.count, 'remix', 'remixes')} since you saw it: #{reason.subject}"
        case Because.REMIX_OF_YOURS:
            others = f" and {more} more of yours" if more else ""
            return f"it builds on your #{reason.subject}{others}"
        case Because.FOLLOWED:
            return f"you follow {maker}"
        case Because.FOLLOWED_THREAD:
            others = f" and {plural(more, 'more thread')}" if more else ""
            return f"you follow the thread #{reason.subject}{others} it belongs to"
        case Because.FOLLOWED_TAG:
            others = f" and {plural(more, 'more tag')} of it" if more else ""
            return f"you follow the tag “{reason.tag}”{others}"
        case Because.MORE_LIKE:
            return f"you wanted more like #{reason.subject}{_others(more)}"
        case Because.SAVED:
            return f"you bookmarked {_things(reason)} by {maker}"
        case Because.MAKER_YOU_LIKE:
            return f"you liked {_things(reason)} by {maker}"
        case Because.LIKE_WHAT_YOU_LIKE:
            return f"it is like #{reason.subject}{_others(more)}, which you liked"
        case Because.KINDRED:
            people = _many(reason.count, "person", "people")
            return f"{people} with taste like yours liked it"
        case Because.SURPRISE:
            return "it is something else, for a change"
        case Because.LIKED_BY_MANY:
            return f"{reason.count} people like it"
        case Because.FRESH:
            return "it is new"
        case Because.UNSEEN:
            return "you have not seen it yet"


def _things(reason: Reason) -> str:
    if reason.tag in FORMS:
        one, several = FORMS[reason.tag]
        return _many(reason.count, one, several)
    things = _many(reason.count, "thing")
    return f"{things} tagged “{reason.tag}”" if reason.tag else things


def _many(count: int, thing: str, things: str = "") -> str:
    """The count with its noun, small ones in words."""
    number = NUMBERS[count] if count < len(NUMBERS) else str(count)
    return f"{number} {thing if count == 1 else things or thing + 's'}"


def _others(more: int) -> str:
    return f" and {_many(more, 'other')}" if more else ""
