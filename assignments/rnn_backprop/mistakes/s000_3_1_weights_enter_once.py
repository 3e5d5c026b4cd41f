"""
item: s000-3.1
cell: s000-3_1
caught_by: weights_are_single_shared_roots
misconception: a shared weight is used at the first step only
explain: Your weights have edges into the first step only. Shared means one node that is used at every step,
  so it has an edge into every step.
"""

def rnn_graph(T):
    edges = set()
    for t in range(1, T + 1):
        edges |= {(f"h{t - 1}", f"z{t}"), (f"x{t}", f"z{t}"), (f"z{t}", f"h{t}"), (f"h{t}", f"o{t}")}
        if t == 1:
            edges |= {("Whh", "z1"), ("Whx", "z1"), ("Wyh", "o1")}
        edges |= {(f"o{t}", f"yh{t}"), (f"yh{t}", f"J{t}"), (f"y{t}", f"J{t}"), (f"J{t}", "J")}
    return edges
