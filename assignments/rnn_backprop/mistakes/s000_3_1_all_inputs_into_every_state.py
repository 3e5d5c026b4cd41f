"""
item: s000-3.1
cell: s000-3_1
caught_by: state_comes_from_last_state_and_input, states_alone_carry_the_memory,
  every_step_adds_the_same_edges
misconception: whatever matters for a quantity is its parent
explain: You drew an edge from every earlier input to each state. Earlier inputs do matter for it, but only
  by way of the state before: an edge is for direct dependence, a path for all dependence.
"""

def rnn_graph(T):
    edges = set()
    for t in range(1, T + 1):
        edges |= {("Whh", f"z{t}"), (f"h{t - 1}", f"z{t}"), ("Whx", f"z{t}"), (f"x{t}", f"z{t}")}
        edges |= {(f"x{i}", f"z{t}") for i in range(1, t)}
        edges |= {(f"z{t}", f"h{t}"), ("Wyh", f"o{t}"), (f"h{t}", f"o{t}"), (f"o{t}", f"yh{t}")}
        edges |= {(f"yh{t}", f"J{t}"), (f"y{t}", f"J{t}"), (f"J{t}", "J")}
    return edges
