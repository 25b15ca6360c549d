"""S+7: every noun gives way to the seventh that follows it in a dictionary.

Jean Lescure's method (1961; La Méthode S + 7, in Oulipo, La Littérature potentielle, 1973); in
English also N+7.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from agents.makers.languages import ENGLISH_ONLY, Language
from agents.makers.making import Made, NothingToMake, Source, taken_from
from agents.makers.nouns import NOUNS
from agents.makers.replacing import Noun, read_text
from agents.makers.titling import shortened

FEWEST_NOUNS = 2
_STEP = re.compile(r"\b[sn]\s?\+\s?(\d{1,2})\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SPlusSeven:
    """Keeps the sentences and moves their nouns on; "Again" takes the eighth, then the ninth."""

    name: str = "s+7"
    label: str = "S+7"
    keywords: Sequence[str] = (
        *("s+7", "n+7", "s + 7", "n + 7", "s plus 7", "n plus 7", "s7", "n7", "oulipo"),
        *("seventh noun", "noun replacement"),
    )
    languages: frozenset[Language] = ENGLISH_ONLY

    def make(self, sources: Sequence[Source], *, wish: str, seed: int) -> Made:
        """The texts as they are, but for their nouns."""
        named = _STEP.search(wish)
        step = max(1, int(named[1]) if named else 7) + seed
        share = max(1, len(sources))
        texts = [(n, read_text(it.body, share=share)) for n, it in enumerate(sources)]
        if not any(text.nouns for _, text in texts):
            texts = [(number, read_text(source.title)) for number, source in enumerate(sources)]
        count = sum(len(text.nouns) for _, text in texts)
        if count < FEWEST_NOUNS:
            raise NothingToMake(self.name, "nouns", count, FEWEST_NOUNS)
        moved = [
            text.replaced(lambda noun: following(noun, step)).strip()
            for _, text in texts
            if text.nouns
        ]
        first = sources[texts[0][0]].title
        titled = read_text(first).replaced(lambda noun: following(noun, step))
        if titled == first:
            titled = moved[0].partition("\n")[0]
        return Made(
            title=shortened(titled),
            body="\n\n".join(moved),
            taken=taken_from(sources, (number for number, text in texts if text.nouns)),
            label=f"S+{step}",
        )


def following(noun: Noun, step: int) -> str:
    """The noun so many places on in the dictionary, which begins again at its end."""
    at = bisect_right(NOUNS, noun.singular) - 1
    if at < 0 or NOUNS[at] != noun.singular:
        at = bisect_left(NOUNS, noun.singular) - 1
    return NOUNS[(at + step) % len(NOUNS)]
