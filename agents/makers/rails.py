"""A lineage as a list: who stands below whom, and on which rail, as in a railway map.

Each creation has a row of its own. Its rail runs down from it until the last of its remixes, which
may go on in it. Small branches come before large ones, so that the main line keeps its rail and few
rails lie side by side.
"""

from collections.abc import Sequence

import networkx as nx

from agents.makers.generations import Graph


def ordered(graph: "Graph[int]") -> list[int]:
    """Every creation below all that it was made from, one branch after the other."""
    size = {it: len(nx.descendants(graph, it)) for it in graph}
    waiting = dict(graph.in_degree())
    found: list[int] = []

    def large_first(nodes: Sequence[int]) -> list[int]:
        return sorted(nodes, key=lambda it: (-size[it], -it))

    ready = large_first([it for it in graph if not waiting[it]])
    while ready:
        node = ready.pop()
        found.append(node)
        for child in large_first(list(graph.successors(node))):
            waiting[child] -= 1
            if not waiting[child]:
                ready.append(child)
    return found


def rails(graph: "Graph[int]", order: Sequence[int]) -> dict[int, int]:
    """The rail of each creation, counted from the left; none passes through another's row."""
    left = dict(graph.out_degree())  # remixes that are still to come
    taken: dict[int, int] = {}
    found: dict[int, int] = {}
    for node in order:
        freed = []
        for parent in graph.predecessors(node):
            left[parent] -= 1
            if not left[parent]:
                freed.append(found[parent])
                del taken[found[parent]]
        free = next(it for it in range(len(taken) + 1) if it not in taken)
        found[node] = min(freed, default=free)
        if left[node]:
            taken[found[node]] = node
    return found
