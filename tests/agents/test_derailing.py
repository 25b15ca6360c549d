"""Whether a talk derails: the promised limits on threads that no rule was chosen by, and why."""

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from agents.derailing import Said, Sign, read
from agents.tone import Tone
from benchmarks.derailing import CAUGHT, FALSE_ALARMS, share, threads
from memory.embedding import Embedder

CALM, HOSTILE = [-3.0], [2.0]  # tones
SIZES = {"": (100, 50), "unseen": (48, 25), "later": (52, 25)}


def test_threads_held_out_keep_the_limits(embedder: Embedder) -> None:
    known = threads(embedder)
    held_out = [it for it in known if not it.for_choosing and it.written != "strangers"]
    calm = [it for it in held_out if not it.derails]
    derailing = [it for it in held_out if it.derails]
    written = {
        name: tuple(sum(it.written == name for it in some) for some in (calm, derailing))
        for name in SIZES
    }
    assert written == SIZES
    assert (len(calm), len(derailing)) == (200, 100)
    assert share(derailing) >= CAUGHT
    assert share(calm) <= FALSE_ALARMS
    by_strangers = [it for it in known if it.written == "strangers"]  # 70 % of them are not caught
    assert share([it for it in by_strangers if not it.derails]) <= FALSE_ALARMS
    assert share([it for it in by_strangers if it.derails]) >= 1 / 3


@pytest.mark.parametrize(
    ("hostile", "kind"),
    [
        ("You have no clue, and nobody likes you.", "I have no clue, and everybody likes it."),
        ("Du hast keine Ahnung, lass es einfach.", "Ich habe keine Ahnung, aber es klingt gut."),
    ],
)
def test_what_sounds_hostile_is_told_from_what_sounds_kind(
    embedder: Embedder, hostile: str, kind: str
) -> None:
    worse, better = Tone(embedder).read([hostile, kind])
    assert worse > better


async def test_a_comment_is_read_once_and_not_kept_in_words(embedder: Embedder) -> None:
    counting = Counted(embedder)
    tone = Tone(counting)
    first = await tone.of(["one", "two", "one"])
    assert await tone.of(["two", "one"]) == [first[1], first[0]]
    assert counting.read == ["one", "two"]


class Counted:
    """An embedder that notes what it reads."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder, self.read, self.name = embedder, list[str](), embedder.name

    def vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.read += texts
        return self._embedder.vectors(texts)

    def query_vector(self, text: str) -> NDArray[np.float32]:
        return self._embedder.query_vector(text)


def test_reasons_are_those_that_count() -> None:
    found = read(
        [
            Said(1, "The chart has an error in row 12."),
            Said(2, "You can't read a chart. You are such an idiot."),
            Said(1, "How dare you. You always do this, you liar."),
        ],
        [-2.0, 1.0, 1.0],
    )
    assert found.derails
    expected = {Sign.INSULT, Sign.HURT, Sign.SWEEPING, Sign.BOTH, Sign.TONE}
    assert expected <= {it.sign for it in found.reasons}
    assert [it.adds for it in found.reasons] == sorted(
        (it.adds for it in found.reasons), reverse=True
    )


def test_words_about_works_and_oneself_are_no_insults() -> None:
    works = ["This is garbage, and so dumb.", "I am an idiot.", "What a cruel, pathetic book!"]
    assert not read([Said(n, it) for n, it in enumerate(works)], CALM * 3).reasons


def test_what_is_long_past_is_no_reason() -> None:
    hot = [Said(n % 2, "You are a pathetic liar, shut up!") for n in range(4)]
    over = [Said(n % 2, "The next verse is better.") for n in range(8)]
    assert read(hot, HOSTILE * 4).derails
    assert not read([*hot, *over], [*HOSTILE * 4, *CALM * 8]).derails
