"""How a made text gets its title: from its own images, or its first words."""

from collections.abc import Sequence
from random import Random

from agents.makers import lexicon
from agents.makers.languages import Language
from agents.makers.making import Source
from agents.makers.words import Kind, Word, as_written

LONGEST = 48


def title(
    poem: Sequence[Sequence[Word]], sources: Sequence[Source], *, language: Language, seed: int
) -> str:
    """A title for the poem that none of its sources has: its images, or else its first words."""
    taken = {_plain(source.title) for source in sources}
    lines = [shortened(as_written(line)) for line in poem]
    first = next((line for line in lines if _plain(line) not in taken), lines[0])
    if language is not Language.ENGLISH:
        return first
    offers = [offer for offer in _offers(poem, Random(f"{seed} title")) if len(offer) <= LONGEST]
    for offer in offers:
        if _plain(offer) not in taken:
            return offer
    return first


def shortened(line: str) -> str:
    """A line as a title: first letter large, cut at a word when long."""
    line = line.strip(" .,;:…-–—•*>#、。")
    if len(line) > LONGEST:
        line = line[:LONGEST].rpartition(" ")[0].rstrip(" ,;:") or line[:LONGEST]
        line += "…"
    return line[:1].upper() + line[1:]


def _offers(poem: Sequence[Sequence[Word]], random: Random) -> list[str]:
    found = _noun_phrases(poem)
    random.shuffle(found)
    worth = {id(phrase): _worth(phrase) + random.gauss(0, 0.7) for phrase in found}
    found.sort(key=lambda phrase: -worth[id(phrase)])
    if not found:
        return []
    first = found[0]
    rest = [
        phrase
        for phrase in found[1:]
        if phrase[-1].key.rstrip("s") != first[-1].key.rstrip("s") and _worth(phrase) > 0
    ]
    other = next((phrase for phrase in rest if phrase[0].source != first[0].source), None)
    second = other or (rest[0] if rest else None)
    offers = []
    if second is not None:
        a, b = sorted((first, second), key=lambda phrase: phrase[0].place)
        offers += [f"{_named(a)}, {_named(b)}", f"{_the(a)} and {_lower_the(b)}"]
        if len(a) == len(b) == 1:
            offers.append(f"{_the(a)} of {_lower_the(b)}")
        random.shuffle(offers)
    return [*offers, _the(first), _named(first)]


def _noun_phrases(poem: Sequence[Sequence[Word]]) -> list[list[Word]]:
    found = []
    for line in poem:
        for at, word in enumerate(line):
            if word.kind is not Kind.NOUN or word.key in lexicon.BLAND | lexicon.HARSH:
                continue
            if len(word.key) < 3 or not word.text[0].isalpha() or word.key.endswith("'s"):
                continue
            before = line[at - 1] if at else None
            joined = before is not None and before.place == word.place - 1 and not word.border
            if joined and before is not None and before.kind in {Kind.ADJECTIVE, Kind.NOUN}:
                found.append([before, word])
            else:
                found.append([word])
    return found


def _worth(phrase: Sequence[Word]) -> float:
    vague = any(word.key in lexicon.VAGUE for word in phrase)
    return sum(word.image for word in phrase) + 0.3 * len(phrase) - 1.5 * vague


def _named(phrase: Sequence[Word]) -> str:
    return " ".join(word.text[:1].upper() + word.text[1:] for word in phrase)


def _the(phrase: Sequence[Word]) -> str:
    return _named(phrase) if phrase[-1].text[:1].isupper() else f"The {_named(phrase)}"


def _lower_the(phrase: Sequence[Word]) -> str:
    return _named(phrase) if phrase[-1].text[:1].isupper() else f"the {_named(phrase)}"


def _plain(text: str) -> str:
    return " ".join(text.casefold().removeprefix("the ").split())
