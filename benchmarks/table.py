"""Puts figures into docs/benchmarks.md: `python -m benchmarks.first | python -m benchmarks.table`.

Reads JSON lines and replaces the table between the marks of their benchmark; prints them through.
Figures of several methods stand side by side, a row for each method.
"""

import json
import sys
from collections import defaultdict
from pathlib import Path

PAGE = Path(__file__).parent.parent / "docs" / "benchmarks.md"


def main() -> None:
    rows: dict[str, list[str]] = defaultdict(list)
    compared: dict[str, dict[str, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
    for line in sys.stdin:
        print(line, end="", flush=True)
        told = json.loads(line)
        if "method" in told:
            spread = f" ± {told['interval']:.3f}" if "interval" in told else ""
            value = f"{told['value']:.3f}{spread}"
            compared[told["benchmark"]][told["method"]][told["figure"]] = value
            continue
        limit = f"≤ {told['limit']:g} {told['unit']}" if "limit" in told else ""
        value = f"{told['value']:g} {told['unit']}"
        rows[told["benchmark"]].append(f"| {told['figure']} | {value} | {limit} |")
    page = PAGE.read_text(encoding="utf-8")
    tables = {
        name: ["| figure | value | limit |", "|---|---|---|", *it] for name, it in rows.items()
    }
    tables |= {name: side_by_side(it) for name, it in compared.items()}
    for name, lines in tables.items():
        before, _, rest = page.partition(f"<!-- {name} -->")
        _, _, after = rest.partition(f"<!-- end of {name} -->")
        page = f"{before}<!-- {name} -->\n" + "\n".join(lines) + f"\n<!-- end of {name} -->{after}"
    PAGE.write_text(page, encoding="utf-8")


def side_by_side(methods: dict[str, dict[str, str]]) -> list[str]:
    """A row for each method, a column for each figure."""
    figures = list(dict.fromkeys(it for told in methods.values() for it in told))
    head = ["| method | " + " | ".join(figures) + " |", "|---" * (len(figures) + 1) + "|"]
    rows = [[name, *(told.get(it, "") for it in figures)] for name, told in methods.items()]
    return head + ["| " + " | ".join(row) + " |" for row in rows]


if __name__ == "__main__":
    main()
