"""Drafts: what a maker or model made, until its member decides."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Integer, bindparam, func
from sqlmodel import col, select

from feed_core.errors import DraftChanged, DraftDone, DraftNotFound, NoDraft
from feed_core.models.creations import Creation, Draft, Edge
from feed_core.prepared import Values
from feed_core.services.authorship import Step
from feed_core.services.members import in_turn
from feed_core.services.pieces import Changes, Piece
from feed_core.states import DRAFT_MOVES, CreationState, DraftState, Taken, move
from feed_core.store import Question, View, Work

BEHIND = select(Draft.id).where(Draft.creation_id == bindparam("creation_id", type_=Integer))


async def add(
    work: Work, *, owner_id: int, piece: Piece, recipe: dict[str, Any], seed: int = 0
) -> Draft:
    """Put a piece aside for its member to decide; `recipe` is the call that makes it again.

    Raises:
        EmptyText, TextTooLong, TooManyTags, NotWords, LinkRefused: it could not be shown.
    """
    piece.check()
    draft = Draft(
        owner_id=owner_id,
        number=await _next_number(work, owner_id),
        kind=piece.kind,
        title=piece.title,
        body=piece.body,
        tags=list(piece.tags),
        link=piece.link,
        media_hash=piece.media_hash,
        alt=piece.alt,
        label=piece.label,
        sources={str(it): taken.value for it, taken in piece.sources.items()},
        steps=list(piece.steps),
        tainted=piece.tainted,
        recipe=recipe,
        seed=seed,
        content_hash=piece.content_hash,
        created_at=work.now,
    )
    work.db.add(draft)
    await work.db.flush()
    return draft


async def waiting(view: View, *, owner_id: int, limit: int = 20) -> list[Draft]:
    """The member's open drafts, newest first."""
    found = await view.db.exec(
        select(Draft)
        .where(Draft.owner_id == owner_id, Draft.state == DraftState.OPEN)
        .order_by(col(Draft.number).desc())
        .limit(limit)
    )
    return list(found)


async def get(view: View, *, owner_id: int, number: int | None) -> Draft:
    """The member's open draft of this number, or their newest.

    Raises:
        NoDraft: none waits.
        DraftNotFound: there never was one of this number.
        DraftDone: it was published or dropped.
    """
    if number is None:
        newest = await waiting(view, owner_id=owner_id, limit=1)
        if not newest:
            raise NoDraft
        return newest[0]
    draft = await find(view, owner_id=owner_id, number=number)
    if draft.state is not DraftState.OPEN:
        raise DraftDone(number, draft.state)
    return draft


async def to_publish(view: View, *, owner_id: int, number: int | None) -> Draft:
    """As `get`, and also a draft of this number whose publishing never came to its end."""
    if number is not None:
        draft = await find(view, owner_id=owner_id, number=number)
        if draft.creation_id is not None and draft.state is DraftState.PUBLISHED:
            creation = await view.db.get_one(Creation, draft.creation_id)
            if creation.state is CreationState.CHECKING:
                return draft
    return await get(view, owner_id=owner_id, number=number)


async def find(view: View, *, owner_id: int, number: int) -> Draft:
    """The member's draft of this number, in whatever state.

    Raises:
        DraftNotFound: there never was one.
    """
    found = await view.db.exec(
        select(Draft).where(Draft.owner_id == owner_id, Draft.number == number)
    )
    draft = found.first()
    if draft is None:
        raise DraftNotFound(number)
    return draft


async def edit(
    work: Work,
    *,
    owner_id: int,
    number: int | None,
    changes: Changes,
    steps: Sequence[Step] = (),
) -> Draft:
    """Put other words in place of the draft's; `steps` say by whose hand.

    Raises:
        NoDraft, DraftNotFound, DraftDone: there is no such draft that waits.
        EmptyText, TextTooLong, TooManyTags, NotWords, LinkRefused: it could not be shown.
    """
    draft = await _held(work, owner_id=owner_id, number=number)
    edited = changes.made_to(piece(draft))
    if edited.content_hash == draft.content_hash:
        return draft  # nobody's hand changed anything
    draft.title, draft.body, draft.alt = edited.title, edited.body, edited.alt
    draft.tags, draft.link = list(edited.tags), edited.link
    draft.content_hash = edited.content_hash
    draft.steps = [*draft.steps, *steps]
    return draft


async def drop(work: Work, *, owner_id: int, number: int | None) -> Draft:
    """Put a draft away; it can be taken up again."""
    draft = await _held(work, owner_id=owner_id, number=number)
    draft.state = move(DRAFT_MOVES, draft.state, DraftState.DROPPED)
    return draft


