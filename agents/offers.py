"""What is offered for a parameter while it is being typed."""

from agents import order_words
from agents.parameters import Kind
from agents.references import CommentRef, DraftRef, MemoryRef, OrderRef
from agents.turn import Turn
from feed_core.services import commenting, drafting, makers, orders, tagging, timeline

MOST = 25
LONGEST = 100  # characters of a label
MAKERS_OF_SUBJECTS = 15  # the rest are tags

Offer = tuple[str, str]  # label, value


async def offers(turn: Turn, kind: Kind, typed: str) -> list[Offer]:
    """Labels and values, at most 25, the likeliest first; only what the member may see."""
    if kind is Kind.MEMORY:
        await turn.parts.learner.catch_up(turn.member_id)
        kept = await turn.parts.memories.all(turn.member_id, limit=MOST)
        return [_numbered(str(MemoryRef(it.number)), it.text) for it in kept]
    async with turn.store.read() as view:
        match kind:
            case Kind.CREATION | Kind.POST:
                found = await timeline.suggestions(
                    view, reader=turn.reader, typed=typed, limit=MOST
                )
                return [_numbered(f"#{number}", title) for number, title in found]
            case Kind.DRAFT | Kind.PIECE:
                drafts = await drafting.waiting(view, owner_id=turn.member_id, limit=MOST)
                pieces = [_numbered(str(DraftRef(it.number)), it.title) for it in drafts]
                if kind is Kind.DRAFT:
                    return pieces
                made = await timeline.made_by(
                    view, author_id=turn.member_id, reader=turn.reader, limit=MOST - len(pieces)
                )
                published = [_numbered(f"#{it.creation.id}", it.creation.title) for it in made]
                return [*pieces, *published]
            case Kind.COMMENT:
                said = await commenting.own(view, author_id=turn.member_id, limit=MOST)
                return [_numbered(str(CommentRef(it.id)), it.body) for it in said if it.id]
            case Kind.ORDER:
                given = await orders.listed(view, turn.member_id)
                return [
                    _numbered(str(OrderRef(it.number)), order_words.hours_and_act(it))
                    for it in given
                ]
            case Kind.MAKER | Kind.TAG | Kind.SUBJECT:
                known, tags = [], []
                if kind is not Kind.TAG:
                    known = await makers.suggestions(
                        view, reader=turn.reader, typed=typed, limit=MOST
                    )
                if kind is not Kind.MAKER:
                    tags = await tagging.suggestions(
                        view, reader=turn.reader, typed=_tag(typed), limit=MOST
                    )
                people = [(name[:LONGEST], f"member {it}") for it, name in known]
                if kind is Kind.SUBJECT:
                    others = [it for it in people if it[1] != f"member {turn.member_id}"]
                    subjects = [(f"#{it}"[:LONGEST], f"tag {it}") for it in tags]
                    return [*others[:MAKERS_OF_SUBJECTS], *subjects][:MOST]
                return [*people, *((f"#{it}"[:LONGEST], it) for it in tags)]
            case _:
                return []


def _tag(typed: str) -> str:
    return typed.strip().removeprefix("tag ")


def _numbered(ref: str, text: str) -> Offer:
    return f"{ref} {text}"[:LONGEST], ref
