"""Reading a thread: what was said about a creation and made of it, page by page."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated

from pydantic import JsonValue

from agents import cards, phrases, rule_words, thread_words
from agents.act import Effect, act
from agents.answer import Answer, Button, Call, Card
from agents.parameters import Doc
from agents.references import CommentRef, CreationRef, PlaceInThread
from agents.turn import Turn
from feed_core.models.creations import Creation
from feed_core.models.reactions import Comment
from feed_core.services import members, threads, timeline
from feed_core.services.threads import Entry, Page
from feed_core.states import CreationState
from feed_core.store import View

PAGE = 6
BEGINNING = PlaceInThread()


@act(
    "thread",
    effect=Effect.READ,
    examples=[
        "show the thread of 4",
        "open thread 12",
        "read all comments on number 5",
        "what was said about 3 and made of it?",
        "the whole conversation under 7",
        "go through the replies to number 2",
        "zeig den Thread von 3",
        "alle Kommentare zu Nummer 4",
        "muestra el hilo del 5",
        "let me read the discussion of 6",
        "enséñame las respuestas al 8",
        "page through what was written under number 5",
        "all the replies below 9, please",
        "alle Antworten auf Nummer 4",
        "quiero leer los comentarios del 6",
    ],
)
async def thread(
    turn: Turn,
    creation: Annotated[CreationRef, Doc("the creation that the thread begins with")],
    place: Annotated[PlaceInThread, Doc("where to read on; its pages offer it")] = BEGINNING,
) -> Answer:
    """Read a thread: what was said about a creation, and all that was made of it."""
    async with turn.store.read() as view:
        found = await threads.page(
            view, creation.id, reader=turn.reader, cursor=place.cursor, limit=PAGE
        )
        shown = await _cards(turn, view, found)
    first = place.cursor is None
    refs = [CreationRef(it.remix.id) for it in found.entries if it.remix and it.remix.id]
    said = [CommentRef(it.comment.id) for it in found.entries if it.comment and it.comment.id]
    return Answer(
        text=thread_words.thread(
            creation.id, _title(found.root), first=first, empty=not found.entries
        ),
        cards=shown,
        buttons=_buttons(found, refs),
        facts={"creation": creation, "comments": said, "remixes": refs, "more": bool(found.next)},
    )


def _title(root: Creation) -> str:
    return root.title if root.state is CreationState.PUBLISHED else phrases.TAKEN_BACK


async def _cards(turn: Turn, view: View, found: Page) -> list[Card]:
    """A card for each entry; a withdrawn remix is there by its number alone."""
    living = [
        it.remix
        for it in found.entries
        if it.remix is not None and it.remix.state is CreationState.PUBLISHED
    ]
    items = await timeline.asked_for(view, living, reader=turn.reader)
    drawn = await cards.cards(turn.parts.media, view, items)
    made = {it.creation.id: card for it, card in zip(items, drawn, strict=True)}
    names = await members.names(view, {it.comment.author_id for it in found.entries if it.comment})
    return [
        _comment_card(it.comment, names)
        if it.comment is not None
        else _remix_card(it, made.get(it.id))
        for it in found.entries
    ]


def _comment_card(said: Comment, names: Mapping[int, str]) -> Card:
    name = names.get(said.author_id, "")
    return Card(
        ref=f"c{said.id}",
        title="",
        body=said.body,
        byline=thread_words.said_by(name),
        notice=rule_words.notice(said.warnings),
    )


def _remix_card(entry: Entry, card: Card | None) -> Card:
    if card is None:
        return Card(ref=f"#{entry.id}", title=phrases.TAKEN_BACK)
    told = [card.byline, thread_words.step(entry.depth)]
    return replace(card, byline=" · ".join(filter(None, told)), reason="")


def _buttons(found: Page, remixes: Sequence[CreationRef]) -> list[Button]:
    root_id = found.root.id or 0
    buttons = []
    if found.root.state is CreationState.PUBLISHED:
        given: dict[str, JsonValue] = {"creation": root_id}
        buttons = [
            Button(f"#{root_id}", Call("show", given)),
            Button("Comment", Call("comment", given), blank="words"),
        ]
    buttons += [Button(str(it), Call("show", {"creation": it.id})) for it in remixes]
    for label, cursor in (("Earlier", found.previous), ("Later", found.next)):
        if cursor is not None:
            call = Call("thread", {"creation": root_id, "place": str(cursor)})
            buttons.append(Button(label, call))
    return buttons
