"""
item: s000-3.1
cell: s000-3_1
caught_by: inputs_reach_present_and_later_losses, state_comes_from_last_state_and_input,
  states_alone_carry_the_memory
misconception: each step is a network of its own
explain: Nothing leads from one step to the next in your graph: it shows T separate feed-forward networks.
  The first term of z_t is what makes the network recurrent.
"""

def rnn_graph(T):
    edges = set()
    for t in range(1, T + 1):
        edges |= {("Whh", f"z{t}"), ("Whx", f"z{t}"), (f"x{t}", f"z{t}")}
        edges |= {(f"z{t}", f"h{t}"), ("Wyh", f"o{t}"), (f"h{t}", f"o{t}"), (f"o{t}", f"yh{t}")}
        edges |= {(f"yh{t}", f"J{t}"), (f"y{t}", f"J{t}"), (f"J{t}", "J")}
    return edges
