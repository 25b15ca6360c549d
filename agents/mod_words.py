"""What moderators are shown, and what members are told of reports and decisions."""

from collections.abc import Sequence

from agents import rule_words
from agents.phrases import plural, when
from feed_core.models.moderation import Report, Thing, Verdict
from feed_core.models.reactions import Comment
from feed_core.models.revisions import Revision
from feed_core.services.cases import AnyCase, Case, NameCase
from feed_core.services.moderation import Ruling
from feed_core.services.reporting import Filed
from feed_core.states import Outcome

DONE = {
    Outcome.PASS: "let through",
    Outcome.LABEL: "labelled",
    Outcome.HOLD: "held",
    Outcome.BLOCK: "blocked",
}


NAMES = {
    Thing.MEMBER_NAME: "the name that you want to be shown under",
    Thing.AGENT_NAME: "the name that you gave your agent",
}
WANTED = {
    Thing.MEMBER_NAME: "wants to be shown under this name",
    Thing.AGENT_NAME: "wants to call their agent so",
}
LETTERS = {Thing.COMMENT: "c", Thing.MEMBER_NAME: "n", Thing.AGENT_NAME: "n"}


def ref(thing: Thing, number: int) -> str:
    """How a thing is called: the number of a comment, of a name, or of a creation."""
    return f"{LETTERS.get(thing, '#')}{number}"


def called(thing: Thing, number: int, creation_id: int) -> str:
    """What a thing is, for those who are told of it."""
    if thing is Thing.REVISION:
        return f"the edit of #{creation_id}"
    return ref(thing, number)


def reported(named: str, filed: Filed) -> str:
    """What came of a report, told to who made it."""
    match filed:
        case Filed.NEW:
            return (
                f"Thank you. A moderator will look at {named}; nobody else learns that you wrote."
            )
        case Filed.KNOWN:
            return f"You reported {named} before: it waits for a moderator."
        case Filed.DECIDED:
            return f"A moderator has looked at just this and decided on {named}. Thank you anyway."


def queue(count: int, *, more: bool) -> str:
    """What stands above the queue."""
    if not count:
        return "Nothing waits for a decision."
    behind = ", and more behind them" if more else ""
    return f"{plural(count, 'thing')} to decide on{behind}:"


def case_byline(case: AnyCase, name: str, zone: str) -> str:
    """Whose it is, what it is, and since when it waits."""
    match case:
        case Case(comment=Comment(), creation=about):
            what = f"comment on #{about.id}"
        case Case(revision=Revision()):
            what = "an edit"
        case Case():
            what = ""
        case NameCase():
            what = WANTED[case.thing]
    state = "held" if case.held else "seen by others"
    return " · ".join(filter(None, [name, what, f"{state} since {when(case.since, zone)}"]))


def case_reason(case: AnyCase, *, own: bool) -> str:
    """Why it is in the queue."""
    said = []
    if case.held and case.verdict is not None:
        said.append(rule_words.why(case.verdict.rule, case.verdict.passage or case.verdict.why))
    if case.reports:
        said.append(f"reported by {plural(len(case.reports), 'member')}: {_reasons(case.reports)}")
    if own:
        said.append("yours: another moderator decides")
    return " · ".join(said)


def decided(named: str, ruling: Ruling, why: str) -> str:
    """A decision is done."""
    match ruling:
        case Ruling.PUBLISH:
            return f"{_first(named)} can be seen. Written down: {why}"
        case Ruling.LABEL:
            return f"{_first(named)} can be seen, under the label ⚠ {why}."
        case Ruling.BLOCK:
            return f"{_first(named)} is blocked. Written down: {why}"


def log(lines: Sequence[str]) -> str:
    """What moderators decided lately."""
    return "\n".join(["Decided, newest first:", *lines]) if lines else "Nobody has decided yet."


def logged(verdict: Verdict, named: str, by: str, zone: str) -> str:
    """One decision: when, on what, what, by whom and why."""
    why = f": {verdict.why}" if verdict.why else ""
    return (
        f"{when(verdict.decided_at, zone)} · {named} {DONE[verdict.outcome]} by "
        f"{by or 'somebody who is gone'}{why}"
    )


def told(verdict: Verdict, named: str, *, draft: int = 0) -> str:
    """What was decided on something of theirs, told to its author."""
    match verdict.outcome:
        case Outcome.HOLD:
            why = rule_words.why(verdict.rule, verdict.passage)
            return (
                f"{_first(named)} is hidden until a moderator has looked at it: {why}. "
                "You will be told what they decide."
            )
        case Outcome.BLOCK:
            said = f"A moderator decided that {named} is not shown here: {_ended(verdict.why)}"
            return f"{said} It is kept as d{draft}, to be changed." if draft else said
        case Outcome.LABEL:
            return f"A moderator let {named} be seen; readers are told first: ⚠ {verdict.why}."
        case Outcome.PASS:
            return f"A moderator let {named} be seen: {_ended(verdict.why)}"


def _first(named: str) -> str:
    return f"{named[0].upper()}{named[1:]}"


def _ended(why: str) -> str:
    return why if why[-1:] in {".", "!", "?"} else f"{why}."


def _reasons(reports: Sequence[Report]) -> str:
    shown = [f"“{it.reason}”" for it in reports[:3]]
    return "; ".join([*shown, "…"] if len(reports) > 3 else shown)
