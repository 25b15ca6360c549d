"""Which digest somebody answers to, and which creations its numbers mean in their words."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from agents.answer import Answer
from agents.parameters import Doc
from agents.references import CreationRef
from agents.turn import Turn
from feed_core.errors import Refusal
from feed_core.models.digests import Digest
from feed_core.services import digest_messages, digests
from feed_core.services.digest_choice import Chosen
from feed_core.store import View

EDITION = Doc("which digest, by its number; else your last")

NUMBER = re.compile(
    r"(?<![\w#:./,\-])(?:(?:number|no\.|nummer|nr\.|número|item|punkt) )?(\d{1,2})"
    r"(?=\s*(?:$|[?!,;)]|[:.](?!\d)"
    r"|(?:about|again|and|as|by|for|from|in|into|is|later|like|mean|means|more|please|say|says|then"
    r"|to|was|with|als|aus|bitte|im|ist|mit|noch|und|wie|como|con|de|en|está|es|por|y)\b"
    r"|[をはのがでもへに]))",
    re.IGNORECASE,
)
ALONE = re.compile(
    r"\s*(?:(?:number|no\.|nummer|nr\.|número|item|punkt) )?(\d{1,2})\s*[.!]?\s*", re.IGNORECASE
)
LAST = re.compile(
    r"\b(?:the last|die letzte|den letzten|das letzte|der letzte|el último|la última)\b"
    r"|最後の?(?:もの|やつ)?",
    re.IGNORECASE,
)
BEFORE = re.compile(r"(\w+)\s*$")
# Behind these a number is an hour, a count or a span.
NOT_BEHIND = frozenset(
    (
        *("at", "um", "las", "la", "until", "till", "bis", "hasta", "every", "next", "last"),
        *("within", "than", "top", "past", "for", "after", "before"),
    )
)


class NoDigest(Refusal):
    """There is no digest that is meant."""

    code = "no_digest"


class EmptyDigest(Refusal):
    """Nothing stood in the digest that is meant."""

    code = "empty_digest"


@dataclass(eq=False)
class NoItem(Refusal):
    """The digest has no item of this number."""

    item: int
    count: int
    code = "no_item"


async def take(turn: Turn, answers: str) -> Turn:
    """The turn with the digest that is meant; in a reply to one, "the first" is its first item."""
    turn = replace(turn, digest_id=await meant(turn, answers))
    if answers and turn.digest_id is not None:
        by_number = await numbers(turn)
        listed = [CreationRef(by_number[it]) for it in sorted(by_number)]
        again = Answer(facts={"creations": listed, "digest": turn.digest_id})
        turn.parts.shown.note((turn.member_id, turn.place.key), again)
    return turn


async def meant(turn: Turn, answers: str) -> int | None:
    """The digest that a message answers to, or that was the last thing shown in this place."""
    if answers:
        async with turn.store.read() as view:
            found = await digest_messages.by_message(
                view,
                platform=turn.place.platform,
                place_id=turn.place.id,
                message_id=answers,
            )
        if found is not None and _is_for(found, turn):
            return found.id
    return turn.parts.shown.digest((turn.member_id, turn.place.key))


async def numbers(turn: Turn) -> Mapping[int, int]:
    """The creations of the digest that is answered to, by their numbers in it."""
    if turn.digest_id is None:
        return {}
    async with turn.store.read() as view:
        return await digests.numbered(view, turn.digest_id)


def named(text: str, by_number: Mapping[int, int], *, both: bool = False) -> str:
    """The words with "#12" in place of a digest's "3", or beside it."""

    def one(found: re.Match[str]) -> str:
        creation_id = by_number.get(int(found[1]))
        before = BEFORE.search(text[: found.start()])
        if creation_id is None or (before and before[1].lower() in NOT_BEHIND):
            return found[0]
        return f"{found[0]} (#{creation_id})" if both else f"#{creation_id}"

    return NUMBER.sub(one, text) if by_number else text


def counted(text: str, by_number: Mapping[int, int]) -> str:
    """The words with the number of a digest's last item in place of "the last"."""
    return LAST.sub(f"number {max(by_number)}", text) if by_number else text


def alone(text: str) -> int | None:
    """The number that these words are, and nothing else: that item shall be opened."""
    found = ALONE.fullmatch(text)
    return int(found[1]) if found else None


async def item_of(turn: Turn, view: View, item: int, edition: int) -> tuple[Digest, Chosen]:
    """The item of this number in the digest that is meant."""
    digest = await edition_of(turn, view, edition)
    assert digest.id is not None
    there = dict(await digests.entries(view, digest.id))
    if not there:
        raise EmptyDigest
    if item not in there:
        raise NoItem(item, len(there))
    return digest, there[item]


async def edition_of(turn: Turn, view: View, edition: int) -> Digest:
    """The digest of this number, the one that is answered to, or the member's last."""
    if number := edition or turn.digest_id:
        found = await view.db.get(Digest, number)
        if found is not None and _is_for(found, turn):
            return found
        if edition:
            raise NoDigest
    found = await digests.last(view, turn.member_id)
    if found is None:
        raise NoDigest
    return found


def _is_for(digest: Digest, turn: Turn) -> bool:
    if digest.room_id is not None:
        return digest.room_id == turn.room_id
    return digest.member_id == turn.member_id
