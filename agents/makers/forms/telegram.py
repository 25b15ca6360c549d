"""Telegrams: the sources at so much a word, with STOP where a full stop would cost more.

The style is that of Nelson E. Ross, How to Write Telegrams Properly (1928).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from agents.makers import lexicon
from agents.makers.languages import GERMAN, LATIN, SPANISH, Language
from agents.makers.making import Made, NothingToMake, Source, taken_from
from agents.makers.reading import read
from agents.makers.titling import shortened
from agents.makers.words import SMALL, Border, Kind, Word

FEWEST_WORDS = 4
MOST_SENTENCES = 6
LONGEST_SENTENCE = 9  # words; the sender pays for each
_KEPT = lexicon.PREPOSITIONS - {"of", "to", "as", "than", "about"}
_ELSEWHERE = {Language.GERMAN: GERMAN, Language.SPANISH: SPANISH}
_DROPPED = frozenset(
    {"and", "that", "so", "just", "very", "really", "there", "too", "well", "then"}
)
_SIGNED = {Language.GERMAN: "GEZEICHNET", Language.SPANISH: "FIRMADO"}


@dataclass(frozen=True, slots=True)
class Telegram:
    """Strikes out the words that one would save, and signs with a thing from the text."""

    name: str = "telegram"
    label: str = "found telegram"
    keywords: Sequence[str] = ("telegram", "telegramm", "telegrama", "as a wire", "cable", "telex")
    languages: frozenset[Language] = LATIN

    def make(self, sources: Sequence[Source], *, wish: str, seed: int) -> Made:
        """Up to six sentences in telegram style, those of every source among them."""
        reading = read(sources, seed=seed)
        spoken: list[list[Word]] = []
        for word in reading.words:
            if word.border is Border.SENTENCE or not spoken:
                spoken.append([])
            spoken[-1].append(word)
        short = [(line, _shortened(line, reading.language)) for line in spoken]
        kept = [(line, said) for line, said in short if said]
        if sum(len(said) for _, said in kept) < FEWEST_WORDS:
            raise NothingToMake(self.name, "words", len(reading.words), 3 * FEWEST_WORDS)
        chosen = _chosen([said for _, said in kept], Random(f"{seed} telegram"))
        lines = [" ".join(word.text for word in said).upper() + " STOP" for said in chosen]
        words = [word for said in chosen for word in said]
        signed = _signature(words, Random(f"{seed} signed"))
        if signed:
            lines.append(f"{_SIGNED.get(reading.language, 'SIGNED')} {signed.upper()}")
        return Made(
            title=shortened(" ".join(word.text for word in chosen[0]).upper()),
            body="\n".join(lines),
            taken=taken_from(sources, (word.source for word in words)),
            label=self.label,
        )


def _shortened(line: Sequence[Word], language: Language) -> list[Word]:
    """The words that are worth their price; none where too little would be left."""
    kept: list[Word] = []
    for at, word in enumerate(line):
        after = line[at + 1] if at + 1 < len(line) else None
        if language is Language.ENGLISH:
            small = word.kind in SMALL or word.key in _DROPPED
            needed = word.key in _KEPT and after is not None and bool(kept)
            needed = needed or word.key in {
                "no",
                "not",
                "never",
                "nobody",
                "cannot",
                "all",
                "every",
            }
            needed = needed or word.key.endswith("n't")
        elif language in _ELSEWHERE:
            lists = _ELSEWHERE[language]
            small = word.key in lists.all
            needed = word.key in lists.prepositions - {"de", "del", "a"} and bool(kept)
            needed = needed or word.key in {"no", "nunca", "nadie", "nicht", "nie", "niemand"}
            needed = needed or word.key in lists.adverbs - {"so", "da", "auch", "mal", "doch"}
        else:
            small, needed = len(word.text) < 3, False
        if not small or needed:
            kept.append(word)
    kept = kept[:LONGEST_SENTENCE]
    while kept and kept[-1].kind is Kind.PREPOSITION:
        kept.pop()
    return kept if len(kept) > 1 or (kept and len(line) == 1) else []


def _chosen(given: list[list[Word]], random: Random) -> list[list[Word]]:
    if len(given) <= MOST_SENTENCES:
        return given
    rated = sorted(
        range(len(given)),
        key=lambda at: -sum(word.image for word in given[at]) - random.gauss(0, 0.8),
    )
    firsts = {given[at][0].source: at for at in reversed(rated)}
    kept = list(dict.fromkeys([*firsts.values(), *rated]))[:MOST_SENTENCES]
    return [given[at] for at in sorted(kept)]


def _signature(words: Sequence[Word], random: Random) -> str:
    """The thing that signs: the most vivid noun, of several any."""
    nouns = [it for it in words if it.kind is Kind.NOUN and it.key not in _DULL]
    vivid = [it for it in nouns if it.image] or [it for it in nouns if it.text[:1].isupper()]
    return random.choice(vivid).text if vivid else ""


_DULL = lexicon.BLAND | lexicon.HARSH | lexicon.VAGUE
