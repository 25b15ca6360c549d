"""What `agents.yaml` says about moderation, and the gate that it makes."""

import re
from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator, Field

from agents.strict import Strict
from feed_core.services.gate import Gate, OneLook
from feed_core.services.likeness import LONGEST_AGO
from feed_core.services.rules.expressions import Expression
from feed_core.services.rules.folding import folded
from feed_core.services.rules.links import Links, spelled
from feed_core.services.rules.patterns import Patterns
from feed_core.services.rules.rates import Rate, Rates
from feed_core.services.rules.repeats import Kept, Repeats
from feed_core.services.rules.secrets import Secrets
from feed_core.services.rules.words import Words
from feed_core.states import Outcome
from feed_core.store import Store

LONGEST_PATTERN = 1_000
HOST = re.compile(r"[\w-]+(\.[\w-]+)+")
IDENTITY = r"^(discord|telegram|terminal|web):\S(.*\S)?$"


def _readable(word: str) -> str:
    if not folded(word):
        raise ValueError("there is nothing in it that could be found in a text")
    return word


def _pattern(text: str) -> str:
    if len(text) > LONGEST_PATTERN:
        raise ValueError(f"a pattern has at most {LONGEST_PATTERN} characters")
    if Expression(text).find("") is not None:
        raise ValueError("it is found in every text, in an empty one too")
    return text


def _host(text: str) -> str:
    if not HOST.fullmatch(spelled(text)):
        raise ValueError("write a host alone, such as example.org")
    return text


Word = Annotated[str, AfterValidator(_readable)]
Pattern = Annotated[str, AfterValidator(_pattern)]
Host = Annotated[str, AfterValidator(_host)]
Name = Annotated[str, Field(min_length=1, max_length=40)]
Identity = Annotated[str, Field(pattern=IDENTITY)]


class ListedWords(Strict):
    """Words and phrases that block, hold, or have readers told something first."""

    block: tuple[Word, ...] = ()
    hold: tuple[Word, ...] = ()
    label: Mapping[Name, tuple[Word, ...]] = Field(default_factory=dict)


class ListedPatterns(Strict):
    """Regular expressions as RE2 reads them, by the name that authors are told."""

    block: Mapping[Name, Pattern] = Field(default_factory=dict)
    hold: Mapping[Name, Pattern] = Field(default_factory=dict)
    label: Mapping[Name, Pattern] = Field(default_factory=dict)


class LinkPolicy(Strict):
    """Where links may lead, and how many may stand in one text (0: any number)."""

    deny: tuple[Host, ...] = ()
    allow: tuple[Host, ...] = ()
    most: int = Field(8, ge=0)


def _no_label(outcome: Outcome) -> Outcome:
    if outcome is Outcome.LABEL:
        raise ValueError("write pass, hold or block")
    return outcome


Stopping = Annotated[Outcome, AfterValidator(_no_label)]


class RepeatPolicy(Strict):
    """What becomes of what others published before, and how often members may repeat themselves."""

    text: Stopping = Outcome.HOLD
    picture: Stopping = Outcome.HOLD
    alike: float = Field(0.7, ge=0.5, le=1)
    days: int = Field(30, ge=1, le=LONGEST_AGO.days)
    own: int = Field(3, ge=1)


class RatePolicy(Strict):
    """The most that one member may do in an hour and in a day; 0 is any number."""

    hour: int = Field(ge=0)
    day: int = Field(ge=0)


class ReportPolicy(Strict):
    """How many members' reports, within how many hours, hold something; 0 reports never do."""

    hold_at: int = Field(3, ge=0)
    within_hours: int = Field(24, ge=1)


class Moderation(Strict):
    """The rules that everything passes before others see it, and who decides what they hold."""

    moderators: tuple[Identity, ...] = ()
    words: ListedWords = ListedWords()
    patterns: ListedPatterns = ListedPatterns()
    links: LinkPolicy = LinkPolicy()
    reports: ReportPolicy = ReportPolicy()
    repeats: RepeatPolicy = RepeatPolicy()
    publishing: RatePolicy = RatePolicy(hour=30, day=150)
    commenting: RatePolicy = RatePolicy(hour=60, day=300)
    renaming: RatePolicy = RatePolicy(hour=5, day=10)


def gate(policy: Moderation, store: Store) -> Gate:
    """The rules of this policy, the quick ones first."""
    words, patterns, links = policy.words, policy.patterns, policy.links
    return Gate(
        [
            Secrets(),
            Words(block=words.block, hold=words.hold, label=words.label),
            Patterns(block=patterns.block, hold=patterns.hold, label=patterns.label),
            Links(deny=links.deny, allow=links.allow, most=links.most),
            OneLook(
                store,
                [
                    Rates(
                        publish=Rate(policy.publishing.hour, policy.publishing.day),
                        comment=Rate(policy.commenting.hour, policy.commenting.day),
                        rename=Rate(policy.renaming.hour, policy.renaming.day),
                    ),
                    Repeats(Kept(**dict(policy.repeats))),
                ],
            ),
        ]
    )
