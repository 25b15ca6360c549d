"""Nouns of an English text found where they stand, so that others can take their place.

Marks, line breaks and all other words stay as they were written.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from agents.makers import lexicon
from agents.makers.languages import Language
from agents.makers.making import Source
from agents.makers.nouns import NOUNS
from agents.makers.reading import read
from agents.makers.words import Border, Kind, Word

LONGEST_TEXT = 1_200  # characters of all sources; of longer texts the beginning
_TOKEN = re.compile(
    r"https?://\S+|(?<!\w)@\S+|<[^<>\s]*>|[^\W\d_]+(?:['’-][^\W\d_]+)*|.", re.DOTALL
)
_KNOWN = frozenset(NOUNS)
_VOWEL = frozenset("aeiou")
_ARTICLE = frozenset({"a", "an"})
_FEET = {
    "foot": "feet",
    "tooth": "teeth",
    "goose": "geese",
    "mouse": "mice",
    "man": "men",
    "woman": "women",
    "child": "children",
    "person": "people",
    "ox": "oxen",
    "sheep": "sheep",
    "deer": "deer",
    "fish": "fish",
    "postman": "postmen",
    "snowman": "snowmen",
    "leaf": "leaves",
    "wolf": "wolves",
    "knife": "knives",
    "thief": "thieves",
    "elf": "elves",
    "wife": "wives",
    "life": "lives",
    "half": "halves",
    "shelf": "shelves",
    "hoof": "hooves",
}
_HEAD = {many: one for one, many in _FEET.items() if many != one}
_NOT_NOUNS = (
    lexicon.BLAND
    | lexicon.NUMBERS
    | lexicon.ADVERBS
    | lexicon.OBJECTS
    | frozenset(
        [
            "home",
            "today",
            "lot",
            "anyone",
            "something",
            "one",
            "ones",
            "none",
            "please",
            "thanks",
            "hello",
            "hi",
        ]
    )
)


@dataclass(frozen=True, slots=True)
class Noun:
    """A noun of a text: where it stands, its singular, and whether it is more than one."""

    at: int
    singular: str
    plural: bool


@dataclass(frozen=True, slots=True)
class Text:
    """A text in pieces (words, marks, spaces), and the nouns among them."""

    pieces: Sequence[str]
    nouns: Sequence[Noun]

    def replaced(self, instead: Callable[[Noun], str | None]) -> str:
        """The text with other nouns, in the right number and with the right article."""
        pieces = list(self.pieces)
        for noun in self.nouns:
            other = instead(noun)
            if other is None:
                continue
            said = pluralised(other) if noun.plural else other
            before = pieces[noun.at]
            pieces[noun.at] = said.capitalize() if before[0].isupper() else said
            article = _article_before(pieces, noun.at)
            if article is not None:
                right = "an" if said[0] in _VOWEL and not said.startswith(("uni", "u")) else "a"
                right = "an" if said.startswith("um") else right
                written = pieces[article]
                pieces[article] = right.capitalize() if written[0].isupper() else right
        return "".join(pieces)


def read_text(text: str, *, share: int = 1) -> Text:
    """Find the nouns of an English text, one of so many that are read together."""
    pieces = _TOKEN.findall(_cut(text, LONGEST_TEXT // share))
    reading = read([Source(0, "", "", "".join(pieces))], seed=0, at_most=2 * LONGEST_TEXT)
    if reading.language is not Language.ENGLISH:
        return Text(pieces, [])
    nouns: list[Noun] = []
    waiting = list(reading.words)
    for at, piece in enumerate(pieces):
        key = piece.casefold().replace("’", "'")
        for ahead, word in enumerate(waiting[:4]):
            if word.key == key:
                after = waiting[ahead + 1] if ahead + 1 < len(waiting) else None
                waiting = waiting[ahead + 1 :]
                if _is_noun(word, after, reading.words):
                    singular, plural = _number(key)
                    nouns.append(Noun(at, singular, plural))
                break
    return Text(pieces, nouns)


def pluralised(noun: str) -> str:
    """The plural of an English noun, by rule and a few exceptions."""
    if noun in _FEET:
        return _FEET[noun]
    if noun.endswith(("s", "x", "z", "ch", "sh")):
        return noun + "es"
    if noun.endswith("y") and noun[-2:-1] not in _VOWEL:
        return noun[:-1] + "ies"
    if noun in {"potato", "tomato", "echo", "mango", "volcano", "buffalo", "mosquito", "tornado"}:
        return noun + "es"
    return noun + "s"


def _is_noun(word: Word, after: Word | None, words: Sequence[Word]) -> bool:
    if word.kind is not Kind.NOUN or word.key in _NOT_NOUNS or "'" in word.key or len(word.key) < 3:
        return False
    if word.text[:1].isupper() and word.border is not Border.SENTENCE:
        return False  # a name stays
    if word.key in (lexicon.VERBS | lexicon.ADJECTIVES) - lexicon.NOUN_OR_VERB - lexicon.IMAGES:
        return False  # "that all said", "a little"
    singular, _ = _number(word.key)
    if singular in _KNOWN or word.key in lexicon.IMAGES or singular in lexicon.IMAGES:
        return True
    before = words[word.place - 1] if word.place and not word.border else None
    return before is not None and before.kind is Kind.DETERMINER


def _number(key: str) -> tuple[str, bool]:
    """The singular of a noun, and whether it was more than one."""
    if key in _HEAD:
        return _HEAD[key], True
    if key.endswith("ies") and len(key) > 4:
        return key[:-3] + "y", True
    if key.endswith("s") and key[:-1] in _KNOWN:
        return key[:-1], True
    if key.endswith(("ches", "shes", "xes", "sses", "oes")):
        return key[:-2], True
    if key.endswith("s") and not key.endswith(("ss", "us", "is")) and len(key) > 3:
        return key[:-1], True
    return key, False


def _article_before(pieces: Sequence[str], at: int) -> int | None:
    if at >= 2 and pieces[at - 1].isspace() and pieces[at - 2].casefold() in _ARTICLE:
        return at - 2
    return None


def _cut(text: str, longest: int) -> str:
    if len(text) <= longest:
        return text
    kept = text[:longest]
    end = max(kept.rfind(mark) for mark in ("\n", ". ", "! ", "? "))
    return kept[: end + 1].rstrip() if end > longest // 3 else kept.rpartition(" ")[0]
