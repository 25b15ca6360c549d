"""Answers a question from the texts of one thread, with the words that the answer comes from."""

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import BaseModel, Field

from agents import prompts
from agents.folding import PART, SMALLEST, Line, lines
from agents.passages import Passage, sentences
from agents.summary import Point, by_number, oneline
from agents.turn import Turn, Writer
from feed_core.errors import JamfeedError, Unavailable
from feed_core.services.ledger import BudgetSpent
from feed_core.services.muting import folded
from memory.conversation import Utterance

QUOTES = 3
LONGEST = 800  # characters of an answer
EXCERPT = 240  # of a quote
PURPOSE = "ask about"


class Quoted(BaseModel):
    """Words of a text, just as they stand there."""

    source: str = Field(description="the number in brackets of the text, such as c12")
    words: str = Field(description="a few words or a sentence of it, word for word")


class QuestionRead(BaseModel):
    """What a model answers."""

    answered: bool = Field(description="whether the material answers the question")
    answer: str = Field(description="the answer in one to four sentences, from the material alone")
    quotes: list[Quoted] = Field(description="what the answer comes from, at most three")


@dataclass(frozen=True, slots=True)
class Found:
    """What was found: an answer in a model's words, or none, and the words that it comes from.

    `asked` is the text that the question is about, where it points at one; `trouble` is why a
    model did not answer.
    """

    answer: str
    quotes: Sequence[Point]
    asked: Passage | None = None
    answered: bool = True
    trouble: JamfeedError | None = None


async def find_out(
    turn: Turn, said: Sequence[Passage], question: str, asked: Passage | None
) -> Found:
    """The answer of a model that reads the thread as data; else the passages that answer best."""
    writer = turn.parts.writer
    if writer is None:
        return await _passages(turn, said, question, asked)
    try:
        return await _read(turn, writer, said, question, asked)
    except (Unavailable, BudgetSpent) as error:
        return await _passages(turn, said, question, asked, trouble=error)


async def _read(
    turn: Turn, writer: Writer, said: Sequence[Passage], question: str, asked: Passage | None
) -> Found:
    size = 2 * max(SMALLEST, min(PART, writer.room // 3))
    material = lines(said, size)
    if sum(len(it.text) for it in material) > size:
        material = await _telling(turn, said, question, size)
    sources = ["\n".join(it.text for it in material)]
    if asked is not None:
        sources.append(f"What is asked about: [{asked.of}] {asked.name}: {oneline(asked.whole)}")
    read = await writer.fill(
        QuestionRead,
        member_id=turn.member_id,
        wish=prompts.QUESTION_WISH.format(question=question),
        sources=sources,
        purpose=PURPOSE,
    )
    answer = oneline(read.answer)[:LONGEST]
    if not read.answered or not answer:
        return Found("", [], asked, answered=False)
    return Found(answer, _true(read.quotes, said), asked)


def _true(quotes: Sequence[Quoted], said: Sequence[Passage]) -> list[Point]:
    """The quotes that stand in their text word for word; the others are made up."""
    there = by_number(said)
    found = []
    for it in quotes:
        passage = there.get(it.source.strip(" []()").casefold())
        words = oneline(it.words).strip("“”\"'")
        if passage and words and folded(words) in folded(passage.whole):
            found.append(Point(passage, words[:EXCERPT]))
    return found[:QUOTES]


async def _telling(turn: Turn, said: Sequence[Passage], question: str, size: int) -> list[Line]:
    """Of a long thread the beginning and what may answer, in order, as long as there is room."""
    turns = [Utterance(n, it.name, it.at, it.whole) for n, it in enumerate(said)]
    best = await turn.parts.meaning.answering(turns, question, k=len(turns), asked_at=turn.now)
    chosen, room = list[int](), size
    for n in dict.fromkeys([0, *(it for it in best if isinstance(it, int))]):
        room -= sum(len(it.text) for it in lines([said[n]], size))
        if room < 0:
            break
        chosen.append(n)
    return lines([said[it] for it in sorted(chosen)], size)


async def _passages(
    turn: Turn,
    said: Sequence[Passage],
    question: str,
    asked: Passage | None,
    trouble: JamfeedError | None = None,
) -> Found:
    """Sentences that answer best; where one text is asked about, what was said around it."""
    every = [it for it in sentences(said) if asked is None or it.passage.of != asked.of]
    wanted = question if asked is None else asked.whole
    turns = [Utterance(n, it.passage.name, it.passage.at, it.text) for n, it in enumerate(every)]
    best = await turn.parts.meaning.answering(
        turns, wanted, k=QUOTES if asked is None else QUOTES - 1, asked_at=turn.now
    )
    chosen = [every[it] for it in best if isinstance(it, int)]
    quotes = [Point(it.passage, it.text[:EXCERPT]) for it in chosen]
    return Found("", quotes, asked, answered=bool(quotes or asked), trouble=trouble)
