"""Exquisite corpses: sentences whose beginning and end were not written together.

The folded paper of the Surrealists, played at 54 rue du Château in 1925; its first sentence was
"The exquisite corpse shall drink the new wine" (André Breton and Paul Éluard, Dictionnaire abrégé
du surréalisme, 1938).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from agents.makers import lexicon
from agents.makers.joining import NEVER, closes
from agents.makers.languages import ENGLISH_ONLY, Language
from agents.makers.making import Made, NothingToMake, Source, taken_from
from agents.makers.reading import Reading, read
from agents.makers.titling import title
from agents.makers.words import Kind, Word, as_written

FEWEST_SENTENCES = 2
MOST_SENTENCES = 6
LONGEST_END = 10  # words

Part = tuple[Word, ...]

_PLURAL_VERBS = frozenset({"are", "were", "have", "do", "don't", "aren't", "weren't", "haven't"})
_SINGULAR_VERBS = frozenset({"is", "was", "has", "does", "doesn't", "isn't", "wasn't", "hasn't"})
_AUXILIARY_HEADS = (
    _PLURAL_VERBS | _SINGULAR_VERBS | {"will", "would", "can", "could", "had", "must"}
)


@dataclass(frozen=True, slots=True)
class Corpse:
    """Cuts sentences between who and what, and lets the ends change places."""

    name: str = "exquisite corpse"
    label: str = "exquisite corpse"
    keywords: Sequence[str] = (
        *("exquisite corpse", "exquisite cadaver", "cadavre exquis", "surrealist", "surreal"),
        *("folded paper", "consequences"),
    )
    languages: frozenset[Language] = ENGLISH_ONLY

    def make(self, sources: Sequence[Source], *, wish: str, seed: int) -> Made:
        """Sentences that begin in one source, or place, and end in another."""
        reading = read(sources, seed=seed // 4)
        halves = _halves(reading)
        if len(halves) < FEWEST_SENTENCES:
            raise NothingToMake(self.name, "clauses", len(halves), FEWEST_SENTENCES)
        random = Random(f"{seed} corpse")
        sentences = max((_folded(halves, random) for _ in range(16)), key=_rated)
        if len(sentences) < FEWEST_SENTENCES:
            raise NothingToMake(self.name, "clauses", len(halves), 2 * FEWEST_SENTENCES)
        lines = [(*who, *what) for who, what in sentences]
        said = [f"{as_written(who)} {as_written(what)}." for who, what in sentences]
        return Made(
            title=title(lines, sources, language=reading.language, seed=seed),
            body="\n".join(it[:1].upper() + it[1:] for it in said),
            taken=taken_from(sources, (word.source for line in lines for word in line)),
            label=self.label,
        )


def _halves(reading: Reading) -> list[tuple[Part, Part]]:
    """The clauses that can be cut between who and what they do."""
    found = []
    for clause in reading.phrases():
        while clause and clause[0].key in {"and", "but", "so", "or"}:
            clause = clause[1:]
        cut = next((n for n, it in enumerate(clause) if _acts(clause, n)), 0)
        who, what = tuple(clause[:cut]), tuple(clause[cut:])
        after = reading.words[clause[-1].place + 1 :][:1] if clause else ()
        whole = what and closes(what[-1], after[0] if after else None) > NEVER / 2
        harsh = any(it.key in lexicon.HARSH for it in clause)
        if who and whole and not harsh and len(who) <= 5 and _is_one(what):
            found.append((who, what))
    return found


def _acts(clause: Sequence[Word], at: int) -> bool:
    """Whether the verb of the clause stands here, behind one who does it."""
    word, head = clause[at], clause[at - 1] if at else None
    verb = word.kind is Kind.VERB and word.key not in lexicon.NOUN_OR_VERB
    if head is None or not (verb or word.key in _AUXILIARY_HEADS):
        return False
    if at == 1:
        return head.key in _SOMEBODY or (head.kind is Kind.NOUN and head.text[:1].isupper())
    named = clause[0].kind in {Kind.DETERMINER, Kind.ADJECTIVE}
    return named and head.kind is Kind.NOUN and all(it.kind in _NAMES for it in clause[:at])


def _is_one(what: Part) -> bool:
    """Whether this is one predicate, not two sentences that run on."""
    if len(what) > LONGEST_END or (len(what) == 1 and what[0].kind is not Kind.VERB):
        return False
    led = False
    for word in what[1:]:
        led = led or word.kind is Kind.CONJUNCTION or word.key == "than"
        if not led and (word.kind is Kind.SUBJECT or word.key in _SINGULAR_VERBS | _PLURAL_VERBS):
            return False
    return True


_NAMES = {Kind.DETERMINER, Kind.ADJECTIVE, Kind.NOUN, Kind.PREPOSITION}
_SOMEBODY = frozenset(
    ["i", "you", "we", "they", "he", "she", "nobody", "somebody", "everybody", "everyone"]
)


def _agree(who: Part, what: Part) -> bool:
    head, verb = who[-1], what[0]
    if head.kind is Kind.SUBJECT:
        third = head.key in {"he", "she", "it"}
        if head.key == "i" and verb.key in _PLURAL_VERBS - {"have", "do", "don't", "haven't"}:
            return False
        plural = not third
    elif head.kind is Kind.OBJECT:
        plural = head.key in {"these", "those"}
    else:
        plural = head.plural or "and" in {it.key for it in who}
    if verb.key in _SINGULAR_VERBS:
        return not plural or (head.key == "i" and verb.key == "was")
    if verb.key in _PLURAL_VERBS:
        return plural
    if verb.key.endswith("s") and not verb.key.endswith("ss"):
        return not plural
    past = verb.key.endswith("ed") or verb.key in _PAST or verb.key in _AUXILIARY_HEADS
    return past or plural


_PAST = frozenset(
    [
        "went",
        "came",
        "got",
        "made",
        "took",
        "gave",
        "kept",
        "found",
        "knew",
        "thought",
        "said",
        "told",
        "heard",
        "saw",
        "felt",
        "held",
        "brought",
        "left",
        "became",
        "began",
        "grew",
        "forgot",
        "learned",
        "taught",
        "read",
        "wrote",
        "spoke",
        "sat",
        "stood",
        "lay",
        "ran",
        "fell",
        "rose",
        "shut",
        "broke",
        "drove",
        "drank",
        "ate",
        "flew",
        "burned",
        "shone",
        "hung",
        "hid",
        "woke",
        "slept",
        "dreamed",
        "meant",
        "led",
        "lost",
        "caught",
        "drew",
        "built",
        "sent",
        "paid",
        "bought",
        "sold",
        "met",
        "put",
        "set",
        "cut",
        "hit",
        "lent",
        "spent",
        "wore",
        "tore",
        "swam",
        "blew",
        "froze",
        "sank",
        "rang",
        "let",
        "wept",
        "sang",
        "threw",
    ]
)


def _folded(halves: Sequence[tuple[Part, Part]], random: Random) -> list[tuple[Part, Part]]:
    order = list(halves)
    random.shuffle(order)
    ends = [what for _, what in order]
    random.shuffle(ends)
    made: list[tuple[Part, Part]] = []
    for who, own in order:
        fitting = [it for it in ends if it is not own and _agree(who, it)]
        if fitting and len(made) < MOST_SENTENCES:
            what = max(fitting, key=lambda it: (it[0].source != who[0].source, random.random()))
            ends.remove(what)
            made.append((who, what))
    return made


def _rated(sentences: Sequence[tuple[Part, Part]]) -> float:
    crossed = sum(who[0].source != what[0].source for who, what in sentences)
    pronouns = sum(who[0].kind is Kind.SUBJECT for who, _ in sentences)
    return len(sentences) + 0.6 * crossed - 0.3 * pronouns
