"""Texts as rules read them: without what disguises a word."""

import re
import unicodedata

import re2

UNSEEN = re2.compile("[\\p{Cf}\u115f\u1160\u3164\uffa0\u2800]")  # drawn as nothing
# Marks that belong to no script: an accent of a letter is composed with it before they are taken.
MARKS = re2.compile(
    "[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f]+"
)
SPELLED = re.compile(r"(?<!\w)\w(?:[ .\-_*|/]\w){2,20}(?!\w)")
# Letters that look like Latin ones, as Unicode's confusables.txt pairs them (UTS #39), casefolded;
# of those that look like two, the likelier.
ALIKE = {
    "авгекмнорстухьѕіјѡѵүһҽӏԁԍԛԝ": "abrekmhopctyxbsijwvyheldgqw",  # Cyrillic
    "αβγεζηικμνορστυχϝϳϻ": "abyezhikmvopotuxfjm",  # Greek
    "աgզհոռստցքօ": "wgqhnnusgfo",  # Armenian
    "ıƅǀɑɡɣɩɪɯʀʋʏʝᴄᴏᴜᴠᴡᴢꜱꭓ": "iblagyiiwruyjcouvwzsx",  # Latin
}
LATIN = {
    ord(it): like
    for letters, latin in ALIKE.items()
    for it, like in zip(letters, latin, strict=True)
}
OTHERS = re.compile("[\u0370-\u058f]")  # Greek, Cyrillic, Armenian
FIGURES = str.maketrans("013457@$", "oleastas")
# Pairs that look alike in small letters, or in capitals ("I" is read as "l").
PAIRS = (("rn", "m"), ("vv", "w"), ("i", "l"))
WORD = re.compile(r"[\w@$]+")
TELLING = re.compile(r"[\d@$]|[^\x00-\x7f]")
LETTER = re.compile(r"[^\W\d_]")


def shown(text: str) -> str:
    """The text without characters that only format or are drawn as nothing."""
    return text if text.isascii() else unicodedata.normalize("NFKC", UNSEEN.sub("", text))


def folded(text: str) -> str:
    """The text as shown, without case, loose marks or kinds of white space."""
    seen = shown(text)
    bare = seen if seen.isascii() else MARKS.sub("", seen)
    return " ".join(bare.casefold().split())


def undisguised(text: str) -> str:
    """A folded text with look-alike letters read as Latin, and spelled out words joined.

    A word that has Latin letters too is read so always; one that has none ("сор", which is
    Russian) where no letter of the whole text says that its script is meant.
    """
    meant = any(ord(it) not in LATIN for it in OTHERS.findall(text))

    def read(word: re.Match[str]) -> str:
        found = word[0]
        if not TELLING.search(found) or not LETTER.search(found):
            return found
        if not meant or re.search("[a-z]", found):
            found = found.translate(LATIN)
        return found.translate(FIGURES)

    joined = SPELLED.sub(lambda it: re.sub(r"[\W_]", "", it[0]), text)
    return WORD.sub(read, joined) if TELLING.search(joined) else joined


def skeleton(name: str) -> str:
    """What two names have in common that look alike (a skeleton, as in UTS #39).

    Nothing is left of a name without letters or figures.
    """
    bare = unicodedata.normalize(
        "NFC", MARKS.sub("", unicodedata.normalize("NFKD", name)).lstrip("@#")
    )
    told = re.sub(r"[\W_]", "", undisguised(folded(bare)))
    for pair, like in PAIRS:
        told = told.replace(pair, like)
    return told
