"""Sums up threads: a model reads them as data, or their most telling sentences are picked."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from agents import phrases
from agents.turn import Turn
from feed_core.errors import BudgetSpent, Unavailable
from feed_core.services.threads import Thread

SENTENCE = re.compile(r"[^.!?…。！？\n]+[.!?…。！？]*")
PICKED = 4
LONGEST = 240


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence, who said it, and the creation it stands in or under."""

    ref: str
    name: str
    text: str


async def summarize(turn: Turn, thread: Thread, names: Mapping[int, str]) -> str:
    """A few sentences on a thread, each with where it comes from."""
    said = sentences(thread, names)
    head = phrases.thread_head(
        thread.root.id or 0, thread.root.title, len(thread.comments), len(thread.remixes)
    )
    writer, note = turn.parts.writer, ""
    if writer is not None:
        try:
            written = await writer.write(
                member_id=turn.member_id,
                wish=phrases.SUMMARY_WISH,
                sources=[f"[{it.ref}] {it.name}: {it.text}" for it in said],
                purpose="summarise",
            )
        except (Unavailable, BudgetSpent) as error:
            note = phrases.extract_instead(error)
        else:
            return f"{head}\n\n{written.body}"
    from agents.lexrank import most_telling  # NumPy: imported when the first thread is summed up

    best = [said[it] for it in most_telling([it.text for it in said], PICKED)]
    points = [phrases.point(it.ref, it.name, it.text) for it in best]
    return "\n".join(filter(None, [head, "", *points, note]))


def sentences(thread: Thread, names: Mapping[int, str]) -> list[Said]:
    """All that was said in a thread, in order."""
    ref = f"#{thread.root.id}"
    texts = [(ref, thread.root.author_id, thread.root.body or thread.root.alt)]
    texts += [(ref, it.author_id, it.body) for it in thread.comments]
    texts += [(f"#{it.id}", it.author_id, it.body or it.alt) for it in thread.remixes]
    return [
        Said(ref, names.get(author_id, ""), sentence.strip()[:LONGEST])
        for ref, author_id, text in texts
        for sentence in SENTENCE.findall(text)
        if sentence.strip()
    ]
