"""What the operator reads while a feed is exported or imported."""

from collections.abc import Mapping

from agents.phrases import plural
from feed_core.porting.importing import Brought
from feed_core.porting.layout import Manifest
from feed_core.porting.problems import Problem, Problems, Trouble
from feed_core.porting.progress import Doing

DOING: Mapping[Doing, str] = {
    Doing.WRITE: "writing {what}",
    Doing.COPY: "copying {what} files",
    Doing.CHECK: "checking {what}",
    Doing.CHECK_MEDIA: "checking {what} files",
    Doing.ADD: "adding {what}",
    Doing.COMPARE: "comparing {what}",
    Doing.VECTORS: "copying vectors of {what}",
}
TROUBLES: Mapping[Trouble, str] = {
    Trouble.NO_FILE: "it cannot be read ({said})",
    Trouble.OTHER_CONTENT: "it is not the file that was exported: lines are missing or changed",
    Trouble.NOT_JSON: "this is no JSON",
    Trouble.CUT_OFF: "the line is cut off",
    Trouble.TOO_LONG: "the line is too long to be a record",
    Trouble.NUL: "it holds a NUL character",
    Trouble.WRONG_VALUE: "{said}",
    Trouble.UNKNOWN_KIND: "this version knows no such records",
    Trouble.UNKNOWN_COLUMN: "this version knows no such field",
    Trouble.MISSING_COLUMN: "the field is missing from these records",
    Trouble.OUT_OF_ORDER: "it stands after one that has to follow it",
    Trouble.TWICE: "it stands there twice",
    Trouble.LOST_REFERENCE: "there is no {said} that it could refer to",
    Trouble.RULE_BROKEN: "a parent has to be older than what was made from it",
    Trouble.TAKEN: "{said} is something else in this feed already",
    Trouble.NO_MEDIA_NAME: "this names no file of media",
    Trouble.OTHER_MEDIA: "the file is damaged: its content does not fit its name",
}


def doing(step: Doing, what: str) -> str:
    """What is being done, in two words."""
    return DOING[step].format(what=what.replace("_", " "))


def problem(it: Problem) -> str:
    """One thing that is wrong with an export: file, line, field, and what."""
    where = [it.file, f"line {it.line}" if it.line else "", it.field]
    said = TROUBLES[it.trouble].format(said=it.said)
    return _visible(f"{', '.join(filter(None, where))}: {said}")


def refused(problems: Problems) -> str:
    """Everything that is wrong, or the first of it and how much more."""
    lines = [problem(it) for it in problems.first]
    if more := problems.count - len(lines):
        lines.append(f"… and {more:,} more.")
    return "\n".join([*lines, "Nothing was changed."])


def exported(manifest: Manifest, folder: str) -> str:
    """The end of an export."""
    count = sum(it.rows for it in manifest.records)
    lines = [
        f"Exported {plural(count, 'record')} and {plural(manifest.media.files, 'file')} of media "
        f"to {folder}, as they were on {manifest.taken_at:%Y-%m-%d at %H:%M} UTC.",
        f"`jamfeed import {folder}` brings them into another feed.",
    ]
    if manifest.media.missing:
        lost = plural(len(manifest.media.missing), "file")
        lines.append(f"{lost} of media could not be copied: the feed has lost or damaged them.")
    return "\n".join(lines)


def imported(brought: Brought) -> str:
    """The end of an import."""
    told = (
        f"Imported {plural(brought.added, 'record')} and {plural(brought.files, 'file')} of media"
    )
    if brought.there:
        return f"{told}; {plural(brought.there, 'record')} were there already."
    return f"{told}."


def stopped(command: str, folder: str) -> str:
    """It was told to stop before the end."""
    return f"Stopped. `jamfeed {command} {folder}` goes on from here."


def _visible(text: str) -> str:
    """Names in a broken export may hold anything; nothing of it reaches the terminal's controls."""
    return "".join(it if it.isprintable() else "�" for it in text)
