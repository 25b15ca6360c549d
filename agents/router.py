"""Plain words to an act: the nearest of the acts' examples, without a language model."""

from __future__ import annotations  # NumPy is only named here: a start without it is quicker

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from rapidfuzz import fuzz, process

from agents.act import Act, Acts
from agents.smalltalk import SMALL_TALK

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SURE = 0.90  # as near as this, a plain request needs no model
LIKELY = 0.44  # nearer than this it is taken for what was meant
HALF_LIKELY = 0.34  # nearer than this it is worth asking about
LETTERS = 0.2  # weight of shared letters; meaning has the rest
LOOKED_AT = 500  # characters: what is wanted is said at the beginning

# Which number it is says nothing about what is wanted, and models of meaning trip over it.
REFERENCES = (
    (re.compile(r"\bd\d+\b", re.IGNORECASE), "the draft"),
    (re.compile(r"\bm\d+\b", re.IGNORECASE), "the memory"),
    (re.compile(r"(?:\bnumber |\bNummer |#)\d+(?![:\d])", re.IGNORECASE), "number 4"),
)


class Embeds(Protocol):
    """What makes unit vectors of d numbers; both block."""

    def vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of many texts, shape (n, d)."""
        ...

    def query_vector(self, text: str) -> NDArray[np.float32]:
        """The vector of one, shape (d,); quick when the same was asked a moment ago."""
        ...


@dataclass(frozen=True, slots=True)
class Route:
    """The act whose example is nearest, and how near, up to 1; 0 where it is small talk."""

    act: Act[Any]
    score: float


class Router:
    """Finds the act that is meant by plain words."""

    def __init__(self, acts: Acts, embedder: Embeds) -> None:
        self._embedder = embedder
        examples = [(it, _neutral(words)) for it in acts for words in (*it.examples, *it.leads)]
        self._acts = [it for it, _ in examples]
        self._texts = [*(words for _, words in examples), *SMALL_TALK]
        self._vectors: NDArray[np.float32] | None = None
        self._warming = asyncio.Lock()

    async def warm(self) -> None:
        """Make the vectors of all examples; the first question does it otherwise."""
        async with self._warming:
            if self._vectors is None:
                self._vectors = await asyncio.to_thread(self._embedder.vectors, self._texts)

    async def nearest(self, text: str) -> Route:
        """The act whose example is nearest to the text, or to what stands before a colon in it."""
        await self.warm()
        said = _neutral(text.strip()[:LOOKED_AT])
        head, colon, _ = said.partition(":")
        scores = await self._scores(said)
        if colon:
            scores = scores.clip(min=await self._scores(head + colon))
        best = int(scores[: len(self._acts)].argmax())
        chat = float(scores[len(self._acts) :].max())
        score = float(scores[best])
        return Route(self._acts[best], score if score > chat else 0.0)

    async def likely(self, text: str, count: int) -> list[str]:
        """The names of the acts that are nearest to the text, `count` of them, nearest first."""
        await self.warm()
        scores = await self._scores(_neutral(text.strip()[:LOOKED_AT]))
        nearest = (-scores[: len(self._acts)]).argsort()  # small talk comes last
        return list(dict.fromkeys(self._acts[it].name for it in nearest))[:count]

    async def _scores(self, said: str) -> NDArray[np.float64]:
        assert self._vectors is not None
        meaning = self._vectors @ await asyncio.to_thread(self._embedder.query_vector, said)
        letters = process.cdist([said.lower()], self._texts, scorer=fuzz.token_sort_ratio)[0] / 100
        mixed: NDArray[np.float64] = (1 - LETTERS) * meaning + LETTERS * letters
        return mixed


def _neutral(text: str) -> str:
    """The text with a fixed number in place of every reference."""
    for pattern, word in REFERENCES:
        text = pattern.sub(word, text)
    return text
