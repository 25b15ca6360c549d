"""Links: where they lead, how many there are, and hosts that only look like another."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from feed_core.services.gate import Content, Decision, strictest
from feed_core.services.rules.expressions import Expression
from feed_core.services.rules.folding import LATIN, OTHERS, shown
from feed_core.states import Outcome

DENIED, NOT_ALLOWED, MANY, ALIKE = "link_denied", "link_not_allowed", "link_count", "link_lookalike"
ADDRESS = Expression(r"(?i)\b((?:[a-z][a-z0-9+.-]{1,20}:/{1,3}|www\.)[^\s<>\"`|\\^{}]+)")
NAME = r"[\pL\pN][\pL\pN\pM-]*(?:\.[\pL\pN][\pL\pN\pM-]*)+"
HOST = Expression(NAME)
BARE = Expression(rf"(?:^|[^\pL\pN\pM@.-])({NAME})")
ENDS = ".,;:!?)]'*_~…"  # what stands behind a link and not in it
# Bare names that platforms make links of; all others count only where they are written as links.
LINKED = {
    *("app", "biz", "co", "com", "dev", "gg", "info", "io", "link", "live", "me", "net", "org"),
    *("page", "shop", "site", "tv", "xyz"),
}
DISARMED = str.maketrans({"。": ".", "｡": "."})
DOTS = ("[.]", "(.)", "{.}", "[dot]", "(dot)")


@dataclass(frozen=True, slots=True)
class Found:
    """The hosts of a text: those that it links to, and all that could be some."""

    linked: Sequence[str]
    named: Sequence[str]
    deceiving: Sequence[str]


class Links:
    """A Check for links.

    `deny` and `allow` are hosts that stand for all below them; where `allow` names any, links to
    others are held. More than `most` links in one text are held too, 0 is any number.
    """

    def __init__(
        self, *, deny: Sequence[str] = (), allow: Sequence[str] = (), most: int = 0
    ) -> None:
        self._deny = {spelled(it) for it in deny}
        self._allow = {spelled(it) for it in allow}
        self._most = most

    async def decide(self, content: Content) -> Decision:
        """Judge by all the words that readers would see."""
        found = hosts(content.text)
        decisions = [
            Decision(Outcome.BLOCK, DENIED, it) for it in found.named if _is_below(it, self._deny)
        ]
        decisions += [Decision(Outcome.HOLD, ALIKE, it) for it in found.deceiving]
        if self._allow:
            decisions += [
                Decision(Outcome.HOLD, NOT_ALLOWED, it)
                for it in found.linked
                if not _is_below(it, self._allow)
            ]
        if self._most and len(found.linked) > self._most:
            decisions.append(Decision(Outcome.HOLD, MANY, str(len(found.linked))))
        return strictest(decisions)


def hosts(text: str) -> Found:
    """The hosts that a text names, spelled as they are read."""
    seen = shown(text).translate(DISARMED)
    for dot in DOTS:
        seen = seen.replace(dot, ".")
    linked, deceiving = [], []
    for address in ADDRESS.all(seen):
        host, user = _host(address)
        if host:
            linked.append(host)
            if "." in user or _deceives(host):
                deceiving.append(host)
    bare = [spelled(it) for it in BARE.all(ADDRESS.without(seen))]
    bare = [it for it in bare if it.rpartition(".")[2] in LINKED]
    deceiving += [it for it in bare if _deceives(it)]
    linked += bare
    return Found(linked, [*linked, *map(spelled, HOST.all(seen))], deceiving)


def spelled(host: str) -> str:
    """A host in small letters, as a browser shows it: `xn--…` decoded."""
    return ".".join(_decoded(it) for it in host.casefold().strip(". ").split("."))


def _host(address: str) -> tuple[str, str]:
    """Where an address leads, and the name that may stand before an @ in it."""
    if address[:4].casefold() == "www.":
        address = f"https://{address}"
    scheme, _, rest = address.partition(":")
    try:
        parts = urlsplit(f"{scheme}://{rest.lstrip('/').rstrip(ENDS)}")
        return spelled(parts.hostname or ""), parts.username or ""
    except ValueError:  # a bracket that begins an address and does not end it
        return "", ""


def _decoded(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode().decode("punycode").casefold()
    except UnicodeError:
        return label


def _deceives(host: str) -> bool:
    """Whether a name of the host mixes Latin with other letters, or could be read as Latin.

    Below a domain of its own script ("хор.рф") a name is what it looks like.
    """
    *names, last = host.split(".")
    for name in names:
        foreign = OTHERS.findall(name)
        if not foreign:
            continue
        latin = any(it.isascii() and it.isalpha() for it in name)
        could_be_latin = last.isascii() and all(ord(it) in LATIN for it in foreign)
        if latin or could_be_latin:
            return True
    return False


def _is_below(host: str, listed: set[str]) -> bool:
    parts = host.split(".")
    return any(".".join(parts[it:]) in listed for it in range(len(parts)))
