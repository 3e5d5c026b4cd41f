"""
item: s000-3.1
cell: s000-3_1
caught_by: state_comes_from_last_state_and_input, every_step_adds_the_same_edges
misconception: h_0 is a parent of every state
explain: You connected h_0 to every step. The start state enters at step 1; from there on it is remembered,
  or forgotten, by way of the states.
"""

def rnn_graph(T):
    edges = set()
    for t in range(1, T + 1):
        edges |= {("Whh", f"z{t}"), (f"h{t - 1}", f"z{t}"), ("Whx", f"z{t}"), (f"x{t}", f"z{t}")}
        edges.add(("h0", f"z{t}"))
        edges |= {(f"z{t}", f"h{t}"), ("Wyh", f"o{t}"), (f"h{t}", f"o{t}"), (f"o{t}", f"yh{t}")}
        edges |= {(f"yh{t}", f"J{t}"), (f"y{t}", f"J{t}"), (f"J{t}", "J")}
    return edges
