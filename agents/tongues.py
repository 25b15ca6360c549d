"""What languages are called: in English, in German, in Spanish and by those who speak them."""

import re
from dataclasses import dataclass

from feed_core.errors import Refusal
from feed_core.services.languages import Language

ANY = ("any", "auto", "egal", "cualquiera")
SHOWN = 40  # characters of what cannot be read that are shown again

NAMES = {  # the first is the one that models and people are told
    Language.AR: "Arabic arabisch árabe العربية",
    Language.CS: "Czech tschechisch checo čeština česky",
    Language.DA: "Danish dänisch danés dansk",
    Language.DE: "German deutsch alemán",
    Language.EL: "Greek griechisch griego ελληνικά",
    Language.EN: "English englisch inglés",
    Language.ES: "Spanish spanisch español castellano",
    Language.FI: "Finnish finnisch finlandés finés suomi suomeksi",
    Language.FR: "French französisch francés français",
    Language.HE: "Hebrew hebräisch hebreo עברית",
    Language.HI: "Hindi हिन्दी",
    Language.ID: "Indonesian indonesisch indonesio bahasa",
    Language.IT: "Italian italienisch italiano",
    Language.JA: "Japanese japanisch japonés 日本語",
    Language.KO: "Korean koreanisch coreano 한국어",
    Language.NL: "Dutch niederländisch neerlandés holandés nederlands",
    Language.PL: "Polish polnisch polaco polski polsku",
    Language.PT: "Portuguese portugiesisch portugués português",
    Language.RU: "Russian russisch ruso русский русски",
    Language.SV: "Swedish schwedisch sueco svenska",
    Language.TR: "Turkish türkisch turco türkçe",
    Language.UK: "Ukrainian ukrainisch ucraniano українська українською",
    Language.VI: "Vietnamese vietnamesisch vietnamita việt",
    Language.ZH: "Chinese chinesisch chino mandarin 中文",
}
CALLED = {name.casefold(): it for it, names in NAMES.items() for name in names.split()}


@dataclass(eq=False)
class UnknownLanguage(Refusal):
    """No language that is known here is named in what was typed."""

    typed: str
    code = "unknown_language"


def read_language(typed: str) -> Language:
    """The first language that is named, or a code alone; AUTO where any will do.

    Raises:
        UnknownLanguage: none is.
    """
    words = re.findall(r"[^\W\d_]+(?:[\u0300-\u036f\u0900-\u097f]+[^\W\d_]*)*", typed.casefold())
    named = next((CALLED[it] for it in words if it in CALLED), None)
    if named is not None:
        return named
    if len(words) == 1 and words[0] in set(Language):
        return Language(words[0])
    if any(it in ANY for it in words):
        return Language.AUTO
    raise UnknownLanguage(typed.strip()[:SHOWN])


def name_of(language: str) -> str:
    """What a language is called in English."""
    return NAMES[Language(language)].partition(" ")[0]
