"""A long lineage in columns, as a newspaper sets a long text: read one down, then the next."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from agents.makers.generations import Box, Point, Spot

RAIL = 13  # pixels between lines that run beside each other from one column to the next
TURN = 30  # and between them and the cards

Rows = Sequence[Sequence[Spot]]
Placed = Sequence[Mapping[Spot, Box]]
Edges = Iterable[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Columns:
    """How a long page is cut.

    `starts` holds the first row of each column, `tops` where that row stood before the cut, and
    `crossing` for each cut the creations whose lines go on in the next column.
    """

    starts: Sequence[int]
    tops: Sequence[int]
    crossing: Sequence[Sequence[int]]
    tallest: int
    inner: int

    @property
    def rail(self) -> int:
        """The room above and below the columns for the lines that change over."""
        return max((TURN + RAIL * len(it) for it in self.crossing), default=0)

    @property
    def width(self) -> int:
        """All columns and the gutters between them."""
        return self.left(len(self.starts) - 1) + self.inner

    @property
    def height(self) -> int:
        """The longest column and the lines above and below it."""
        return self.tallest + 2 * self.rail

    def left(self, column: int) -> int:
        """Where a column begins."""
        return column * self.inner + sum(2 * TURN + RAIL * len(it) for it in self.crossing[:column])

    def of(self, row: int) -> int:
        """The column in which a row stands."""
        return bisect_right(self.starts, row) - 1


def cut(rows: Rows, placed: Placed, edges: Edges, *, count: int, inner: int) -> Columns:
    """At most so many columns of about the same height; `inner` is the width of each."""
    tops = [min(box[1] for box in row.values()) for row in placed]
    lows = [max(box[3] for box in row.values()) for row in placed]
    share = (lows[-1] - tops[0]) / count
    starts = [0]
    for number in range(1, len(rows)):
        middle = (tops[number] + lows[number]) / 2 - tops[0]
        if middle > share * len(starts) and len(starts) < count:
            starts.append(number)
    at = {spot.node: n for n, row in enumerate(rows) for spot in row if not spot.lane}
    known = [(parent, at[parent], at[child]) for parent, child in edges]
    return Columns(
        starts=starts,
        tops=[tops[start] for start in starts],
        crossing=[
            sorted({parent for parent, above, below in known if above < start <= below})
            for start in starts[1:]
        ],
        tallest=max(
            lows[end - 1] - tops[start]
            for start, end in zip(starts, [*starts[1:], len(rows)], strict=True)
        ),
        inner=inner,
    )


def moved(placed: Placed, columns: Columns, *, left: int, top: int) -> list[dict[Spot, Box]]:
    """The boxes of every row where its column puts them, the page's corner at (left, top)."""
    found = []
    for number, row in enumerate(placed):
        column = columns.of(number)
        right = left + columns.left(column)
        down = top + columns.rail - columns.tops[column]
        found.append(
            {
                spot: (x0 + right, y0 + down, x1 + right, y1 + down)
                for spot, (x0, y0, x1, y1) in row.items()
            }
        )
    return found


def led_over(
    stops: Sequence[Point], parent: int, columns: Columns, *, left: int, top: int
) -> list[list[Point]]:
    """A line in parts, each of which runs down one column or over to the next one."""
    parts: list[list[Point]] = [[stops[0]]]
    low = top + columns.rail + columns.tallest
    for (x0, y0), (x1, y1) in pairwise(stops):
        if y1 >= y0:
            parts[-1].append((x1, y1))
            continue
        column = max(n for n in range(len(columns.starts)) if left + columns.left(n) <= x0)
        beside = columns.crossing[column].index(parent)
        gutter = left + columns.left(column) + columns.inner + TURN + RAIL * beside
        under, over = low + TURN + RAIL * beside, top + RAIL * beside
        parts += [
            [(x0, y0), (x0, under), (gutter, under), (gutter, over), (x1, over), (x1, y1)],
            [(x1, y1)],
        ]
    return [part for part in parts if len(part) > 1]
