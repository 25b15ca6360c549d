"""How people say things of themselves, in English, German, Spanish, French and Japanese.

Each pattern matches a whole sentence or clause, without its end mark, and gives the slot that it
answers: a group `what` is what it is about. The first that matches counts.
"""

import re
from collections.abc import Sequence

from feed_core.models.memories import MemoryKind

Pattern = tuple[MemoryKind, str, re.Pattern[str]]

COUNT = r"(?:an?|one|two|three|four|five|six|seven|eight|nine|ten|\d{1,3})"
RELATION = (
    r"(?P<what>(?:grand)?(?:mother|father)|mum|mom|dad|(?:older |younger |little |big )?"
    r"(?:brother|sister)|(?:grand)?(?:son|daughter)|(?:grand)?child|kid|wife|husband|partner|"
    r"(?:girl|boy)?friend|aunt|uncle|cousin|boss|dog|cat|rabbit|horse|bird|parrot|hamster)"
)
VERWANDT = (
    r"(?P<what>Mutter|Vater|Oma|Opa|Bruder|Schwester|Tochter|Sohn|Kind|Frau|Mann|Freundin|Freund|"
    r"Tante|Onkel|Hund|Katze|Kater)"
)
PARIENTE = (
    r"(?P<what>madre|padre|abuel[oa]|herman[oa]|hij[oa]|espos[oa]|marido|mujer|novi[oa]|amig[oa]|"
    r"perr[oa]|gat[oa])"
)
PROCHE = r"(?P<what>mère|père|frère|sœur|fille|fils|femme|mari|copine|copain|amie?|chien|chatte?)"
SOFT = r"(?:(?:really|absolutely|also|still|just|now|truly|simply|even|always|currently|only) )*"
AM = r"(?:'m|’m| am)"
NOT_AN = r"(?!(?:bit|little|lot|few|while|moment|mess|question|problem)\b)"

