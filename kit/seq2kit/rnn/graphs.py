"""Questions about a graph that is given as a set of edges (parent, child)."""

from __future__ import annotations

from collections.abc import Iterable

Edge = tuple[str, str]


def parents(edges: Iterable[Edge], node: str) -> set[str]:
    """The nodes with an edge into `node`."""
    return {parent for parent, child in edges if child == node}


def descendants(edges: Iterable[Edge], node: str) -> set[str]:
    """The nodes at the end of a path of one or more edges from `node` (itself only if on a cycle)."""
    children: dict[str, set[str]] = {}
    for parent, child in edges:
        children.setdefault(parent, set()).add(child)
    found: set[str] = set()
    waiting = list(children.get(node, ()))
    while waiting:
        current = waiting.pop()
        if current not in found:
            found.add(current)
            waiting.extend(children.get(current, ()))
    return found
