"""English words brought to a stem, so that "bought" finds "buy" and "hikes" finds "hiking".

A light form of Porter, "An algorithm for suffix stripping" (1980): plurals, -ed, -ing, -ly and a
final e or y, with a table for the verbs and nouns that suffixes cannot tell. A stem need not be a
word. Words of other languages lose at most an ending, in the query as in the text.
"""

import re
from functools import lru_cache

_VOWEL = re.compile(r"[aeiouy]")
_SHORT = re.compile(r"[^aeiou]*[aeiou][^aeiouwxy]")
_DOUBLED = re.compile(r"([b-df-hj-np-tv-z])\1$")

# The first of each group is what the others become.
IRREGULAR = """
arise arose arisen|be am is are was were been being|bear bore borne|beat beaten|become became
begin began begun|bend bent|bite bit bitten|bleed bled|blow blew blown|break broke broken
bring brought|build built|burn burnt|buy bought|catch caught|choose chose chosen|come came
cost|cut|deal dealt|dig dug|do does did done|draw drew drawn|dream dreamt|drink drank drunk
drive drove driven|eat ate eaten|fall fell fallen|feed fed|feel felt|fight fought|find found
fly flew flown|flies|forget forgot forgotten|forgive forgave forgiven|freeze froze frozen
get got gotten|give gave given|go goes went gone|grow grew grown|hang hung|have has had|hear heard
hide hid hidden|hit|hold held|hurt|keep kept|know knew known|lead led|lean leant|learn learnt
leave left|lend lent|let|lie lay lain|light lit|lose lost loss|make made|mean meant|meet met
pay paid|put|quit|read|ride rode ridden|ring rang rung|rise rose risen|run ran|say said|see saw seen
seek sought|sell sold|send sent|set|shake shook shaken|shine shone|shoot shot|show shown
sing sang sung song|sink sank sunk|sit sat|sleep slept|slide slid|speak spoke spoken|spend spent
spin spun|stand stood|steal stole stolen|stick stuck|strike struck|swear swore sworn|sweep swept
swim swam swum|swing swung|take took taken|teach taught|tear tore torn|tell told
think thought|throw threw thrown|understand understood|wake woke woken|wear wore worn
weave wove woven|win won winner|wind wound|write wrote written|child children kid kids|man men
woman women|person people|foot feet|tooth teeth|mouse mice|goose geese|wife wives|life lives
knife knives|leaf leaves|half halves|shelf shelves|wolf wolves|good better best|bad worse worst
haiku haikus|mother mom mum mommy mama|father dad daddy papa|grandmother grandma granny nana
grandfather grandpa granddad|photo photograph picture pic photos pictures pics|bike bicycle
tv television|fridge refrigerator|marry married marriage|movie film movies films
decide decision decisions|choice choices|die died dies dying death|use used uses using
fail failure|move moved moving|love loves loved loving like likes liked enjoy enjoys enjoyed
"""


@lru_cache(maxsize=1)
def _irregular() -> dict[str, str]:
    groups = [group.split() for line in IRREGULAR.split("\n") for group in line.split("|")]
    return {word: group[0] for group in groups if group for word in group}


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The stem of a folded word; the word itself when it is not of Latin letters or is short."""
    word = _irregular().get(word, word)
    if len(word) < 4 or not (word.isascii() and word.isalpha()):
        return word
    word = _without_ending(_singular(word))
    if len(word) > 4 and word.endswith("e"):
        word = word[:-1]
    if len(word) > 3 and word.endswith("y"):
        word = word[:-1] + "i"
    return word


def _singular(word: str) -> str:
    if word.endswith("sses"):
        return word[:-2]
    if word.endswith(("ies", "ied")):
        return word[:-3] + "y" if len(word) > 4 else word[:-1]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def _without_ending(word: str) -> str:
    for ending in ("ingly", "edly", "ing", "ed", "ly", "ness", "ment"):
        bare = word[: -len(ending)]
        if word.endswith(ending) and len(bare) > 2 and _VOWEL.search(bare):
            if ending in {"ing", "ed"} and _DOUBLED.search(bare) and bare[-1] not in "lsz":
                return bare[:-1]
            short = ending in {"ing", "ed"} and _SHORT.fullmatch(bare)  # "hik", "mov"
            return _irregular().get(bare, f"{bare}e" if short else bare)
    return word
