"""Figures of one benchmark, told as JSON lines: one line each, with its limit and whether met."""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np


@dataclass(slots=True)
class Figures:
    """Tells the figures of a benchmark; of one database, where it is measured on several."""

    benchmark: str
    database: str = ""
    quiet: bool = False  # only kept in `told`
    told: dict[str, float] = field(default_factory=dict)

    def tell(
        self,
        figure: str,
        value: float,
        unit: str,
        *,
        limit: float | None = None,
        least: float | None = None,
    ) -> None:
        """Print one figure, which should be at most `limit`, or at least `least`."""
        self.told[figure] = value
        if self.quiet:
            return
        line: dict[str, object] = {"benchmark": self.benchmark, "figure": figure}
        if self.database:
            line["database"] = self.database
        line |= {"value": round(value, 2), "unit": unit}
        if limit is not None:
            line |= {"limit": limit, "met": value <= limit}
        if least is not None:
            line |= {"least": least, "met": value >= least}
        print(json.dumps(line), flush=True)

    def times(
        self,
        figure: str,
        took: Sequence[float],
        *,
        limit: float | None = None,
        cpu: float | None = None,
        cpu_limit: float | None = None,
    ) -> None:
        """Print the middle and the 95th percentile of times in ms, and the CPU of one on average.

        The limit is that of the 95th percentile. CPU is that of this process: a server's is not in.
        """
        self.tell(f"{figure}, p50", float(np.percentile(took, 50)), "ms")
        self.tell(f"{figure}, p95", float(np.percentile(took, 95)), "ms", limit=limit)
        if cpu is not None:
            self.tell(f"{figure}, CPU", cpu, "ms", limit=cpu_limit)


def anonymous_mb() -> float:
    """RssAnon of this process (proc(5)), in MB."""
    for line in Path(f"/proc/{os.getpid()}/status").read_text().splitlines():
        if line.startswith("RssAnon:"):
            return int(line.split()[1]) / 1024
    raise LookupError("RssAnon")
