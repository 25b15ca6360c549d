"""JamfeedError: every error that Jamfeed raises on purpose; any other exception is a bug.

├── Refusal              the person can act on it: they are told why
├── Unavailable          an outside service failed: they are asked to try again
└── ConfigurationError   the operator must act: start-up stops
"""

from dataclasses import dataclass
from typing import ClassVar


class JamfeedError(Exception):
    """Base of the three families; never raised itself."""

    code: ClassVar[str]

    def __str__(self) -> str:  # for logs and models: nobody's words
        told = {name: it for name, it in vars(self).items() if name != "passage"}
        return f"{self.code} {told}"


class Refusal(JamfeedError):
    """What the person asked for cannot be done, and they may know why."""


@dataclass(eq=False)
class CreationNotFound(Refusal):
    """No creation of this number can be seen by who asked."""

    creation_id: int
    code = "creation_not_found"


@dataclass(eq=False)
class CreationWithdrawn(Refusal):
    """Its maker took it back."""

    creation_id: int
    code = "creation_withdrawn"


@dataclass(eq=False)
class NotYours(Refusal):
    """Only its maker may do this."""

    creation_id: int
    code = "not_yours"


@dataclass(eq=False)
class RemixNotAllowed(Refusal):
    """The maker of a source does not allow remixes of it."""

    creation_id: int
    code = "remix_not_allowed"


@dataclass(eq=False)
class DraftNotFound(Refusal):
    """The member has no draft of this number that still waits."""

    number: int
    code = "draft_not_found"


class NoDraft(Refusal):
    """The member has no draft waiting at all."""

    code = "no_draft"


@dataclass(eq=False)
class DraftDone(Refusal):
    """The draft was published or dropped before."""

    number: int
    state: str
    code = "draft_done"


@dataclass(eq=False)
class DraftChanged(Refusal):
    """The draft is not the one that was shown when the button was made."""

    number: int
    code = "draft_changed"


@dataclass(eq=False)
class NoRecipe(Refusal):
    """The draft holds its member's own words, so there is nothing to make again."""

    number: int
    code = "no_recipe"


@dataclass(eq=False)
class Held(Refusal):
    """A check wants a person to look before others see it."""

    creation_id: int
    rule: str
    passage: str
    code = "held"


@dataclass(eq=False)
class Blocked(Refusal):
    """A check does not let this be published; `draft` is the one that its maker has of it."""

    rule: str
    passage: str
    draft: int = 0
    code = "blocked"


class EmptyText(Refusal):
    """Nothing that can be read was written."""

    code = "empty_text"


@dataclass(eq=False)
class TextTooLong(Refusal):
    """More characters than fit."""

    length: int
    limit: int
    code = "text_too_long"


@dataclass(eq=False)
class PictureRefused(Refusal):
    """The file is no picture that can be taken."""

    problem: str
    code = "picture_refused"


@dataclass(eq=False)
class MemoryNotFound(Refusal):
    """The member has no memory of this number."""

    number: int
    code = "memory_not_found"


@dataclass(eq=False)
class UnknownAct(Refusal):
    """Nothing of that name can be done; `nearest` is likely meant, where anything is."""

    typed: str
    nearest: str
    code = "unknown_act"


@dataclass(eq=False)
class MissingArgument(Refusal):
    """The act needs one more thing."""

    act: str
    parameter: str
    code = "missing_argument"


@dataclass(eq=False)
class BadArgument(Refusal):
    """One argument cannot be read."""

    act: str
    parameter: str
    problem: str
    code = "bad_argument"


@dataclass(eq=False)
class NotForAgents(Refusal):
    """Account matters are done by the member's own hand."""

    act: str
    code = "not_for_agents"


class NeedsApproval(Refusal):
    """An agent may not publish this before its member saw that very text."""

    code = "needs_approval"


@dataclass(eq=False)
class ButtonExpired(Refusal):
    """The button's call is no longer stored; `shown` is what stood there: "#12", "d1"."""

    shown: str = ""
    code = "button_expired"


class ButtonUsed(Refusal):
    """The button works once, and did."""

    code = "button_used"


class NotYourButton(Refusal):
    """Another member was asked."""

    code = "not_your_button"


@dataclass(eq=False)
class UnknownZone(Refusal):
    """No time zone of that name."""

    typed: str
    code = "unknown_zone"


@dataclass(eq=False)
class BadDay(Refusal):
    """No day can be read from what was typed."""

    typed: str
    code = "bad_day"


@dataclass(eq=False)
class BadTime(Refusal):
    """No time of day can be read from what was typed."""

    typed: str
    code = "bad_time"


class NowhereToDeliver(Refusal):
    """The member has no account there that can be written to."""

    code = "nowhere_to_deliver"


class NotAdmitted(Refusal):
    """A stranger, where strangers may not join."""

    code = "not_admitted"


class TooFast(Refusal):
    """More messages in a minute than one member may send."""

    code = "too_fast"


@dataclass(eq=False)
class Unavailable(JamfeedError):
    """A service outside did not do its part and took nothing; trying again may help."""

    service: str
    code = "unavailable"


@dataclass(eq=False)
class Unknown(Unavailable):
    """The service may or may not have taken it: never resent blindly."""

    code = "unknown"


@dataclass(eq=False)
class Gone(Unavailable):
    """The place cannot be written to any more: stop trying."""

    code = "gone"


@dataclass(eq=False)
class MessageGone(Unavailable):
    """A message that was to be changed, or written below, is there no more; its place is."""

    code = "message_gone"


@dataclass(eq=False)
class FolderInUse(Unavailable):
    """Another Jamfeed works in this data folder."""

    code = "folder_in_use"


@dataclass(eq=False)
class ConfigurationError(JamfeedError):
    """A setting is wrong: which, what is wrong with it, and what mends it."""

    setting: str
    problem: str
    mend: str = ""
    code = "configuration"