FACTS = (
    ("home", rf"I {SOFT}(?:live|reside) (?:now )?(?:in|at|near|on) .+"),
    ("home", rf"I(?:'ve|’ve| have)? {SOFT}(?:recently )?moved (?:back )?(?:to|into) .+"),
    ("home", rf"I{AM} {SOFT}(?:living|based) in .+"),
    ("home", r"I (?:no longer|don['’]t|do not) live (?:in|at|near) .+"),
    ("origin", rf"I{AM} (?:originally )?from .+"),
    ("name", r"(?:my name(?: is|'s|’s)|I(?:'m|’m| am) called|(?:please )?call me) .{1,60}"),
    ("age", rf"I{AM} {SOFT}\d{{1,3}}(?: years old)?(?: now)?"),
    ("age", r"I(?:'ve|’ve| have)? (?:just )?turned \d{1,3}(?: .{1,30})?"),
    ("birthday", r"(?:my birthday is|I was born) (?:on|in) .+"),
    ("job", rf"I {SOFT}work (?:as|at|for|in) .+"),
    ("job", rf"I{AM} {SOFT}(?:working) (?:as|at|for) .+"),
    ("job", r"my (?:job|profession|work) is .+"),
    ("called", rf"my {RELATION}(?: is|'s|’s) (?:called|named|not) .+"),
    ("called", rf"my {RELATION}(?:'s|’s) name is .+"),
    ("", rf"my {RELATION} (?:is|has|was|lives|works|plays|loves|likes|died|studies) .+"),
    ("am", rf"I{AM} {SOFT}(?:an? |not an? |no longer an? ){NOT_AN}(?!fan\b|big fan\b).+"),
    (
        "am",
        rf"I{AM} {SOFT}(?:not )?(?:vegetarian|vegan|left-handed|right-handed|married|single|"
        r"divorced|retired|deaf|blind|dyslexic|colou?r-?blind|pregnant|allergic to .+|"
        r"diabetic|autistic|unemployed)(?: .{1,40})?",
    ),
    ("have", rf"I (?:now |also )*have {COUNT} (?!question|idea|problem|feeling|look|request).+"),
    ("have", rf"we (?:now |also )*have {COUNT} (?:cats?|dogs?|children|kids|sons?|daughters?).*"),
    (
        "",
        rf"I {SOFT}(?:speak|play|collect|study|teach|knit|paint|grow|own|keep|run|sing|dance|"
        r"garden|cook|bake|train|swim|climb) (?!this|that|it\b|you|to\b).+",
    ),
    ("", r"I (?:can['’]t|cannot|don['’]t|do not|never) (?:eat|drink|drive|speak|smoke|swim) .+"),
    ("", r"I (?:no longer|stopped|quit|gave up) (?!this|that|it\b).+"),
)
TATSACHEN = (
    ("home", r"ich (?:wohne|lebe)(?: \w+)? in .+"),
    ("home", r"ich (?:wohne|lebe) (?:nicht mehr|nicht) in .+"),
    ("home", r"ich bin (?:\w+ )?nach .+ (?:um)?gezogen"),
    ("origin", r"ich komme (?:\w+ )?aus .+"),
    ("name", r"(?:ich hei(?:ß|ss)e|mein Name ist) .{1,60}"),
    ("age", r"ich bin (?:\w+ )?\d{1,3}(?: Jahre alt)?"),
    (
        "birthday",
        r"(?:mein Geburtstag ist|ich habe|ich wurde|ich bin) .{0,30}(?:Geburtstag|geboren)",
    ),
    ("job", r"ich arbeite (?:\w+ )?(?:als|bei|in|im|für) .+"),
    ("job", r"mein(?:e)? (?:Beruf|Arbeit) ist .+"),
    ("called", rf"meine? {VERWANDT} hei(?:ß|ss)t .+"),
    ("", rf"meine? {VERWANDT} (?:ist|hat|wohnt|arbeitet|spielt|mag) .+"),
    ("am", r"ich bin (?:kein(?:e)? |eine? )?(?-i:[A-ZÄÖÜ])\w+.{0,80}"),
    ("have", r"ich habe (?:eine?n?|zwei|drei|vier|fünf|\d{1,3}) (?!Frage|Idee|Problem|Bitte).+"),
    ("", r"ich (?:spreche|spiele|sammle|studiere|unterrichte|singe) (?!das|dies|es\b).+"),
)
HECHOS = (
    ("home", r"(?:yo )?(?:ahora |ya no )?vivo (?:ahora )?(?:en|cerca de) .+"),
    ("home", r"(?:ya )?me (?:mudé|he mudado) a .+"),
    ("origin", r"(?:yo )?soy de .+"),
    ("name", r"(?:me llamo|mi nombre es) .{1,60}"),
    ("age", r"tengo \d{1,3} años"),
    ("birthday", r"(?:mi cumpleaños es|nací) (?:el|en) .+"),
    ("job", r"(?:ahora )?trabajo (?:como|en|de|para) .+"),
    ("called", rf"mi {PARIENTE} se llama .+"),
    ("", rf"mi {PARIENTE} (?:es|tiene|vive|trabaja|toca) .+"),
    ("am", r"(?:yo )?(?:ya no )?(?:no )?soy (?!yo\b|tu\b).+"),
    ("have", r"tengo (?:una?|dos|tres|cuatro|cinco|\d{1,3}) (?!pregunta|idea|problema).+"),
    ("", r"(?:hablo|toco|colecciono|estudio|enseño|canto) (?!esto|eso).+"),
)
FAITS = (
    ("home", r"(?:j['’]habite|je vis) (?:maintenant )?(?:à|en|au|dans) .+"),
    ("home", r"j['’]ai déménagé (?:à|en|au) .+"),
    ("origin", r"je (?:viens|suis originaire) d[e'’u].+"),
    ("name", r"(?:je m['’]appelle|mon nom est) .{1,60}"),
    ("age", r"j['’]ai \d{1,3} ans"),
    ("job", r"je travaille (?:comme|chez|pour|dans|à) .+"),
    ("called", rf"m(?:a|on) {PROCHE} s['’]appelle .+"),
    ("am", r"je suis (?:une? )?(?!d['’]accord|désolé|en train|sûr).+"),
    ("have", r"j['’]ai (?:une?|deux|trois|quatre|\d{1,3}) (?!question|idée|problème).+"),
)
ME = r"(?:(?:私|僕|俺|わたし|ぼく)(?:は|も)、?)?(?:今は|もう|実は)?、?"
JIJITSU = (
    ("home", rf"{ME}.{{1,40}}に住んで(?:い)?(?:る|ます|ません|ない)"),
    ("home", rf"{ME}.{{1,40}}に引っ越し(?:た|ました)"),
    ("called", r"(?:私の|うちの)?(?P<what>娘|息子|母|父|妻|夫|兄|弟|姉|妹|犬|猫)の名前は.{1,30}"),
    ("name", r"(?:(?:私|僕)の)?名前は.{1,30}(?:です|だ)"),
    ("name", r".{1,30}と申します"),
    ("age", rf"{ME}\d{{1,3}}歳(?:です|だ)?"),
    ("job", r"(?:(?:私|僕)の)?仕事は.{1,40}(?:です|だ)"),
    ("am", r"(?:私|僕|俺|わたし|ぼく)は.{1,40}(?:です|ではありません|じゃない|だ)"),
)
NO_THING = (
    r"(?!(?:it|this|that|these|those|you|your|him|her|them|what|how|when|where|the way|to see|"
    r"to know|to hear|both|all of|#|\d)\b)"
)
LIKINGS = (
    rf"I {SOFT}(?:love|like|adore|enjoy|prefer|hate|dislike|detest) {NO_THING}(?P<what>.+)",
    rf"I {SOFT}(?:don['’]t|do not|never|no longer) {SOFT}(?:love|like|enjoy) {NO_THING}"
    r"(?P<what>.+)",
    rf"I (?:can['’]t|cannot) stand {NO_THING}(?P<what>.+)",
    rf"I{AM} {SOFT}(?:not )?(?:an? )?(?:big |huge )?(?:fan of|fond of|into|keen on) {NO_THING}"
    r"(?P<what>.+)",
    r"ich (?:mag|liebe|hasse|bevorzuge) (?!das\b|es\b|dich|dies|was|wie|#|\d)(?P<what>.+)",
    r"ich (?:\w+ )?(?:esse|trinke|lese|höre|koche|male|schreibe|tanze|singe) "
    r"(?P<what>.*(?:gern|gerne|lieber|ungern)\b.*)",
    r"(?:a mí )?(?:ya )?(?:no )?me (?:gusta|gustan|encanta|encantan|fascinan?) "
    r"(?!eso|esto|lo\b|tu\b)(?P<what>.+)",
    r"(?:odio|detesto|adoro|prefiero) (?!eso|esto|lo\b)(?P<what>.+)",
    r"j['’](?:aime|adore|déteste) (?!ça|ce|cela|bien ça)(?P<what>.+)",
    r"je (?:déteste|préfère|n['’]aime (?:pas|plus)) (?!ça|ce|cela)(?P<what>.+)",
    rf"{ME}(?!これ|それ|あれ)(?P<what>.{{1,40}}?)(?:が|は)(?:とても|大)?(?:好き|嫌い|苦手)"
    r"(?:です|だ|ではありません|じゃない(?:です)?)?",
)
FAVOURITES = (
    r"my favou?rite (?P<what>[\w ]{1,40}?) (?:is|are) .+",
    r"meine? Lieblings(?P<what>\w+) (?:ist|sind) .+",
    r"m[ií]s? (?P<what>[\w ]{1,40}?) favorit[oa]s? (?:es|son) .+",
    r"m(?:on|a) (?P<what>[\w ]{1,40}?) préférée? est .+",
    r"(?:私の)?一番好きな(?P<what>.{1,20}?)は.{1,40}(?:です|だ)",
)


def _compiled() -> Sequence[Pattern]:
    facts = (*FACTS, *TATSACHEN, *HECHOS, *FAITS, *JIJITSU)
    found = [(MemoryKind.TASTE, "favourite", it) for it in FAVOURITES]
    found += [(MemoryKind.TASTE, "taste", it) for it in LIKINGS]
    found += [(MemoryKind.FACT, slot, it) for slot, it in facts]
    return [(kind, slot, re.compile(it, re.IGNORECASE)) for kind, slot, it in found]


PATTERNS = _compiled()
