"""Chimeras: the sentences of one source with the nouns of the others.

Chimère at the Oulipo (Harry Mathews and Alastair Brotchie, Oulipo Compendium, 1998): a text gives
its frame, others what fills it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from agents.makers import lexicon
from agents.makers.languages import ENGLISH_ONLY, Language
from agents.makers.making import Made, NothingToMake, Source
from agents.makers.replacing import Noun, Text, read_text
from agents.makers.titling import shortened
from feed_core.states import Taken

FEWEST_NOUNS = 2
TIMES = 2  # a thing may stand for so many others; what is left keeps its own name


@dataclass(frozen=True, slots=True)
class Chimera:
    """Takes the frame of one source and the things of another."""

    name: str = "chimera"
    label: str = "chimera"
    keywords: Sequence[str] = (
        "chimera",
        "chimaera",
        "hybrid",
        "crossbreed",
        "crossbreed of",
        "swap the nouns",
    )
    languages: frozenset[Language] = ENGLISH_ONLY

    def make(self, sources: Sequence[Source], *, wish: str, seed: int) -> Made:
        """Fill the frame of each source in turn ("Again" takes the next) with the others' nouns."""
        if len(sources) < 2:
            raise NothingToMake(self.name, "sources", len(sources), 2)
        texts = [
            read_text(f"{it.title}\n{it.body}" if it.title else it.body, share=len(sources))
            for it in sources
        ]
        frames = [n for n in range(len(texts)) if _carries(texts, n)]
        if not frames:
            raise NothingToMake(
                self.name, "nouns", max(len(it.nouns) for it in texts), FEWEST_NOUNS
            )
        frame = frames[seed % len(frames)]
        random = Random(f"{seed} chimera")
        things = _things(texts, frame, random)
        given: dict[str, tuple[int, str]] = {}

        def instead(noun: Noun) -> str | None:
            if noun.singular not in given and len(given) < TIMES * len(things):
                given[noun.singular] = things[len(given) % len(things)]
            return given[noun.singular][1] if noun.singular in given else None

        text = texts[frame].replaced(instead)
        head, _, rest = text.partition("\n") if sources[frame].title else ("", "", text)
        head = head if head and head != sources[frame].title else rest.partition("\n")[0]
        return Made(
            title=shortened(head),
            body=rest.strip() or head,
            taken={
                sources[frame].creation_id: Taken.TEXT,
                **{sources[n].creation_id: Taken.TEXT for n, _ in given.values()},
            },
            label=self.label,
        )


def _carries(texts: Sequence[Text], frame: int) -> bool:
    """Whether a text has places to fill and the others enough to fill half of them."""
    places = {noun.singular for noun in texts[frame].nouns}
    others = {
        noun.singular for n, text in enumerate(texts) for noun in text.nouns if n != frame
    } - places
    return len(places) >= FEWEST_NOUNS <= len(others) and TIMES * len(others) * 2 >= len(places)


def _things(texts: Sequence[Text], frame: int, random: Random) -> list[tuple[int, str]]:
    """The nouns of the other sources, the vivid ones first, those of each source in turns."""
    own = {noun.singular for noun in texts[frame].nouns}
    waiting = []
    for number, text in enumerate(texts):
        nouns = list(dict.fromkeys(it.singular for it in text.nouns if it.singular not in own))
        nouns = [it for it in nouns if it not in lexicon.HARSH]
        nouns.sort(key=lambda it: (it not in lexicon.IMAGES) - 0.8 * random.random())
        if number != frame:
            waiting.append([(number, it) for it in nouns])
    found: list[tuple[int, str]] = []
    while any(waiting):
        found += [mine.pop(0) for mine in waiting if mine]
    return found
