"""
item: s000-3.1
cell: s000-3_1
caught_by: each_loss_compares_prediction_and_target
misconception: the output of a step sees the input of the step directly
explain: You gave o_t an edge from x_t. The output reads the state alone; the input is in there already.
"""

def rnn_graph(T):
    edges = set()
    for t in range(1, T + 1):
        edges |= {("Whh", f"z{t}"), (f"h{t - 1}", f"z{t}"), ("Whx", f"z{t}"), (f"x{t}", f"z{t}")}
        edges.add((f"x{t}", f"o{t}"))
        edges |= {(f"z{t}", f"h{t}"), ("Wyh", f"o{t}"), (f"h{t}", f"o{t}"), (f"o{t}", f"yh{t}")}
        edges |= {(f"yh{t}", f"J{t}"), (f"y{t}", f"J{t}"), (f"J{t}", "J")}
    return edges
