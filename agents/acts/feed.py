"""The feed: what others made, in the mix that its reader chose."""

from enum import StrEnum
from typing import Annotated

from agents import cards, feed_words
from agents.act import Effect, act
from agents.acts.browse import show
from agents.answer import Answer, Button, Call
from agents.parameters import Doc
from agents.references import CreationRef
from agents.turn import Through, Turn
from feed_core.models.members import Feed
from feed_core.services import members, personal, seen
from feed_core.services.personal import Page

PAGE = 5
FROM_THE_TOP = CreationRef(10**15)  # higher than any


class Which(StrEnum):
    """The feeds there are, and the one that its reader chose."""

    USUAL = "usual"
    FOR_YOU = "for-you"
    LATEST = "latest"
    JAMS = "jams"
    FOLLOWING = "following"


@act(
    "feed",
    effect=Effect.READ,
    private=True,
    examples=[
        "show my feed",
        "what is new?",
        "anything new to look at?",
        "show me the newest creations",
        "what have other people made?",
        "let me see the latest posts from everybody",
        "what is going on in the community?",
        "what did the others post recently?",
        "open the feed",
        "what did those I follow make?",
        "zeig mir, was neu ist",
        "zeige den Feed",
        "was haben die anderen gemacht?",
        "qué hay de nuevo",
        "enséñame lo nuevo",
    ],
)
async def feed(
    turn: Turn,
    which: Annotated[Which, Doc("which feed; the one you name is yours from now on")] = Which.USUAL,
    before: Annotated[CreationRef, Doc("go on behind this one")] = FROM_THE_TOP,
) -> Answer:
    """Show what others made, mixed for you, with the reason why you get each."""
    going_on = before != FROM_THE_TOP
    shown = await _feed(turn, which)
    page = await _page(turn, shown, before.id if going_on else None)
    chosen = False
    if which is not Which.USUAL and not going_on and turn.through is Through.HAND:
        async with turn.store.work() as work:
            chosen = await members.choose_feed(work, turn.member_id, shown)
    text = feed_words.head(shown, len(page.items), going_on=going_on, chosen=chosen)
    if not page.items and not going_on and shown is not Feed.LATEST:
        page = await _page(turn, Feed.LATEST, None)
        text = feed_words.instead(shown) if page.items else feed_words.NOTHING[Feed.LATEST]
        shown = Feed.LATEST
    return await _answer(turn, page, shown, text, going_on=going_on)


async def _feed(turn: Turn, which: Which) -> Feed:
    if which is not Which.USUAL:
        return Feed(which.value)
    async with turn.store.read() as view:
        return (await members.get(view, turn.member_id)).feed


async def _page(turn: Turn, shown: Feed, after_id: int | None) -> Page:
    window = await turn.parts.live.window()
    async with turn.store.read() as view:
        return await personal.page(
            view,
            window,
            reader=turn.reader,
            recipe=turn.parts.profile.feeds.recipe(shown),
            limit=PAGE,
            after_id=after_id,
        )


async def _answer(turn: Turn, page: Page, shown: Feed, text: str, *, going_on: bool) -> Answer:
    ids = [it.creation.id for it in page.items if it.creation.id is not None]
    async with turn.store.read() as view:
        shown_cards = await cards.cards(turn.parts.media, view, page.items)
    async with turn.store.work() as work:
        await seen.note(work, ids, member_id=turn.member_id, anew=not going_on)
    refs = [CreationRef(it) for it in ids]
    buttons = [Button(str(it), show.call(it)) for it in refs]
    if page.more:
        buttons.append(Button("More", Call("feed", {"which": shown, "before": ids[-1]})))
    return Answer(text=text, cards=shown_cards, buttons=buttons, facts={"creations": refs})
