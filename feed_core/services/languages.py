"""Which language a text is in, guessed cheaply: by its script, and in Latin ones by small words.

A short poem may hold none of the small words of its language. Then nothing is guessed, and the
member's own language stands; its maker can always choose another.
"""

import re
import unicodedata
from collections import Counter
from enum import StrEnum


class Language(StrEnum):
    """The languages that a maker can choose among, as ISO 639-1 writes them."""

    AUTO = "auto"  # told from the words
    AR = "ar"
    CS = "cs"
    DA = "da"
    DE = "de"
    EL = "el"
    EN = "en"
    ES = "es"
    FI = "fi"
    FR = "fr"
    HE = "he"
    HI = "hi"
    ID = "id"
    IT = "it"
    JA = "ja"
    KO = "ko"
    NL = "nl"
    PL = "pl"
    PT = "pt"
    RU = "ru"
    SV = "sv"
    TR = "tr"
    UK = "uk"
    VI = "vi"
    ZH = "zh"


READ = 2_000  # characters of a text that count
FEW = 2  # small words of a language from which on a text is in it
CLEARLY = 1.3  # times as many as of the next one

SCRIPTS = {  # the first word of a letter's Unicode name, and the language most often written so
    "CYRILLIC": "ru",
    "GREEK": "el",
    "HEBREW": "he",
    "ARABIC": "ar",
    "DEVANAGARI": "hi",
    "THAI": "th",
    "HANGUL": "ko",
    "HIRAGANA": "ja",
    "KATAKANA": "ja",
    "CJK": "zh",
}
# Letters that only one of the languages of a script has.
TELLING = {
    "uk": re.compile("[іїєґ]"),
    "fa": re.compile("[پچژگ]"),
    "vi": re.compile("[ơưđạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]"),
}
SMALL_WORDS = {
    "en": "the and of to is in that it was with for on you are this not his her they my at from",
    "de": "der die das und ist nicht ein eine ich du wir sie mit den dem im auf für von zu war",
    "es": "el la los las que y en un una es por con no se del al mi como pero su lo está",
    "fr": "le la les des et est un une je tu il elle nous vous que qui dans pour pas sur au ne ce",
    "it": "il lo gli che di e è un una non per con del della sono mi si ma come nel alla anche",
    "pt": "o os as que e de do da um uma não é em para com se por mais no na eu ao são",
    "nl": "de het een en is van ik je niet dat in op te met zijn er voor maar aan wij hij ook",
    "sv": "och att det som en ett är jag på inte har med för av den till vi du från men",
    "da": "og at det som en et er jeg på ikke har med for af den til vi du fra men der",
    "pl": "i w na nie z się jest to że do jak o ale za po co tak od jej mnie ma",
    "cs": "a v na je se že to s z do i ale jak tak pro po jsem byl není co už když",
    "tr": "ve bir bu da de için ile ne çok ben sen o gibi ama var değil daha olan kadar her",
    "fi": "ja on ei se että oli hän mutta kun niin minä sinä ovat tai myös kuin joka mitä olen",
    "id": "yang dan di ini itu dengan untuk tidak dari aku kamu ada pada ke adalah saya akan kami",
}
LANGUAGES_OF = {
    word: [language for language, words in SMALL_WORDS.items() if word in words.split()]
    for word in " ".join(SMALL_WORDS.values()).split()
}
WORD = re.compile(r"[^\W\d_]+")


def guess(text: str, *, otherwise: str) -> str:
    """The language of a text as ISO 639-1 writes it, or `otherwise` where it does not tell."""
    read = unicodedata.normalize("NFC", text[:READ]).casefold()
    script = _script(read)
    for language, letters in TELLING.items():
        if letters.search(read) and script == {"uk": "ru", "fa": "ar", "vi": ""}[language]:
            return language
    if script:
        return script
    counted = Counter(
        language for word in WORD.findall(read) for language in LANGUAGES_OF.get(word, ())
    ).most_common(2)
    if not counted or counted[0][1] < FEW:
        return otherwise
    if len(counted) > 1 and counted[0][1] < CLEARLY * counted[1][1]:
        return otherwise
    return counted[0][0]


def _script(text: str) -> str:
    """The language of the script that most letters are of; "" for Latin ones."""
    if text.isascii():
        return ""
    counted = Counter(
        SCRIPTS.get(unicodedata.name(letter, "").partition(" ")[0], "")
        for letter in text
        if unicodedata.category(letter)[0] == "L"
    )
    if counted["ja"] and counted["ja"] * 10 > counted["zh"]:  # its texts are full of Chinese ones
        return "ja"
    return counted.most_common(1)[0][0] if counted else ""
