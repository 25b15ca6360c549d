"""How long words sound, in the languages that makers count in.

English goes by `syllables.py`. German: groups of vowels, in which ei ai au äu eu ie and doubled
vowels sound as one (Duden, Die Grammatik, on syllable nuclei). Spanish: strong vowels make
syllables, weak ones join them unless they bear an accent (RAE, Ortografía de la lengua española,
2010, on diptongos e hiatos); between words a final and an initial vowel are one beat (sinalefa,
Navarro Tomás, Métrica española, 1956). Japanese: morae of the reading.
"""

import re

from agents.makers.japanese import morae
from agents.makers.languages import Language
from agents.makers.syllables import syllables
from agents.makers.words import Border, Word

_GERMAN_NUCLEI = re.compile("au|ei|ai|äu|eu|ie|aa|ee|oo|ey|ay|ou|[aeiouyäöü]")
_GERMAN_APART = re.compile(
    r"(?<=[mns])e(?=um)|(?<=l)i(?=e[ns]?$)(?<=[ai]li)|(?<=n)i(?=e[ns]?$)(?<=ini)|"
    r"(?<=er)i(?=en$)|(?<=[tsrnl])i(?=[ou])|(?<=^be)(?=urt|unr|ein|eil|end|irr|arb|ob)|"
    r"(?<=^ge)(?=irr|ehr|ein|eil|ord|üb|ä)|(?<=[aeo])(?=h)"
)
_SPANISH_VOWELS = "aeiouáéíóúü"
_SPANISH_GROUP = re.compile(f"[{_SPANISH_VOWELS}]+")
_STRONG = frozenset("aeoáéóíú")


def beats(word: Word, language: Language) -> int | None:
    """The syllables or morae of a word; None where its writing does not tell."""
    if language is Language.JAPANESE:
        return morae(word.sound) if word.sound and not _has_digits(word.text) else None
    if language in _RULES:
        key = word.key.replace("'", "")
        parts = [it for it in re.split("[-‑]", key) if it]
        if parts and all(it.isalpha() for it in parts):
            return sum(_RULES[language](it) for it in parts)
        return None
    return syllables(word.key, english=language is Language.ENGLISH)


def run_together(left: Word, right: Word, language: Language) -> int:
    """How many beats are lost where two words meet."""
    if language is not Language.SPANISH or right.border is not Border.NONE:
        return 0
    ends = left.key[-1] in _SPANISH_VOWELS or left.key.endswith("y")
    begins = right.key.removeprefix("h")[:1] in tuple(_SPANISH_VOWELS) or right.key == "y"
    return int(ends and begins)


def german_syllables(word: str) -> int:
    """The syllables of a German word by rule."""
    word = word.casefold().replace("qu", "q")
    return max(1, len(_GERMAN_NUCLEI.findall(_GERMAN_APART.sub(lambda it: it[0] + "|", word))))


def spanish_syllables(word: str) -> int:
    """The syllables of a Spanish word by rule."""
    word = word.casefold()
    word = re.sub("qu(?=[eiéí])|gu(?=[eiéí])", "g", word)
    word = re.sub(f"y(?![{_SPANISH_VOWELS}])", "i", word)
    return max(1, sum(map(_nuclei, _SPANISH_GROUP.findall(word))))


def _nuclei(group: str) -> int:
    return max(1, sum(vowel in _STRONG for vowel in group))


def _has_digits(text: str) -> bool:
    return any(map(str.isdigit, text))


_RULES = {Language.GERMAN: german_syllables, Language.SPANISH: spanish_syllables}
