"""
item: s000-3.1
cell: s000-3_1
caught_by: graph_has_the_named_nodes_and_no_cycle, inputs_reach_present_and_later_losses,
  weights_are_single_shared_roots, state_comes_from_last_state_and_input, states_alone_carry_the_memory,
  each_loss_compares_prediction_and_target, every_step_adds_the_same_edges
misconception: range(1, T) counts to T
explain: Your graph ends one step early. In Python the end of a range is not part of it.
"""

def rnn_graph(T):
    edges = set()
    for t in range(1, T):
        edges |= {("Whh", f"z{t}"), (f"h{t - 1}", f"z{t}"), ("Whx", f"z{t}"), (f"x{t}", f"z{t}")}
        edges |= {(f"z{t}", f"h{t}"), ("Wyh", f"o{t}"), (f"h{t}", f"o{t}"), (f"o{t}", f"yh{t}")}
        edges |= {(f"yh{t}", f"J{t}"), (f"y{t}", f"J{t}"), (f"J{t}", "J")}
    return edges
