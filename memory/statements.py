"""Finds what people say of themselves in what they typed: by rules, without a model.

A sentence counts when one of `patterns` matches it whole. Questions, wishes, conditions, quotations
and lines quoted from others count for nothing.
"""

import re

from feed_core.models.memories import MemoryKind
from memory.asking import EMPTY
from memory.claims import FAVOURITE, TASTE, Claim
from memory.likeness import NEGATIONS
from memory.patterns import PATTERNS
from memory.words import stems

LONGEST = 200  # characters of a sentence that can be remembered
MOST = 8  # statements of one message
READ = 2_000  # characters of a message that are looked at

QUOTED_LINE = re.compile(r"^\s*(?:>|\|).*$", re.MULTILINE)
FENCED = re.compile(r"```.*?(?:```|\Z)|`[^`]*`", re.DOTALL)
QUOTATION = re.compile(r"[\"“„«「『][^\"”“»」』]{0,500}[\"”“»」』]")
ADDRESS = re.compile(r"https?://\S+")
SENTENCE = re.compile(r"[^.!?…。！？;\n]+[.!?…。！？;]*")
ABBREVIATION = re.compile(r"\b(?:St|Dr|Mr|Mrs|Ms|e\.g|z\.B)\.\s")
CLAUSE = re.compile(
    r",?\s+(?:and|but|und|aber|y|pero|et|mais)\s+"
    r"(?=(?:I\b|I['’]|my\b|ich\b|meine?\b|me\b|mi\b|vivo\b|soy\b|tengo\b|j['’]|je\b|m(?:a|on)\b))"
    r"|[,、]\s*(?=(?:I\b|I['’]|my\b|ich\b|meine?\b|vivo\b|soy\b|me gusta|j['’]|je\b|私|僕))",
    re.IGNORECASE,
)
QUESTION = re.compile(r"[?？]|か[。]?$")
OPENING = re.compile(
    r"^(?:\W*\b(?:well|oh|ah|hi|hello|hey|yes|yeah|so|ok(?:ay)?|by the way|btw|you know|and|but|"
    r"actually|in fact|no|sorry|wait|correction|hallo|also|übrigens|eigentlich|nein|doch|ja|und|"
    r"aber|hola|bueno|pues|en realidad|no|sí|por cierto|y|salut|en fait|non|oui)\b[\s,:!–-]+)+"
    r"|^(?:実は|ちなみに|いや)、?",
    re.IGNORECASE,
)
CORRECTS = re.compile(
    r"\b(?:actually|in fact|no longer|any ?more|moved|instead|correction|i was wrong|not .+ but|"
    r"nowadays|now|eigentlich|nicht mehr|inzwischen|mittlerweile|jetzt|umgezogen|sondern|"
    r"en realidad|ya no|ahora|mudado|mudé|sino|en fait|maintenant|déménagé|ne .+ plus)\b"
    r"|^\W*(?:no|nein|non)\b\W|実は|もう|今は|じゃなくて|ではなく|引っ越し",
    re.IGNORECASE,
)
UNREAL = re.compile(
    r"\b(?:if|would|wish|imagine|pretend|suppose|maybe|perhaps|might|could|wenn|würde|wäre|"
    r"vielleicht|si|ojalá|quizás?|tal vez|peut-être|voudrais|quisiera)\b|もし|たら",
    re.IGNORECASE,
)
SMALL = """
any more much very lot really most best now again der die das den dem ein eine einen sehr gern gerne
lieber ungern mehr el la los las un una unos unas mucho más le les l une des du de beaucoup plus
"""
SMALL_WORDS = frozenset(SMALL.split())
POINTING = re.compile(
    r"^the (?:.+ )?(?:one|post|picture|poem|draft|remix|version|idea|thread|meme|feed|joke|answer|"
    r"jam)s?$|[#＃]\d|\b[dcm]\d+\b",
    re.IGNORECASE,
)


def statements(text: str) -> list[Claim]:
    """What somebody says of themselves in a message, each in their own words; at most eight."""
    plain = ADDRESS.sub(" ", _unquoted(text[:READ]))
    plain = ABBREVIATION.sub(lambda it: it[0].replace(".", "\N{ONE DOT LEADER}"), plain)
    found: list[Claim] = []
    for sentence in SENTENCE.findall(plain):
        if QUESTION.search(sentence) or UNREAL.search(sentence):
            continue
        corrects = CORRECTS.search(sentence) is not None
        read = (_claim(it, corrects=corrects) for it in CLAUSE.split(sentence))
        found.extend(it for it in read if it is not None)
    return found[:MOST]


def own_words(text: str) -> str:
    """A message without what it quotes: that may be somebody else's."""
    return QUOTATION.sub("“…”", _unquoted(text)).strip()


def slot_of(text: str) -> str:
    """What a remembered text answers, as far as rules can tell; else ""."""
    told = statements(text)
    return told[0].slot if len(told) == 1 else ""


def _unquoted(text: str) -> str:
    return QUOTED_LINE.sub(" ", FENCED.sub(" ", text))


def _claim(clause: str, *, corrects: bool) -> Claim | None:
    said = OPENING.sub("", clause).strip(" \t\r\n.!…。！;,:–-").replace("\N{ONE DOT LEADER}", ".")
    if not 3 < len(said) <= LONGEST or QUOTATION.search(said):
        return None
    for kind, slot, pattern in PATTERNS:
        match = pattern.fullmatch(said)
        if match is None:
            continue
        if kind is MemoryKind.TASTE and POINTING.search(match["what"]):
            return None
        return Claim(kind, said, _slot(slot, match), corrects=corrects)
    return None


def _slot(slot: str, match: re.Match[str]) -> str:
    match slot:
        case "taste":
            return f"{TASTE}{subject_of(match['what'])}"
        case "favourite":
            return f"{FAVOURITE}{subject_of(match['what'])}"
        case "called":
            return f"called {match['what'].casefold()}"
        case _:
            return slot


def subject_of(words: str) -> str:
    """What is liked or not, the same for all ways to say so."""
    empty = EMPTY | NEGATIONS | SMALL_WORDS
    found = [it for it in stems(words) if it not in empty]
    return " ".join(sorted(set(found or stems(words)))[:6])
