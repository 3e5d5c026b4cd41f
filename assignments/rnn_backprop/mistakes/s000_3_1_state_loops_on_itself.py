"""
item: s000-3.1
cell: s000-3_1
caught_by: graph_has_the_named_nodes_and_no_cycle, state_comes_from_last_state_and_input
misconception: the folded drawing, with a loop at the state, is the unrolled graph
explain: Your states have an edge to themselves. That is the folded drawing of a recurrent network;
  unrolled, the loop becomes an edge from each step to the next, and no quantity leads back to itself.
"""

def rnn_graph(T):
    edges = set()
    for t in range(1, T + 1):
        edges |= {("Whh", f"z{t}"), (f"h{t - 1}", f"z{t}"), ("Whx", f"z{t}"), (f"x{t}", f"z{t}")}
        edges.add((f"h{t}", f"h{t}"))
        edges |= {(f"z{t}", f"h{t}"), ("Wyh", f"o{t}"), (f"h{t}", f"o{t}"), (f"o{t}", f"yh{t}")}
        edges |= {(f"yh{t}", f"J{t}"), (f"y{t}", f"J{t}"), (f"J{t}", "J")}
    return edges
