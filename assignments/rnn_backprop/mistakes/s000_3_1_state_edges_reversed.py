"""
item: s000-3.1
cell: s000-3_1
caught_by: inputs_reach_present_and_later_losses, state_comes_from_last_state_and_input,
  states_alone_carry_the_memory
misconception: edges follow the gradient instead of the computation
explain: Your edges between states point from later to earlier steps, the way a gradient travels. An edge
  goes from a quantity to what is computed from it, so memory flows forwards in time.
"""

def rnn_graph(T):
    edges = set()
    for t in range(1, T + 1):
        edges |= {("Whh", f"z{t}"), ("Whx", f"z{t}"), (f"x{t}", f"z{t}")}
        if t > 1:
            edges.add((f"h{t}", f"z{t - 1}"))
        edges |= {(f"z{t}", f"h{t}"), ("Wyh", f"o{t}"), (f"h{t}", f"o{t}"), (f"o{t}", f"yh{t}")}
        edges |= {(f"yh{t}", f"J{t}"), (f"y{t}", f"J{t}"), (f"J{t}", "J")}
    return edges
