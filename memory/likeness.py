"""When two short texts say the same thing of somebody, and when one only sounds like the other."""

import re
from collections.abc import Set

from memory.asking import EMPTY

SHARED = 0.6  # of the telling words of both
NEGATED = """
not no never nor neither without nobody nothing none hate hates hated dislike dislikes stopped quit
anymore longer nicht kein keine keinen keinem keiner nie niemals ohne hasse nunca jamás jamas
tampoco odio sin nada
"""
NEGATIONS = frozenset(NEGATED.split())
CLIPPED = re.compile(r"(?<=\w)n['’]t\b", re.IGNORECASE)  # "don't"
NUMBER = re.compile(r"\d+")
DIGITS = [str(it) for it in range(1, 11)]
WORDED = {
    word: digit
    for words in (
        "one two three four five six seven eight nine ten",
        "eins zwei drei vier fünf sechs sieben acht neun zehn",
        "uno dos tres cuatro cinco seis siete ocho nueve diez",
    )
    for word, digit in zip(words.split(), DIGITS, strict=True)
}
ONESELF = "i m my me mine am ich mein meine mich mir yo mi mis soy"
FIRST_PERSON = frozenset(ONESELF.split())


def overlap(one: Set[str], other: Set[str]) -> bool:
    """Whether two sets of stems share most of their telling words; numbers are none."""
    one, other = _telling(one), _telling(other)
    return bool(one and other) and len(one & other) / len(one | other) >= SHARED


def _telling(words: Set[str]) -> Set[str]:
    return {it for it in words - EMPTY - FIRST_PERSON if it not in WORDED and not it.isdecimal()}


def same_claim(one: str, other: str) -> bool:
    """Whether two texts may be one claim in other words: as for negations and numbers they agree.

    "I have two cats" and "I have 3 cats" are two claims, and so are "I eat fish" and "I do not".
    """
    return _negated(one) == _negated(other) and _numbers(one) == _numbers(other)


def _negated(text: str) -> bool:
    words = CLIPPED.sub(" not", text)
    said = set(re.findall(r"\w+", words.casefold()))
    return bool(said & NEGATIONS) or any(it in text for it in ("ない", "ません", "嫌"))


def _numbers(text: str) -> list[str]:
    words = re.findall(r"\w+", text.casefold())
    return sorted(WORDED.get(it, it) for it in words if it in WORDED or NUMBER.fullmatch(it))
