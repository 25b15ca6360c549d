"""Whether two words may stand side by side in a line, and which may open or close one."""

from collections.abc import Sequence

from agents.makers import lexicon
from agents.makers.words import SMALL, Border, Kind, Word

NEVER = -99.0
AS_WRITTEN = 0.8  # neighbours in the source: surely a good fit
_VOWELS = frozenset("aeiou")
_SOUNDS_LIKE_CONSONANT = ("uni", "use", "eu", "one", "once", "u.")
_SILENT_H = ("hour", "honest", "honour", "honor", "heir")

_D, _P, _C, _S, _O = (
    Kind.DETERMINER,
    Kind.PREPOSITION,
    Kind.CONJUNCTION,
    Kind.SUBJECT,
    Kind.OBJECT,
)
_A, _V, _N, _X, _ADV, _ING = (
    Kind.ADJECTIVE,
    Kind.VERB,
    Kind.NOUN,
    Kind.AUXILIARY,
    Kind.ADVERB,
    Kind.ING,
)
# How well a word follows one that it did not follow in the source; pairs left out never join.
_ACROSS = {
    (_D, _N): 0.9,
    (_D, _A): 0.6,
    (_A, _N): 0.8,
    (_N, _P): 0.7,
    (_N, _C): 0.0,
    (_N, _ADV): -0.5,
    (_N, _ING): 0.3,
    (_V, _D): 0.6,
    (_V, _P): 0.6,
    (_V, _ADV): 0.3,
    (_V, _O): 0.4,
    (_P, _D): 0.8,
    (_P, _N): 0.3,
    (_P, _O): 0.8,
    (_C, _D): 0.4,
    (_C, _N): 0.1,
    (_C, _S): 0.4,
    (_S, _V): 0.5,
    (_X, _ING): 0.5,
    (_X, _A): 0.3,
    (_ADV, _P): 0.3,
    (_ING, _P): 0.6,
    (_ING, _D): 0.6,
    (_O, _P): 0.3,
}
_OPENS = {_N: 0.3, _D: 0.3, _A: 0.1, _V: 0.1, _ING: 0.2, _S: 0.2, _P: 0.0, _C: -0.5, _ADV: -0.2}
_CLOSES = {_N: 0.4, _V: -0.3, _ING: -0.4, _O: 0.1, _ADV: -0.1}


def across(left: Word, right: Word) -> float:
    """How well `right` follows `left` when what stood between them is gone."""
    score = _ACROSS.get((left.kind, right.kind), NEVER)
    if left.key in lexicon.HARSH or right.key in lexicon.HARSH or left.key == right.key:
        return NEVER
    if left.kind is Kind.DETERMINER and not (
        left.key in lexicon.DETERMINERS and _agrees(left, right)
    ):
        return NEVER  # in other languages an article goes with its own noun alone
    if left.kind in _AGREEING and not left.sound and not _is_english(left.key):
        return NEVER  # and so do an adjective and a preposition
    if right.key in _COUNTING and left.kind is Kind.PREPOSITION:
        return NEVER  # "rain on | all night"
    if left.kind is Kind.PREPOSITION and right.kind is Kind.NOUN and not _stands_bare(right):
        return -0.8
    if right.kind is Kind.PREPOSITION and right.key == "of" and left.kind is not Kind.NOUN:
        return NEVER
    if left.kind is Kind.AUXILIARY and right.kind is Kind.ING and left.key not in _BEING:
        return NEVER  # "will | taking"
    if left.kind is Kind.SUBJECT and left.key in {"he", "she", "it", "there", "who"}:
        return NEVER if not right.key.endswith(("s", "ed")) else score
    if left.kind is Kind.SUBJECT and right.key.endswith("s"):
        return NEVER
    return score


def opens(word: Word, before: Word | None) -> float:
    """How well a line starts with this word, that the source has after `before`."""
    if word.key in lexicon.OBJECTS and word.key.endswith(("body", "thing", "one", "none")):
        return 0.2
    if word.key == "of":
        return -0.6
    score = _OPENS.get(word.kind, NEVER)
    if before is None or word.border:
        return score
    if before.key in _COUNTING:
        return NEVER  # "all | night" does not part
    if word.kind is Kind.DETERMINER and before.kind is Kind.PREPOSITION:
        score -= 0.4  # "in | a new key" parts badly
    if before.kind in _WANTED:
        mass = word.kind is Kind.NOUN and _stands_bare(word)
        score -= 0.1 if mass else 0.9  # its article or first half is gone
    return score


_AGREEING = frozenset({Kind.ADJECTIVE, Kind.PREPOSITION})
_BEING = frozenset({"am", "is", "are", "was", "were", "be", "been", "i'm", "it's", "we're"})
_COUNTING = frozenset({"all", "every", "each", "no"})
_WANTED = frozenset({Kind.DETERMINER, Kind.ADJECTIVE})
_DOING = frozenset({Kind.VERB, Kind.ING})
_DONE_TO = frozenset({Kind.DETERMINER, Kind.OBJECT})
_SAYING = frozenset({Kind.NOUN, Kind.VERB, Kind.ING, Kind.ADJECTIVE})


def closes(word: Word, after: Word | None) -> float:
    """How well a line ends with this word, that the source has `after` following."""
    if word.kind in SMALL or word.key in {"the", "very", "too", "quite"}:
        return NEVER
    pauses = after is None or after.border is not Border.NONE
    if word.kind is Kind.ADJECTIVE:
        return 0.1 if pauses else NEVER
    score = _CLOSES.get(word.kind, NEVER)
    if after is not None and not pauses:
        if word.kind is Kind.NOUN and after.kind is Kind.NOUN:
            score -= 0.9  # "tin | roof", the first half of a compound
        if word.kind in _DOING and after.kind in _DONE_TO:
            score -= 0.5  # a verb without its object
    return score + (0.4 if pauses else 0.0)


def fits(line: Sequence[Word], words: Sequence[Word]) -> bool:
    """Whether the line may stand alone: it opens and closes well and has something to say."""
    after = words[line[-1].place + 1] if line[-1].place + 1 < len(words) else None
    content = any(word.kind in _SAYING for word in line)
    before = words[line[0].place - 1] if line[0].place else None
    return content and opens(line[0], before) > NEVER / 2 and closes(line[-1], after) > NEVER / 2


def _is_english(key: str) -> bool:
    if key in lexicon.ADJECTIVES or key in lexicon.PREPOSITIONS:
        return True
    return key.endswith(("ed", "ing", "ous", "ful", "less", "ive", "able", "ible", "ish"))


def _stands_bare(noun: Word) -> bool:
    """Whether a noun needs no article: "in July", "of rain", "with hands"."""
    return noun.plural or noun.text[:1].isupper() or noun.key in lexicon.MASS | lexicon.NUMBERS


def _agrees(determiner: Word, right: Word) -> bool:
    key = determiner.key
    if right.key in lexicon.NUMBERS or (right.border is Border.NONE and right.text[:1].isupper()):
        return False
    if key in {"a", "an"}:
        vowel = right.key[:1] in _VOWELS and not right.key.startswith(_SOUNDS_LIKE_CONSONANT)
        if (key == "an") != (vowel or right.key.startswith(_SILENT_H)):
            return False
    if right.kind is not Kind.NOUN:
        return key not in lexicon.PLURAL_DETERMINERS
    if key in lexicon.SINGULAR_DETERMINERS:
        return not right.plural
    return right.plural or key not in lexicon.PLURAL_DETERMINERS
