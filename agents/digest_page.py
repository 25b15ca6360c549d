"""A digest as its reader sees it: sections of numbered lines, short enough for one message."""

from collections.abc import Sequence
from dataclasses import replace

from pydantic import JsonValue

from agents import digest_words
from agents.answer import Answer, Button, Call, Group, Line
from agents.compose import chosen_for
from agents.covers import covered
from agents.gisting import WORTH, said_in
from agents.references import CreationRef
from agents.summarize import picked
from agents.summary import ThreadRead, oneline
from agents.turn import Parts
from feed_core.clock import is_lost
from feed_core.errors import Refusal
from feed_core.models.digests import Digest, Length, Section
from feed_core.services import digest_choice, digest_showing, digests, gists
from feed_core.services.digest_contents import Agents, Entry
from feed_core.services.digest_showing import Showing
from feed_core.states import CreationKind
from feed_core.store import View

PRESSED = 10  # numbers that have a button: more would crowd the message
LONGEST_TITLE = 60
ROOM = 3300  # characters of all lines: Telegram takes 4096, Discord 4000, both with markup
EXCERPTS = {Length.SHORT: 90, Length.USUAL: 160, Length.LONG: 120}
GIST = 2  # excerpts that a thread's gist is as long as
SHORTER = 0.5


async def digest_answer(parts: Parts, digest_id: int) -> Answer:
    """A composed digest as it is true now; what was withdrawn meanwhile is left out."""
    async with parts.store.read() as view:
        digest = await digests.get(view, digest_id)
        shown = await digest_showing.one(view, digest, await digests.entries(view, digest_id))
        answer = await _answer(view, shown)
    return await covered(parts, digest, answer) if shown.cover else answer


async def digest_notice(parts: Parts, digest_id: int) -> Answer | None:
    """A digest at its hour; None when nothing is left of it."""
    (found,) = await digest_notices(parts, [digest_id])
    return found


async def digest_notices(parts: Parts, digest_ids: Sequence[int]) -> list[Answer | None]:
    """As `digest_notice`, each of these at its hour, in this order."""
    async with parts.store.read() as view:
        shown = await digest_showing.many(view, digest_ids)
        answers = {number: await _answer(view, it) for number, it in shown.items()}
    notices: list[Answer | None] = []
    for number in digest_ids:
        it, answer = shown[number], answers[number]
        if not answer.groups and not it.digest.says_empty:
            notices.append(None)
            continue
        if it.cover:
            answer = await covered(parts, it.digest, answer)
        notices.append(replace(answer, private=it.digest.room_id is None))
    return notices


async def preview(parts: Parts, member_id: int, *, zone: str) -> Answer:
    """What the member's next digest would hold if it came now; nothing is used up."""
    window = await parts.live.window()
    async with parts.store.read() as view:
        digest = digests.asked_for(view, member_id=member_id, zone=zone)
        digest.length = (await digests.settings(view, member_id)).length
        digest.since = await digest_choice.since(view, digest)
        chosen = await chosen_for(view, digest, window)
        told = list(enumerate(chosen, start=1))
        answer = await _answer(view, await digest_showing.one(view, digest, told))
    return replace(answer, text=f"{digest_words.PREVIEW}\n{answer.text}")


async def _answer(view: View, shown: Showing) -> Answer:
    digest, entries, told, names = shown.digest, shown.entries, shown.agents, shown.names
    groups = fitted([*await _sections(view, digest, entries, names), *_of_agent(told, names)])
    text = [digest_words.head(shown.name, digest, entries, told)]
    buttons = _buttons(digest, entries, told)
    if digest.room_id is None and digest.scheduled:
        text += _notes(shown, buttons)
    if entries and digest.id is not None and digest.room_id is None:
        second = entries[min(1, len(entries) - 1)].number
        text.append(digest_words.reply_hint(second, entries[-1].number))
    refs = [CreationRef(it.creation.id) for it in entries if it.creation.id is not None]
    return Answer(
        text="\n".join(text),
        groups=groups,
        buttons=buttons,
        facts={"creations": refs, **({"digest": digest.id} if digest.id is not None else {})},
        private=digest.room_id is None,
    )


async def _sections(
    view: View, digest: Digest, entries: Sequence[Entry], names: digest_words.Names
) -> list[Group]:
    groups = []
    headings = digest_words.HEADINGS
    if digest.room_id is not None:
        headings = {**headings, Section.FOR_YOU: digest_words.ROOM_HEADING}
    for section in Section:
        lines = [
            Line(
                title=_cut(oneline(it.creation.title), LONGEST_TITLE),
                number=it.number,
                ref=f"#{it.creation.id}",
                told=[told for told in digest_words.told_of(it, names) if told],
                words=await _words(view, digest, it, names),
            )
            for it in entries
            if it.section is section
        ]
        if lines:
            groups.append(Group(headings[section], lines))
    return groups


