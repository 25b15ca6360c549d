"""A summary without a model: the sentences of a thread that tell most of it, as they were said."""

from collections.abc import Sequence
from dataclasses import dataclass

from agents.passages import Passage, Sentence, sentences

GIST, POINTS, QUESTIONS = 2, 3, 2  # sentences
LONGEST = 240  # characters of one
RELATED = 0.12  # cosine from which on a sentence has to do with a question


@dataclass(frozen=True, slots=True)
class Picked:
    """Sentences of a thread, each in the order in which they were said, none of them twice."""

    gist: Sequence[Sentence]
    points: Sequence[Sentence]
    questions: Sequence[Sentence]


def pick(said: Sequence[Passage]) -> Picked:
    """The two sentences that tell most of a thread, the next ones, and what stayed unanswered."""
    from agents.lexrank import compared, ranked  # NumPy: imported for the first summary

    if not said:
        return Picked([], [], [])
    every, about = sentences(said), said[0].whole
    texts = [it.text[:LONGEST] for it in every]
    there = compared(texts, about)
    worth = ranked([texts[it] for it in there], about)
    gist = worth.best(GIST)
    points = worth.best(POINTS, but=gist)
    asked = [
        n
        for n, it in enumerate(there)
        if texts[it].rstrip().endswith(("?", "？"))
        and n not in (*gist, *points)
        and worth.alike[n, :n].max(initial=0.0) > RELATED  # to what the thread is about
        and not any(
            worth.alike[n, later] > RELATED
            and every[there[later]].passage.author_id != every[it].passage.author_id
            for later in range(n + 1, len(there))
        )
    ]
    return Picked(
        *(
            [every[there[it]] for it in sorted(chosen)]
            for chosen in (gist, points, asked[-QUESTIONS:])
        )
    )
