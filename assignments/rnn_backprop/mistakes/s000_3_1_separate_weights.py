"""
item: s000-3.1
cell: s000-3_1
caught_by: graph_has_the_named_nodes_and_no_cycle, weights_are_single_shared_roots
misconception: unrolling copies the recurrent weights
explain: You gave each step a recurrent matrix of its own. The network has one Whh: a single node with an
  edge into every step, and that sharing is why its gradient is a sum over steps.
"""

def rnn_graph(T):
    edges = set()
    for t in range(1, T + 1):
        edges |= {(f"Whh{t}", f"z{t}"), (f"h{t - 1}", f"z{t}"), ("Whx", f"z{t}"), (f"x{t}", f"z{t}")}
        edges |= {(f"z{t}", f"h{t}"), ("Wyh", f"o{t}"), (f"h{t}", f"o{t}"), (f"o{t}", f"yh{t}")}
        edges |= {(f"yh{t}", f"J{t}"), (f"y{t}", f"J{t}"), (f"J{t}", "J")}
    return edges
