import pytest
from hypothesis import given
from hypothesis import strategies as st

from feed_core.services.urls import LONGEST_URL, LinkRefused, checked_url, host_of


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://example.org/rain?x=1#drop", "https://example.org/rain?x=1#drop"),
        ("HTTP://Example.ORG", "http://example.org"),
        (" https://example.org:8080/ ", "https://example.org:8080/"),
        ("https://example.org/a b", "https://example.org/a%20b"),
        ("https://example.org/%20", "https://example.org/%20"),
        ("https://bücher.example/ü", "https://xn--bcher-kva.example/%C3%BC"),
        ("https://аррӏе.com", "https://xn--80ak6aa92e.com"),  # Cyrillic that looks Latin
        ("https://example.org/<script>`*|", "https://example.org/%3Cscript%3E%60*%7C"),
        ("https://example.org/\u202egnp.exe", "https://example.org/%E2%80%AEgnp.exe"),
        ("http://[::1]:80/", "http://[::1]:80/"),
        ("http://127.0.0.1/", "http://127.0.0.1/"),  # shown, not fetched
    ],
)
def test_an_address_is_kept_as_it_is_shown(typed: str, kept: str) -> None:
    assert checked_url(typed) == kept
    assert checked_url(kept) == kept


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("javascript:alert(1)", "scheme"),
        ("data:text/html,<script>", "scheme"),
        ("file:///etc/passwd", "scheme"),
        ("ftp://example.org", "scheme"),
        ("//example.org", "scheme"),
        ("example.org", "scheme"),
        ("", "scheme"),
        ("https://", "unreadable"),
        ("https://bank.example@evil.example/", "credentials"),
        ("https://user:secret@example.org/", "credentials"),
        ("https://exam ple.org/", "unreadable"),
        ("https://example.org:99999/", "unreadable"),
        ("https://[::1", "unreadable"),
        ("https://" + "a" * 300 + ".org", "unreadable"),
        ("https://example.org/" + "a" * LONGEST_URL, "too_long"),
        ("https://example.org/" + "ü" * 1_000, "too_long"),
    ],
)
def test_what_is_no_address_to_be_sent_to_is_refused(typed: str, problem: str) -> None:
    with pytest.raises(LinkRefused) as refused:
        checked_url(typed)
    assert refused.value.problem == problem


@given(st.text(max_size=60))
def test_whatever_is_typed_is_refused_or_kept_in_plain_ascii(typed: str) -> None:
    for text in (typed, f"https://{typed}", f"https://example.org/{typed}"):
        try:
            kept = checked_url(text)
        except LinkRefused:
            continue
        assert kept.isascii()
        assert kept.isprintable()
        assert not set(kept) & set(" <>`\"'|\\^{}") - {"'"}
        assert host_of(kept)
        assert checked_url(kept) == kept