async def _words(view: View, digest: Digest, entry: Entry, names: digest_words.Names) -> str:
    """A few words of an item: of a thread what it comes to, of an answer what was said."""
    longest = EXCERPTS[digest.length]
    creation, comment = entry.creation, entry.comment
    if entry.section is Section.THREADS and (gist := await _gist(view, digest, entry)):
        return _cut(gist, GIST * longest)
    if comment is not None:
        name = names.get(comment.author_id, digest_words.SOMEBODY)
        return digest_words.quoted(name, _cut(oneline(comment.body), longest))
    if creation.warnings:
        return ""  # what readers are told first stands on its card
    if creation.kind is CreationKind.TEXT:
        return _cut(oneline(creation.body), longest)
    return _cut(oneline(creation.alt or creation.body), longest)


async def _gist(view: View, digest: Digest, entry: Entry) -> str:
    """What a thread comes to: as a model read it for all, else in sentences picked from it."""
    if entry.gist_key:
        known = await gists.known(view, [entry.gist_key])
        if body := known.get(entry.gist_key):
            return oneline(ThreadRead.model_validate(body).gist)
    if entry.news.comments + len(entry.news.remixes) < WORTH - 1:
        return ""
    try:
        said = await said_in(view, entry.creation.id or 0, digest_choice.reader_of(digest))
    except Refusal:
        return ""
    return oneline(picked(said).gist)


def _of_agent(told: Agents, names: digest_words.Names) -> list[Group]:
    lines = [Line(digest_words.run(it)) for it in told.runs]
    lines += [Line(digest_words.proposal(it)) for it in told.proposals]
    lines += [Line(digest_words.question(it, names)) for it in told.questions]
    if lines and told.waiting:
        lines.append(Line(digest_words.waiting(told.waiting)))
    return [Group(digest_words.AGENT, lines)] if lines else []


def _notes(shown: Showing, buttons: list[Button]) -> list[str]:
    """What its member has to know of their hours, and of digests before this one."""
    notes = []
    if shown.hours_in is not None and is_lost(shown.hours_in):
        notes.append(f"{digest_words.zone_lost(shown.hours_in)} {digest_words.ASK_ZONE}")
        buttons.append(Button("Name a city", Call("zone"), only_asker=True, blank="city"))
    if shown.digest.skipped_at is not None:
        notes.append(digest_words.skipped(shown.digest.skipped_at, shown.zone))
    if shown.lost is not None:
        notes.append(digest_words.may_be_lost(shown.lost.local_date))
        call = Call("digest last", {"edition": shown.lost.id})
        buttons.append(Button("Show that one", call, only_asker=True))
    return notes


def _buttons(digest: Digest, entries: Sequence[Entry], told: Agents) -> list[Button]:
    private = digest.room_id is None
    buttons = []
    for it in entries[:PRESSED]:
        given: dict[str, JsonValue] = {"item": it.number, "edition": digest.id}
        call = Call("digest open", given)
        if digest.id is None or not private:
            call = Call("show", {"creation": it.creation.id})
        buttons.append(Button(str(it.number), call, only_asker=private))
    if told.proposals or told.questions:
        buttons.append(Button("What waits for my yes", Call("digest asks"), only_asker=True))
    if digest.says_empty:
        buttons.append(Button("Show the feed", Call("feed"), only_asker=True))
    return buttons


def fitted(groups: Sequence[Group]) -> list[Group]:
    """The same in one message: words get shorter, then the last lines of the longest go."""
    found = list(groups)
    while _length(found) > ROOM:
        longest = max(found, key=lambda it: sum(len(line.words) for line in it.lines))
        if any(line.words for line in longest.lines):
            most = max(len(line.words) for line in longest.lines)
            limit = int(most * SHORTER)
            lines = [replace(it, words=_cut(it.words, limit)) for it in longest.lines]
        else:
            longest = max(found, key=lambda it: len(it.lines))
            lines = list(longest.lines[:-1])
        found[found.index(longest)] = replace(longest, lines=lines)
    return [it for it in found if it.lines]


def _length(groups: Sequence[Group]) -> int:
    return sum(len(group.title) + sum(_size(line) for line in group.lines) for group in groups)


def _size(line: Line) -> int:
    return len(line.title) + len(line.words) + sum(len(it) + 3 for it in line.told) + 16


def _cut(text: str, longest: int) -> str:
    if len(text) <= longest:
        return text
    return f"{text[:longest].rsplit(maxsplit=1)[0].rstrip()}…" if longest > 8 else ""
