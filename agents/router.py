"""Plain words to an act, learned from examples of what people say, without a language model.

A linear model tells how probable each act is, and that none is meant: of the meaning of a text (the
embedder is at home in English), of its letters and words, and of what its words are about in four
languages. Each catches what the others miss. docs/decisions/0026-the-router.md says why, and how
good it is. It was trained on the acts' own examples and on `assets/sayings/`.
"""

from __future__ import annotations  # NumPy is only named here: a start without it is quicker

import asyncio
import hashlib
import re
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from agents import learned, letters
from agents.act import Act, Acts
from agents.learned import Features, Learned
from agents.prepared import Embeds, vectors_of
from agents.sayings import NOTHING, labelled, own

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from agents.letters import Sparse

SURE = 0.90  # as like one of its examples as this, a plain request needs no model
LIKELY = 0.30  # likelier than this it is taken for what was meant
HALF_LIKELY = 0.15  # likelier than this it is worth asking about
LETTERS = 0.3  # weight of shared letters in how like two texts are; meaning has the rest
REMEMBERED = 256  # texts that are kept with their scores: several questions are asked about one
LIKELIEST = 8  # acts that are kept of a text, as numbers: it comes back as a talk's earlier line
LONG_REMEMBERED = 10_000  # texts of which these are kept, and no word: 300 bytes for each
LOOKED_AT = 500  # characters: what is wanted is said at the beginning

# Which number it is says nothing about what is wanted, and models of meaning trip over it.
REFERENCES = (
    (re.compile(r"\bd\d+\b", re.IGNORECASE), "the draft"),
    (re.compile(r"\bc\d+\b", re.IGNORECASE), "the comment"),
    (re.compile(r"\bm\d+\b", re.IGNORECASE), "the memory"),
    (re.compile(r"\bo\d+\b", re.IGNORECASE), "the order"),
    (re.compile(r"\d+番(?=[のをにへは])"), "4番"),
    (re.compile(r"(?:\bnumber |\bNummer |#)\d+(?![:\d])", re.IGNORECASE), "number 4"),
)


@dataclass(frozen=True, slots=True)
class Route:
    """The act that is meant, how probable that is (0 where it is likelier that none is meant).

    `likeness` is that of the nearest of its examples, up to 1.
    """

    act: Act[Any]
    score: float
    likeness: float = 0.0


@dataclass(frozen=True, slots=True)
class Read:
    """A text that was asked about: its vector, its letters, and how probable each kind is."""

    meaning: NDArray[np.float32]
    spelled: Sparse
    scores: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Examples:
    """An act's own ways of asking: their vectors, shape (n, d), and their letters."""

    meanings: NDArray[np.float32]
    spelled: list[Sparse]


@dataclass(frozen=True, slots=True)
class Trained:
    """What is read once: weights, the columns of the acts among the kinds, and their examples."""

    learned: Learned
    features: Features
    columns: list[int]
    examples: list[Examples]


class Router:
    """Finds the act that is meant by plain words."""

    def __init__(self, acts: Acts, embedder: Embeds) -> None:
        self._embedder = embedder
        self._acts = list(acts)
        self._trained: Trained | None = None
        self._warming = asyncio.Lock()
        self._known: OrderedDict[str, Read] = OrderedDict()  # what was asked about lately
        self._likeliest: OrderedDict[int, tuple[int, ...]] = OrderedDict()  # by a text's hash

    def rows(self) -> list[tuple[str, str]]:
        """All that it is trained on, and which act each is for, or NOTHING."""
        return list(dict.fromkeys((_neutral(words), name) for words, name in labelled(self._acts)))

    def examples(self) -> list[list[str]]:
        """Each act's own ways of asking."""
        return [[_neutral(it) for it in own(act)] for act in self._acts]

    def learns_from(self) -> str:
        """Tells whether what was learned is of these rows and this embedder."""
        told = repr((self._embedder.name, sorted(self.rows())))
        return hashlib.sha256(told.encode()).hexdigest()

    async def warm(self) -> None:
        """Read what was learned; the first question does it otherwise."""
        async with self._warming:
            if self._trained is None:
                self._trained = await asyncio.to_thread(self._read)

    async def nearest(self, text: str) -> Route:
        """The act that is meant by the text, or by what stands before a colon in it."""
        said = _neutral(text.strip()[:LOOKED_AT]).replace("\uff1a", ":")
        head, colon, _ = said.partition(":")
        routes = [await self._route(it) for it in ([said, head + colon] if colon else [said])]
        return max(routes, key=lambda it: it.score)

    async def likely(self, text: str, count: int) -> list[str]:
        """The names of the acts that are likeliest meant, `count` of them, the likeliest first."""
        said = _neutral(text.strip()[:LOOKED_AT])
        best = self._likeliest.get(hash(said), ())
        if len(best) < count:
            read, trained = await self._scored(said)
            order = (-read.scores[trained.columns]).argsort()
            best = self._likeliest[hash(said)] = tuple(order[: max(count, LIKELIEST)].tolist())
            if len(self._likeliest) > LONG_REMEMBERED:
                self._likeliest.popitem(last=False)
        return [self._acts[it].name for it in best[:count]]

    def forget(self) -> None:
        """Let go of the texts that were asked about lately, and of what is known of them."""
        self._known.clear()
        self._likeliest.clear()

    async def _route(self, said: str) -> Route:
        read, trained = await self._scored(said)
        scores = read.scores[trained.columns]
        best = int(scores.argmax())
        none = read.scores[trained.learned.kinds.index(NOTHING)]
        score = float(scores[best]) if scores[best] > none else 0.0
        return Route(self._acts[best], score, likeness=_likeness(read, trained.examples[best]))

    async def _scored(self, said: str) -> tuple[Read, Trained]:
        await self.warm()
        assert self._trained is not None
        if (known := self._known.get(said)) is None:
            meaning = await asyncio.to_thread(self._embedder.query_vector, said)
            features = self._trained.features
            spelled = features.letters.vector(said)
            scores = self._trained.learned.probabilities(features.dense(said, meaning), spelled)
            known = self._known[said] = Read(meaning, spelled, scores)
            if len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return known, self._trained

    def _read(self) -> Trained:
        told = learned.read()
        features = Features(told.rare)
        texts = self.examples()
        vectors = vectors_of([it for some in texts for it in some], self._embedder)
        examples, at = [], 0
        for some in texts:
            spelled = [features.letters.vector(it) for it in some]
            examples.append(Examples(vectors[at : at + len(some)], spelled))
            at += len(some)
        columns = [told.kinds.index(it.name) for it in self._acts]
        return Trained(told, features, columns, examples)


def _likeness(read: Read, examples: Examples) -> float:
    """How like the nearest of the examples a text is, by meaning and letters, up to 1."""
    import numpy as np

    places, values = read.spelled
    whole = np.zeros(letters.DIMENSION, dtype=np.float32)
    whole[places] = values
    most = float(values @ values) or 1.0
    spelled = [float(whole[at] @ them) / most for at, them in examples.spelled]
    alike = (1 - LETTERS) * (examples.meanings @ read.meaning) + LETTERS * np.array(spelled)
    return float(alike.max())


def _neutral(text: str) -> str:
    """The text with a fixed number in place of every reference."""
    for pattern, word in REFERENCES:
        text = pattern.sub(word, text)
    return text
