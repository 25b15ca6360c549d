"""Looking at what there is: one creation, its thread, and what one made oneself."""

from dataclasses import replace
from typing import Annotated

from agents import (
    cards,
    creation_words,
    elsewhere,
    phrases,
    rule_words,
    summary_words,
    thread_words,
)
from agents.act import Effect, act
from agents.acts.create import remix
from agents.answer import Answer, Button, Call
from agents.cards import creation_buttons
from agents.menus import Menu
from agents.parameters import Doc
from agents.passages import passages
from agents.readings import READ
from agents.references import CreationRef
from agents.summarize import summarize
from agents.turn import Turn
from agents.wording import sentence
from feed_core.models.creations import Creation
from feed_core.services import members, publishing, threads, timeline
from feed_core.services.sight import see, why_stopped
from feed_core.services.timeline import Item
from feed_core.services.versions import history
from feed_core.store import View

PAGE = 5


@act(
    "mine",
    effect=Effect.READ,
    examples=[
        "show me what I have made",
        "my creations",
        "what did I publish?",
        "list everything I posted",
        "my own posts",
        "see my published work",
        "all my things on the feed",
        "was habe ich gemacht?",
        "meine Werke",
        "lo que he publicado",
        "mis obras",
        "mis creaciones",
    ],
)
async def mine(turn: Turn) -> Answer:
    """Show what you have made, newest first."""
    async with turn.store.read() as view:
        items = await timeline.made_by(view, author_id=turn.member_id, reader=turn.reader)
        shown = await cards.cards(turn.parts.media, view, items)
        stopped = await _stopped(view, turn.member_id) if turn.place.private else []
    return Answer(
        text="\n".join([*stopped, phrases.mine(len(shown))]),
        cards=shown,
        buttons=_show_buttons(items[:PAGE]),
        facts={"creations": _refs(items)},
    )


@act(
    "show",
    effect=Effect.READ,
    examples=[
        "show me number 4",
        "open 12",
        "let me see #3",
        "look at number 5",
        "view creation 8",
        "display 2 whole",
        "can I have a look at 6?",
        "show me the sea one",
        "I would like to see the poem about rain",
        "read number 7 to me",
        "show the earlier versions of 5",
        "zeig mir Nummer 3",
        "muéstrame el número 4",
    ],
)
async def show(
    turn: Turn,
    creation: Annotated[CreationRef, Doc("the creation to show")],
    versions: Annotated[bool, Doc("show what it said before it was edited")] = False,
) -> Answer:
    """Show one creation whole, with what people said about it."""
    async with turn.store.read() as view:
        found = await see(view, creation.id, reader=turn.reader)
        items = await timeline.asked_for(view, [found], reader=turn.reader)
        shown = await cards.cards(turn.parts.media, view, items, excerpt=False)
        last = await threads.last_said(view, found, reader=turn.reader, limit=PAGE)
        names = await members.names(view, {it.author_id for it in last})
        before = await history(view, creation.id, reader=turn.reader) if versions else []
    said = [
        (it.id or 0, names.get(it.author_id, ""), rule_words.warned(it.body, it.warnings))
        for it in last
    ]
    return Answer(
        text=creation_words.versions(before, found, turn.zone)
        if versions
        else thread_words.comments(said),
        cards=[replace(it, reason="") for it in shown],  # they asked for it
        buttons=_whole_buttons(turn, found),
        facts={
            "creation": creation,
            "likes": items[0].likes,
            "comments": items[0].comments,
        },
    )


@act(
    "summarise",
    effect=Effect.READ,
    slow=True,
    menu=Menu("Summarise from here", "thread", of_words=elsewhere.summed_up, around=True),
    examples=[
        "summarise thread 4",
        "what is this thread about?",
        "sum up what people say on 12",
        "give me a summary of number 5",
        "tl;dr of 3",
        "recap the discussion of 8",
        "in short, what do they say on 6?",
        "the gist of the comments on 2",
        "fass den Thread 3 zusammen",
        "Zusammenfassung von 5",
        "resume el número 4",
        "un resumen del hilo 3",
        "the main points of what was said on 9",
        "what is being said about number 3, in short?",
    ],
)
async def summarise(
    turn: Turn, thread: Annotated[CreationRef, Doc("the creation whose thread to sum up")]
) -> Answer:
    """Sum up a creation, what was said about it and what was made of it."""
    async with turn.store.read() as view:
        found = await threads.whole(view, thread.id, reader=turn.reader, limit=READ)
        names = await members.names(view, found.author_ids)
    summary = await summarize(turn, passages(found, names))
    comments, made = len(found.comments), len(found.remixes)
    parts = [summary_words.head(thread.id, found.root.title, comments, made)]
    parts += [summary_words.summary(summary)]
    parts += [summary_words.cut(READ)] if comments + made == READ else []
    refs = [CreationRef(it.id) for it in found.remixes if it.id]
    others = dict.fromkeys(it.passage.creation for it in summary.points)
    return Answer(
        text="\n\n".join(filter(None, parts)),
        buttons=[
            Button("Open", show.call(thread)),
            Button("Remix", remix.call([thread], True)),
            *(Button(str(it), show.call(it)) for it in others if it != thread),
        ],
        facts={
            "thread": thread,
            "comments": comments,
            "remixes": refs,
            "points": len(summary.points),
        },
        points=[it.passage.of for it in summary.points],
    )


def _whole_buttons(turn: Turn, creation: Creation) -> list[Button]:
    """What can be done with a creation that is shown whole."""
    own = creation.author_id == turn.member_id
    buttons = creation_buttons(creation.id or 0, own=own and turn.place.private)
    if creation.edited_at is not None:
        earlier = Call("show", {"creation": creation.id, "versions": True})
        buttons.append(Button("Versions", earlier))
    if own:
        buttons += cards.own_buttons(creation)
    return buttons


async def _stopped(view: View, author_id: int) -> list[str]:
    """What nobody else sees of what the member made, with the reason and what helps."""
    found = await publishing.stopped(view, author_id=author_id, limit=PAGE)
    return [
        rule_words.stopped(it.id or 0, it.title, sentence(await why_stopped(view, it)))
        for it in found
    ]


def _show_buttons(items: list[Item]) -> list[Button]:
    return [
        Button(f"#{it.creation.id}", show.call(CreationRef(it.creation.id)))
        for it in items
        if it.creation.id is not None
    ]


def _refs(items: list[Item]) -> list[CreationRef]:
    return [CreationRef(it.creation.id) for it in items if it.creation.id is not None]
