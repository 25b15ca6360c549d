from datetime import UTC, datetime

import pytest

from agents.lexrank import most_telling
from agents.passages import passages, sentences
from agents.picking import pick
from feed_core.models.creations import Creation
from feed_core.models.reactions import Comment
from feed_core.services.threads import Thread

PICKED = 4
NOW = datetime(2026, 3, 14, 12, tzinfo=UTC)

# Threads with the sentences that a person would keep marked by *.
HARBOUR = """
Hello everybody, sorry that I am late.
Nice weather today, is it not?
I had soup for lunch.
*The harbour festival needs a stage for the poetry reading.
*We could build the stage for the reading from old pallets at the harbour.
Ha ha, yes.
*Pallets are cheap, and the harbour master has forty old pallets to give away.
My phone is nearly empty.
*So the poetry stage at the harbour festival will be built from his pallets on Friday.
See you.
"""
MOTH = """
First!
Good morning from rainy Leeds.
*The last line of the moth poem should be shorter.
I disagree about tea, by the way.
*A shorter last line would let the moth poem end on the lamp.
*If the poem ends on the lamp, the title should not name the moth.
Anybody seen my keys?
*Then let the title be the lamp and cut the last line of the poem to three words.
Thanks all.
"""


def lines(thread: str) -> tuple[list[str], set[str]]:
    told = [it.strip() for it in thread.strip().splitlines()]
    return [it.removeprefix("*") for it in told], {it[1:] for it in told if it.startswith("*")}


@pytest.mark.parametrize("thread", [HARBOUR, MOTH])
def test_the_telling_sentences_are_picked_and_better_than_the_first_ones(thread: str) -> None:
    told, wanted = lines(thread)
    picked = {told[it] for it in most_telling(told, PICKED)}
    assert len(picked & wanted) >= 3
    assert len(picked & wanted) > len(set(told[:PICKED]) & wanted)


def test_they_stay_in_the_order_in_which_they_were_said() -> None:
    told, _ = lines(HARBOUR)
    picked = most_telling(told, PICKED)
    assert picked == sorted(set(picked))


@pytest.mark.parametrize(
    "texts",
    [[], ["one"], ["same"] * 9, ["…"] * 9, ["🎈", "!!", "a b c"] * 5, ["雨が降る"] * 7, [""] * 6],
)
def test_odd_threads_are_summed_up_as_well(texts: list[str]) -> None:
    assert len(most_telling(texts, PICKED)) == min(PICKED, len(texts))


def creation(number: int, author_id: int, title: str, body: str) -> Creation:
    return Creation(
        id=number, author_id=author_id, title=title, body=body, content_hash="", created_at=NOW
    )


def test_every_sentence_knows_where_it_comes_from() -> None:
    root = creation(4, 1, "Rain", "All night. The same song!")
    remix = creation(7, 2, "Snow", "Quiet")
    comment = Comment(id=9, creation_id=4, author_id=2, body="Lovely? Yes.\nVery", created_at=NOW)
    said = passages(Thread(root, [comment], [remix]), {1: "Ana", 2: "Ben"})
    found = [(str(it.passage.of), it.passage.name, it.text) for it in sentences(said)]
    assert found == [
        ("#4", "Ana", "All night."),
        ("#4", "Ana", "The same song!"),
        ("c9", "Ben", "Lovely?"),
        ("c9", "Ben", "Yes."),
        ("c9", "Ben", "Very"),
        ("#7", "Ben", "Quiet"),
    ]
    assert {str(it.creation) for it in said} == {"#4", "#7"}


def test_a_question_that_somebody_answered_is_not_open() -> None:
    told, _ = lines(HARBOUR)
    told += [
        "Who brings a hammer for the pallets?",
        "Will the harbour master give us a permit?",
        "I bring one.",
    ]
    told += ["A hammer for the pallets is in my boat."]
    comments = [
        Comment(id=n, creation_id=4, author_id=2 + n % 2, body=it, created_at=NOW)
        for n, it in enumerate(told, start=1)
    ]
    found = pick(passages(Thread(creation(4, 1, "Harbour", ""), comments, []), {}))
    assert [it.text for it in found.questions] == ["Will the harbour master give us a permit?"]
    assert len(found.gist) == 2
    assert len({it.text for it in (*found.gist, *found.points)}) == 5
