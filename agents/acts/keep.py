"""Keeping creations in named collections that only their owner sees."""

from typing import Annotated

from pydantic import JsonValue

from agents import cards, elsewhere, keep_words
from agents.act import Effect, act
from agents.answer import Answer, Button, Call, undoing
from agents.menus import Menu
from agents.parameters import Doc
from agents.references import CreationRef
from agents.turn import Turn
from feed_core.services import curation, timeline
from feed_core.services.muting import folded

PAGE = 5
OFFERED = 10
NO_PAGE_BEFORE = CreationRef(10**15)  # higher than any: the first page


@act(
    "save",
    effect=Effect.OWN,
    private=True,
    menu=Menu("Save", "creation", of_words=elsewhere.put_by),
    examples=[
        "save 4",
        "bookmark number 12",
        "keep number 5 for later",
        "save 4 to <haiku>",
        "put 3 into my collection <sea poems>",
        "add 7 to my collection <favourites>",
        "bookmark the rain one",
        "speichere Nummer 3",
        "merke Nummer 3 in meiner Sammlung <Haiku>",
        "guarda el número 5",
    ],
)
async def save(
    turn: Turn,
    creation: Annotated[CreationRef, Doc("the creation to keep")],
    collection: Annotated[str, Doc("the collection to keep it in; made when it is new")] = "",
) -> Answer:
    """Keep a creation in one of your collections; only you see them."""
    async with turn.store.work() as work:
        kept = await curation.save(
            work, creation_id=creation.id, reader=turn.reader, collection=collection
        )
    given: dict[str, JsonValue] = {"creation": creation.id, "collection": kept.name}
    return Answer(
        text=keep_words.saved(creation.id, kept),
        buttons=[
            undoing(Call("unsave", given)),
            Button("Show them", Call("saved", {"collection": kept.name}), only_asker=True),
        ],
        facts={"creation": creation, "kept_there": kept.count},
    )


@act(
    "saved",
    effect=Effect.READ,
    private=True,
    examples=[
        "show what I saved",
        "my bookmarks",
        "list my collections",
        "which creations did I bookmark?",
        "what is in my collection <haiku>",
        "open my collection <sea poems>",
        "my saved creations",
        "meine Sammlungen",
        "zeig meine Lesezeichen",
        "mis colecciones",
    ],
)
async def saved(
    turn: Turn,
    collection: Annotated[str, Doc("the collection to look into; nothing lists them all")] = "",
    before: Annotated[CreationRef, Doc("go on with what is older than this")] = NO_PAGE_BEFORE,
) -> Answer:
    """Show what you keep: one collection, or the list of them."""
    async with turn.store.read() as view:
        all_ = await curation.collections(view, reader=turn.reader)
        wanted = next((it for it in all_ if it.name == folded(collection)), None)
        if not collection and len(all_) == 1:
            wanted = all_[0]
        if wanted is None:
            return Answer(
                text=keep_words.collections(all_, missing=collection.strip()),
                buttons=[
                    Button(it.name, Call("saved", {"collection": it.name}), only_asker=True)
                    for it in all_[:OFFERED]
                ],
                facts={"collections": len(all_)},
            )
        found = await curation.kept_in(
            view,
            reader=turn.reader,
            collection=wanted.name,
            limit=PAGE + 1,
            before_id=before.id,
        )
        items = await timeline.items(view, found[:PAGE], reader=turn.reader)
        shown = await cards.cards(turn.parts.media, view, items)
    refs = [CreationRef(it.id) for it in found[:PAGE] if it.id is not None]
    buttons = [Button(str(it), Call("show", {"creation": it.id})) for it in refs]
    if len(found) > PAGE:
        older: dict[str, JsonValue] = {"collection": wanted.name, "before": refs[-1].id}
        buttons.append(Button("More", Call("saved", older), only_asker=True))
    return Answer(
        text=keep_words.collection(wanted.name, wanted.count),
        cards=shown,
        buttons=buttons,
        facts={"creations": refs, "kept_there": wanted.count},
    )


@act(
    "unsave",
    effect=Effect.OWN,
    private=True,
    examples=[
        "remove 4 from my bookmarks",
        "unsave 3",
        "take 5 out of my collection <haiku>",
        "I no longer want to keep number 7 saved",
        "delete the bookmark of 2",
        "nimm die 4 aus meiner Sammlung <Haiku>",
        "quita el 3 de mis guardados",
    ],
)
async def unsave(
    turn: Turn,
    creation: Annotated[CreationRef, Doc("the creation that you keep")],
    collection: Annotated[str, Doc("the collection to take it out of; nothing means all")] = "",
) -> Answer:
    """Take a creation out of your collections."""
    async with turn.store.work() as work:
        names = await curation.unsave(
            work, creation_id=creation.id, member_id=turn.member_id, collection=collection
        )
    return Answer(
        text=keep_words.unsaved(creation.id, names),
        buttons=[
            undoing(
                Call("save", {"creation": creation.id, "collection": it}),
                "Undo" if len(names) == 1 else f"Back to {it}",
            )
            for it in names[:OFFERED]
        ],
        facts={"creation": creation, "taken_out_of": len(names)},
    )
