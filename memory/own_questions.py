"""Reads questions that members ask about themselves: where do I live, what is my dog called?

By rules, in the languages in which they say such things (`memory.patterns`). A question counts when
a pattern matches it whole, so that no request for something else is taken for one.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from feed_core.services.terms import terms
from memory.claims import FAVOURITE, TASTE
from memory.remembered import Remembered
from memory.statements import QUESTION, slot_of, subject_of
from memory.stemming import stem

LONGEST = 200  # characters of a question that is looked at
LEADING = 5  # words that may stand before what a request names
CLAUSE_ENDS = (",", ".", ":", ";", "!")
ASIDE = re.compile(  # what stands behind it
    r"(?:,? (?:please|for good|again|bitte|wieder|por favor))+[.!]*$"
    r"|(?:のこと|こと)?[をは]?忘れて.*$",
    re.IGNORECASE,
)

# What else is here that is somebody's and has a name or a number: other acts tell of it.
HERE = (
    r"(?!(?:\w+ )?(?:agent|drafts?|creations?|makers?|remix(?:es)?|threads?|posts?|jams?|digests?|"
    r"feed|orders?|proposals?|memor(?:y|ies)|comments?|entw\w+|werke?|obras?|borrador\w*)\b|#|\d)"
)
BEINGS = (
    r"(?P<what>(?:pet|dog|cat|rabbit|horse|bird|parrot|hamster|brother|sister|sibling|son|daughter|"
    r"kid|wife|husband|partner)s?|child(?:ren)?)"
)

ENGLISH_LEAD = (
    r"(?:(?:so|and|hey|hi|please|well|tell me|remind me|say)[,:]? +)*"
    r"(?:(?:do|can|could|would) you (?:please |still |even )*(?:remember|know|recall|tell me|say)"
    r"(?: again)?,? +)?"
)
ENGLISH = (
    ("home", r"where (?:do i|i|am i) (?:live|living|reside)"),
    ("home", r"(?:in )?(?:what|which) (?:city|town|country|place|village) (?:do i|i) live(?: in)?"),
    ("home", r"(?:what|where)(?: is|['’]s) my (?:home|home ?town|address|city)"),
    ("job", r"(?:where|what) (?:do i|i) work(?: as)?"),
    ("job", r"(?:who(?:m)? (?:do i|i) work for|what (?:do i|i) do(?: for (?:a living|work)))"),
    ("job", r"what(?: is|['’]s) my (?:job|profession|work|occupation)|what my (?:job|work) is"),
    ("name", r"what(?: is|['’]s) my (?:own )?name|what my name is|my name"),
    ("name", r"(?:what|how) am i called|who am i|who i am"),
    ("age", r"how old (?:am i|i am)|what(?: is|['’]s) my age"),
    ("birthday", r"when(?: is|['’]s) my birthday|when my birthday is"),
    ("birthday", r"when (?:was i|i was) born|what(?: is|['’]s) my (?:birthday|date of birth)"),
    ("origin", r"where (?:am i|i am|do i come|i come) from|where (?:was i|i was) born"),
    (
        "favourite",
        r"(?:what|which|who)(?: is| are|['’]s) my favou?rite "
        rf"{HERE}(?P<what>[\w ]{{1,40}})"
        rf"|what my favou?rite {HERE}(?P<also>[\w ]{{1,40}}?) (?:is|are)"
        r"|(?:what|which) (?P<most>\w{1,40}) do i (?:like|love) (?:the )?(?:most|best)",
    ),
    (
        "called",
        rf"(?:what|who)(?: is|['’]s) (?:the name of my {HERE}(?P<what>[\w ]{{1,30}})"
        rf"|my {HERE}(?P<also>[\w ]{{1,30}}?)(?:['’]s name| called| named))"
        rf"|what my {HERE}(?P<most>[\w ]{{1,30}}?)(?:['’]s name is| is called)",
    ),
    ("taste", r"(?:what(?: things)?|which things) (?:do i|i) (?:like|love|enjoy|hate|dislike)"),
    ("taste", rf"do i (?:really )?(?:like|love|enjoy|hate|dislike) {HERE}(?P<what>[\w ]{{1,40}})"),
    (
        "",
        rf"(?:do i have (?:an? |any )?|(?=.* do i have$)(?:what|which|how many) ){BEINGS}"
        r"(?: do i have)?",
    ),
)
GERMAN_LEAD = (
    r"(?:(?:und|also|sag(?: mal| mir)?|bitte|hallo)[,:]? +)*"
    r"(?:(?:weißt du|erinnerst du dich)(?: noch| daran)*,? +)?"
)
GERMAN = (
    ("home", r"(?:wo|in welcher stadt) (?:wohne|lebe) ich|wo ich (?:wohne|lebe)"),
    ("job", r"(?:wo|als was|was|bei wem) arbeite ich|wo ich arbeite|was mache ich beruflich"),
    ("job", r"was ist mein(?:e)? (?:beruf|job|arbeit)|was mein(?:e)? (?:beruf|arbeit) ist"),
    ("name", r"wie hei(?:ß|ss)e ich|wie ich hei(?:ß|ss)e|wie ist mein name|wer bin ich"),
    ("age", r"wie alt (?:bin ich|ich bin)"),
    ("birthday", r"wann (?:habe ich|ist mein) geburtstag|wann ich geburtstag habe"),
    ("birthday", r"wann (?:bin|wurde) ich geboren"),
    ("origin", r"woher (?:komme ich|ich komme)|wo (?:bin|wurde) ich geboren"),
    (
        "favourite",
        r"(?:was|welche[rs]?|wie) (?:ist|sind|hei(?:ß|ss)t) meine? lieblings(?P<what>\w+)"
        r"|was meine? lieblings(?P<also>\w+) (?:ist|sind)",
    ),
    (
        "called",
        rf"wie hei(?:ß|ss)t meine? {HERE}(?P<what>\w+)|wie meine? {HERE}(?P<also>\w+) hei(?:ß|ss)t"
        r"|wie ist der name mein(?:er|es) (?P<most>\w+)",
    ),
    ("taste", r"was (?:mag|liebe|hasse) ich(?: (?:gern|gerne|nicht))?"),
    ("taste", r"mag ich (?P<what>[\w ]{1,40})"),
    ("", r"habe ich (?:eine?n? )?(?P<what>haustiere?|hunde?|katzen?|kinder|geschwister)"),
)
SPANISH_LEAD = (
    r"(?:(?:y|oye|hola|dime|por favor)[,:]? +)*(?:(?:sabes|recuerdas|te acuerdas de),? +)?"
)
SPANISH = (
    ("home", r"(?:d[oó]nde|en qu[eé] ciudad) vivo(?: yo)?"),
    ("job", r"(?:d[oó]nde|en qu[eé]|de qu[eé]|para qui[eé]n) trabajo|a qu[eé] me dedico"),
    ("job", r"cu[aá]l es mi (?:trabajo|profesi[oó]n|oficio)"),
    ("name", r"c[oó]mo me llamo|cu[aá]l es mi nombre|qui[eé]n soy(?: yo)?"),
    ("age", r"cu[aá]ntos años tengo|qu[eé] edad tengo"),
    ("birthday", r"cu[aá]ndo (?:es|cae) mi cumpleaños|cu[aá]ndo nac[ií]"),
    ("origin", r"de d[oó]nde (?:soy|vengo)|d[oó]nde nac[ií]"),
    (
        "favourite",
        r"cu[aá]l(?:es)? (?:es|son) mis? (?P<what>[\w ]{1,40}?) (?:favorit|preferid)[oa]s?",
    ),
    (
        "called",
        rf"c[oó]mo se llaman? mis? {HERE}(?P<what>\w+)"
        rf"|cu[aá]l es el nombre de mis? {HERE}(?P<also>\w+)",
    ),
    ("taste", r"qu[eé] (?:cosas )?(?:no )?me (?:gustan?|encantan?)|qu[eé] (?:odio|detesto)"),
)
FRENCH_LEAD = r"(?:(?:et|dis(?:-moi)?|s['’]il te plaît)[,:]? +)*(?:(?:tu sais|te souviens-tu),? +)?"
FRENCH = (
    ("home", r"o[uù] (?:est-ce que )?(?:j['’]habite|je vis)|o[uù] habit[eé]-je"),
    ("job", r"o[uù] (?:est-ce que )?je travaille|quel est mon (?:m[eé]tier|travail)"),
    ("name", r"comment (?:est-ce que )?je m['’]appelle|quel est mon nom|qui suis-je"),
    ("age", r"quel [aâ]ge (?:ai-je|j['’]ai)"),
    ("birthday", r"(?:c['’]est )?quand (?:est|c['’]est)?(?: ?mon anniversaire)"),
    ("origin", r"d['’]o[uù] (?:est-ce que )?je viens"),
    (
        "favourite",
        r"quel(?:le)?s? (?:est|sont) m(?:on|a|es) (?P<what>[\w ]{1,40}?) pr[eé]f[eé]r[eé]e?s?",
    ),
    ("called", r"comment s['’]appelle m(?:on|a) (?P<what>\w+)"),
    ("taste", r"qu['’]est-ce que j['’]aime"),
)
ME = r"(?:ねえ、?)?(?:(?:私|僕|俺|わたし|ぼく)(?:は|って|の)、?)?"
ASKED = (
    r"(?:です|だ|でした|だった)?(?:か|っけ|の|かな|か(?:知って|覚えて)(?:い)?(?:る|ます)(?:か)?)?"
)
JAPANESE = (
    (
        "home",
        rf"{ME}どこに住ん(?:で(?:い)?(?:る|ます|た|ました)|でる){ASKED}|{ME}住所は(?:どこ)?{ASKED}",
    ),
    ("job", rf"{ME}(?:仕事|職業)は(?:何|なに|なん)?{ASKED}"),
    ("job", rf"{ME}どこで働いて(?:い)?(?:る|ます){ASKED}"),
    ("name", rf"{ME}名前は(?:何|なに|なん)?{ASKED}|(?:私|僕|俺)は(?:誰|だれ){ASKED}"),
    ("age", rf"{ME}(?:何歳|いくつ){ASKED}"),
    ("birthday", rf"{ME}誕生日は(?:いつ)?{ASKED}"),
    ("origin", rf"{ME}(?:出身は(?:どこ)?|どこの出身){ASKED}"),
    (
        "called",
        rf"{ME}(?:うちの)?(?P<what>娘|息子|母|父|妻|夫|兄|弟|姉|妹|犬|猫)の名前は(?:何|なに|なん)?{ASKED}",
    ),
    ("favourite", rf"{ME}(?:一番)?好きな(?P<what>.{{1,20}}?)は(?:何|なに|なん|どれ|誰)?{ASKED}"),
)
ANIMALS = """
pet pets dog cat rabbit horse bird parrot hamster hund katze kater haustier perro perra gato gata
mascota chien chat chatte 犬 猫
"""
PETS = frozenset(map(stem, ANIMALS.split()))
BEING = ("called", "have", "")  # slots of what tells of people and animals
ANY_PET = frozenset(map(stem, ("pet", "pets", "haustier", "haustiere", "mascota", "mascotas")))


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks about themselves: its slot (`Claim.slot`), "" where words alone tell.

    `what`: the subject in their words, of a favourite, a liking, a relative, an animal, a thing.
    """

    kind: str
    what: str = ""

    @property
    def slot(self) -> str:
        """The slot that answers it."""
        match self.kind:
            case "favourite":
                return f"{FAVOURITE}{subject_of(self.what)}"
            case "called":
                return f"called {self.what.casefold()}"
            case "taste" if self.what:
                return f"{TASTE}{subject_of(self.what)}"
            case _:
                return self.kind

    def nearly(self, *, slot: str, text: str) -> bool:
        """Whether a memory of this slot and text answers it, though it is of another slot."""
        if self.kind == "taste" and not self.what:
            return slot.startswith((TASTE, FAVOURITE))
        if self.kind == "job":
            return slot == "am"
        if self.what:
            said = set(map(stem, terms(text)))
            wanted = frozenset(map(stem, terms(self.what)))
            wanted = PETS if wanted & ANY_PET else wanted
            kinds = ("taste", "favourite") if self.kind in ("taste", "favourite") else BEING
            return slot.partition(" ")[0] in kinds and bool(said & wanted)
        return False


