"""A lineage in words: whose work it is, and what each creation was made from."""

from collections.abc import Mapping
from fractions import Fraction

from agents.phrases import TAKEN_BACK, listing
from feed_core.services.lineage import Family

NAMED = 5  # makers who are named one by one in a line of credit
LISTED = 30  # creations in a list; the picture holds more


def family(found: Family, shares: Mapping[int, Fraction], names: Mapping[int, str]) -> str:
    """A family: how large it is, whose work its creation is, and every creation."""
    lines = [
        f"Lineage of #{found.focus_id}: made from {found.ancestors}, "
        f"{found.descendants} made of it.",
        credit(shares, names),
    ]
    parents: dict[int, list[str]] = {}
    for parent_id, child_id in found.edges:
        parents.setdefault(child_id, []).append(f"#{parent_id}")
    for it in found.members[:LISTED]:
        title = it.title or TAKEN_BACK
        origin = f" from {listing(parents[it.id])}" if it.id in parents else ""
        marked = "→" if it.id == found.focus_id else " "
        lines.append(f"{marked} #{it.id} {title} · {names.get(it.author_id, '')}{origin}")
    if more := found.ancestors + found.descendants + 1 - len(found.members[:LISTED]):
        lines.append(f"… and {more} more.")
    return "\n".join(lines)


def credit(shares: Mapping[int, Fraction], names: Mapping[int, str]) -> str:
    """Whose work a creation is, in whole per cents that sum to 100."""
    rounded = _per_cents(shares)
    if len(shares) == NAMED + 1:  # "1 other" would take as long as the name
        first, others = list(shares), []
    else:
        first, others = list(shares)[:NAMED], list(shares)[NAMED:]
    parts = [f"{names.get(it) or 'somebody'} {_said(rounded[it])}" for it in first]
    if others:
        parts.append(f"{len(others)} others {_said(sum(rounded[it] for it in others))}")
    return f"Credit: {', '.join(parts)}"


def _said(share: int) -> str:
    return f"{share} %" if share else "under 1 %"


def _per_cents(shares: Mapping[int, Fraction]) -> dict[int, int]:
    """Rounded down, and what is then missing goes to those who lost most."""
    exact = {it: share * 100 for it, share in shares.items()}
    whole = {it: int(share) for it, share in exact.items()}
    missing = 100 - sum(whole.values())
    for it in sorted(exact, key=lambda it: whole[it] - exact[it])[:missing]:
        whole[it] += 1
    return whole
