"""Ranking: what holds for any reactions, and what a page looks like."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from feed_core.services import sources
from feed_core.services.diversity import Pool, compose
from feed_core.services.ranking import Candidates, Known, best, rank, rank_with, score
from feed_core.services.recipes import FOR_YOU, Recipe
from feed_core.services.taste import alike, taste
from feed_core.services.wordbag import word_vectors

DAY = 86_400.0
ANA, BEN, MIO, STRANGER = 1, 2, 3, 99
RAIN, STORM, CAT, KITTEN, SOUP = 10, 11, 20, 21, 30
TEXTS = {
    RAIN: "Rain on the roof, rain in the gutter",
    STORM: "A storm brings rain to the roof",
    CAT: "My cat sleeps on the sofa",
    KITTEN: "A kitten and a cat on one sofa",
    SOUP: "Onion soup with pepper",
}
ids = st.integers(min_value=-(2**40), max_value=2**40)
reactions = st.lists(
    st.tuples(st.integers(0, 8), st.integers(0, 15), st.floats(0, 100 * DAY)), max_size=60
)
texts = st.dictionaries(st.integers(0, 20), st.text(max_size=30), max_size=15)


def crowd(
    items: Sequence[int], *, first: int, count: int, day: float
) -> list[tuple[int, int, float]]:
    """Members who all like the same."""
    return [(first + n, item, day * DAY) for n in range(count) for item in items]


def pool(count: int, *, makers: Sequence[int] | None = None, seed: int = 0) -> Pool:
    rng = np.random.default_rng(seed)
    vectors = rng.normal(size=(count, 384)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    made = np.arange(count) if makers is None else np.array(makers)
    return Pool(
        ids=np.arange(count) + 1000,
        scores=rng.normal(size=count).astype(np.float32),
        vectors=vectors,
        makers=made,
        threads=np.arange(count),
        freshness=rng.random(count).astype(np.float32),
        at=np.arange(count),
    )


def longest_row(values: Sequence[int]) -> int:
    longest = length = 1
    for before, after in pairwise(values):
        length = length + 1 if before == after else 1
        longest = max(longest, length)
    return longest


@given(reactions, texts, st.integers(0, 9), st.integers(0, 30))
@settings(max_examples=30, deadline=None)
def test_a_ranking_holds_each_item_once_and_none_that_the_member_reacted_to(
    given_reactions: list[tuple[int, int, float]], given_texts: dict[int, str], member: int, k: int
) -> None:
    mine = {item for who, item, _ in given_reactions if who == member}
    others = ({item for _, item, _ in given_reactions} | set(given_texts)) - mine

    shown = rank(given_reactions, given_texts, member, k=k)

    assert len(shown) == len(set(shown)) == min(k, len(others))
    assert set(shown) <= others


@given(reactions, texts, st.integers(0, 9), st.randoms(use_true_random=False))
@settings(max_examples=30, deadline=None)
def test_neither_the_order_of_reactions_nor_of_texts_matters(
    given_reactions: list[tuple[int, int, float]],
    given_texts: dict[int, str],
    member: int,
    chance: random.Random,
) -> None:
    shuffled = chance.sample(given_reactions, len(given_reactions))
    turned = dict(chance.sample(list(given_texts.items()), len(given_texts)))

    assert rank(shuffled, turned, member, k=30) == rank(given_reactions, given_texts, member, k=30)


@given(st.lists(st.tuples(ids, ids, st.just(0.0)), max_size=30))
@settings(max_examples=20, deadline=None)
def test_ids_may_be_any_integers_and_all_may_happen_at_once(
    given_reactions: list[tuple[int, int, float]],
) -> None:
    for member in {member for member, _, _ in given_reactions} | {STRANGER}:
        mine = {item for who, item, _ in given_reactions if who == member}
        shown = rank(given_reactions, {}, member, k=100)
        assert set(shown) == {item for _, item, _ in given_reactions} - mine


def test_without_reactions_and_texts_there_is_nothing_to_rank() -> None:
    assert rank([], {}, ANA, k=10) == []
    assert rank([(ANA, RAIN, 0.0)], {}, ANA, k=10) == []
    assert rank([(ANA, RAIN, 0.0)], TEXTS, ANA, k=0) == []
    assert rank([(ANA, RAIN, 0.0)], TEXTS, ANA, k=10, among=[]) == []
    assert rank([(ANA, RAIN, 0.0)], TEXTS, ANA, k=10, among=[RAIN, 12345]) == []


def test_with_texts_alone_everything_is_ranked_the_newest_id_first() -> None:
    assert rank([], TEXTS, ANA, k=10) == [SOUP, KITTEN, CAT, STORM, RAIN]


def test_what_members_of_like_taste_like_comes_first() -> None:
    happened = [
        *crowd([RAIN, STORM], first=100, count=5, day=1),
        *crowd([CAT, KITTEN], first=200, count=5, day=1),
        (ANA, RAIN, DAY),
        (BEN, CAT, DAY),
    ]

    assert rank(happened, {}, ANA, k=1) == [STORM]
    assert rank(happened, {}, BEN, k=1) == [KITTEN]


def test_a_text_like_those_one_liked_comes_first_where_nobody_has_reacted_yet() -> None:
    happened = [(ANA, RAIN, DAY), (BEN, CAT, DAY)]
    new = [STORM, KITTEN, SOUP]

    assert rank(happened, TEXTS, ANA, k=3, among=new)[0] == STORM
    assert rank(happened, TEXTS, BEN, k=3, among=new)[0] == KITTEN


def test_a_stranger_gets_what_is_popular_now_and_what_is_fresh() -> None:
    happened = [
        *crowd([SOUP], first=100, count=30, day=0),  # was popular once
        *crowd([CAT], first=200, count=20, day=99),
        *crowd([RAIN], first=300, count=2, day=50),
    ]

    assert rank(happened, TEXTS, STRANGER, k=1) == [CAT]

    born = {RAIN: 99 * DAY, SOUP: 0.0, STORM: 50 * DAY, KITTEN: 0.0, CAT: 0.0}
    known = Known.of(happened, TEXTS)
    fresh = Recipe(taste=0, quality=0, closeness=0, freshness=1)
    assert rank_with(known, STRANGER, k=2, born=born, recipe=fresh) == [RAIN, STORM]


def test_a_moment_may_be_a_datetime_with_or_without_a_zone_or_a_number() -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    rng = np.random.default_rng(5)
    rows = [(int(m), int(i), int(d)) for m, i, d in rng.integers(0, 20, size=(80, 3))]
    zoned = [(m, i, start + timedelta(days=d)) for m, i, d in rows]
    bare = [(m, i, when.replace(tzinfo=None)) for m, i, when in zoned]
    numbers = [(m, i, when.timestamp()) for m, i, when in zoned]

    for member in range(2):
        shown = rank(zoned, TEXTS, member, k=9)
        assert shown == rank(bare, TEXTS, member, k=9) == rank(numbers, TEXTS, member, k=9)


def test_asking_for_many_members_answers_as_asking_for_each() -> None:
    rng = np.random.default_rng(7)
    rows = [(int(m), int(i), float(d)) for m, i, d in rng.integers(0, 25, size=(200, 3))]
    known = Known.of(rows, TEXTS)

    for member in range(25):
        assert rank_with(known, member, k=9) == rank(rows, TEXTS, member, k=9)


def test_among_some_items_the_order_is_that_among_all_and_when_and_how_many_may_be_left_out() -> (
    None
):
    rng = np.random.default_rng(3)
    rows = [(int(m), int(i)) for m, i in rng.integers(0, 25, size=(200, 2))]
    there = set(TEXTS) | {item for _, item in rows}

    for member in range(25):
        shown = rank(rows, TEXTS, member)
        assert set(shown) == there - {item for who, item in rows if who == member}
        assert rank(rows, TEXTS, member, among=shown[::3]) == shown[::3]
    assert rank([(m, i, DAY) for m, i in rows], TEXTS, 24) == shown


def test_reacting_twice_is_reacting_once() -> None:
    once = [*crowd([RAIN, STORM], first=100, count=3, day=1), (ANA, RAIN, 2 * DAY)]

    assert rank([*once, (ANA, RAIN, DAY)], TEXTS, ANA, k=9) == rank(once, TEXTS, ANA, k=9)


def test_texts_become_vectors_by_a_callable_that_is_handed_in() -> None:
    read: list[str] = []

    def vectors(given_texts: Sequence[str]) -> NDArray[np.float32]:
        read.extend(given_texts)
        sweet = [
            [1.0, 0.0] if text in (TEXTS[RAIN], TEXTS[SOUP]) else [0.0, 1.0] for text in given_texts
        ]
        return np.array(sweet, dtype=np.float32)

    shown = rank([(ANA, RAIN, DAY)], TEXTS | {40: "  "}, ANA, k=9, vectors=vectors)

    assert shown[0] == SOUP
    assert sorted(read) == sorted(TEXTS.values())  # an empty text is not read


def test_scores_and_vectors_are_float32() -> None:
    known = Known.of([(ANA, RAIN, DAY), (BEN, RAIN, DAY), (BEN, CAT, 2 * DAY)], TEXTS)
    likes = known.likes(ANA)
    voices = known.crowd.ask(likes.ids, likes.weights)
    at = known.crowd.at(known.ids)
    pool = Candidates(
        ids=known.ids,
        votes=(voices.wide[at], voices.narrow[at]),
        vectors=known.vectors,
        at=np.arange(5),
        quality=known.quality(DAY),
        freshness=known.freshness(DAY),
        closeness=np.zeros(5, np.float32),
    )

    for it in (
        *pool.votes,
        taste(pool.votes, alike(pool.vectors, pool.at, likes)),
        pool.quality,
        pool.freshness,
        score(likes, pool, FOR_YOU),
    ):
        assert it.dtype == np.float32
        assert it.shape == (5,)
        assert np.isfinite(it).all()
    assert word_vectors(["rain", ""]).dtype == np.float32


@pytest.mark.parametrize(
    ("text", "like", "unlike"),
    [
        ("STRASSE im Regen", "straße", "Katze"),
        ("cafe\u0301 au lait", "CAFÉ", "soupe"),
        ("夜の静かな雨が降る", "静かな雨", "猫と魚"),
        ("дождь на крыше", "ДОЖДЬ", "кошка"),
        ("مطر على السطح", "مطر", "قطة"),
    ],
)
def test_words_are_the_same_in_any_case_form_and_script(text: str, like: str, unlike: str) -> None:
    read = word_vectors([text, like, unlike])

    assert read[0] @ read[1] > 0.2
    assert abs(read[0] @ read[2]) < 0.1


def test_a_bag_of_words_takes_any_text() -> None:
    odd = ["", "\u200b\u200f", "\x00\x01", "\ud800", "🙂🙂", "x" * 100_000, "雨" * 100_000]
    read = word_vectors(odd)

    assert read.shape == (7, 1024)
    assert np.isfinite(read).all()
    assert set(np.round(np.linalg.norm(read, axis=1), 3)) <= {0.0, 1.0}
    assert word_vectors([]).shape == (0, 1024)


def test_of_equal_scores_the_newer_comes_first() -> None:
    scores = np.array([1, 2, 2, 2, 0], dtype=np.float32)

    assert best(scores, np.array([5, 6, 8, 7, 9]), 2).tolist() == [2, 3]
    assert best(scores, np.array([5, 6, 8, 7, 9]), 99).tolist() == [2, 3, 1, 0, 4]


@given(st.integers(1, 60), st.integers(0, 40), st.integers(1, 5), st.integers(0, 9))
@settings(max_examples=30, deadline=None)
def test_a_page_has_no_third_of_a_maker_in_a_row_while_there_are_others(
    count: int, k: int, makers: int, seed: int
) -> None:
    made = np.random.default_rng(seed).integers(makers, size=count).tolist()
    given_pool = pool(count, makers=made, seed=seed)
    page = [pick.id - 1000 for pick in compose(given_pool, FOR_YOU, k=k, seed=seed)]

    assert len(page) == len(set(page)) == min(k, count)
    for place in range(2, len(page)):
        left = set(range(count)) - set(page[:place])
        if any(made[it] != made[page[place - 1]] for it in left):
            assert longest_row([made[it] for it in page[place - 2 : place + 1]]) <= 2


def test_a_thread_does_not_fill_a_page_either() -> None:
    given_pool = pool(40)
    top = np.argsort(-given_pool.scores)[:20]
    threads = np.arange(40)
    threads[top] = 7
    page = compose(replace(given_pool, threads=threads), FOR_YOU, k=20, seed=1)

    assert longest_row([int(threads[pick.id - 1000]) for pick in page]) == 2


def test_variety_brings_different_things_and_none_keeps_the_order_of_scores() -> None:
    vectors = np.eye(384, dtype=np.float32)[[0, 0, 0, 1, 2]]
    given_pool = replace(
        pool(5), vectors=vectors, scores=np.array([5, 4.9, 4.8, 4.7, 1], np.float32)
    )
    strict, varied = Recipe(variety=0, explore=0), Recipe(variety=0.5, explore=0)

    assert [it.id for it in compose(given_pool, strict, k=5, seed=1)] == [
        1000,
        1001,
        1002,
        1003,
        1004,
    ]
    assert [it.id for it in compose(given_pool, varied, k=2, seed=1)] == [1000, 1003]


def test_a_tenth_of_the_places_goes_to_the_unexpected_and_the_seed_decides_to_which() -> None:
    given_pool = pool(1000)
    pages = [compose(given_pool, FOR_YOU, k=30, seed=seed) for seed in (1, 1, 2)]
    unexpected = set(np.argsort(-given_pool.scores)[200:] + 1000)

    assert [place for place, pick in enumerate(pages[0]) if pick.explored] == [9, 19, 29]
    assert {pick.id for pick in pages[0] if pick.explored} <= unexpected
    assert pages[0] == pages[1] != pages[2]
    assert not any(it.explored for it in compose(given_pool, Recipe(explore=0), k=30, seed=1))


def test_an_empty_pool_makes_an_empty_page() -> None:
    assert compose(pool(0), FOR_YOU, k=10, seed=1) == []
    assert compose(pool(3), FOR_YOU, k=0, seed=1) == []
    assert len(compose(pool(1), FOR_YOU, k=10, seed=1)) == 1


def test_the_newest_are_found_however_few_of_the_last_are_there() -> None:
    there = np.zeros(400, dtype=bool)
    there[[1, 5, 9, 200, 399]] = True
    assert sources._newest(there, 3).tolist() == [9, 200, 399]
    assert sources._newest(there, 9).tolist() == [1, 5, 9, 200, 399]
    assert not len(sources._newest(there[:1], 3))