def read(text: str) -> Asked | None:
    """What a text asks that its writer asks about themselves; None where it is something else."""
    if len(text) > LONGEST:
        return None
    said = text.strip().strip("¿?？!.…。 \t").strip()
    for kind, pattern in PATTERNS:
        if match := pattern.fullmatch(said):
            what = next((it for it in match.groupdict().values() if it), "")
            return Asked(kind, what.strip())
    return None


def named(text: str) -> Asked | None:
    """What a request for something known of its writer names: "forget where I live, please"."""
    words = ASIDE.sub("", text.strip()).split()
    if QUESTION.search(text):  # "forget it, where do I live?"
        return None
    for first in range(min(len(words), LEADING)):
        if first > 1 and words[first - 1].endswith(CLAUSE_ENDS):
            break
        rest = " ".join(words[first:])
        if asked := read(rest) or read(f"what is {rest}"):
            return asked
    return None


def answering(asked: Asked, kept: Sequence[Remembered]) -> Sequence[Remembered]:
    """The memories that answer it, newest first: those of its slot, else those that nearly do."""
    slots = [it.slot or slot_of(it.text) for it in kept]
    if exact := [it for it, slot in zip(kept, slots, strict=True) if slot and slot == asked.slot]:
        return exact
    return [
        it for it, slot in zip(kept, slots, strict=True) if asked.nearly(slot=slot, text=it.text)
    ]


def _compiled() -> Sequence[tuple[str, re.Pattern[str]]]:
    told = (
        (ENGLISH_LEAD, ENGLISH, r"(?: (?:again|please|now|exactly))*"),
        (GERMAN_LEAD, GERMAN, r"(?: (?:noch|nochmal|eigentlich|gerade|bitte))*"),
        (SPANISH_LEAD, SPANISH, r"(?: (?:yo|ahora))?"),
        (FRENCH_LEAD, FRENCH, r""),
        (r"", JAPANESE, r""),
    )
    return [
        (kind, re.compile(rf"{lead}(?:{asked}){end}", re.IGNORECASE))
        for lead, patterns, end in told
        for kind, asked in patterns
    ]


PATTERNS = _compiled()
