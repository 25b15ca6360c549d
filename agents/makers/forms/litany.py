"""Litanies: the things a text names, one a line, each greeted with the same word.

Christopher Smart praised his cat so (Jubilate Agno, written 1759–63, printed 1939): "For …"; Walt
Whitman's catalogues (Leaves of Grass, 1855) are its descendants.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from agents.makers import lexicon
from agents.makers.languages import ENGLISH_ONLY, Language
from agents.makers.making import Made, NothingToMake, Source, taken_from
from agents.makers.reading import Reading, read
from agents.makers.titling import title
from agents.makers.words import Border, Kind, Word, as_written

FEWEST_LINES = 4
MOST_LINES = 9
LONGEST_LINE = 8  # words
_GREETINGS = ("for", "praise", "remember", "here is to", "o")
_HEADS = {Kind.DETERMINER, Kind.ADJECTIVE, Kind.NOUN, Kind.OBJECT}

Phrase = tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Litany:
    """Gathers the things of the sources and greets each of them."""

    name: str = "litany"
    label: str = "litany"
    keywords: Sequence[str] = (
        *(
            "litany",
            "ode",
            "list poem",
            "catalogue",
            "catalog poem",
            "anaphora",
            "praise",
            "prayer",
        ),
    )
    languages: frozenset[Language] = ENGLISH_ONLY

    def make(self, sources: Sequence[Source], *, wish: str, seed: int) -> Made:
        """Up to nine things in the order in which they stood; "Again" greets them otherwise."""
        reading = read(sources, seed=seed // 5)
        things = _things(reading)
        if len(things) < FEWEST_LINES:
            raise NothingToMake(self.name, "things", len(things), FEWEST_LINES)
        chosen = _chosen(things, Random(f"{seed // 5} litany"))
        greeting = _GREETINGS[seed % len(_GREETINGS)]
        said = [f"{greeting} {as_written(phrase)}" for phrase in chosen]
        return Made(
            title=title(chosen, sources, language=reading.language, seed=seed),
            body=",\n".join(it[:1].upper() + it[1:] for it in said) + ".",
            taken=taken_from(sources, (word.source for phrase in chosen for word in phrase)),
            label=self.label,
        )


def _things(reading: Reading) -> list[Phrase]:
    """Noun phrases with what hangs on them by a preposition, each head once."""
    found: dict[str, Phrase] = {}
    words = reading.words
    at = 0
    while at < len(words):
        phrase = _phrase(words, at)
        if phrase:
            head = next(it.key for it in reversed(phrase) if it.kind is Kind.NOUN)
            first = next(it.key for it in phrase if it.kind is Kind.NOUN and "'s" not in it.key)
            if first not in _DULL and head not in _DULL:
                found.setdefault(first.rstrip("s"), phrase)
        at += max(1, len(phrase))
    return list(found.values())


def _phrase(words: Sequence[Word], at: int) -> Phrase:
    first, before = words[at], words[at - 1] if at else None
    if first.kind not in _HEADS - {Kind.OBJECT}:
        return ()
    bare = first.kind is not Kind.DETERMINER
    if bare and before is not None and not first.border and before.kind in _HEADS:
        return ()
    ordered = bare and first.border is Border.SENTENCE and first.key in _ORDERS
    if ordered or first.key in _VAGUE:
        return ()
    kept: list[Word] = []
    end = 0  # so many words make a whole phrase
    for word in words[at : at + LONGEST_LINE]:
        if kept and word.border:
            break
        last = kept[-1] if kept else None
        after = last is not None and last.kind is Kind.NOUN and not last.key.endswith("'s")
        if after and word.key in lexicon.NUMBERS:
            break
        if (
            word.kind is Kind.PREPOSITION
            and after
            and word.key not in {"than", "as", "like", "per"}
        ):
            kept.append(word)
        elif word.kind in _HEADS and not (after and word.kind is not Kind.NOUN):
            if (
                word.kind is Kind.DETERMINER
                and last is not None
                and last.kind is not Kind.PREPOSITION
            ):
                break
            kept.append(word)
            if word.kind is Kind.NOUN and not word.key.endswith("'s"):
                end = len(kept)
        else:
            break
    phrase = tuple(kept[:end])
    if not phrase or (bare and not _needs_no_article(phrase)):
        return ()
    return phrase


def _needs_no_article(phrase: Phrase) -> bool:
    """Whether the thing itself (before a preposition) is said without one: "letters", "rain"."""
    parts = [at for at, it in enumerate(phrase) if it.kind is Kind.PREPOSITION]
    head = phrase[parts[0] - 1 if parts else -1]
    return head.plural or head.key in lexicon.MASS


def _chosen(things: list[Phrase], random: Random) -> list[Phrase]:
    if len(things) <= MOST_LINES:
        return things
    rated = sorted(
        things,
        key=lambda it: -sum(word.image for word in it) - 0.2 * len(it) - random.gauss(0, 0.6),
    )
    first = {it[0].source: it for it in reversed(rated)}
    kept = list(dict.fromkeys([*first.values(), *rated]))[:MOST_LINES]
    return [it for it in things if it in kept]


_VAGUE = frozenset({"no", "what", "which", "whose", "enough", "any", "all", "some", "this"})
_ORDERS = lexicon.NOUN_OR_VERB | frozenset({"add", "serve", "let", "bring"})
_DULL = (
    lexicon.BLAND
    | lexicon.HARSH
    | frozenset(
        [
            "evening",
            "morning",
            "day",
            "days",
            "year",
            "years",
            "month",
            "week",
            "weekend",
            "minute",
            "minutes",
            "hour",
            "end",
            "little",
            "rest",
            "most",
            "least",
            "while",
            "one",
            "ones",
            "said",
            "lot",
            "side",
            "front",
            "back",
            "top",
        ]
    )
)
