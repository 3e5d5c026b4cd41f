"""
item: s000-3.1
cell: s000-3_1
caught_by: states_alone_carry_the_memory, each_loss_compares_prediction_and_target,
  every_step_adds_the_same_edges
misconception: the total loss is built up from loss to loss
explain: You pass the loss on from step to step. Each J_t is computed from the prediction and the target of
  its own step; the total J is what adds them, with one edge from each.
"""

def rnn_graph(T):
    edges = set()
    for t in range(1, T + 1):
        edges |= {("Whh", f"z{t}"), (f"h{t - 1}", f"z{t}"), ("Whx", f"z{t}"), (f"x{t}", f"z{t}")}
        edges |= {(f"z{t}", f"h{t}"), ("Wyh", f"o{t}"), (f"h{t}", f"o{t}"), (f"o{t}", f"yh{t}")}
        edges |= {(f"yh{t}", f"J{t}"), (f"y{t}", f"J{t}"), (f"J{t}", f"J{t + 1}" if t < T else "J")}
    return edges
