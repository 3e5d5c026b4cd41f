"""Hidden checks of the computation graph.

Fair answers differ in two ways: z_t may be left out (h_t = z_t), and so may h_0.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from autograder.judge import Draw, Student, check, expect

from . import reference as ref

_LONGEST_NAME = 100


def _graph(student: Student, T: int) -> Any:
    edges = expect.pairs(student.rnn_graph(T), what=f"rnn_graph({T})")
    expect.true(bool(edges), f"rnn_graph({T}) is empty.", "return the set of edges")
    # every edge that can be drawn between the quantities of the network would still be let through
    expect.modest(len(edges), len(ref.allowed_names(T)) ** 2, what=f"rnn_graph({T})")
    expect.modest(max(len(name) for edge in edges for name in edge), _LONGEST_NAME, what=f"a name in rnn_graph({T})")
    return edges


def _into(t: int, drawn: set[str]) -> str:
    """The node that collects what step t computes its state from."""
    return f"z{t}" if f"z{t}" in drawn else f"h{t}"


def _data_parents(edges: Any, node: str) -> set[str]:
    """Parents other than weights (another check looks at those)."""
    return {parent for parent in ref.parents(edges, node) if not parent.startswith("W")}


@check(item="s000-3.1")
def graph_has_the_named_nodes_and_no_cycle(student: Student, draw: Draw) -> None:
    """The unrolled graph uses the names of the network, one node per quantity, and has no cycle."""
    T = draw.integer(4, 6)
    edges = _graph(student, T)
    named = ref.allowed_names(T)
    strange = sorted(ref.nodes(edges) - named)
    expect.true(
        not strange,
        f"The graph has nodes that are not quantities of the network with T = {T} steps.",
        "names and step numbers as in the exercise; a weight that all steps share is one node",
        str(strange),
    )
    missing = named - {"h0"} - {f"z{t}" for t in range(1, T + 1)} - ref.nodes(edges)
    expect.true(
        not missing,
        "Some quantity of the network has no node.",
        "go through the equations once more",
        str(missing),
    )
    looped = sorted(n for n in ref.nodes(edges) if n in ref.reach(edges, n))
    expect.true(
        not looped,
        "The graph has a cycle: some quantity would be needed to compute itself.",
        "unrolled in time, every edge leads to something computed later",
        str(looped),
    )


@check(item="s000-3.1")
def inputs_reach_present_and_later_losses(student: Student, draw: Draw) -> None:
    """There is a path from the input of step i to the loss of step t exactly when i <= t."""
    T = draw.integer(4, 6)
    edges = _graph(student, T)
    for i in range(1, T + 1):
        reached = ref.reach(edges, f"x{i}")
        for t in range(1, T + 1):
            found = f"J{t}" in reached
            expect.true(
                found or i > t,
                "Some input has no path to the loss of its own or a later step.",
                "the state hands on what was read: follow x_i step by step",
                f"x{i} -> J{t}",
            )
            expect.true(
                not found or i <= t,
                "Some input reaches the loss of an earlier step.",
                "the past cannot depend on the future: which edge runs backwards in time?",
                f"x{i} -> J{t}",
            )


@check(item="s000-3.1")
def weights_are_single_shared_roots(student: Student, draw: Draw) -> None:
    """Each weight matrix is a single node without parents, with an edge into each step that uses it."""
    T = draw.integer(4, 6)
    edges = _graph(student, T)
    drawn = ref.nodes(edges)
    for weight in ("Whh", "Whx", "Wyh"):
        expect.true(
            not ref.parents(edges, weight),
            f"{weight} is computed from something.",
            "weights are given: they have no parents",
        )
        used = {f"o{t}" if weight == "Wyh" else _into(t, drawn) for t in range(1, T + 1)}
        have = {child for parent, child in edges if parent == weight}
        free = {_into(1, drawn)} if weight == "Whh" and "h0" not in drawn else set()
        expect.true(
            have - free == used - free,
            f"{weight} is not used directly in exactly one place of every step.",
            "the same node has one edge into each step: which quantity is computed with it?",
            f"{weight}: {sorted(have)}",
        )


@check(item="s000-3.1")
def state_comes_from_last_state_and_input(student: Student, draw: Draw) -> None:
    """Beside weights, z_t (or h_t, where z_t is left out) has exactly the parents h_{t-1} and x_t."""
    T = draw.integer(4, 6)
    edges = _graph(student, T)
    drawn = ref.nodes(edges)
    for t in range(1, T + 1):
        into = _into(t, drawn)
        need = {f"x{t}"} if t == 1 and "h0" not in drawn else {f"h{t - 1}", f"x{t}"}
        have = _data_parents(edges, into)
        expect.true(
            have == need,
            "Some state is not computed from exactly the last state and the input of its step.",
            "which quantities stand on the right of z_t = ..., and do they carry the right step number?",
            f"{into}: {sorted(have)}",
        )
        expect.true(
            into == f"h{t}" or ref.parents(edges, f"h{t}") == {into},
            "Some h_t does not come from its z_t alone.",
            "h_t = z_t: where z_t is a node, everything passes through it",
            f"h{t}",
        )


@check(item="s000-3.1")
def states_alone_carry_the_memory(student: Student, draw: Draw) -> None:
    """Without h_k nothing from steps up to k reaches a later loss, and no output feeds back into a state."""
    T = draw.integer(4, 6)
    edges = _graph(student, T)
    for k in range(1, T):
        for i in range(1, k + 1):
            later = {f"J{t}" for t in range(k + 1, T + 1)}
            expect.true(
                not later & ref.reach(edges, f"x{i}", without=f"h{k}"),
                "Some input reaches a later loss past the state.",
                "remove h_k from your drawing: x_k must be cut off from all later losses",
                f"x{i} past h{k}",
            )
            expect.true(
                f"J{k + 1}" in ref.reach(edges, f"h{k}"),
                "Some state does not reach the loss of the next step.",
                "which edge leaves h_k towards step k + 1?",
                f"h{k}",
            )
    states = {f"{kind}{t}" for kind in "zh" for t in range(1, T + 1)}
    outputs = {f"{kind}{t}" for kind in ("o", "yh", "y", "J") for t in range(1, T + 1)}
    back = [name for name in sorted(outputs) if states & ref.reach(edges, name)]
    expect.true(
        not back,
        "An output, a target or a loss feeds back into a state.",
        "in this network the next state depends on the state and the input alone",
        str(back),
    )


@check(item="s000-3.1")
def each_loss_compares_prediction_and_target(student: Student, draw: Draw) -> None:
    """Beside weights, o_t comes from h_t, yh_t from o_t, J_t from yh_t and y_t, J from J_1, ..., J_T."""
    T = draw.integer(4, 6)
    edges = _graph(student, T)
    for t in range(1, T + 1):
        chain = {f"o{t}": {f"h{t}"}, f"yh{t}": {f"o{t}"}, f"J{t}": {f"yh{t}", f"y{t}"}}
        for node, need in chain.items():
            expect.true(
                _data_parents(edges, node) == need,
                "Between a state and its loss, some node has the wrong parents.",
                "read the equations of o_t, yh_t and J_t again; what stands on the right?",
                f"{node}: {sorted(ref.parents(edges, node))}",
            )
    expect.true(
        ref.parents(edges, "J") == {f"J{t}" for t in range(1, T + 1)},
        "J is not computed from the losses of all steps.",
        "J is their sum: one edge from each J_t and no other",
    )


@check(item="s000-3.1")
def every_step_adds_the_same_edges(student: Student, draw: Draw) -> None:
    """For every number of steps, one step more adds the edges of the step before, moved on by one."""
    T = draw.integer(6, 9)
    chain = [_graph(student, length) for length in (1, 2, T, T + 1, T + 2)]
    expect.true(("J1", "J") in chain[0], "With T = 1 the graph does not end in J.", "try the smallest case by hand")
    expect.true(
        all(a <= b for a, b in pairwise(chain)),
        "A longer sequence loses edges of the shorter one.",
    )
    last, one_more = chain[3] - chain[2], chain[4] - chain[3]
    expect.true(
        bool(last) and f"h{T + 1}" in ref.nodes(last),
        "The graph does not grow with T.",
        "is the number of steps fixed?",
    )
    expect.true(
        ref.shifted(last) == one_more,
        "Not every step adds the same edges.",
        "all steps t >= 2 follow one pattern",
    )
    deepest = {name for name in ref.nodes(chain[1]) if name[0] == "h"} - {"h0"}
    expect.true(
        deepest == {"h1", "h2"},
        "With T = 2 the graph does not have two steps.",
        "does your range end one too early or too late?",
    )
