"""What search says about what it found."""

from collections.abc import Sequence

from agents.phrases import plural
from feed_core.services.searching import Found
from feed_core.services.word_search import MOST_RANKED
from feed_core.states import Authorship, CreationKind

SHOWN = 80  # characters of what was looked for, as it is shown again

KINDS = {
    CreationKind.TEXT: "texts",
    CreationKind.IMAGE: "pictures",
    CreationKind.MEME: "memes",
    CreationKind.AUDIO: "recordings",
    CreationKind.VIDEO: "videos",
    CreationKind.LINK: "links",
}
HOW = {
    Authorship.HUMAN: "made by hand",
    Authorship.HUMAN_EDITED_AI: "made by an agent and edited by hand",
    Authorship.AI_EDITED_HUMAN: "made by hand and edited by an agent",
    Authorship.AI: "made by an agent",
    Authorship.AGENT: "posted by an agent",
}

WHAT = (
    "What are you looking for? Words, or one of these: a kind, a maker, a tag, a day. "
    "For example: /search moth, or “find pictures of the sea by Ana”."
)
NO_VECTOR = "It is not read for its meaning yet, so these share words with it."


def asked(
    words: str,
    kind: CreationKind | None,
    maker: str,
    tag: str,
    authorship: Authorship | None,
    since: str,
    until: str,
) -> str:
    """What was looked for, in a few words: “rain” among pictures by Ana, since last week."""
    shown = f"“{_cut(words)}”" if words else ""
    kinds = KINDS[kind] if kind is not None else "creations"
    rest = " ".join(
        filter(
            None,
            (
                HOW[authorship] if authorship is not None else "",
                f"by {maker}" if maker else "",
                f"with the tag “{_cut(tag)}”" if tag else "",
                f"since {_cut(since)}" if since else "",
                f"until {_cut(until)}" if until else "",
            ),
        )
    )
    if shown and not rest and kind is None:
        return shown
    narrowed = f"{kinds} {rest}".strip()
    return f"{shown} among {narrowed}" if shown else narrowed


def like(ref: str, title: str) -> str:
    """A creation whose like was looked for."""
    return f"creations like {ref} {_cut(title)}".strip()


def found(what: str, page: Found, *, first: int) -> str:
    """What stands above a page of results."""
    if not page.creations:
        if first > 1:
            return f"That was all I found for {what}."
        return f"I found nothing for {what}."
    if first > 1:
        return f"More for {what}, from {first} on:"
    if page.loose:
        return f"Nothing holds all the words of {what}. These come nearest:"
    return f"What I found for {what}:"


def notes(page: Found, *, unread: int) -> Sequence[str]:
    """What there is to know about how it was found."""
    said = []
    if page.capped:
        said.append(
            f"So many hold these words that only the newest {MOST_RANKED:,} were looked at."
        )
    if unread:
        said.append(
            f"{plural(unread, 'new creation')} still being read for what they mean: "
            "those are found by their words alone."
        )
    return said


def which_maker(name: str) -> str:
    """Several makers have a name."""
    return f"Several makers are called “{_cut(name)}”. Which one?"


def _cut(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= SHOWN else f"{plain[:SHOWN].rstrip()}…"
