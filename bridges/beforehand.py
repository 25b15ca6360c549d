"""What a face has to know before somebody types, presses or fills in a form."""

from dataclasses import dataclass

from agents.forms import Form


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One offer for a parameter that is being typed."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Peek:
    """What a face must know of a stored call before it is pressed.

    With a `question` the presser has to type first; `prefill` is what they start from. `opens` a
    form, where the platform has them. `redraws`: the card below which it stands changes by it.
    """

    private: bool
    question: str = ""
    prefill: str = ""
    opens: bool = False
    redraws: bool = False


@dataclass(frozen=True, slots=True)
class Opened:
    """A form, and the token under which it is passed on when it was filled in; that counts once.

    `private`: only who fills it in sees the answer.
    """

    form: Form
    token: str
    private: bool = True


@dataclass(frozen=True, slots=True)
class Press:
    """A button as a platform shows it: a token of a stored call, and how to type the same.

    `asks`: whoever presses it still types something, `opens`: in a form, where the platform has
    them. `private`: only they see the answer. `redraws`: the card below which it stands changes.
    """

    label: str
    token: str
    command: str
    asks: bool = False
    private: bool = False
    opens: bool = False
    redraws: bool = False
