import pytest

from feed_core.services.gate import Content, Decision
from feed_core.services.rules import WordRules
from feed_core.states import Outcome

TELEGRAM = "123456789:AAF-abcdefghijklmnopqrstuvwxyz01234"


async def decide(title: str, body: str = "", alt: str = "") -> Decision:
    rules = WordRules(block=["slug", "no way", "straße"], hold=["snail", "slug trail", "c++"])
    return await rules.decide(Content(1, title, body, None, "", alt))


@pytest.mark.parametrize(
    ("text", "passage"),
    [
        ("a slug", "slug"),
        ("SLUG!", "slug"),
        ("(slug)", "slug"),
        ("ｓｌｕｇ", "slug"),  # full width
        ("s\u200blug", "slug"),
        ("slu\u00adg", "slug"),
        ("no\n  way", "no way"),
        ("STRASSE", "strasse"),
    ],
)
async def test_a_listed_word_blocks_however_it_is_written(text: str, passage: str) -> None:
    for decision in (
        await decide(text),
        await decide("Rain", text),
        await decide("Rain", "", text),
    ):
        assert decision == Decision(Outcome.BLOCK, rule="word", passage=passage)


@pytest.mark.parametrize("text", ["sluggish", "unslug", "slugs", "slug2", "noway", "Rain", ""])
async def test_a_word_is_not_found_inside_another(text: str) -> None:
    assert await decide(text) == Decision(Outcome.PASS)


async def test_what_blocks_weighs_more_than_what_holds() -> None:
    assert (await decide("a snail")).outcome is Outcome.HOLD
    assert (await decide("c++ is fun")).outcome is Outcome.HOLD  # marks in a phrase mean themselves
    assert (await decide("the snail and the slug")).outcome is Outcome.BLOCK
    assert (await decide("slug trail")).outcome is Outcome.BLOCK


@pytest.mark.parametrize(
    "secret",
    [
        "sk-" + "a1B2" * 8,
        "sk-proj-" + "a1B2_-" * 8,
        "ghp_" + "a" * 36,
        "AKIA" + "ABCD1234" * 2,
        "xoxb-1234567890-abcdef",
        TELEGRAM,
        f"https://example.org/bot{TELEGRAM}/getMe",
        TELEGRAM[:-1] + "-",
        f"token={TELEGRAM}.",
        "-----BEGIN RSA " + "PRIVATE KEY-----",
        "-----BEGIN " + "PRIVATE KEY-----",
    ],
)
async def test_a_secret_is_blocked_and_not_repeated(secret: str) -> None:
    for title, body, alt in (
        ("Rain", f"look: {secret} !", ""),
        (secret, "", ""),
        ("a", "", secret),
    ):
        assert await decide(title, body, alt) == Decision(Outcome.BLOCK, rule="secret")


@pytest.mark.parametrize(
    "harmless",
    [
        "risk-averse people stay in",
        "sk-short",
        "12:30",
        "1234567890123:" + "a" * 35,
        "AKIA",
        "ask-me",
    ],
)
async def test_what_only_looks_a_little_like_a_secret_passes(harmless: str) -> None:
    assert await decide("Rain", harmless) == Decision(Outcome.PASS)


async def test_without_any_words_listed_only_secrets_are_stopped() -> None:
    assert await WordRules().decide(Content(1, "slug", "", None, "")) == Decision(Outcome.PASS)
