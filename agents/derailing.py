"""Whether a talk derails, told without a language model: signs in its newest comments, weighed.

The signs stand in `assets/derailing_signs.toml`, their weights in `assets/derailing_weights.json`,
which `python -m benchmarks.derailing --train` writes. A score is the logistic function of a
weighted sum, so that every point of it has a reason that can be named.
"""

import json
import math
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

NEWEST = 8  # comments that are looked at: what is over and done with is no reason any more
FEWEST = 3  # comments before anything is said
LONGEST = 600  # characters of a comment that are looked at
MOST = {"repair": 4, "address": 5}  # comments with a sign that count
MOST_OF_OTHERS = 2
SOUNDING = 3  # comments whose tone counts, those that sound most hostile
CALMEST = -3.0  # a comment that sounds calmer than this makes up for nothing
ASSETS = Path(__file__).parent / "assets"
SIGNS, WEIGHTS = ASSETS / "derailing_signs.toml", ASSETS / "derailing_weights.json"


class Sign(StrEnum):
    """What a comment, or the talk as a whole, can show."""

    INSULT = "insult"  # somebody is called names
    BELITTLING = "belittling"  # what somebody can, knows or is worth is denied
    ACCUSATION = "accusation"  # of lying, stealing, bad intent
    SWEEPING = "sweeping"  # you always, you never, people like you
    DISMISSAL = "dismissal"  # shut up, go away, nobody asked you
    THREAT = "threat"  # of consequences, or to leave for good
    MOCKERY = "mockery"  # scorn for how somebody feels or speaks
    SHOUTING = "shouting"  # capital letters at somebody
    HURT = "hurt"  # somebody objects to the tone
    ADDRESS = "address"  # the talk is of one another rather than of the matter
    TONE = "tone"  # how hostile it sounds, by `agents.tone`
    DEFENCE = "defence"  # somebody defends what they did, said or are
    REPAIR = "repair"  # a laugh, thanks, agreement, an apology, a plan: it speaks against
    BOTH = "both"  # two people or more do it
    RISING = "rising"  # there is more of it than there was


@dataclass(frozen=True, slots=True)
class Said:
    """One comment, and who said it, by whatever tells people apart."""

    by: str | int
    text: str


@dataclass(frozen=True, slots=True)
class Reason:
    """A sign, how much of it there is, and what it adds to the weighted sum."""

    sign: Sign
    count: float
    adds: float


@dataclass(frozen=True, slots=True)
class Reading:
    """How likely a talk derails, from 0 to 1, and why, the strongest reason first."""

    score: float
    derails: bool
    reasons: Sequence[Reason] = ()


@dataclass(frozen=True, slots=True)
class Weights:
    """What each sign counts; from `threshold` on a score is called derailing."""

    bias: float
    threshold: float
    of: Mapping[Sign, float]


MILD = frozenset({Sign.ADDRESS, Sign.DEFENCE, Sign.REPAIR})  # none of them is heat
CALM = Reading(0.0, derails=False)


def read(said: Sequence[Said], tones: Sequence[float]) -> Reading:
    """What the newest comments of a talk, oldest first, and their tones say about where it goes."""
    if len(said) < FEWEST:
        return CALM
    weights = known_weights()
    counts = count(said, tones)
    reasons = [Reason(sign, n, weights.of[sign] * n) for sign, n in counts.items() if n]
    score = 1 / (1 + math.exp(-weights.bias - sum(it.adds for it in reasons)))
    hostile = max(tones[-NEWEST:]) > 0
    shown = [it for it in reasons if it.adds > 0 and (it.sign is not Sign.TONE or hostile)]
    told = sorted(shown, key=lambda it: -it.adds)
    return Reading(score, score >= weights.threshold, told)


def count(said: Sequence[Said], tones: Sequence[float]) -> dict[Sign, float]:
    """In how many of the newest comments each sign is, as far as it counts; of tone, how much."""
    newest = said[-NEWEST:]
    found = [signs(it.text) for it in newest]
    heated = [bool(it - MILD) for it in found]
    counts: dict[Sign, float] = {
        sign: min(sum(sign in it for it in found), MOST.get(sign, MOST_OF_OTHERS)) for sign in Sign
    }
    half = len(newest) // 2
    people = {it.by for it, hot in zip(newest, heated, strict=True) if hot}
    counts[Sign.BOTH] = int(len(people) > 1)
    loudest = sorted(tones[-NEWEST:])[-SOUNDING:]
    counts[Sign.TONE] = sum(max(it, CALMEST) - CALMEST for it in loudest)
    counts[Sign.RISING] = int(sum(heated[half:]) > sum(heated[:half]))
    return counts


def signs(text: str) -> frozenset[Sign]:
    """The signs in one comment."""
    looked_at = text[:LONGEST]
    return frozenset(
        sign
        for sign, patterns in known_signs().items()
        if any(it.search(looked_at) for it in patterns)
    )


@cache
def known_signs() -> Mapping[Sign, Sequence[re.Pattern[str]]]:
    """What each sign is recognised by."""
    told = tomllib.loads(SIGNS.read_text(encoding="utf-8"))
    words = {
        name: it if isinstance(it, str) else "|".join(it) for name, it in told["words"].items()
    }
    return {
        Sign(name): [re.compile(_filled(it, words), re.IGNORECASE) for it in patterns]
        for name, patterns in told["signs"].items()
    }


@cache
def known_weights() -> Weights:
    """What was learned from threads."""
    told = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    return Weights(
        bias=told["bias"],
        threshold=told["threshold"],
        of={sign: told["weights"][sign.value] for sign in Sign},
    )


def _filled(pattern: str, words: Mapping[str, str]) -> str:
    for name, alternatives in words.items():
        pattern = pattern.replace(f"{{{name}}}", alternatives)
    return pattern
