"""Plain words to an act, learned from examples of what people say, without a language model.

Kernel ridge regression (Saunders, Gammerman and Vovk 1998) of every act, and of small talk, on how
like the examples are; one linear system of some thousand unknowns, solved while warming. It finds
more than the nearest example does, because a word that many acts' examples share decides nothing.
How like two texts are is told by their meaning (the embedder is at home in English), by their
letters, and by what their words are about in four languages: each catches what the others miss.
Beside the acts' own examples it learns from `assets/sayings.toml`.
"""

from __future__ import annotations  # NumPy is only named here: a start without it is quicker

import asyncio
import re
import tomllib
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agents.act import Act, Acts
from agents.concepts import Concepts
from agents.letters import Letters
from agents.prepared import Embeds, vectors_of
from agents.smalltalk import SMALL_TALK

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Scores = tuple[NDArray[np.float32], NDArray[np.float32]]

SURE = 0.90  # as like one of its examples as this, a plain request needs no model
LIKELY = 0.20  # surer than this it is taken for what was meant
HALF_LIKELY = 0.12  # surer than this it is worth asking about
LETTERS = 0.3  # weight of shared letters; meaning has the rest
STEEP = 1.5  # power of likeness: one near example says more than several that are a little like
ABOUT = 0.15  # weight of what the words are about, beside likeness
PAIRED = 2  # power of it: two concepts together say more than each does
RIDGE = 0.2  # how little one example alone may decide
SAYINGS = Path(__file__).parent / "assets" / "sayings.toml"
NOTHING = "none"  # what stands there for those who want none of the acts
REMEMBERED = 256  # texts whose scores are kept: a line is looked at again in the next turns
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
    """The act that is meant, how sure that is (0 where small talk is likelier), up to about 1.

    `likeness` is that of the nearest of its examples, up to 1.
    """

    act: Act[Any]
    score: float
    likeness: float = 0.0


@dataclass(frozen=True, slots=True)
class Learned:
    """What was learned of n examples: their vectors, and the weight of each for each kind.

    `spelled` has shape (1024, n), so that the few pieces of a short text are read alone; `about`
    has shape (n, concepts); `weights` has shape (n, kinds): a column for each act and the last one
    for small talk. `kinds`, shape (n,), tells of each example which of these columns is its own.
    """

    meanings: NDArray[np.float32]
    letters: Letters
    spelled: NDArray[np.float32]
    concepts: Concepts
    about: NDArray[np.float32]
    weights: NDArray[np.float32]
    kinds: NDArray[np.int64]

    def spelling(self, text: str) -> NDArray[np.float32]:
        """How like each example the text is spelled, shape (n,)."""
        pieces = self.letters.vectors([text])[0]
        (present,) = pieces.nonzero()
        alike: NDArray[np.float32] = pieces[present] @ self.spelled[present]
        return alike


class Router:
    """Finds the act that is meant by plain words; `texts` are all that it learns from."""

    def __init__(self, acts: Acts, embedder: Embeds) -> None:
        self._embedder = embedder
        self._acts = list(acts)
        said = sayings()
        examples = [
            (kind, _neutral(words))
            for kind, it in enumerate(self._acts)
            for words in (*it.examples, *it.leads, *said.get(it.name, ()))
        ]
        talk = [*SMALL_TALK, *said[NOTHING]]
        self.texts = [*(words for _, words in examples), *talk]
        self._kinds = [*(kind for kind, _ in examples), *(len(self._acts) for _ in talk)]
        self._learned: Learned | None = None
        self._warming = asyncio.Lock()
        self._known: OrderedDict[str, Scores] = OrderedDict()  # of what was asked lately

    async def warm(self) -> None:
        """Learn from all examples; the first question does it otherwise."""
        async with self._warming:
            if self._learned is None:
                self._learned = await asyncio.to_thread(self._learn)

    async def nearest(self, text: str) -> Route:
        """The act that is meant by the text, or by what stands before a colon in it."""
        said = _neutral(text.strip()[:LOOKED_AT]).replace("\uff1a", ":")
        head, colon, _ = said.partition(":")
        routes = [await self._route(it) for it in ([said, head + colon] if colon else [said])]
        return max(routes, key=lambda it: it.score)

    async def likely(self, text: str, count: int) -> list[str]:
        """The names of the acts that are likeliest meant, `count` of them, the likeliest first."""
        _, scores = await self._scores(_neutral(text.strip()[:LOOKED_AT]))
        return [self._acts[it].name for it in (-scores[:-1]).argsort()[:count]]

    def forget(self) -> None:
        """Let go of the texts that were asked about lately."""
        self._known.clear()

    async def _route(self, said: str) -> Route:
        likeness, scores = await self._scores(said)
        best = int(scores[:-1].argmax())
        assert self._learned is not None
        nearest = likeness[self._learned.kinds == best].max()
        score = float(scores[best])
        return Route(
            self._acts[best], score if score > scores[-1] else 0.0, likeness=float(nearest)
        )

    async def _scores(self, said: str) -> Scores:
        """How like each example the text is, and how sure each kind, small talk last."""
        if (known := self._known.get(said)) is None:
            known = self._known[said] = await self._scored(said)
            if len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return known

    async def _scored(self, said: str) -> Scores:
        await self.warm()
        assert self._learned is not None
        meaning = await asyncio.to_thread(self._embedder.query_vector, said)
        likeness = _mixed(
            self._learned.meanings @ meaning,
            self._learned.spelling(said),
        )
        about = self._learned.about @ self._learned.concepts.vector(said)
        return likeness, _kernel(likeness, about) @ self._learned.weights

    def _learn(self) -> Learned:
        import numpy as np

        meanings = vectors_of(self.texts, self._embedder)
        letters = Letters(self.texts)
        spelled = letters.vectors(self.texts)
        concepts = Concepts(self.texts)
        about = concepts.known
        alike = about @ about.T
        np.fill_diagonal(alike, 1)  # of one text the other words are the same, too
        kernel = _kernel(_mixed(meanings @ meanings.T, spelled @ spelled.T), alike)
        wanted = np.eye(len(self._acts) + 1, dtype=np.float32)[self._kinds]
        np.fill_diagonal(kernel, kernel.diagonal() + RIDGE)
        weights = np.linalg.solve(kernel, wanted)
        return Learned(
            meanings,
            letters,
            np.ascontiguousarray(spelled.T),
            concepts,
            about,
            weights,
            np.array(self._kinds),
        )


def _mixed(meaning: NDArray[np.float32], spelled: NDArray[np.float32]) -> NDArray[np.float32]:
    return (1 - LETTERS) * meaning + LETTERS * spelled


def _kernel(likeness: NDArray[np.float32], about: NDArray[np.float32]) -> NDArray[np.float32]:
    alike: NDArray[np.float32] = likeness.clip(min=0) ** STEEP + ABOUT * about**PAIRED
    return alike


def sayings() -> dict[str, list[str]]:
    """Ways of asking by the names of acts, and what those say who want none of them."""
    return tomllib.loads(SAYINGS.read_text(encoding="utf-8"))


def _neutral(text: str) -> str:
    """The text with a fixed number in place of every reference."""
    for pattern, word in REFERENCES:
        text = pattern.sub(word, text)
    return text
