"""
item: s000-3.1
cell: s000-3_1
caught_by: graph_has_the_named_nodes_and_no_cycle, each_loss_compares_prediction_and_target
misconception: the loss depends on the prediction only
explain: Your losses have no target. J_t compares two things, and the one that the network does not compute
  is a parent as well.
"""

def rnn_graph(T):
    edges = set()
    for t in range(1, T + 1):
        edges |= {("Whh", f"z{t}"), (f"h{t - 1}", f"z{t}"), ("Whx", f"z{t}"), (f"x{t}", f"z{t}")}
        edges |= {(f"z{t}", f"h{t}"), ("Wyh", f"o{t}"), (f"h{t}", f"o{t}"), (f"o{t}", f"yh{t}")}
        edges |= {(f"yh{t}", f"J{t}"), (f"J{t}", "J")}
    return edges
