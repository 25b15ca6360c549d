"""Puts figures into docs/benchmarks.md: `python -m benchmarks.first | python -m benchmarks.table`.

Reads JSON lines and replaces the table between the marks of their benchmark; prints them through.
"""

import json
import sys
from collections import defaultdict
from pathlib import Path

PAGE = Path(__file__).parent.parent / "docs" / "benchmarks.md"


def main() -> None:
    rows: dict[str, list[str]] = defaultdict(list)
    for line in sys.stdin:
        print(line, end="", flush=True)
        told = json.loads(line)
        limit = f"≤ {told['limit']:g} {told['unit']}" if "limit" in told else ""
        value = f"{told['value']:g} {told['unit']}"
        rows[told["benchmark"]].append(f"| {told['figure']} | {value} | {limit} |")
    page = PAGE.read_text(encoding="utf-8")
    for name, table in rows.items():
        before, _, rest = page.partition(f"<!-- {name} -->")
        _, _, after = rest.partition(f"<!-- end of {name} -->")
        lines = ["| figure | value | limit |", "|---|---|---|", *table]
        page = f"{before}<!-- {name} -->\n" + "\n".join(lines) + f"\n<!-- end of {name} -->{after}"
    PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
