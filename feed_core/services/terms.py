"""The terms of a text: what is indexed of it, and what a search for it looks up."""

import re
import unicodedata

LONGEST = 64  # characters of one term that count

# Scripts without spaces between words: Chinese, Japanese, Thai, Lao, Burmese, Khmer; and Korean.
UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u1100-\u11ff\u3005-\u3007\u3040-\u312f\u3130-\u318f"
    "\u31a0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff"
    "\U0001b000-\U0001b16f\U00020000-\U0003ffff"
)
RUNS = re.compile(f"([{UNSPACED}]+)")
DIACRITICS = re.compile("[\u0300-\u036f]+")  # of Latin, Greek and Cyrillic letters
INVISIBLE = re.compile(  # Unicode's Default_Ignorable_Code_Point
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]+"
)


def terms(text: str) -> list[str]:
    """The terms of a text in its order, the same ones for every way to write the same words.

    Words are letters, digits and marks, compatibility forms and cases folded as Unicode's caseless
    matching does (section 3.13, D146). A word with diacritics is followed by the word without.
    Of a run of Chinese, Japanese, Korean or another unspaced script every character and every pair
    of neighbours is a term, so that any piece of it finds it. A symbol such as 🌧 is a term too.
    What cannot be seen counts for nothing. No term holds a space, ASCII punctuation or a NUL.
    """
    known: dict[str, list[str]] = {}  # long texts say the same words again and again
    found: list[str] = []
    for word in _words(text):
        if word not in known:
            known[word] = _of_word(word)
        found.extend(known[word])
    return found


def _of_word(word: str) -> list[str]:
    if word.isascii():
        return [word[:LONGEST]]
    found: list[str] = []
    for piece in filter(None, RUNS.split(word)):
        found.extend(_pairs(piece) if RUNS.match(piece) else _with_bare(piece[:LONGEST]))
    return found


def _words(text: str) -> list[str]:
    if text.isascii():
        folded = text.lower()
    else:
        folded = unicodedata.normalize("NFD", INVISIBLE.sub("", text)).casefold()
        folded = unicodedata.normalize("NFKC", folded).casefold()
        folded = INVISIBLE.sub("", unicodedata.normalize("NFKC", folded))
    # One look at each different character is much quicker than one at each.
    return folded.translate({ord(it): _spaced(it) for it in set(folded)}).split()


def _spaced(character: str) -> str:
    """What stands in place of a character, so that words are what stands between spaces."""
    category = unicodedata.category(character)
    if category[0] in "LNM":
        return character
    return f" {character} " if category == "So" else " "


def _with_bare(word: str) -> list[str]:
    """A word, and without its diacritics; nothing for marks that stand on no letter."""
    bare = DIACRITICS.sub("", unicodedata.normalize("NFD", word))
    if not bare:
        return []
    return list(dict.fromkeys((word, unicodedata.normalize("NFC", bare))))


def _pairs(run: str) -> list[str]:
    found = []
    for at, character in enumerate(run):
        found.append(character)
        found.append(run[at : at + 2])
    return found[:-1]  # behind the last character there is none
