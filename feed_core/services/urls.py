"""Which addresses a link may lead to, and how they are written so that they show where they lead.

Nothing is fetched. What is kept is the address as RFC 3986 writes it, in ASCII alone: a host in
letters that only look Latin stands there in its `xn--` form, and nothing in it can be taken for
markup, turned around or cut short by whatever shows it.
"""

import re
from dataclasses import dataclass
from urllib.parse import quote, urlsplit, urlunsplit

from feed_core.errors import Refusal

LONGEST_URL = 2_000
SCHEMES = frozenset({"http", "https"})
HOST = re.compile(r"(?=.{1,253}$)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*\.?|\[[0-9a-f:.]{2,45}\]")
KEPT = "%!$&'()*+,;=:@/?~-._"  # RFC 3986: all that may stand in paths and queries as it is


@dataclass(eq=False)
class LinkRefused(Refusal):
    """The address is none that people could safely be sent to."""

    problem: str
    code = "link_refused"


def checked_url(typed: str) -> str:
    """The address as it is kept and shown; checking it again changes nothing.

    Raises:
        LinkRefused: it is no address of the web, hides where it leads, or is too long.
    """
    try:
        parts = urlsplit(typed.strip())
        port = parts.port
    except ValueError as error:
        raise LinkRefused("unreadable") from error
    if parts.scheme.lower() not in SCHEMES:
        raise LinkRefused("scheme")
    if "@" in parts.netloc:  # what stands before it is not where it leads
        raise LinkRefused("credentials")
    host = _host(parts.hostname or "")
    if port is not None:
        host = f"{host}:{port}"
    kept = urlunsplit(
        (
            parts.scheme.lower(),
            host,
            quote(parts.path, safe=KEPT),
            quote(parts.query, safe=KEPT),
            quote(parts.fragment, safe=KEPT),
        )
    )
    if len(kept) > LONGEST_URL:
        raise LinkRefused("too_long")
    return kept


def host_of(url: str) -> str:
    """Where a kept address leads."""
    return urlsplit(url).hostname or ""


def _host(named: str) -> str:
    if ":" in named:
        named = f"[{named}]"
    elif not named.isascii():
        try:
            named = named.encode("idna").decode("ascii")
        except UnicodeError as error:
            raise LinkRefused("unreadable") from error
    if not HOST.fullmatch(named.lower()):
        raise LinkRefused("unreadable")
    return named.lower()
