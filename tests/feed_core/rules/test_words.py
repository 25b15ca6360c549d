import pytest

from feed_core.services.gate import PASSED, Decision
from feed_core.services.rules.words import Words
from feed_core.states import Outcome
from tests.feed_core.rules.contents import judged, said

RULES = Words(
    block=["slug", "no way", "straße", "虫"],
    hold=["snail", "slug trail", "c++"],
    label={"strong language": ["drat", "blast it"], "spoilers": ["the butler"]},
)


@pytest.mark.parametrize(
    ("text", "passage"),
    [
        ("a slug", "slug"),
        ("SLUG!", "slug"),
        ("(slug)", "slug"),
        ("_slug_", None),  # one word of another kind, as in code
        ("ｓｌｕｇ", "slug"),  # full width
        ("s\u200blug", "slug"),
        ("slu\u00adg", "slug"),
        ("s\u2060l\ufeffug", "slug"),
        ("s\u3164lug", "slug"),
        ("s̷l̷u̷g̷", "slug"),
        ("slug\ufe0f", "slug"),
        ("𝓼𝓵𝓾𝓰", "slug"),
        ("ѕlug", "slug"),  # the first letter is Cyrillic
        ("ѕӏυց", "slug"),  # none of them is Latin
        ("5lug $lug", "slug"),
        ("s.l.u.g", "slug"),
        ("s l u g", "slug"),
        ("no\n  way", "no way"),
        ("no\u00a0way", "no way"),
        ("STRASSE", "strasse"),
        ("这是虫子", "虫"),  # where no space parts words
    ],
)
async def test_a_listed_word_blocks_however_it_is_written(text: str, passage: str | None) -> None:
    expected = PASSED if passage is None else Decision(Outcome.BLOCK, "word", passage)
    assert await judged(RULES, text) == expected
    assert await judged(RULES, "Rain", text) == expected
    assert await judged(RULES, "Rain", "", text) == expected
    assert await RULES.decide(said("Rain", tags=(text,))) == expected


@pytest.mark.parametrize(
    "text",
    ["sluggish", "unslug", "slugs", "slug2", "noway", "Rain", "", "a1 b2", "I am a U.S. fan"],
)
async def test_a_word_is_not_found_inside_another(text: str) -> None:
    assert await judged(RULES, text) == PASSED


async def test_a_word_of_another_script_is_not_taken_for_its_look_alike() -> None:
    rules = Words(block=["cop"])

    assert (await judged(rules, "соp")).outcome is Outcome.BLOCK
    assert await judged(rules, "Красивый сор на дороге") == PASSED  # Russian for litter


async def test_what_blocks_weighs_more_than_what_holds_and_that_more_than_a_label() -> None:
    assert (await judged(RULES, "a snail")).outcome is Outcome.HOLD
    assert (await judged(RULES, "c++ is fun")).outcome is Outcome.HOLD  # marks mean themselves
    assert (await judged(RULES, "the snail and the slug")).outcome is Outcome.BLOCK
    assert (await judged(RULES, "slug trail")).outcome is Outcome.BLOCK
    assert (await judged(RULES, "drat the snail")).outcome is Outcome.HOLD


async def test_every_label_that_is_called_for_is_given() -> None:
    assert await judged(RULES, "Drat! The butler did it.") == Decision(
        Outcome.LABEL, "word", "drat", ("strong language", "spoilers")
    )
    assert (await judged(RULES, "drat, a slug")).labels == ("strong language",)


async def test_of_two_words_that_begin_alike_the_whole_one_is_found() -> None:
    assert (await judged(Words(block=["slug", "slugs", "slug trail"]), "slugs")).passage == "slugs"


async def test_without_any_words_listed_nothing_is_stopped() -> None:
    assert await judged(Words(), "slug") == PASSED


@pytest.mark.parametrize(
    "text",
    [
        "a" * 20_000,
        "a " * 10_000,
        "a1" * 10_000,
        "a.b." * 5_000,
        "é\u0301" * 10_000,
        "сор1 " * 4_000,
    ],
    ids=["one word", "letters", "figures", "spelled", "marks", "alike"],
)
async def test_no_text_hangs(text: str) -> None:
    rules = Words(block=[f"word{it}" for it in range(5_000)])

    assert (await judged(rules, "", text)).outcome is Outcome.PASS
