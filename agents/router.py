"""Plain words to an act: the nearest of the acts' examples, without a language model."""

import asyncio
import re
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from pydantic import JsonValue
from rapidfuzz import fuzz

from agents.act import Act, Acts
from agents.answer import Call
from agents.parameters import Kind, Parameter
from agents.turn import Turn
from feed_core.services import timeline

SURE = 0.90  # as near as this, a plain request needs no model
LIKELY = 0.52  # nearer than this it is taken for what was meant
HALF_LIKELY = 0.38  # nearer than this it is worth asking about
TITLE_LIKENESS = 85
LOOKED_AT = 200

DRAFT = re.compile(r"\bd(\d+)\b", re.IGNORECASE)
MEMORY = re.compile(r"\bm(\d+)\b", re.IGNORECASE)
NUMBER = re.compile(r"(?<![\w:.])#?(\d{1,9})\b(?![:.]\d|\s*(?:am|pm)\b)", re.IGNORECASE)
FILLED = re.compile(r"<.*>")
NUMBERS = re.compile(r"\d+")


class Embeds(Protocol):
    """What makes vectors of texts: (n, d), normalised."""

    async def aembed_documents(self, texts: list[str]) -> list[list[float]]:
        """Vectors of many texts."""
        ...

    async def aembed_query(self, text: str) -> list[float]:
        """The vector of one."""
        ...


@dataclass(frozen=True, slots=True)
class Route:
    """The act whose example is nearest, and how near: cosine similarity, 1 is the same."""

    act: Act[Any]
    score: float


class Router:
    """Finds the act that is meant by plain words."""

    def __init__(self, acts: Acts, embedder: Embeds) -> None:
        self._embedder = embedder
        self._examples = [(it, example) for it in acts for example in it.examples]
        self._vectors: NDArray[np.float32] | None = None
        self._warming = asyncio.Lock()

    async def warm(self) -> None:
        """Make the vectors of all examples; the first question does it otherwise."""
        async with self._warming:
            if self._vectors is None:
                texts = [example for _, example in self._examples]
                vectors = await self._embedder.aembed_documents(texts)
                self._vectors = np.asarray(vectors, dtype=np.float32)

    async def nearest(self, text: str) -> Route:
        """The act whose example is nearest to the text."""
        await self.warm()
        assert self._vectors is not None
        scores = self._vectors @ np.asarray(await self._embedder.aembed_query(text), np.float32)
        best = int(scores.argmax())
        return Route(self._examples[best][0], float(scores[best]))


async def read_arguments(turn: Turn, found: Act[Any], text: str) -> Call:
    """The call of an act, as far as the text says what it needs."""
    given: dict[str, JsonValue] = {}
    for shape in found.parameters:
        value = await _value(turn, found, shape, text)
        if value:
            given[shape.name] = value
    return Call(found.name, given)


async def _value(turn: Turn, found: Act[Any], shape: Parameter, text: str) -> JsonValue:
    match shape.kind:
        case Kind.DRAFT | Kind.MEMORY:
            pattern = DRAFT if shape.kind is Kind.DRAFT else MEMORY
            named = pattern.search(text) or (NUMBER.search(text) if shape.required else None)
            return named[1] if named else None
        case Kind.CREATION:
            numbers = [int(it) for it in NUMBER.findall(text)]
            if not numbers and shape.required and (titled := await _by_title(turn, text)):
                numbers = [titled]
            if shape.many:
                return list[JsonValue](numbers)
            return numbers[0] if numbers and shape.required else None
        case Kind.SWITCH:
            return bool(re.search(rf"\b{shape.name}\b", text, re.IGNORECASE))
        case Kind.CHOICE:
            words = text.casefold().split()
            return next((it for it in shape.choices if it in words), None)
        case Kind.TEXT:
            return _without_lead(found, text)
        case _:
            return None


def _without_lead(found: Act[Any], text: str) -> str:
    """The text without what people say first, which stands before the mark in the examples."""
    leads = [FILLED.split(it)[0].strip() for it in found.templates if FILLED.search(it)]
    patterns = [
        re.compile(rf"\W*{NUMBERS.sub('[0-9]+', re.escape(it))}\b\W*", re.IGNORECASE)
        for it in leads
        if it
    ]
    matches = [match for it in patterns if (match := it.match(text))]
    taken = max((it.end() for it in matches), default=0)
    return text[taken:].strip() or text


async def _by_title(turn: Turn, text: str) -> int | None:
    """The creation whose title is in the text, if one clearly is."""
    async with turn.store.read() as view:
        known = await timeline.suggestions(view, reader=turn.reader, typed="", limit=LOOKED_AT)
    scored = [
        (fuzz.partial_token_set_ratio(title.casefold(), text.casefold()), len(title), number)
        if len(title) > 2
        else (0.0, 0, number)
        for number, title in known
    ]
    best = max(scored, default=(0.0, 0, 0))
    return best[2] if best[0] >= TITLE_LIKENESS else None
