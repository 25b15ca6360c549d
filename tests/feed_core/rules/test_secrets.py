import pytest

from feed_core.services.gate import PASSED, Decision
from feed_core.services.rules.secrets import Secrets
from feed_core.states import Outcome
from tests.feed_core.rules.contents import judged

TELEGRAM = "123456789:AAF-abcdefghijklmnopqrstuvwxyz01234"


@pytest.mark.parametrize(
    ("secret", "told"),
    [
        ("sk-" + "a1B2" * 8, "sk-a…"),
        ("sk-proj-" + "a1B2_-" * 8, "sk-p…"),
        ("ghp_" + "a" * 36, "ghp_…"),
        ("github_pat_" + "a1" * 30, "gith…"),
        ("glpat-" + "a1" * 10, "glpa…"),
        ("AKIA" + "ABCD1234" * 2, "AKIA…"),
        ("AIza" + "a1B2_" * 7, "AIza…"),
        ("hf_" + "aB" * 17, "hf_a…"),
        ("npm_" + "aB1" * 12, "npm_…"),
        ("xoxb-1234567890-abcdef", "xoxb…"),
        ("sk_" + "live_" + "a1" * 12, "sk_l…"),
        ("M" + "TAx" * 8 + ".GaBcDe." + "x_-" * 9, "MTAx…"),
        ("eyJ" + "hbGciOiJIUz.eyJ" + "zdWIiOiIxMj." + "c2lnbmF0dXJl", "eyJh…"),
        ("https://discord.com/api/webhooks/123/" + "aB_-" * 6, "http…"),
        ("postgres://ana:hunter2@db.example.org/feed", "post…"),
        (TELEGRAM, "1234…"),
        (f"https://example.org/bot{TELEGRAM}/getMe", "1234…"),
        (TELEGRAM[:-1] + "-", "1234…"),
        (f"token={TELEGRAM}.", "1234…"),
        ("gh\u200bp_" + "a" * 36, "ghp_…"),
        ("-----BEGIN RSA " + "PRIVATE KEY-----", "----…"),
        ("-----BEGIN " + "PRIVATE KEY-----", "----…"),
    ],
)
async def test_a_secret_is_blocked_and_not_repeated(secret: str, told: str) -> None:
    for title, body, alt in (
        ("Rain", f"look: {secret} !", ""),
        (secret, "", ""),
        ("a", "", secret),
    ):
        expected = Decision(Outcome.BLOCK, "secret", told)
        assert await judged(Secrets(), title, body, alt) == expected


@pytest.mark.parametrize(
    "harmless",
    [
        "risk-averse people stay in",
        "sk-short",
        "12:30",
        "1234567890123:" + "a" * 35,
        "AKIA",
        "ask-me",
        "https://example.org:8080/a@b",
        "mailto:ana@example.org",
        "MTA. GaBcDe. and more",
    ],
)
async def test_what_only_looks_a_little_like_a_secret_passes(harmless: str) -> None:
    assert await judged(Secrets(), "Rain", harmless) == PASSED
