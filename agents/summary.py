"""What a summary is: a gist, points, open questions and who said what, each with its source."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic import BaseModel, Field

from agents.passages import Passage

LONGEST_GIST, LONGEST = 600, 240  # characters


class Traced(BaseModel):
    """One sentence, and the number of the text that it comes from."""

    source: str = Field(description="the number in brackets of the text it comes from, such as c12")
    text: str = Field(description="one short sentence")


class PartRead(BaseModel):
    """What a model says about a part of a thread."""

    points: list[Traced] = Field(description="what matters in it, in order, at most eight")
    questions: list[Traced] = Field(description="what was asked and nobody answered, at most three")


class ThreadRead(BaseModel):
    """What a model says about a whole thread."""

    gist: str = Field(description="what it is about and what it came to, in two sentences")
    points: list[Traced] = Field(description="what matters most in it, at most five")
    questions: list[Traced] = Field(description="what was asked and nobody answered, at most three")
    voices: list[Traced] = Field(
        description="for each person who said much, what they hold, with one of their texts"
    )


class MediationRead(BaseModel):
    """What a neutral reader says about a thread in which people quarrel."""

    common: list[Traced] = Field(description="what they share, at most three")
    open: list[Traced] = Field(description="what they see differently, at most three")
    idea: str = Field(description="one small thing that they could create together, in a sentence")
    stands_on: list[str] = Field(description="the numbers of the texts that the idea builds on")


@dataclass(frozen=True, slots=True)
class Point:
    """One sentence of a summary; who said it and where stands in its passage."""

    passage: Passage
    text: str


@dataclass(frozen=True, slots=True)
class Summary:
    """What a thread comes to; `note` says why it is picked sentences where a model should read."""

    gist: str
    points: Sequence[Point]
    questions: Sequence[Point] = ()
    voices: Sequence[Point] = ()
    note: str = ""


def traced(found: Sequence[Traced], said: Mapping[str, Passage], most: int) -> list[Point]:
    """The sentences whose source is among what was read, each cut; the others are made up."""
    points = [
        Point(passage, text[:LONGEST])
        for it in found
        if (passage := said.get(it.source.strip(" []()").casefold())) and (text := oneline(it.text))
    ]
    return points[:most]


def by_number(said: Sequence[Passage]) -> dict[str, Passage]:
    """Passages by the number that they are called by, with and without the sign."""
    found: dict[str, Passage] = {}
    for it in said:
        found[str(it.of)] = found[str(it.of).lstrip("#")] = it
    return found


def oneline(text: str) -> str:
    """The text without line breaks and spaces around it."""
    return " ".join(text.split())
