"""Puts figures into docs/benchmarks.md: `python -m benchmarks.first | python -m benchmarks.table`.

Reads JSON lines and replaces the table between the marks of their benchmark; prints them through.
Figures of several methods stand side by side, a row for each method; those of several databases
in a column for each database.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

PAGE = Path(__file__).parent.parent / "docs" / "benchmarks.md"
Line = Mapping[str, Any]


def main() -> None:
    told: dict[str, list[Line]] = {}
    for line in sys.stdin:
        print(line, end="", flush=True)
        read = json.loads(line)
        told.setdefault(read["benchmark"], []).append(read)
    page = PAGE.read_text(encoding="utf-8")
    for name, lines in told.items():
        if f"<!-- {name} -->" not in page:
            continue
        before, _, rest = page.partition(f"<!-- {name} -->")
        _, _, after = rest.partition(f"<!-- end of {name} -->")
        compared = [it for it in lines if "method" in it]
        rows = "\n".join(side_by_side(compared) if compared else limited(lines))
        page = f"{before}<!-- {name} -->\n{rows}\n<!-- end of {name} -->{after}"
    PAGE.write_text(page, encoding="utf-8")


def limited(lines: Sequence[Line]) -> list[str]:
    """A row for each figure with its limit, a column for each database."""
    rows: dict[str, dict[str, str]] = {}
    limits: dict[str, dict[str, None]] = {}
    for it in lines:
        figure, unit = it["figure"], it["unit"]
        rows.setdefault(figure, {})[it.get("database", "value")] = f"{it['value']:g} {unit}".strip()
        for sign, key in (("≤", "limit"), ("≥", "least")):
            if key in it:
                limits.setdefault(figure, {})[f"{sign} {it[key]:g} {unit}".strip()] = None
    columns = list(dict.fromkeys(it.get("database", "value") for it in lines))
    told = ([name, *(it.get(one, "") for one in columns)] for name, it in rows.items())
    return _rows(
        ["figure", *columns, "limit"], [[*it, " / ".join(limits.get(it[0], ()))] for it in told]
    )


def side_by_side(lines: Sequence[Line]) -> list[str]:
    """A row for each method, a column for each figure."""
    methods: dict[str, dict[str, str]] = {}
    for it in lines:
        spread = f" ± {it['interval']:.3f}" if "interval" in it else ""
        methods.setdefault(it["method"], {})[it["figure"]] = f"{it['value']:.3f}{spread}"
    figures = list(dict.fromkeys(it["figure"] for it in lines))
    told = [[name, *(it.get(one, "") for one in figures)] for name, it in methods.items()]
    return _rows(["method", *figures], told)


def _rows(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    return [
        f"| {' | '.join(head)} |",
        "|---" * len(head) + "|",
        *(f"| {' | '.join(it)} |" for it in rows),
    ]


if __name__ == "__main__":
    main()