async def restore(work: Work, *, owner_id: int, number: int) -> Draft:
    """Take up a dropped draft again.

    Raises:
        DraftDone: it is published.
    """
    found = await find(work, owner_id=owner_id, number=number)
    draft = await work.hold(Draft, found.id)
    if draft.state is DraftState.PUBLISHED:
        raise DraftDone(number, draft.state)
    if draft.state is DraftState.DROPPED:
        draft.state = move(DRAFT_MOVES, draft.state, DraftState.OPEN)
    return draft


async def claim(work: Work, *, draft_id: int, creation_id: int) -> None:
    """Record what a draft becomes, unless it was; from then on nothing else can come of it.

    Raises:
        DraftDone: it was published or dropped meanwhile.
        DraftChanged: it was edited meanwhile, so the creation holds other words.
    """
    draft = await work.hold(Draft, draft_id)
    if draft.state is DraftState.PUBLISHED and draft.creation_id == creation_id:
        return
    if draft.state is not DraftState.OPEN:
        raise DraftDone(draft.number, draft.state)
    creation = await work.db.get_one(Creation, creation_id)
    if creation.content_hash != draft.content_hash:
        raise DraftChanged(draft.number)
    draft.state = move(DRAFT_MOVES, draft.state, DraftState.PUBLISHED)
    draft.creation_id = creation_id


def asking(creation_id: int) -> Question:
    """What tells which draft is to `follow` a creation, for who asks something else with it."""
    return BEHIND, {"creation_id": creation_id}


async def follow(work: Work, creation: Creation, *, told: Sequence[Values] | None = None) -> None:
    """Do with the draft behind a creation what its check asks for: empty it, or give it back.

    Of what was blocked its maker gets a draft, also where there was none, to change it. `told` is
    what came of `asking`, if that was done.
    """
    if creation.state is CreationState.CHECKING:
        return
    assert creation.id is not None
    found = await work.ask(*asking(creation.id)) if told is None else told
    draft = await work.hold(Draft, found[0][0]) if found else None
    if creation.state is CreationState.BLOCKED:
        await give_back(work, creation, draft)
    elif draft is not None and draft.state is DraftState.PUBLISHED:
        assert draft.id is not None
        await let_go(work, draft_id=draft.id)


async def let_go(work: Work, *, draft_id: int) -> None:
    """Empty a draft that was published: the creation holds its texts now."""
    draft = await work.hold(Draft, draft_id)
    draft.title = draft.body = draft.alt = draft.link = ""
    draft.tags, draft.recipe = [], {}
    draft.media_hash = None


async def give_back(work: Work, creation: Creation, draft: Draft | None) -> None:
    """Put a creation's content into the draft that it was, or into a new one."""
    if draft is None:
        edges = await work.db.exec(select(Edge).where(Edge.child_id == creation.id))
        draft = Draft(
            owner_id=creation.author_id,
            number=await _next_number(work, creation.author_id),
            kind=creation.kind,
            title=creation.title,
            sources={str(it.parent_id): it.taken.value for it in edges},
            content_hash=creation.content_hash,
            creation_id=creation.id,
            created_at=work.now,
        )
        work.db.add(draft)
    elif draft.state is DraftState.PUBLISHED:
        draft.state = move(DRAFT_MOVES, draft.state, DraftState.OPEN)
    else:
        return  # its member has it back already
    draft.title, draft.body, draft.alt = creation.title, creation.body, creation.alt
    draft.tags, draft.link, draft.label = list(creation.tags), creation.link, creation.label
    draft.media_hash, draft.tainted = creation.media_hash, creation.tainted
    draft.steps, draft.content_hash = list(creation.steps), creation.content_hash
    await work.db.flush()


async def _held(work: Work, *, owner_id: int, number: int | None) -> Draft:
    """As `get`, and nobody else decides on it until the transaction ends."""
    found = await get(work, owner_id=owner_id, number=number)
    draft = await work.hold(Draft, found.id)
    if draft.state is not DraftState.OPEN:
        raise DraftDone(draft.number, draft.state)
    return draft


def piece(draft: Draft) -> Piece:
    """The draft as something to be published."""
    return Piece(
        title=draft.title,
        body=draft.body,
        kind=draft.kind,
        tags=draft.tags,
        link=draft.link,
        media_hash=draft.media_hash,
        alt=draft.alt,
        label=draft.label,
        steps=draft.steps,
        tainted=draft.tainted,
        sources={int(it): Taken(taken) for it, taken in draft.sources.items()},
    )


async def _next_number(work: Work, owner_id: int) -> int:
    await in_turn(work, owner_id)
    found = await work.db.exec(select(func.max(Draft.number)).where(Draft.owner_id == owner_id))
    return (found.one() or 0) + 1
