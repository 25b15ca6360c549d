"""The names that members and their agents are shown under: stored, checked, then borne."""

import hashlib
import json
import re
import unicodedata
from dataclasses import dataclass

from sqlmodel import col, select

from feed_core.errors import Blocked, EmptyText, Refusal, TextTooLong
from feed_core.models.members import AgentSettings, Member
from feed_core.models.moderation import Thing
from feed_core.models.names import NameChange
from feed_core.services import verdicts
from feed_core.services.gate import Content, Decision
from feed_core.services.members import LONGEST_NAME, in_turn, neutral
from feed_core.services.rules.folding import folded, skeleton
from feed_core.states import REVISION_MOVES, Outcome, RevisionState, move
from feed_core.store import View, Work

WAITING = (RevisionState.CHECKING, RevisionState.HELD)
TAKEN = "name_taken"
SHORTENED = LONGEST_NAME - 16  # of a name that gets a number behind it
UNSEEN = {"Cc", "Cf", "Co", "Cn", "Cs"}  # Unicode's general categories
# Joiners stand between the parts of emoji and in words of scripts that need them; nowhere else.
JOINER = re.compile("(?<=[\u0600-\U0010ffff])[\u200c\u200d](?=[\u0600-\U0010ffff])")
MARKS = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]{3,}")
NEUTRAL = re.compile(r"member\s*\d+")
# Whom nobody else may seem to be: the platform, those who look after it, all or none of the others.
OFFICIAL = ("jamfeed", "moderator", "moderators", "admin", "admins", "administrator")
OTHERS = ("mod", "mods", "moderation", "staff", "official", "support", "system", "me", "here")
NOBODY = ("everyone", "everybody", "nobody", "somebody", "somebody who is gone")
RESERVED = {skeleton(it) for it in (*OFFICIAL, *OTHERS, *NOBODY)}
OFFICIAL_WORDS = {skeleton(it) for it in OFFICIAL}


@dataclass(eq=False)
class NameRefused(Refusal):
    """Nobody can be called that: "unseen", "unsaid", "marks", "reserved" or "taken"."""

    problem: str
    code = "name_refused"


@dataclass(eq=False)
class NameHeld(Refusal):
    """A check wants a person to look at a name before others see it."""

    rule: str
    passage: str
    code = "name_held"


@dataclass(eq=False)
class NameNotFound(Refusal):
    """No name of this number waits for a decision."""

    number: int
    code = "name_not_found"


def arrived(name: str) -> str:
    """A name as a platform hands it in, on one line and without what nobody sees; it may be "".

    Platforms let people write what is refused to those who choose a name here.
    """
    line = _line(name)
    joiners = {it.start() for it in JOINER.finditer(line)}
    seen = [it for at, it in enumerate(line) if at in joiners or not _hidden(it)]
    return MARKS.sub("", _line("".join(seen)))[:LONGEST_NAME].strip()


def checked(name: str, *, member_id: int) -> str:
    """A name on one line, as it would be shown.

    Raises:
        EmptyText, TextTooLong: there is nothing of it, or too much.
        NameRefused: it would deceive or could not be said.
    """
    shown = _line(name)
    if not shown:
        raise EmptyText
    if len(shown) > LONGEST_NAME:
        raise TextTooLong(len(shown), LONGEST_NAME)
    if any(map(_hidden, JOINER.sub("", shown))):
        raise NameRefused("unseen")
    if MARKS.search(unicodedata.normalize("NFC", shown)):
        raise NameRefused("marks")
    if not any(unicodedata.category(it)[0] in "LNS" for it in shown):
        raise NameRefused("unsaid")
    if shown != neutral(member_id) and _reserved(shown):
        raise NameRefused("reserved")
    return shown


async def begin(work: Work, *, member_id: int, thing: Thing, name: str) -> NameChange | None:
    """Store a name to be checked, in place of one that waits; None when it is borne already.

    Raises:
        EmptyText, TextTooLong, NameRefused: nobody can be called that.
    """
    await in_turn(work, member_id)
    shown = checked(name, member_id=member_id)
    if await _borne_by_another(work, shown, member_id=member_id):
        raise NameRefused("taken")
    await drop(work, member_id=member_id, thing=thing)
    if shown == await borne(work, member_id=member_id, thing=thing):
        return None
    change = NameChange(member_id=member_id, thing=thing, name=shown, created_at=work.now)
    work.db.add(change)
    await work.db.flush()
    return change


async def arrive(work: Work, *, member_id: int, name: str) -> NameChange | None:
    """Store a newcomer's name to be checked, with a number where another has it.

    None where nobody can be called that: they keep the neutral name that they have.
    """
    shown = arrived(name)
    for it in (shown, numbered(shown, member_id)):
        try:
            return await begin(work, member_id=member_id, thing=Thing.MEMBER_NAME, name=it)
        except EmptyText:
            return None
        except NameRefused as refused:
            if refused.problem != "taken":
                return None
    return None


def numbered(name: str, member_id: int) -> str:
    """What somebody is called whose name another has."""
    return f"{name[:SHORTENED].strip()} {member_id}"


