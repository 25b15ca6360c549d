from collections.abc import Sequence
from datetime import datetime
from zlib import crc32

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memory import asking
from memory.conversation import Conversation, Utterance, rank
from memory.embedding import Embedder
from memory.fusion import Floats
from memory.vector_cache import VectorCache

SPRING, SUMMER = datetime(2023, 4, 2, 18), datetime(2023, 7, 9, 18)
CHAT = [
    (1, "Ana", SPRING, "Hi Ben! Any news?"),
    (2, "Ben", SPRING, "I bought a bicycle yesterday, an old red one."),
    (3, "Ana", SPRING, "Lovely! My kitten broke a vase and hid for hours."),
    (4, "Ben", SPRING, "What is it called, the little beast?"),
    (5, "Ana", SPRING, "Pickle, because of the green eyes."),
    (6, "Ben", SUMMER, "We are back from the seaside."),
    (7, "Ana", SUMMER, "I sold my car last week."),
    (8, "Ben", SUMMER, "My dog swam for the first time!"),
    (9, "Ana", SUMMER, "I have a new job at the library."),
]


def hashed(texts: Sequence[str]) -> Floats:
    """Vectors that mean nothing, the same for the same text."""
    rows = [
        np.random.default_rng(crc32(it.encode("utf-8", "replace"))).normal(size=16) for it in texts
    ]
    return np.array([it / np.linalg.norm(it) for it in rows], dtype=np.float32).reshape(-1, 16)


@pytest.fixture(scope="module")
def chat(embedder: Embedder) -> Conversation:
    return Conversation([Utterance(*it) for it in CHAT], embedder.vectors)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("When did Ben buy his bike?", [2]),  # by stems and names
        ("What vehicle did Ana get rid of?", [7]),  # by meaning
        ("What is Ana's cat called?", [5, 3]),  # the answer shares no word with the question
        ("Whose pet can swim?", [8]),
        ("What did Ana do in July 2023?", [7, 9]),
    ],
)
def test_what_answers_stands_first(chat: Conversation, query: str, found: list[int]) -> None:
    assert set(chat.rank(query)[: len(found) + 1]) >= set(found)


def test_dates_are_seen_from_the_moment_of_asking(chat: Conversation) -> None:
    later = datetime(2024, 3, 1)
    assert set(chat.rank("What happened last July?", asked_at=later)[:4]) == {6, 7, 8, 9}
    assert set(chat.rank("What happened last April?", asked_at=later)[:2]) == {1, 2}


def test_how_things_are_now_is_told_by_the_latest_word(embedder: Embedder) -> None:
    moves = [
        (1, "Ana", SPRING, "I live in a flat in Ghent with Tom."),
        (2, "Ben", SPRING, "That sounds nice."),
        (3, "Ana", SUMMER, "I live in a flat in Porto with Kim."),
        (4, "Ben", SUMMER, "That sounds nice."),
    ]
    asked = ["Where does Ana live these days?", "Who is Ana's current flatmate?"]
    assert [rank(moves, it, vectors=embedder.vectors)[0] for it in asked] == [3, 3]


@pytest.mark.parametrize(
    ("query", "now"),
    [
        ("What did we settle on last?", True),
        ("Is she still on crutches?", True),
        ("How is the job hunt going?", True),
        ("Wohnt Ana noch in Leith?", True),
        ("¿Sigue en el coro?", True),
        ("アナは今どこに住んでいますか？", True),
        ("Where did she live last May?", False),
        ("How long did the concert last?", False),
        ("Erzähl das noch einmal", False),
        ("今年の計画は？", False),
    ],
)
def test_what_is_asked_of_now_is_told_from_what_was(query: str, now: bool) -> None:
    assert asking.read(query, speakers=(), asked_at=None).asks_now is now


def test_in_a_short_conversation_the_last_word_counts_by_days() -> None:
    days = [datetime(2024, 5, n, 9) for n in (1, 9, 17)]
    said = [(str(day), "Ana", day, "the deadline is fixed") for day in days]
    assert rank(said, "What is the current deadline?", vectors=hashed) == [
        it[0] for it in said[::-1]
    ]


def test_odd_conversations_are_ranked_too() -> None:
    assert rank([], "anything", vectors=hashed) == []
    assert rank(CHAT, " \n", vectors=hashed) == []
    assert rank([("only", "", None, "")], "anything", vectors=hashed) == ["only"]
    assert (
        len(rank([(it[0], it[1], None, it[3]) for it in CHAT], "what did the", vectors=hashed)) == 9
    )
    assert rank([(n, "A", SPRING, "same") for n in range(5)], "same", k=3, vectors=hashed) != []
    long = [*CHAT, (10, "Ben", SUMMER, "word " * 4_000 + "submarine")]
    assert 10 in rank(long, "submarine", k=4, vectors=hashed)
    chinese = [
        (1, "李", SPRING, "昨天我写了一首俳句"),
        (2, "王", SPRING, "今天下雨了"),
        (3, "李", SPRING, "我不饿"),
    ]
    assert rank(chinese, "俳句在哪里", vectors=hashed)[0] == 1


@settings(max_examples=50, deadline=None)
@given(
    said=st.lists(
        st.tuples(st.text(max_size=5), st.none() | st.datetimes(), st.text(max_size=40)), max_size=8
    ),
    query=st.text(max_size=40),
    asked_at=st.none() | st.datetimes(),
)
def test_every_turn_is_ranked_once(
    said: list[tuple[str, datetime | None, str]], query: str, asked_at: datetime | None
) -> None:
    turns = [(n, *it) for n, it in enumerate(said)]
    found = rank(turns, query, asked_at=asked_at, vectors=hashed)
    assert sorted(map(str, found)) == sorted(str(it[0]) for it in turns if query.strip())


def test_a_text_is_embedded_once_and_a_full_cache_still_answers() -> None:
    seen: list[str] = []

    def counting(texts: Sequence[str]) -> Floats:
        seen.extend(texts)
        return hashed(texts)

    cache = VectorCache(counting, most=2)
    cache(["a", "b", "a"])
    cache(["b", "a"])
    assert seen == ["a", "b"]
    wanted = ["a", "c", "d", "e"]
    assert np.array_equal(cache(wanted), hashed(wanted))
