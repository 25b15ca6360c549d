import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from agents import learned
from agents.acts.listing import all_acts
from agents.prepared import vectors_of
from agents.router import LIKELY, SURE, Router
from agents.sayings import NOTHING, sayings
from memory.embedding import Embedder

Row = dict[str, str | None]


def rows(name: str) -> list[Row]:
    lines = (Path(__file__).parent / "data" / name).read_text("utf-8").splitlines()
    return [json.loads(it) for it in lines]


# Looked at while examples and model were chosen: these show what is known, not what is to come.
ROWS = rows("phrasings.jsonl")
SEEN = [*ROWS, *(it for it in rows("phrasings_unseen.jsonl") if it["half"] == "test")]
# Small talk alone, of other families than what is learned; looked at while more was written.
CHATTER = rows("phrasings_chatter.jsonl")
# Blind: written from what the acts do, before any example was read, and looked at for nothing.
BLIND = rows("phrasings_blind.jsonl")
# As these, by somebody who wrote no example either; the router was asked once, when all was done.
FRESH = rows("phrasings_fresh.jsonl")


@pytest.mark.parametrize(
    ("name", "told", "least", "most"),
    [
        ("seen", SEEN, 0.95, 0.05),
        ("chatter", CHATTER, 0.95, 0.05),
        ("blind", BLIND, 0.90, 0.10),
        ("fresh", FRESH, 0.90, 0.15),
    ],
    ids=["seen", "chatter", "blind", "fresh"],
)
async def test_unseen_phrasings_find_their_act(
    router: Router,
    capsys: pytest.CaptureFixture[str],
    name: str,
    told: list[Row],
    least: float,
    most: float,
) -> None:
    found = [(it["means"], await router.nearest(str(it["says"]))) for it in told]
    taken = [(means, it.act.name if it.score >= LIKELY else None) for means, it in found]
    right = sum(means == name for means, name in taken) / len(taken)
    chat = [name for means, name in taken if means is None]
    mistaken = sum(name is not None for name in chat) / len(chat)
    with capsys.disabled():
        print(f"\nrouter, {name}: {right:.3f} of {len(taken)} right,", end=" ")
        print(f"{mistaken:.3f} of small talk mistaken")
    assert right >= least
    assert mistaken <= most


def test_all_that_the_router_learns_from_is_of_an_act_or_none_and_none_of_it_is_tested() -> None:
    said = sayings()
    assert set(said) == {it.name for it in all_acts()} | {NOTHING}
    known = {it for words in said.values() for it in words}
    assert not known & {it["says"] for it in (*SEEN, *CHATTER, *BLIND, *FRESH)}


def test_what_was_learned_is_of_these_examples(router: Router) -> None:
    """Run `make fix` when this fails."""
    assert learned.read().learned_from == router.learns_from()


def test_the_phrasings_cover_every_act_and_much_that_is_none() -> None:
    meant = [it["means"] for it in ROWS]
    assert set(meant) == {it.name for it in all_acts()} | {None}
    assert meant.count(None) >= 40
    assert len(ROWS) >= 150
    assert len({it["says"] for it in ROWS}) == len(ROWS)


class Prepared:
    """Gives the vectors that come with Jamfeed, and those of other texts by the embedder."""

    def __init__(self, embedder: Embedder, texts: Sequence[str]) -> None:
        self._embedder = embedder
        self._known = dict(zip(texts, vectors_of(texts, embedder), strict=True))
        self.name = embedder.name
        self.vectors = embedder.vectors

    def query_vector(self, text: str) -> NDArray[np.float32]:
        known = self._known.get(text)
        return self._embedder.query_vector(text) if known is None else known


async def test_every_example_finds_its_own_act(embedder: Embedder) -> None:
    texts = [text for text, _ in Router(all_acts(), embedder).rows()]
    router = Router(all_acts(), Prepared(embedder, texts))
    for it in all_acts():
        for example in it.examples:
            route = await router.nearest(example)
            assert (route.act.name, example) == (it.name, example)
            assert route.score > LIKELY


@pytest.mark.parametrize("text", ["show my feed", "what do you know about me?", "show my drafts"])
async def test_plain_requests_are_sure(router: Router, text: str) -> None:
    route = await router.nearest(text)
    assert route.score >= LIKELY
    assert route.likeness >= SURE


@pytest.mark.parametrize("number", [1, 4, 17, 93, 4711])
async def test_the_number_of_a_thing_does_not_change_what_is_meant(
    router: Router, number: int
) -> None:
    for text, name in [
        ("show me number {}", "show"),
        ("drop d{}", "drop"),
        ("forget m{}", "forget"),
    ]:
        assert (await router.nearest(text.format(number))).act.name == name


@pytest.mark.parametrize("text", ["", " ", "?", "🎈", "x" * 100_000, "\ud83d", "a:" * 300])
async def test_any_text_at_all_gets_a_route(router: Router, text: str) -> None:
    assert -1 <= (await router.nearest(text)).score <= 1.001


class Counting:
    """An embedder that counts the texts that it is asked about one by one."""

    def __init__(self, embedder: Embedder) -> None:
        self.name, self.vectors = embedder.name, embedder.vectors
        self._embedder, self.asked = embedder, 0

    def query_vector(self, text: str) -> NDArray[np.float32]:
        self.asked += 1
        return self._embedder.query_vector(text)


async def test_what_an_earlier_line_may_mean_is_known_when_many_others_have_talked_since(
    embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agents.router.REMEMBERED", 2)
    counting = Counting(embedder)
    router = Router(all_acts(), counting)
    line, others = "remix the rain thread", ["hello", "good morning", "what a day"]
    before = await router.likely(line, 5)
    for it in others:
        await router.likely(it, 5)
    assert await router.likely(line, 3) == before[:3]
    assert counting.asked == 1 + len(others)
    router.forget()
    assert await router.likely(line, 5) == before
    assert counting.asked == 2 + len(others)
