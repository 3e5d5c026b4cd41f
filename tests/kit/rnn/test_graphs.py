"""Paths and parents in a set of edges."""

from __future__ import annotations

from seq2kit.rnn import graphs

DIAMOND = {("a", "b"), ("a", "c"), ("b", "d"), ("c", "d"), ("e", "e")}


def test_descendants_follow_paths_of_any_length() -> None:
    """All nodes at the end of a path are found, once each, and no others."""
    assert graphs.descendants(DIAMOND, "a") == {"b", "c", "d"}
    assert graphs.descendants(DIAMOND, "b") == {"d"}
    assert graphs.descendants(DIAMOND, "d") == set()
    assert graphs.descendants(DIAMOND, "stranger") == set()


def test_only_a_cycle_leads_back_to_itself() -> None:
    """A node is its own descendant exactly when it lies on a cycle."""
    assert "a" not in graphs.descendants(DIAMOND, "a")
    assert "e" in graphs.descendants(DIAMOND, "e")
    assert graphs.descendants([("x", "y"), ("y", "z"), ("z", "x")], "x") == {"x", "y", "z"}


def test_parents_are_one_edge_away() -> None:
    """Parents are direct; ancestors further up are not among them."""
    assert graphs.parents(DIAMOND, "d") == {"b", "c"}
    assert graphs.parents(DIAMOND, "a") == set()