async def free(view: View, name: str, *, member_id: int) -> str:
    """A name that was this member's before, with a number where another has it by now."""
    taken = await _borne_by_another(view, name, member_id=member_id)
    return numbered(name, member_id) if taken else name


async def content(view: View, change_id: int) -> Content:
    """What a check gets to see of a name."""
    change = await view.db.get_one(NameChange, change_id)
    return Content(
        author_id=change.member_id,
        title=change.name,
        body="",
        media_hash=None,
        content_hash=hash_of(change),
        thing=change.thing,
    )


async def settle(work: Work, *, change_id: int, checked: Content, decision: Decision) -> NameChange:
    """Record what a check decided on a name and do as it says; a second time changes nothing.

    A name has no room for a label: a moderator looks at what would have one.
    """
    change = await work.hold(NameChange, change_id)
    if change.state is not RevisionState.CHECKING:
        return change
    if await _borne_by_another(work, change.name, member_id=change.member_id):
        decision = Decision(Outcome.BLOCK, TAKEN)
    if decision.outcome is not Outcome.PASS:
        await verdicts.record(
            work,
            thing=change.thing,
            thing_id=change_id,
            content_hash=checked.content_hash,
            decision=decision,
        )
    if decision.outcome is Outcome.BLOCK:
        settle_as(change, RevisionState.BLOCKED)
    elif decision.outcome is Outcome.PASS and checked.content_hash == hash_of(change):
        await let_out(work, change)
    else:
        change.state = move(REVISION_MOVES, change.state, RevisionState.HELD)
    return change


async def let_out(work: Work, change: NameChange) -> None:
    """Let a name be borne; whoever calls this has a verdict for it.

    Raises:
        NameRefused: another member is called so by now.
    """
    await work.alone("names")
    if await _borne_by_another(work, change.name, member_id=change.member_id):
        raise NameRefused("taken")
    if change.thing is Thing.AGENT_NAME:
        (await work.hold(AgentSettings, change.member_id)).name = change.name
    else:
        member = await work.hold(Member, change.member_id)
        member.name, member.skeleton = change.name, skeleton(change.name)
    settle_as(change, RevisionState.APPLIED)


def settle_as(change: NameChange, state: RevisionState) -> None:
    """End the way of a name, and let go of its words."""
    change.state = move(REVISION_MOVES, change.state, state)
    change.name = ""


async def drop(work: Work, *, member_id: int, thing: Thing | None = None) -> None:
    """Let nobody decide on what waits of a member's names, or of one kind of them."""
    waiting = select(NameChange).where(
        NameChange.member_id == member_id, col(NameChange.state).in_(WAITING)
    )
    if thing is not None:
        waiting = waiting.where(NameChange.thing == thing)
    for change in await work.db.exec(waiting):
        settle_as(change, RevisionState.DROPPED)


async def require_borne(view: View, change_id: int) -> None:
    """See that a name is borne, now that it was checked.

    Raises:
        NameHeld: a person has to look at it first.
        Blocked: it may not be shown.
    """
    change = await view.db.get_one(NameChange, change_id)
    if change.state in (RevisionState.HELD, RevisionState.BLOCKED):
        verdict = await verdicts.latest(view, thing=change.thing, thing_id=change_id)
        rule, passage = (verdict.rule, verdict.passage) if verdict else ("", "")
        held = change.state is RevisionState.HELD
        raise NameHeld(rule, passage) if held else Blocked(rule, passage)


async def borne(view: View, *, member_id: int, thing: Thing) -> str:
    """The name that is shown now; "" for an agent that is called as its persona is."""
    if thing is Thing.AGENT_NAME:
        return (await view.db.get_one(AgentSettings, member_id)).name or ""
    return (await view.db.get_one(Member, member_id)).name


async def stuck(view: View, *, limit: int = 100) -> list[int]:
    """Names whose check never came back, oldest first."""
    found = await view.db.exec(
        select(NameChange.id)
        .where(NameChange.state == RevisionState.CHECKING)
        .order_by(col(NameChange.id))
        .limit(limit)
    )
    return [it for it in found if it is not None]


def hash_of(change: NameChange) -> str:
    """SHA-256 of the name, and of whose it is to be."""
    told = json.dumps([change.thing, change.member_id, change.name])
    return hashlib.sha256(told.encode()).hexdigest()


async def _borne_by_another(view: View, name: str, *, member_id: int) -> bool:
    """Whether another member's name is this one, or looks like it."""
    key = skeleton(name)
    if not key:
        return False
    found = await view.db.exec(
        select(Member.id).where(Member.skeleton == key, Member.id != member_id).limit(1)
    )
    return found.first() is not None


def _reserved(name: str) -> bool:
    words = {skeleton(it) for it in name.split()}
    official = skeleton(name) in RESERVED or bool(words & OFFICIAL_WORDS)
    return official or NEUTRAL.fullmatch(folded(name)) is not None


def _line(name: str) -> str:
    return " ".join(name.split())


def _hidden(character: str) -> bool:
    return unicodedata.category(character) in UNSEEN
