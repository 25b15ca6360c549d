from datetime import UTC, datetime

import pytest

from agents.lexrank import most_telling
from agents.summarize import PICKED, sentences
from feed_core.models.creations import Creation
from feed_core.models.reactions import Comment
from feed_core.services.threads import Thread

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
    comment = Comment(creation_id=4, author_id=2, body="Lovely? Yes.\nVery", created_at=NOW)
    found = sentences(Thread(root, [comment], [remix]), {1: "Ana", 2: "Ben"})
    assert [(it.ref, it.name, it.text) for it in found] == [
        ("#4", "Ana", "All night."),
        ("#4", "Ana", "The same song!"),
        ("#4", "Ben", "Lovely?"),
        ("#4", "Ben", "Yes."),
        ("#4", "Ben", "Very"),
        ("#7", "Ben", "Quiet"),
    ]
