"""Words as makers know them: what they do in their sentence, and what stood before them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from itertools import pairwise

from agents.makers import lexicon

_UNSPACED = re.compile("[\u3005-\u30ff\u3400-\u9fff\uf900-\ufaff]")


class Kind(StrEnum):
    """What a word does in its sentence."""

    DETERMINER = "determiner"
    PREPOSITION = "preposition"
    CONJUNCTION = "conjunction"
    SUBJECT = "subject"
    OBJECT = "object"
    AUXILIARY = "auxiliary"
    ADVERB = "adverb"
    ADJECTIVE = "adjective"
    VERB = "verb"
    ING = "ing"
    NOUN = "noun"


class Border(IntEnum):
    """What stands between a word and the one before it."""

    NONE = 0
    CLAUSE = 1
    SENTENCE = 2


SMALL = frozenset(
    {Kind.DETERMINER, Kind.PREPOSITION, Kind.CONJUNCTION, Kind.SUBJECT, Kind.AUXILIARY}
)


@dataclass(frozen=True, slots=True)
class Word:
    """One word as it was written, with its place among all words read.

    `sound` is its reading in katakana where the writing does not tell (Japanese).
    """

    text: str
    key: str
    kind: Kind
    border: Border
    source: int
    place: int
    sound: str = ""

    @property
    def image(self) -> bool:
        """Whether one can see, hear, smell, taste or touch it."""
        return self.key in lexicon.IMAGES

    @property
    def plural(self) -> bool:
        """Whether an English noun looks like more than one."""
        return self.key.endswith("s") and not self.key.endswith(("ss", "us", "is"))


def as_written(line: Sequence[Word]) -> str:
    """The words as one line, with a comma where two neighbours stood on either side of a pause."""
    text = line[0].text
    for before, word in pairwise(line):
        beside = before.place + 1 == word.place
        paused = beside and word.border is Border.CLAUSE
        if _UNSPACED.match(before.text[-1]) and _UNSPACED.match(word.text[0]):
            text += ("、" if paused else "" if beside else "\u3000") + word.text
        else:
            text += f", {word.text}" if paused else f" {word.text}"
    return text
