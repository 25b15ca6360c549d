"""Which language a text is in, told by its script and its small words."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from agents.makers import lexicon


class Language(StrEnum):
    """The languages in which makers know words and sounds; all others are read by their marks."""

    ENGLISH = "en"
    GERMAN = "de"
    SPANISH = "es"
    JAPANESE = "ja"
    OTHER = "other"


EVERYWHERE = frozenset(Language)
LATIN = frozenset({Language.ENGLISH, Language.GERMAN, Language.SPANISH})
ENGLISH_ONLY = frozenset({Language.ENGLISH})


@dataclass(frozen=True, slots=True)
class SmallWords:
    """The words that hold a language together, by what they do."""

    determiners: frozenset[str]
    prepositions: frozenset[str]
    conjunctions: frozenset[str]
    pronouns: frozenset[str]
    auxiliaries: frozenset[str]
    adverbs: frozenset[str]

    @property
    def all(self) -> frozenset[str]:
        """Every one of them."""
        return (
            self.determiners
            | self.prepositions
            | self.conjunctions
            | self.pronouns
            | self.auxiliaries
            | self.adverbs
        )


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


GERMAN = SmallWords(
    determiners=_words(
        """
        der die das des dem den ein eine einen einem einer eines kein keine keinen keinem keiner
        mein meine meinen meinem meiner dein deine deinen deinem deiner sein seine seinen seinem
        seiner ihr ihre ihren ihrem ihrer unser unsere unseren unserem unserer euer eure dieser
        diese dieses diesem diesen jeder jede jedes jedem jeden alle allen aller manche viele
        welche welcher welches jene jener jenes beide
        """
    ),
    prepositions=_words(
        """
        in im ins an am ans auf aufs aus bei beim mit nach von vom vor zu zum zur über unter
        zwischen durch für gegen ohne um bis seit während wegen trotz hinter neben außer entlang
        gegenüber statt
        """
    ),
    conjunctions=_words(
        """
        und oder aber denn sondern weil dass daß ob wenn als wie während obwohl damit bevor nachdem
        bis sobald solange falls wo warum wohin woher wann
        """
    ),
    pronouns=_words(
        """
        ich du er sie es wir ihr man wer was mich dich sich uns euch mir dir ihm ihn ihnen
        niemand jemand etwas nichts alles
        """
    ),
    auxiliaries=_words(
        """
        bin bist ist sind seid war warst waren habe hast hat haben hatte hatten werde wird werden
        wurde wurden kann kannst können konnte muss musst müssen musste soll sollen sollte will
        willst wollen wollte darf dürfen mag mögen möchte würde wäre hätte nicht
        """
    ),
    adverbs=_words(
        """
        noch schon immer nie nur auch wieder heute morgen gestern jetzt dann dort hier da sehr so
        mehr ganz fast vielleicht zusammen allein draußen drinnen oben unten weg hin her doch mal
        eben gerade bald oft manchmal zurück heim zuhause
        """
    ),
)
SPANISH = SmallWords(
    determiners=_words(
        """
        el la los las un una unos unas lo este esta estos estas ese esa esos esas aquel aquella
        aquellos aquellas mi mis tu tus su sus nuestro nuestra nuestros nuestras cada todo toda
        todos todas otro otra otros otras ningún ninguna algún alguna muchos muchas pocos pocas
        """
    ),
    prepositions=_words(
        """
        a al ante bajo con contra de del desde en entre hacia hasta para por según sin sobre tras
        durante
        """
    ),
    conjunctions=_words(
        """
        y e o u pero sino porque que cuando mientras aunque si como donde ni pues qué cómo cuándo
        dónde quien quién
        """
    ),
    pronouns=_words(
        """
        yo tú él ella ello nosotros vosotros ellos ellas usted ustedes me te se nos os le les lo la
        nadie alguien algo nada
        """
    ),
    auxiliaries=_words(
        """
        soy eres es somos son era eras eran fue fueron ser estoy está están estaba estaban he has ha
        hemos han había habían hay puede pueden puedo quiero quiere voy va van no sea
        """
    ),
    adverbs=_words(
        """
        ya aún todavía siempre nunca también solo sólo muy más menos aquí allí ahí ahora hoy ayer
        mañana bien mal casi quizás tal vez tan tanto juntos después antes luego lejos cerca
        """
    ),
)
_ENGLISH = (
    lexicon.DETERMINERS
    | lexicon.PREPOSITIONS
    | lexicon.AUXILIARIES
    | lexicon.SUBJECTS
    | lexicon.CONJUNCTIONS
    | lexicon.OBJECTS
)
_SMALL = {
    Language.ENGLISH: _ENGLISH | lexicon.IMAGES | lexicon.VERBS | lexicon.ADJECTIVES,
    Language.GERMAN: GERMAN.all,
    Language.SPANISH: SPANISH.all,
}
_HINTS = {  # spellings that one of the three has and the others have not, or hardly
    Language.GERMAN: re.compile(r"[äöüß]|sch|cht\b|ei[nt]|ung\b|keit\b|heit\b|lich\b|chen\b"),
    Language.SPANISH: re.compile(
        r"[ñ¿¡áíóú]|ción\b|[aeo]s?\b(?<=[rdt][oa])|ue[rnls]|ll[aeo]|mente\b"
    ),
}
_KANA = re.compile("[\u3041-\u30ff]")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
LOOKED_AT = 400  # words
SURE = 0.18  # the share of known words from which on a text is in that language
_OTHER_SMALL = _words(  # of languages that look like one of the three
    "le les des du une est et dans avec sur pas il elle je vous não uma com em do da dos os a gli"
    " il che di per het een van niet och att det som är ikke og på jeg ve bir bu için"
)


def language_of(texts: Iterable[str]) -> Language:
    """The language of some texts together; OTHER where nothing tells."""
    joined = "\n".join(texts)[:20_000]
    kana = len(_KANA.findall(joined))
    letters = sum(map(str.isalpha, joined))
    if kana and kana * 4 >= letters:
        return Language.JAPANESE
    words = [it.casefold().replace("’", "'") for it in _WORD.findall(joined)[:LOOKED_AT]]
    if not words or not _is_latin(joined):
        return Language.OTHER
    scores = {
        language: sum(word in known for word in words) / len(words)
        for language, known in _SMALL.items()
    }
    for language, hint in _HINTS.items():
        hinted = sum(1 for word in words if hint.search(word))
        scores[language] += 0.7 * hinted / len(words)
    best = max(scores, key=lambda it: scores[it])
    foreign = sum(word in _OTHER_SMALL and word not in _SMALL[best] for word in words) / len(words)
    if scores[best] - 2 * foreign < SURE:
        return Language.OTHER
    return best


def _is_latin(text: str) -> bool:
    letters = [it for it in text if it.isalpha()]
    return sum(it < "\u0250" for it in letters) * 2 > len(letters)
