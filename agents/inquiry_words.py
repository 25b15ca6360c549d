"""What is said to who asks about a thread."""

from agents.inquiry import Found
from agents.summary import Point
from agents.summary_words import point
from agents.wording import sentence

NOT_SHOWN = "Which creation or thread is that about? Name it, or open it first."


def found(it: Found, head: str) -> str:
    """The answer with its quotes, or the passages that answer best, said to be just that."""
    asked = f"“{it.asked.whole}” ({it.asked.name}, {it.asked.of})" if it.asked else ""
    quotes = "\n".join(f"• {_quote(one)}" for one in it.quotes)
    if it.answer:
        return "\n\n".join(filter(None, [asked, it.answer, quotes]))
    why = f"({sentence(it.trouble)})" if it.trouble else ""
    if not it.quotes:
        nothing = f"{head} does not say." if not asked else "Nobody said more about it."
        return "\n\n".join(filter(None, [asked, nothing, why]))
    told = "Said around it:" if asked else f"I cannot put it in words of my own; {head} says:"
    return "\n\n".join(filter(None, [asked, f"{told}\n{quotes}", why]))


def _quote(it: Point) -> str:
    return point(it.passage.of, it.passage.name, f"“{it.text}”")
