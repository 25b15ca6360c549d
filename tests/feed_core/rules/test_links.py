import pytest

from feed_core.services.gate import PASSED, Decision
from feed_core.services.rules.links import Links, hosts
from feed_core.states import Outcome
from tests.feed_core.rules.contents import judged


@pytest.mark.parametrize(
    "text",
    [
        "https://evil.example/a",
        "HTTPS://EVIL.EXAMPLE",
        "see http://www.evil.example.",
        "(https://evil.example)",
        "evil.example",
        "evil[.]example, evil(.)example, evil [dot] example",
        "https://kind.example@evil.example/",
        "https://evil.example:8080",
        "https:///evil.example",
        "ｅｖｉｌ．ｅｘａｍｐｌｅ",
        "evil。example",
        "e\u200bvil.example",
        "ana@evil.example",
    ],
)
async def test_a_denied_host_is_found_however_it_is_written(text: str) -> None:
    found = await judged(Links(deny=["evil.example"]), "Look", text)

    assert (found.outcome, found.rule) == (Outcome.BLOCK, "link_denied")
    assert found.passage.endswith("evil.example")


@pytest.mark.parametrize("text", ["notevil.example", "evil.example.org", "evil", "https://[::1"])
async def test_another_host_is_not_denied(text: str) -> None:
    assert await judged(Links(deny=["evil.example"]), "Look", text) == PASSED


async def test_where_some_are_allowed_links_to_all_others_are_held() -> None:
    links = Links(allow=["example.org"])

    assert await judged(links, "https://example.org/a and https://a.example.org") == PASSED
    assert await judged(links, "in node.js, e.g. here. And there.Then") == PASSED
    for other in ("https://example.net", "example.com", "www.example.net"):
        assert (await judged(links, other)).rule == "link_not_allowed"


async def test_links_are_counted_and_addresses_of_people_are_none() -> None:
    links = Links(most=2)

    assert await judged(links, "https://a.org https://b.org/c.com ana@c.org") == PASSED
    assert await judged(links, "https://a.org www.b.org c.com") == Decision(
        Outcome.HOLD, "link_count", "3"
    )
    assert await judged(Links(most=0), "https://a.org " * 50) == PASSED


@pytest.mark.parametrize(
    "text",
    [
        "https://аpple.com",  # one letter is Cyrillic
        "https://xn--80ak6aa92e.com",  # all of them are
        "раураl.com",
        "https://paypal.com@example.org",
        "https://exаmple.рф",
    ],
)
async def test_a_name_that_only_looks_like_another_is_held(text: str) -> None:
    assert (await judged(Links(), text)).rule == "link_lookalike"


@pytest.mark.parametrize(
    "text",
    ["https://bücher.de", "https://почта.рф", "https://хор.рф", "https://例え.jp", "naïve.com"],
)
async def test_a_name_in_its_own_letters_passes(text: str) -> None:
    assert await judged(Links(), text) == PASSED


@pytest.mark.timeout(20)  # it takes milliseconds; what grows by squares takes minutes
@pytest.mark.parametrize(
    "text",
    [
        "a." * 10_000,
        "http://" * 2_800,
        "a.com " * 3_000,
        "https://" + "a" * 19_000,
        "xn--." * 4_000,
    ],
    ids=["dots", "schemes", "many", "long", "codes"],
)
def test_no_text_hangs(text: str) -> None:
    found = hosts(text)

    assert found.named
    assert found.deceiving == []
