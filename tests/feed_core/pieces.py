"""Creations of every kind, put into a database in one line."""

from collections.abc import Mapping, Sequence

from feed_core.models.creations import Creation
from feed_core.models.reactions import Comment
from feed_core.services import commenting, members, publishing, searching
from feed_core.services.gate import PASSED, Decision
from feed_core.services.pieces import Piece
from feed_core.services.sight import Reader
from feed_core.states import CreationState, Outcome, Permission, Taken, Visibility
from feed_core.store import Store, Work


async def put(
    store: Store,
    author_id: int,
    title: str = "Rain",
    *,
    sources: Mapping[int, Taken] | None = None,
    visibility: Visibility = Visibility.EVERYONE,
    room_id: int | None = None,
    outcome: Outcome = Outcome.PASS,
    remix: Permission | None = None,
    tags: Sequence[str] = (),
) -> int:
    """A creation that has been through the gate; its number."""
    async with store.work() as work:
        begun = await publishing.begin(
            work,
            author_id=author_id,
            piece=Piece(title, f"All about {title}.", sources=sources or {}),
            visibility=visibility,
            room_id=room_id,
        )
        creation = await work.db.get_one(Creation, begun.creation_id)
        creation.tags = list(tags)
        if remix is not None:
            creation.own_remix = creation.consent_remix = remix
        assert creation.id is not None
    async with store.read() as view:
        seen = await publishing.content(view, creation.id)
    async with store.work() as work:
        await publishing.settle(
            work, creation_id=creation.id, checked=seen, decision=Decision(outcome, rule="word")
        )
    return creation.id


async def remark(
    work: Work, *, creation_id: int, reader: Reader, body: str, tainted: bool = False
) -> Comment:
    """A comment that the gate lets pass."""
    content = commenting.content(creation_id=creation_id, author_id=reader.member_id, body=body)
    return await commenting.comment(
        work, reader=reader, checked=content, decision=PASSED, tainted=tainted
    )


def of(*parents: int) -> dict[int, Taken]:
    """These as sources, of which the text was taken."""
    return dict.fromkeys(parents, Taken.TEXT)


async def room(store: Store, name: str = "attic") -> int:
    """A room that not everybody can read."""
    async with store.work() as work:
        made = await members.room(work, platform="discord", external_id=name, public=False)
        assert made.id is not None
        return made.id


async def flood(store: Store, author_id: int, count: int, visibility: Visibility) -> None:
    """So many creations about rain, each with words of its own too."""
    async with store.work() as work:
        made = [
            Creation(
                author_id=author_id,
                title=f"Rain {number % 977} drop{number % 1009:x}",
                body=f"All about rain and roof{number}.",
                state=CreationState.PUBLISHED,
                visibility=visibility,
                content_hash="",
                created_at=work.now,
                published_at=work.now,
            )
            for number in range(count)
        ]
        work.db.add_all(made)
        await work.db.flush()
        await searching.index(work).put(work, *made)
