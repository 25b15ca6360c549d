"""Creations and drafts as people see them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pydantic import JsonValue

from agents import creation_words, phrases, reason_words, rule_words, thread_words
from agents.answer import Button, Call, Card
from agents.attached import attached, smaller
from feed_core.media import MediaShelf
from feed_core.models.creations import Creation, Draft
from feed_core.services import members, timeline
from feed_core.services.sight import Reader
from feed_core.services.timeline import Item
from feed_core.states import Authorship, CreationKind, CreationState, Visibility
from feed_core.store import View

EXCERPT = 280
IN_WORDS = {CreationKind.TEXT, CreationKind.AUDIO, CreationKind.VIDEO, CreationKind.LINK}


async def cards(
    media: MediaShelf, view: View, items: Sequence[Item], *, excerpt: bool = True
) -> list[Card]:
    """The items as cards, in the same order; long bodies cut where `excerpt` says so."""
    makers = {it.creation.author_id for it in items}
    subjects = {it.reason.subject for it in items if it.reason.subject is not None}
    names = await members.names(view, makers | subjects)
    small = await smaller(view, [it.creation for it in items])
    several = len(items) > 1
    files = [
        await attached(media, it.creation, among_others=several, smaller=small) for it in items
    ]
    return [
        replace(
            _card(it, names, excerpt=excerpt),
            picture=file.picture,
            recording=file.recording,
            hint=file.hint,
        )
        for it, file in zip(items, files, strict=True)
    ]


async def redrawn(view: View, creation_id: int, *, reader: Reader) -> list[Card]:
    """The creation's card without its file, for where it stands already; none if it is gone."""
    creation = await view.db.get(Creation, creation_id)
    if creation is None or creation.state is not CreationState.PUBLISHED:
        return []
    items = await timeline.asked_for(view, [creation], reader=reader)
    names = await members.names(view, {creation.author_id})
    return [replace(_card(it, names, excerpt=False), reason="") for it in items]


def _card(it: Item, names: Mapping[int, str], *, excerpt: bool) -> Card:
    """A card without its file."""
    return Card(
        ref=f"#{it.creation.id}",
        title=it.creation.title,
        body=_cut(it.creation.body) if excerpt else it.creation.body,
        notice=rule_words.notice(it.creation.warnings),
        tags=it.creation.tags,
        link=it.creation.link,
        byline=byline(it.creation, names, whole=not excerpt),
        sources=[f"#{parent}" for parent in it.parents],
        reason=reason_words.because(it.reason, names),
        counts=thread_words.counts(it.reactions, it.comments),
    )


async def draft_card(
    media: MediaShelf, draft: Draft, visibility: Visibility = Visibility.EVERYONE
) -> Card:
    """A draft as its member sees it, and who would see it."""
    file = await attached(media, draft)
    told = ["draft", draft.label, creation_words.SEEN_BY[visibility]]
    return Card(
        ref=f"d{draft.number}",
        title=draft.title,
        body=draft.body,
        tags=draft.tags,
        link=draft.link,
        byline=" · ".join(filter(None, told)),
        sources=[f"#{it}" for it in draft.sources],
        picture=file.picture,
        recording=file.recording,
        hint=file.hint,
    )


def draft_buttons(draft: Draft, visibility: Visibility = Visibility.EVERYONE) -> list[Button]:
    """What its member can do with a draft; it is published for whom they said."""
    given: dict[str, JsonValue] = {"draft": f"d{draft.number}"}
    seen_by = {} if visibility is Visibility.EVERYONE else {"visibility": visibility.value}
    return [
        Button(
            "Publish",
            Call("publish", {**given, **seen_by}),
            only_asker=True,
            once=True,
            shown_hash=draft.content_hash,
        ),
        Button("Edit", Call("edit", {"piece": f"d{draft.number}"}), only_asker=True, blank="words"),
        Button("Again", Call("again", given), only_asker=True),
        Button("Drop", Call("drop", given), only_asker=True, once=True),
    ]


def creation_buttons(creation_id: int, *, own: bool = False) -> list[Button]:
    """What anybody can do with a creation; `own`: nobody but its maker sees them."""
    report = Button("Report", Call("report", {"post": f"#{creation_id}"}), blank="reason")
    return [
        Button("Remix", Call("remix", {"sources": [creation_id]})),
        Button("Like", Call("like", {"creation": creation_id})),
        Button("React", Call("react", {"creation": creation_id})),
        Button("Comment", Call("comment", {"creation": creation_id}), blank="words"),
        Button("Save", Call("save", {"creation": creation_id})),
        Button("Thread", Call("thread", {"creation": creation_id})),
        Button("Lineage", Call("lineage", {"creation": creation_id})),
        Button("More like this", Call("search", {"like": creation_id})),
        *([] if own else [report]),
    ]


def own_buttons(creation: Creation) -> list[Button]:
    """What its maker can do with a creation besides."""
    ref = f"#{creation.id}"
    buttons = [Button("Edit", Call("edit", {"piece": ref}), only_asker=True, blank="words")]
    if creation.media_hash is not None:
        describe = Call("describe", {"piece": ref})
        buttons.append(Button("Describe", describe, only_asker=True, blank="words"))
    return buttons


def byline(creation: Creation, names: Mapping[int, str], *, whole: bool = False) -> str:
    """Who made it, how, and what became of it since; the words' language where it is whole."""
    how = phrases.AUTHORSHIP[creation.authorship]
    if creation.label and creation.authorship is not Authorship.HUMAN:
        how = f"{creation.label}, {how}"
    told = [
        names.get(creation.author_id, "somebody"),
        how,
        "edited" if creation.edited_at else "",
        creation_words.in_language(creation.language)
        if whole and creation.kind in IN_WORDS
        else "",
        creation_words.SEEN_BY[creation.visibility],
    ]
    return " · ".join(filter(None, told))


def _cut(body: str) -> str:
    if len(body) <= EXCERPT:
        return body
    return body[:EXCERPT].rsplit(maxsplit=1)[0] + " …"
